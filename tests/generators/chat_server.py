"""A chat server over real sockets whose answers a test decides: what a server does wrong, it does on purpose."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import SecretStr

from generators.copy.served import CopyServed
from generators.registry import GeneratorSettings


@dataclass(frozen=True)
class Reply:
    """What the server does with one question."""

    content: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None  #: the whole body, in place of one that holds *content*
    missing_bytes: int = 0  #: announced, and never sent: it dies in the middle of its answer
    hangs: bool = False  #: answers nothing until the client hangs up


NO_LIST = Reply(status=404)
Answer = Callable[[dict[str, Any], int], Reply]  # body, number of the call; Any: JSON


class ScriptedServer:
    """Answers as *answer* says; keeps what it was asked.  *models*: its list of them, or what it does instead."""

    def __init__(self, answer: Answer, models: object) -> None:
        self.bodies: list[dict[str, Any]] = []  # Any: JSON
        self.keys: list[str | None] = []
        self.listings = 0  #: times that it was asked for its models
        self.most_at_once = 0
        self.hung_up = threading.Semaphore(0)  #: released when a client gives up a question that hangs
        self._answer = answer
        self._models = models if isinstance(models, Reply) else Reply(raw=json.dumps(models).encode())
        self._at_once = 0
        self._lock = threading.Lock()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.listings += 1
                server._send(self, server._models)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with server._lock:
                    server.bodies.append(body)
                    server.keys.append(self.headers.get("Authorization"))
                    call = len(server.bodies)
                    server._at_once += 1
                    server.most_at_once = max(server.most_at_once, server._at_once)
                reply = server._answer(body, call)
                with server._lock:
                    server._at_once -= 1  # before the client can know, and ask on
                server._send(self, reply)

            def log_message(self, format: str, *args: object) -> None:
                """Keep the tests' output clean."""

        return Handler

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.hangs:
            handler.connection.settimeout(10)
            if handler.connection.recv(1) == b"":
                self.hung_up.release()
            handler.close_connection = True
            return
        message = {"role": "assistant", "content": reply.content}
        body = reply.raw if reply.raw is not None else json.dumps({"choices": [{"message": message}]}).encode()
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body) + reply.missing_bytes))
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = bool(reply.missing_bytes)


@contextmanager
def scripted(answer: Answer, models: object = NO_LIST) -> Iterator[ScriptedServer]:
    """Run a server that answers so."""
    server = ScriptedServer(answer, models)
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()
        thread.join()


def lines(*texts: tuple[str, str]) -> str:
    """An answer that holds these (field, text) pairs."""
    return "\n".join(json.dumps({"field": name, "text": text}) for name, text in texts)


def writer(
    url: str, model: str = "some-model", *, key: str = "k-1", **settings: Any
) -> CopyServed:  # Any: each setting has its own type
    """`copy.served` on the server at *url*, loaded; its pauses are short."""
    chosen = {"llm_pause_seconds": 0.01, **settings}
    made = CopyServed(GeneratorSettings(llm_url=url, llm_model=model, llm_api_key=SecretStr(key), **chosen))
    made.load("", "cpu")
    return made
