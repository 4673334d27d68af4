"""Only public addresses are fetched, and nothing that a feed or a server says breaks more than that one fetch."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adloom.core.errors import GenerationError
from storage.fetch import FetchFailed, PublicFetcher
from storage.transport import Blocked, is_public

PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "224.0.0.1",
    "0.0.0.0",
    "100.64.0.1",
    "::1",
    "::ffff:127.0.0.1",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "fec0::1",
    "5f00::1",
    "::ffff:0:127.0.0.1",
    "3fff::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.jpg",
        "http://localhost/a.jpg",
        "http://localhost./a.jpg",
        "http://2130706433/a.jpg",
        "http://0x7f000001/a.jpg",
        "http://0177.0.0.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://[::ffff:127.0.0.1]/a.jpg",
        "https://user:secret@1.1.1.1/a.jpg",
        "http://1.1.1.1:22/a.jpg",
        "ftp://1.1.1.1/a.jpg",
        "file:///etc/passwd",
        "http:///a.jpg",
        "http://[x/a.jpg",
        "http://ex\u2100ample.com/",
        "http://exam\nple.com/",
        "http://1.1.1.1/\x00",
        "http://1.1.1.1/" + "a" * 70_000,
        "http://1.1.1.1/\ud800",
        "http://\ud800/",
        "http://1.1.1.1:99999/",
        f"http://{'a' * 64}.example/",
    ],
)
def test_urls_that_lead_nowhere_public_are_blocked(url: str) -> None:
    with pytest.raises((Blocked, FetchFailed)) as caught:
        PublicFetcher().fetch(url)
    assert "127.0.0.1" not in str(caught.value)


def test_a_blocked_url_is_not_tried_again() -> None:
    with pytest.raises(Blocked) as caught:
        PublicFetcher().fetch("http://127.0.0.1/a.jpg")
    assert isinstance(caught.value, GenerationError)
    assert not isinstance(caught.value, FetchFailed)


@contextmanager
def serving(answer: Callable[[socket.socket, bytes], None]) -> Iterator[int]:
    """A server on a loopback port that reads the start of each request and then does *answer*."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):  # the listener is closed
                while True:
                    connection, _ = listener.accept()
                    with connection, suppress(OSError):
                        answer(connection, connection.recv(65536))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


def leading_to(*addresses: tuple[str, int], seconds: float = 5.0) -> PublicFetcher:
    """A fetcher for which every name leads to *addresses*, and all of them are fine."""
    return PublicFetcher(allowed=lambda address: True, lookup=lambda host, port: [*addresses], total_seconds=seconds)


def saying(*parts: bytes, asked: list[bytes] | None = None) -> Callable[[socket.socket, bytes], None]:
    def answer(connection: socket.socket, request: bytes) -> None:
        if asked is not None:
            asked.append(request)
        connection.sendall(b"\r\n".join(parts))

    return answer


def drip_headers(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(40):
        connection.sendall(b"x")
        time.sleep(0.1)


BODY = (b"HTTP/1.1 200 OK", b"Content-Length: 4", b"", b"body")


def test_a_name_in_any_script_is_looked_up_and_asked_for_as_the_web_spells_it() -> None:
    asked: list[bytes] = []
    names: list[str] = []
    with serving(saying(*BODY, asked=asked)) as port:

        def lookup(host: str, _: int) -> list[tuple[str, int]]:
            names.append(host)
            return [("127.0.0.1", port)]

        fetcher = PublicFetcher(allowed=lambda address: True, lookup=lookup)
        assert fetcher.fetch("http://b\u00fccher.de/\u00e4.jpg") == b"body"

    assert names == ["xn--bcher-kva.de"]
    assert b"Host: xn--bcher-kva.de\r\n" in asked[0]
    assert asked[0].startswith(b"GET /%C3%A4.jpg HTTP/1.1\r\n")


def test_a_server_that_drips_headers_is_left_at_the_deadline() -> None:
    with serving(drip_headers) as port:
        started = time.monotonic()
        with pytest.raises(FetchFailed):
            leading_to(("127.0.0.1", port), seconds=0.5).fetch("http://pictures.example/a.jpg")
        assert time.monotonic() - started < 2


def test_a_server_that_drips_a_handshake_is_left_at_the_deadline() -> None:
    with serving(drip_headers) as port:
        started = time.monotonic()
        with pytest.raises(FetchFailed):
            leading_to(("127.0.0.1", port), seconds=0.5).fetch("https://pictures.example/a.jpg")
        assert time.monotonic() - started < 2


def test_a_name_server_that_never_answers_is_left_at_the_deadline() -> None:
    answered = threading.Event()

    def lookup(host: str, port: int) -> list[tuple[str, int]]:
        answered.wait(5)
        return []

    started = time.monotonic()
    with pytest.raises(FetchFailed, match="too long"):
        PublicFetcher(lookup=lookup, total_seconds=0.2).fetch("http://pictures.example/a.jpg")
    assert time.monotonic() - started < 2
    answered.set()


def test_addresses_are_tried_in_the_order_of_the_lookup_until_one_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        dead = closed.getsockname()[1]
    with serving(saying(*BODY)) as port, serving(saying(b"HTTP/1.1 404 No", b"", b"")) as later:
        fetcher = leading_to(("127.0.0.1", dead), ("127.0.0.1", port), ("127.0.0.1", later))
        assert fetcher.fetch("http://pictures.example/a.jpg") == b"body"


def test_one_private_address_among_public_ones_blocks_the_name() -> None:
    fetcher = PublicFetcher(lookup=lambda host, port: [("1.1.1.1", port), ("10.0.0.1", port)])
    with pytest.raises(Blocked):
        fetcher.fetch("http://pictures.example/a.jpg")


@pytest.mark.parametrize(
    "location",
    [b"ftp://x/", b"http://[x/", b"http://\xff\xfe/", b"//u:p@x/", b"http://x:22/", b"http://x/" + b"a" * 9000],
)
def test_a_redirect_is_checked_like_any_url(location: bytes) -> None:
    with serving(saying(b"HTTP/1.1 302 Found", b"Location: " + location, b"", b"")) as port, pytest.raises(Blocked):
        leading_to(("127.0.0.1", port)).fetch("http://pictures.example/a.jpg")


def test_a_redirect_may_be_relative_and_must_end() -> None:
    asked: list[bytes] = []
    answer = saying(b"HTTP/1.1 301 Moved", b"Location: b.jpg", b"", b"", asked=asked)
    with serving(answer) as port, pytest.raises(GenerationError, match="too often"):
        leading_to(("127.0.0.1", port)).fetch("http://pictures.example/x/a.jpg")
    assert [request.split()[1] for request in asked] == [b"/x/a.jpg", b"/x/b.jpg", b"/x/b.jpg", b"/x/b.jpg"]


def test_a_compressed_answer_is_refused_and_not_unpacked() -> None:
    bomb = gzip.compress(bytes(1_000_000))
    head = (b"HTTP/1.1 200 OK", b"Content-Encoding: gzip", f"Content-Length: {len(bomb)}".encode(), b"")
    with serving(saying(*head, bomb)) as port, pytest.raises(GenerationError, match="compressed") as caught:
        leading_to(("127.0.0.1", port)).fetch("http://pictures.example/a.jpg")
    assert not isinstance(caught.value, FetchFailed)


@pytest.mark.parametrize("answer", [b"", b"rubbish\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody"])
def test_a_broken_answer_is_worth_another_try(answer: bytes) -> None:
    with serving(saying(answer)) as port, pytest.raises(FetchFailed):
        leading_to(("127.0.0.1", port)).fetch("http://pictures.example/a.jpg")


NOWHERE = PublicFetcher(lookup=lambda host, port: [("127.0.0.1", port)])

urls = st.text(st.characters(exclude_categories=())) | st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    st.text(st.characters(exclude_categories=()))
    | st.sampled_from(["[::1", "a@b", "x:99999", "[v1.a]", "%00", "1.2.3"]),
    st.text(st.characters(exclude_categories=())),
)


@given(urls)
@example("http://b\u00fccher.de/a.jpg")
@example("http://x:" + "9" * 5000)
@example("http://[fe80::1%25eth0]/")
@example("http://" + "a." * 3000)
def test_no_text_in_a_feed_raises_anything_but_a_refusal(url: str) -> None:
    with pytest.raises(GenerationError):
        NOWHERE.fetch(url)
