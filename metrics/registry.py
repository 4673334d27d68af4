"""A registry per process."""

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, disable_created_metrics

from adloom import __version__

Registry = CollectorRegistry

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)  #: buckets


def new_registry() -> Registry:
    """An empty registry, with the process's own figures and its version."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series beside each counter, which Prometheus itself does not read
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    build = Gauge("adloom_build_info", "1, for the version that runs here.", ["version"], registry=registry)
    build.labels(__version__).set(1)
    return registry
