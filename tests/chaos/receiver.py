"""Someone who is told of jobs: every webhook that arrives is remembered."""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """Where webhooks go.  *heard*: for each job, the ids of the webhooks that told of its end."""

    url: str
    heard: Mapping[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Listen until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.heard[body["data"]["id"]].append(self.headers["webhook-id"].removeprefix("msg_"))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        heard = Receiver(f"http://127.0.0.1:{server.server_address[1]}/told")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield heard
        server.shutdown()
        thread.join()
