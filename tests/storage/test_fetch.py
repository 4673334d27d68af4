"""Only public addresses are fetched."""

import pytest

from adloom.core.errors import GenerationError
from storage.fetch import Blocked, FetchFailed, PublicFetcher, is_public

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
