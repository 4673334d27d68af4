"""Celery, configured for bells: one queue per lane, tiny messages, no results, no retries, no clever features.

Work waits in the database; a message only says "lane X has work".  Every setting below follows from that, or from a
failure that was measured: see docs/operations.md.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery import Celery
from kombu import Exchange, Queue

from adloom.core.errors import BadConfiguration
from adloom.core.lanes import Lane

DRAIN = "adloom.drain"  #: the name of the one task

# Unconfirmed, what is published into a half-open link seems fine for as long as TCP keeps trying.  A consumer must not
# confirm: its own publishing would wait for ever on such a link, and its heartbeats would never be looked at.
_CONFIRMED = {"confirm_publish": True, "read_timeout": 5, "write_timeout": 5}

_SOCKET = {"socket_timeout": 10, "socket_connect_timeout": 5, "socket_keepalive": True, "retry_on_timeout": True}


def queue_name(lane: Lane) -> str:
    """The Celery queue in which *lane*'s bells are heard."""
    return f"lane.{lane.value}"


def make_celery(
    broker_url: str, *, pool: str = "prefork", poll_seconds: float = 0.05, only_rings: bool = False
) -> Celery:
    """A Celery application for *broker_url*: ``filesystem://folder``, ``redis://``, ``amqp://`` or ``memory://``.

    *only_rings*: it publishes and never consumes, so it may wait for the broker's confirmation.

    Raises:
        BadConfiguration: another scheme, or a folder that cannot be made.
    """
    scheme = urlsplit(broker_url).scheme
    celery = Celery("adloom")
    celery.conf.update(_COMMON)
    if only_rings and scheme in ("amqp", "amqps"):
        celery.conf.broker_transport_options = _CONFIRMED
    celery.conf.update(
        task_queues=[_queue(lane, quorum=scheme.startswith("amqp")) for lane in Lane],
        worker_pool="broker.pool:BellPool" if pool == "prefork" else pool,
        **_transport(scheme, broker_url, poll_seconds),
    )
    return celery


def _queue(lane: Lane, *, quorum: bool) -> Queue:
    name = queue_name(lane)
    arguments = {"x-queue-type": "quorum"} if quorum else None  # a classic queue forgets its acks in a crash
    return Queue(name, Exchange("adloom", type="direct"), routing_key=name, durable=True, queue_arguments=arguments)


_COMMON: dict[str, Any] = {  # Any: Celery's own settings
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_ignore_result": True,
    "result_backend": None,
    "task_acks_late": True,  # with the next line: a busy worker reserves no bell that an idle neighbour could answer
    "worker_prefetch_multiplier": 1,
    "task_reject_on_worker_lost": False,  # requeueing a message that kills workers makes a loop; the database counts
    "task_default_queue": "lane.unknown",
    "task_create_missing_queues": False,  # a misspelt lane must fail, not wait for ever in a queue of its own
    "worker_consumer": "broker.consumer:BellConsumer",  # what else lies in a queue would end Celery's own
    "task_publish_retry": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_connection_timeout": 4,
    "broker_pool_limit": 4,
    "broker_pool_acquire_timeout": 5,
    "enable_utc": True,
    "timezone": "UTC",
    "worker_send_task_events": False,
    "task_send_sent_event": False,
    "worker_pool_start_method": "spawn",  # CUDA and database connections do not survive a fork
    "worker_proc_alive_timeout": 120,  # the default of 4 s kills a child that is still importing, for ever
    "worker_max_tasks_per_child": None,
    "worker_cancel_long_running_tasks_on_connection_loss": False,  # the lease is in the database: work goes on
    "worker_disable_rate_limits": True,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
}


def _transport(scheme: str, url: str, poll_seconds: float) -> dict[str, Any]:
    """The broker's own settings."""
    match scheme:
        case "filesystem":
            return _filesystem(Path(url.removeprefix("filesystem://")), poll_seconds)
        case "redis" | "rediss" | "unix":
            options = {
                **_SOCKET,
                "socket_keepalive_options": {4: 30, 5: 10, 6: 3},  # TCP_KEEPIDLE, _KEEPINTVL, _KEEPCNT
                "visibility_timeout": 1800,
                "unacked_restore_interval": 5,
                "unacked_restore_throttle": 1,
                "health_check_interval": 25,
                "global_keyprefix": "adloom:",
            }
            return {"broker_url": url, "broker_transport_options": options}
        case "amqp" | "amqps":
            return {"broker_url": url, "broker_heartbeat": 30}
        case "memory":
            return {"broker_url": url, "broker_transport_options": {"polling_interval": poll_seconds}}
    raise BadConfiguration(
        f"ADLOOM_BROKER_URL: unknown scheme {scheme!r}; use filesystem://folder, redis://…, amqp://… or none:"
    )


def _filesystem(folder: Path, poll_seconds: float) -> dict[str, Any]:
    try:
        for name in ("queue", "control"):
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfiguration(f"ADLOOM_BROKER_URL: {folder} cannot be used: {error.strerror}") from None
    options = {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"),
        "polling_interval": poll_seconds,
    }
    return {
        "broker_url": "filesystem://",
        "broker_transport_options": options,
        "worker_enable_remote_control": False,  # its broadcasts would pile up as files that nobody reads
    }
