"""``GET /metrics`` on a port of its own: never on the public listener."""

import socket
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from prometheus_client import make_wsgi_app

from metrics.registry import Registry

log = structlog.get_logger()

RETRY_SECONDS = 1.0
LOOK_SECONDS = 0.5  #: how often a server looks whether it is to close

Environ = dict[str, Any]  # Any: WSGI's own signature
Application = Callable[[Environ, Any], Iterable[bytes]]


class MetricsServer:
    """Serves a registry from a daemon thread.  Whatever happens to it, the process goes on with its work.

    A port that is taken is tried again every second: a worker's child that has replaced a dead one gets it as soon as
    the kernel lets go of it.
    """

    def __init__(self, registry: Registry, *, host: str, port: int) -> None:
        self._app = _only_metrics(make_wsgi_app(registry))
        self._host = host
        self._port = port
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="metrics", daemon=True)

    def start(self) -> None:
        """Start serving.  Call it after a fork or spawn, never before.  Port 0: serves nothing."""
        if self._port:
            self._thread.start()

    def close(self) -> None:
        """Stop serving and free the port."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        warned = False
        while not self._stopped.is_set():
            try:
                with make_server(self._host, self._port, self._app, _server_class(self._host), _Handler) as server:
                    self._serve(server)
            except OSError as error:  # taken, or no such address
                if not warned:
                    log.warning("metrics.not_served", host=self._host, port=self._port, reason=error.strerror)
                warned = True
                self._stopped.wait(RETRY_SECONDS)

    def _serve(self, server: WSGIServer) -> None:
        log.info("metrics.served", host=self._host, port=self._port)
        server.timeout = LOOK_SECONDS
        while not self._stopped.is_set():
            server.handle_request()


def _only_metrics(app: Application) -> Application:
    def routed(environ: Environ, start_response: Any) -> Iterable[bytes]:  # Any: WSGI's own signature
        if environ["PATH_INFO"] == "/metrics":
            return app(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"Metrics are at /metrics.\n"]

    return routed


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Server6(_Server):
    address_family = socket.AF_INET6


def _server_class(host: str) -> type[_Server]:
    return _Server6 if ":" in host else _Server


class _Handler(WSGIRequestHandler):
    timeout = 10  #: of a client that says nothing

    def log_message(self, *_: Any) -> None:
        """Say nothing: a scrape every few seconds is not worth a line each."""
