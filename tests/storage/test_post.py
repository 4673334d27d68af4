"""A message is posted once, to an address that may be reached, and whatever a server does is an answer."""

import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage import Answer, Blocked, GuardedPoster, Reach, host_of
from tests.receivers import ANYWHERE, HANGING, OK, answer, loopback, poster, receiving

HTTPS = Reach(schemes=("https",))
HEADERS = {"webhook-id": "msg_1", "content-type": "application/json"}
NOT_PUBLIC = Answer(trouble="not a public address")


def test_the_body_and_headers_arrive_as_they_are() -> None:
    with receiving() as receiver:
        assert poster().post(receiver.url, b'{"a": "\xc3\xa4"}', HEADERS) == Answer(204)
    (told,) = receiver.told
    assert (told.path, told.body) == ("/told?token=swordfish", b'{"a": "\xc3\xa4"}')
    assert told.headers["webhook-id"] == "msg_1"
    assert told.headers["host"] == f"hooks.example:{receiver.port}"


@pytest.mark.parametrize("status", [200, 204, 301, 400, 410, 500])
def test_every_status_is_an_answer(status: int) -> None:
    with receiving(answer(status, body="no")) as receiver:
        assert poster().post(receiver.url, b"{}", HEADERS).status == status


def test_a_redirect_is_not_followed() -> None:
    with receiving() as elsewhere, receiving(answer(307, f"Location: {elsewhere.url}")) as receiver:
        assert poster().post(receiver.url, b"{}", HEADERS) == Answer(307)
    assert not elsewhere.told


def test_retry_after_is_handed_on() -> None:
    with receiving(answer(503, "Retry-After: 120")) as receiver:
        assert poster().post(receiver.url, b"{}", HEADERS) == Answer(503, "120")


def test_a_server_that_hangs_is_left_at_the_deadline() -> None:
    with receiving(HANGING) as receiver:
        started = time.monotonic()
        assert poster(seconds=0.3).post(receiver.url, b"{}", HEADERS).status == 0
        assert time.monotonic() - started < 2


def test_a_body_that_breaks_off_or_never_ends_leaves_the_status_as_it_is() -> None:
    endless = answer(200).replace(b"Content-Length: 0", b"Content-Length: 99999999")
    with receiving(endless, endless + b"x" * 100_000) as receiver:
        assert poster().post(receiver.url, b"{}", HEADERS) == Answer(200)
        assert poster().post(receiver.url, b"{}", HEADERS) == Answer(200)


def test_nobody_there_is_an_answer_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert poster().post(f"http://hooks.example:{port}/", b"", HEADERS) == Answer(trouble="ConnectError")


def test_a_name_that_leads_anywhere_private_is_not_asked() -> None:
    with receiving() as receiver:
        lookups = [[("127.0.0.1", receiver.port)], [("1.1.1.1", 443), ("127.0.0.1", receiver.port)]]
        for found in lookups:
            guarded = GuardedPoster(HTTPS, lookup=lambda host, port, found=found: found)  # type: ignore[misc]
            assert guarded.post("https://hooks.example/", b"{}", HEADERS) == NOT_PUBLIC
    assert not receiver.told


@pytest.mark.parametrize(
    "url",
    [
        "http://1.1.1.1/",
        "https://ada:secret@1.1.1.1/",
        "https://1.1.1.1:22/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "",
    ],
)
def test_what_is_no_public_https_url_is_not_asked(url: str) -> None:
    assert GuardedPoster(HTTPS).post(url, b"{}", HEADERS) == NOT_PUBLIC


def test_the_name_is_looked_up_once_for_each_attempt_and_that_address_is_used() -> None:
    asked: list[str] = []
    with receiving(OK) as receiver:

        def lookup(host: str, port: int) -> list[tuple[str, int]]:
            asked.append(host)
            return [("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port)]

        guarded = GuardedPoster(
            Reach(ports=None, allowed=lambda address: address == "127.0.0.1"), lookup=lookup, total_seconds=2
        )
        assert guarded.post(receiver.url, b"{}", HEADERS) == Answer(204)
        assert guarded.post(receiver.url, b"{}", HEADERS) == NOT_PUBLIC
    assert asked == ["hooks.example"] * 2


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(answer(502)) as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert poster().post(receiver.url, b"{}", HEADERS) == Answer(204)
    assert not proxy.told


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for hooks.example and its key, in one file."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed: no certificate, so TLS is not tested")
    path = tmp_path / "both.pem"
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ["-subj", "/CN=hooks.example", "-addext", "subjectAltName=DNS:hooks.example"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command = ["openssl", "req", "-x509", *curve, "-keyout", str(key), "-out", str(cert), *subject]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(key.read_bytes() + cert.read_bytes())
    return path


def test_tls_is_verified_with_the_name_and_not_with_the_address(certificate: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with receiving(tls=server) as receiver:
        known = GuardedPoster(ANYWHERE, lookup=loopback, tls=trusting)
        assert known.post(f"https://hooks.example:{receiver.port}/", b"{}", HEADERS) == Answer(204)
        assert known.post(f"https://other.example:{receiver.port}/", b"{}", HEADERS).status == 0
        unknown = GuardedPoster(ANYWHERE, lookup=loopback)
        assert unknown.post(f"https://hooks.example:{receiver.port}/", b"{}", HEADERS).status == 0
    assert len(receiver.told) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://10.0.0.1./",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://localhost/",
        "https://a.LOCALHOST./",
    ],
)
def test_a_literal_that_is_private_is_seen_without_looking_it_up(url: str) -> None:
    with pytest.raises(Blocked):
        HTTPS.check_literal(HTTPS.parse(url))


@pytest.mark.parametrize("url", ["https://hooks.example/", "https://1.1.1.1/", "https://beef.example/", "https://x/"])
def test_names_and_public_literals_pass(url: str) -> None:
    HTTPS.check_literal(HTTPS.parse(url))


@given(st.text(st.characters(exclude_categories=())))
@example("https://x:" + "9" * 5000)
@example("https://\ud800/")
@example("https://[fe80::1%25eth0]/")
def test_no_text_breaks_the_search_for_a_host_or_the_check(text: str) -> None:
    for url in (text, f"https://{text}"):
        assert host_of(url).isascii()
        try:
            HTTPS.check_literal(HTTPS.parse(url))
        except Blocked:
            continue
