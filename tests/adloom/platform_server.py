"""A small HTTP server that answers as a test has scripted it: real sockets, real bytes, no platform."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """One scripted answer.  *status* 0: hang up without a word."""

    body: Any = field(default_factory=dict)  # Any: JSON, or bytes as they are
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[[Seen], Answer]


class ScriptedServer:
    """Answers by (method, path); what is not scripted is a 404 problem.  Remembers every request."""

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[Seen] = []
        self.routes: dict[tuple[str, str], Route] = {}

    def on(self, method: str, path: str, *answers: Answer) -> None:
        """Give *answers* in turn, the last one for ever."""
        left = list(answers)
        self.routes[method, path] = lambda seen: left.pop(0) if len(left) > 1 else left[0]

    def answer(self, seen: Seen) -> Answer:
        self.seen.append(seen)
        route = self.routes.get((seen.method, seen.path))
        return route(seen) if route else problem(404, "not-found", f"nothing at {seen.path}")


def problem(status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None) -> Answer:
    body = {"type": f"/problems/{code}", "status": status, "detail": detail, "code": code, "errors": errors or []}
    return Answer(body, status=status)


def job_view(state: str = "running", *, total: int = 4, succeeded: int = 0, failed: int = 0) -> dict[str, Any]:
    left = total - succeeded - failed if state == "running" else 0
    counts = {"blocked": 0, "queued": left, "leased": 0, "succeeded": succeeded, "failed": failed}
    return {
        "id": "job-1",
        "name": "feed",
        "state": state,
        "total": total,
        "counts": {**counts, "cancelled": total - left - succeeded - failed},
        "seed": 1,
        "created_at": "2026-01-01T12:00:00Z",
        "finished_at": None,
        "links": {},
    }


@contextmanager
def serving() -> Iterator[ScriptedServer]:
    """Run a scripted server on a free loopback port until the block ends."""
    script = ScriptedServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            split = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(split.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = script.answer(Seen(self.command, unquote(split.path), query, dict(self.headers), body))
            if not answer.status:
                self.close_connection = True
                return
            data = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = handle_any

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
