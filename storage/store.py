"""The object store: a local folder, S3 or memory, all through obstore."""

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedWriter
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import obstore
from obstore.exceptions import InvalidPathError, NotFoundError
from obstore.store import LocalStore, MemoryStore, S3Store

from adloom.core.errors import BadConfiguration, NotFound

if TYPE_CHECKING:
    from obstore.store import ClientConfig

_UNFINISHED = re.compile(r"/\.[0-9a-f]{32}$")  #: what a write is called before it is whole; no key begins with a dot
_KEY = re.compile(r"^[\w@=+~-][\w.@=+~-]*(/[\w@=+~-][\w.@=+~-]*)*$")  # no empty, dotted or escaping part


@dataclass(frozen=True)
class Stored:
    """What was put: its key, the SHA-256 of its bytes in hex, and how many there are."""

    key: str
    sha256: str
    size_bytes: int


class ObjectStore(Protocol):
    """Bytes under keys.  A key is one or more names joined by ``/``; it never leaves the store."""

    def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        """Store *data*, whole or not at all, in place of what the key held."""

    def get(self, key: str) -> bytes:
        """The bytes under *key*.

        Raises:
            NotFound: nothing is stored there.
        """

    def exists(self, key: str) -> bool:
        """Whether something is stored under *key*."""

    def delete(self, key: str) -> None:
        """Remove what the key holds, if anything."""

    def list(self, folder: str) -> list[str]:
        """What lies in *folder*, the part of a key before a ``/``, at any depth; also what was never finished."""


class ObstoreStore:
    """Any store that obstore reaches."""

    def __init__(self, store: LocalStore | MemoryStore | S3Store, *, keeps_media_type: bool) -> None:
        self._store = store
        self._keeps_media_type = keeps_media_type

    def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        """Store *data*, whole or not at all, in place of what the key held."""
        attributes = {"Content-Type": media_type} if self._keeps_media_type else None
        obstore.put(self._store, _checked(key), data, attributes=attributes, use_multipart=False)
        return Stored(key, hashlib.sha256(data).hexdigest(), len(data))

    def get(self, key: str) -> bytes:
        """The bytes under *key*; `NotFound` where there are none."""
        try:
            return bytes(obstore.get(self._store, _checked(key)).bytes())
        except (NotFoundError, FileNotFoundError, InvalidPathError):
            raise NotFound(f"Nothing is stored under {key!r}.") from None

    def exists(self, key: str) -> bool:
        """Whether something is stored under *key*."""
        try:
            obstore.head(self._store, _checked(key))
        except (NotFoundError, FileNotFoundError, NotFound):
            return False
        return True

    def delete(self, key: str) -> None:
        """Remove what the key holds, if anything."""
        if self.exists(key):
            obstore.delete(self._store, key)

    def list(self, folder: str) -> list[str]:
        """What lies in *folder*, the part of a key before a ``/``, at any depth; also what was never finished."""
        chunks = obstore.list(self._store, f"{_checked(folder)}/")
        return [found["path"] for chunk in chunks for found in chunk]


class FolderStore(ObstoreStore):
    """A local folder.  What `put` has returned from is there after a power cut: obstore writes without flushing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(LocalStore(folder), keeps_media_type=False)
        self._folder = folder

    def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        """Store *data*, whole or not at all, in place of what the key held."""
        path = self._folder / _checked(key)
        unfinished = path.parent / f".{uuid4().hex}"
        try:
            with _create(unfinished) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        for folder in (path.parent, *path.parent.parents):  # a new name is safe once its folder is
            _flush_folder(folder)
            if folder == self._folder:
                break
        return Stored(key, hashlib.sha256(data).hexdigest(), len(data))

    def delete(self, key: str) -> None:
        """Remove what the key holds, if anything, and the folders that are empty without it."""
        path = self._folder / (key if _UNFINISHED.search(key) and ".." not in key else _checked(key))
        path.unlink(missing_ok=True)
        with suppress(OSError):  # the first that still holds something ends it
            for folder in path.parents:
                if folder == self._folder:
                    break
                folder.rmdir()


def _create(path: Path) -> BufferedWriter:
    """Open a new file; another process may be removing its folder, empty until now, at this very moment."""
    for _ in range(10):
        with suppress(FileNotFoundError):
            path.parent.mkdir(parents=True, exist_ok=True)
            return path.open("xb")
    raise FileNotFoundError(f"{path.parent} does not stay")


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _checked(key: str) -> str:
    if not _KEY.match(key):
        raise NotFound(f"Nothing is stored under {key!r}.")
    return key


def open_store(url: str) -> ObjectStore:
    """Open ``file:path``, ``s3://bucket/prefix`` (credentials from the usual AWS variables) or ``memory:``.

    Raises:
        BadConfiguration: another scheme, or a folder that cannot be made.
    """
    scheme, _, rest = url.partition(":")
    match scheme:
        case "memory":
            return ObstoreStore(MemoryStore(), keeps_media_type=True)
        case "file":
            return _open_folder(Path(rest.removeprefix("//") or "."))
        case "s3":
            parts = urlsplit(url)
            options: ClientConfig = {
                "timeout": timedelta(seconds=30),
                "connect_timeout": timedelta(seconds=5),
                "allow_http": True,  # whoever writes http:// in AWS_ENDPOINT_URL means it; these hide AWS_ALLOW_HTTP
            }
            bucket = S3Store(parts.netloc, prefix=parts.path.strip("/") or None, client_options=options)
            return ObstoreStore(bucket, keeps_media_type=True)
    raise BadConfiguration(f"ADLOOM_STORAGE_URL: unknown scheme {scheme!r}; use file:path, s3://bucket or memory:")


def _open_folder(folder: Path) -> ObjectStore:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadConfiguration(f"ADLOOM_STORAGE_URL: {folder} cannot be used: {error.strerror}") from None
    return FolderStore(folder.absolute())
