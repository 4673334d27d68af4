"""Bells: the only Celery configuration, and the thread that rings."""

from broker.app import DRAIN, make_celery, queue_name
from broker.bells import (
    CeleryRinger,
    MemoryRinger,
    OpenRinger,
    Ringer,
    SilentRinger,
    has_broker,
    open_ringer,
    ring_afresh,
)

__all__ = [
    "DRAIN",
    "CeleryRinger",
    "MemoryRinger",
    "OpenRinger",
    "Ringer",
    "SilentRinger",
    "has_broker",
    "make_celery",
    "open_ringer",
    "queue_name",
    "ring_afresh",
]
