"""Bytes under keys: where assets and uploads live, and how bytes go to and come from other people's URLs."""

from storage.fetch import Fetcher, FetchFailed, PublicFetcher
from storage.post import Answer, GuardedPoster, Poster
from storage.store import ObjectStore, Stored, open_store
from storage.transport import Blocked, Reach, host_of

__all__ = [
    "Answer",
    "Blocked",
    "FetchFailed",
    "Fetcher",
    "GuardedPoster",
    "ObjectStore",
    "Poster",
    "PublicFetcher",
    "Reach",
    "Stored",
    "host_of",
    "open_store",
]
