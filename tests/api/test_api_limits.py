"""Bodies over the limit are refused before they are held in memory."""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Message

from api.limits import BodyLimit
from tests.api.conftest import MAX_BODY_BYTES, Platform, application


def test_a_body_that_says_it_is_too_large_is_refused(platform: Platform) -> None:
    answer = platform.client.post("/v1/feeds", content=b"x" * (MAX_BODY_BYTES + 1), headers=platform.ada)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert f"{MAX_BODY_BYTES:,}" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/feeds", "/v1/jobs"])
def test_a_body_that_streams_in_is_refused_once_it_is_too_large(platform: Platform, path: str) -> None:
    headers = {**platform.ada, "Content-Type": "application/json"}
    chunks = (b" " * 100_000 for _ in range(11))
    answer = platform.client.post(path, content=chunks, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_a_body_of_exactly_the_limit_is_taken(platform: Platform) -> None:
    answer = platform.client.post("/v1/feeds", content=b"x" * MAX_BODY_BYTES, headers=platform.ada)
    assert answer.json()["code"] == "bad-feed"


def test_no_handler_is_given_more_than_the_limit() -> None:
    given = 0

    async def greedy(scope: object, receive: object, send: object) -> None:
        nonlocal given
        while True:
            given += len((await receive())["body"])  # type: ignore[operator]

    async def endless() -> Message:
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    async def nowhere(message: Message) -> None: ...

    limited = BodyLimit(greedy, max_bytes=10_000)
    with pytest.raises(Exception, match="413"):
        asyncio.run(limited({"type": "http", "headers": [], "state": {"request_id": "x"}}, endless, nowhere))
    assert given == 10_000


@pytest.fixture
def address(platform: Platform) -> Iterator[tuple[str, int]]:
    """The platform on a real socket."""
    config = uvicorn.Config(application(platform.parts), port=0, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    yield host, port
    server.should_exit = True
    thread.join()


def test_a_declared_length_is_refused_before_a_byte_of_it_comes(platform: Platform, address: tuple[str, int]) -> None:
    head = f"POST /v1/feeds HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BODY_BYTES + 1}\r\n\r\n"
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_whoever_sends_far_too_much_still_reads_the_answer(
    platform: Platform, address: tuple[str, int], declared: bool
) -> None:
    piece, pieces = os.urandom(64 * 1024), 400  # 25 times the limit
    length = f"Content-Length: {len(piece) * pieces}" if declared else "Transfer-Encoding: chunked"
    head = f"POST /v1/feeds HTTP/1.1\r\nHost: x\r\nAuthorization: {platform.ada['Authorization']}\r\n{length}\r\n\r\n"
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(head.encode())
        for _ in range(pieces):
            connection.sendall(piece if declared else b"10000\r\n" + piece + b"\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413")
