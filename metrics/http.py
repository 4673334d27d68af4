"""Requests as the API answers them."""

from prometheus_client import Counter, Histogram

from metrics.registry import SECONDS, Registry

_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class HttpMetrics:
    """Counts answers by method, pattern of the route and class of the status.  A stranger's words are never labels."""

    def __init__(self, registry: Registry) -> None:
        self._answers = Counter(
            "adloom_http_requests_total",
            "Answered requests, by the pattern of their route and the class of their status.",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "adloom_http_request_seconds",
            "From a request's arrival to the first byte of its answer.",
            ["method", "route"],
            buckets=SECONDS,
            registry=registry,
        )

    def answered(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """A request was answered; *route*: None where nothing is at its path."""
        method = method if method in _METHODS else "other"
        route = route or "none"
        self._answers.labels(method, route, f"{status // 100}xx").inc()
        self._seconds.labels(method, route).observe(seconds)
