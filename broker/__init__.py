"""Bells: the only Celery configuration, and the thread that rings."""

from broker.app import DRAIN, make_celery, queue_name
from broker.bells import CeleryRinger, MemoryRinger, Ringer

__all__ = ["DRAIN", "CeleryRinger", "MemoryRinger", "Ringer", "make_celery", "queue_name"]
