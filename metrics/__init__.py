"""What an operator watches: every metric by name, and the server that hands them to Prometheus.

Nothing here is global: a composition root makes a registry, the objects that count into it, and hands them down.  No
label ever holds an owner, a job, an item or anything else of which there may be many.
"""

from metrics.bells import BellMetrics
from metrics.http import HttpMetrics
from metrics.queue import QueueCollector, QueueNumbers
from metrics.registry import Registry, new_registry
from metrics.server import MetricsServer
from metrics.sweeps import SweepMetrics
from metrics.work import WorkMetrics

__all__ = [
    "BellMetrics",
    "HttpMetrics",
    "MetricsServer",
    "QueueCollector",
    "QueueNumbers",
    "Registry",
    "SweepMetrics",
    "WorkMetrics",
    "new_registry",
]
