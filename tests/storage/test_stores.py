"""Every store keeps the same promises."""

import os
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.etree import ElementTree

import pytest

from adloom.core.errors import BadConfiguration, NotFound
from storage import ObjectStore, open_store


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as the store asks for, over plain HTTP as a company's own S3 may speak it."""

    protocol_version = "HTTP/1.1"
    held: dict[str, tuple[bytes, str]]

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.held[self.path] = data, self.headers["Content-Type"]
        self._say(200)

    def do_GET(self) -> None:
        if "list-type=2" in self.path:
            self._list()
        elif self.path in self.held:
            self._say(200, *self.held[self.path])
        else:
            self._say(404)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Delete several keys; the store sends every deletion this way."""
        assert self.path == "/ads?delete"
        asked = ElementTree.fromstring(self.rfile.read(int(self.headers["Content-Length"])))
        keys = [str(found.text) for found in asked.iter() if found.tag.endswith("Key")]
        for key in keys:
            del self.held[f"/ads/{quote(key)}"]
        answer = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._say(200, f"<DeleteResult>{answer}</DeleteResult>".encode(), "application/xml")

    def _list(self) -> None:
        """Every key that begins with the prefix, two on a page, as a bucket cuts a long answer into pages."""
        asked = parse_qs(urlsplit(self.path).query)
        after = unquote(asked.get("continuation-token", [""])[0])
        names = [unquote(name.removeprefix("/ads/")) for name in sorted(self.held)]
        names = [name for name in names if name.startswith(asked["prefix"][0]) and name > after]
        page = "".join(
            f"<Contents><Key>{name}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>0</ETag><Size>1</Size></Contents>"
            for name in names[:2]
        )
        token = f"<NextContinuationToken>{quote(names[1])}</NextContinuationToken>" if len(names) > 2 else ""
        self._say(200, f"<ListBucketResult>{page}{token}</ListBucketResult>".encode(), "application/xml")

    def _say(self, status: int, data: bytes = b"", media_type: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Type", media_type)
        self.send_header("ETag", '"0"')
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, tuple[bytes, str]]]:
    """What a private S3 server holds; the AWS variables lead to it."""
    held: dict[str, tuple[bytes, str]] = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), type("PrivateBucket", (Bucket,), {"held": held})) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        yield held
        server.shutdown()


@pytest.fixture(params=["memory", "file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    (tmp_path / "secret").write_text("not yours")
    if request.param == "s3":
        request.getfixturevalue("bucket")
    return open_store({"memory": "memory:", "file": f"file:{tmp_path}/store", "s3": "s3://ads/prefix"}[request.param])


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


@pytest.mark.parametrize("key", ["a~b/c", "a/b@c=d+e", "uploads/me/.hidden", "a/\u00fc"])
def test_every_key_that_can_be_put_can_be_got(store: ObjectStore, key: str) -> None:
    try:
        store.put(key, b"bytes", media_type="text/plain")
    except NotFound:
        assert not store.exists(key)
    else:
        assert store.exists(key)
        assert store.get(key) == b"bytes"
        store.delete(key)
        assert not store.exists(key)


def test_a_folder_is_listed_whole_and_without_its_neighbours(store: ObjectStore) -> None:
    inside = [f"a/b/f1/{n}.png" for n in range(5)] + ["a/b/f1/deeper/0.png"]
    for key in [*inside, "a/b/f10/0.png", "a/b/f1x", "b/f1/0.png"]:
        store.put(key, b"1", media_type="image/png")

    assert sorted(store.list("a/b/f1")) == inside
    assert store.list("a/b/f2") == []


def test_a_folder_goes_with_the_last_thing_in_it(tmp_path: Path) -> None:
    store = open_store(f"file:{tmp_path}/store")
    store.put("a/b/f1/0.png", b"1", media_type="image/png")
    store.put("a/c/f1/0.png", b"1", media_type="image/png")
    (tmp_path / "store/a/b/f1" / f".{'0' * 32}").touch()  # its writer was killed

    for key in store.list("a/b/f1"):
        store.delete(key)

    assert [path.name for path in (tmp_path / "store/a").iterdir()] == ["c"]


def test_what_an_escaping_key_names_is_not_deleted(tmp_path: Path) -> None:
    store = open_store(f"file:{tmp_path}/store")
    outside = tmp_path / f".{'0' * 32}"
    outside.touch()

    with pytest.raises(NotFound):
        store.delete(f"../{outside.name}")
    assert outside.exists()


def test_a_file_is_stored_while_its_empty_folder_is_removed(tmp_path: Path) -> None:
    store, stop = open_store(f"file:{tmp_path}/store"), threading.Event()

    def remove() -> None:
        while not stop.is_set():
            store.delete("a/b/old")

    remover = threading.Thread(target=remove)
    remover.start()
    for number in range(60):
        store.put(f"a/b/{number}", b"1", media_type="text/plain")
        store.delete(f"a/b/{number}")
    stop.set()
    remover.join()


def test_s3_is_told_the_media_type(bucket: dict[str, tuple[bytes, str]]) -> None:
    open_store("s3://ads/prefix").put("a/b", b"bytes", media_type="image/png")

    assert bucket == {"/ads/prefix/a/b": (b"bytes", "image/png")}


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    fsync = os.fsync

    def watch(handle: int) -> None:
        fsync(handle)
        folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        named = (tmp_path / "store/a/b").exists()
        flushed.append(f"{'folder' if folder else os.fstat(handle).st_size} {'named' if named else 'unnamed'}")

    monkeypatch.setattr(os, "fsync", watch)
    open_store(f"file:{tmp_path}/store").put("a/b", b"bytes", media_type="text/plain")

    assert flushed == ["5 unnamed", "folder named", "folder named"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(f"file:{tmp_path}/store")
    store.put("a", b"old", media_type="text/plain")

    def full(handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        store.put("a", b"new", media_type="text/plain")
    assert store.get("a") == b"old"
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["a"]


def test_an_unknown_scheme_says_what_to_use() -> None:
    with pytest.raises(BadConfiguration, match="file:path"):
        open_store("ftp://example")
