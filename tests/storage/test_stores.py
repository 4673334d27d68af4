"""Every store keeps the same promises."""

from pathlib import Path

import pytest

from adloom.core.errors import BadConfiguration, NotFound
from storage import ObjectStore, open_store


@pytest.fixture(params=["memory:", "file:{tmp}/store"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    (tmp_path / "secret").write_text("not yours")
    return open_store(request.param.format(tmp=tmp_path))


def test_what_is_put_can_be_got(store: ObjectStore) -> None:
    stored = store.put("a/b", b"bytes", media_type="text/plain")

    assert store.get("a/b") == b"bytes"
    assert stored.size_bytes == 5
    assert stored.sha256 == "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9"


@pytest.mark.parametrize("key", ["missing", "../secret", "/etc/passwd", "a//b", "", ".", "a/../../secret"])
def test_unknown_and_escaping_keys_are_not_found(store: ObjectStore, key: str) -> None:
    with pytest.raises(NotFound):
        store.get(key)


def test_an_escaping_key_cannot_be_written(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        store.put("../secret", b"mine", media_type="text/plain")
    assert (tmp_path / "secret").read_text() == "not yours"


def test_putting_again_replaces(store: ObjectStore) -> None:
    store.put("a", b"1", media_type="text/plain")
    store.put("a", b"2", media_type="text/plain")

    assert store.get("a") == b"2"


def test_what_is_deleted_is_gone_and_deleting_it_again_is_fine(store: ObjectStore) -> None:
    store.put("a", b"1", media_type="text/plain")
    store.delete("a")
    store.delete("a")

    assert not store.exists("a")


def test_an_unknown_scheme_says_what_to_use() -> None:
    with pytest.raises(BadConfiguration, match="file:path"):
        open_store("ftp://example")
