"""Bytes under keys: where assets and uploads live, and how bytes come in from public URLs."""

from storage.fetch import Blocked, Fetcher, FetchFailed, PublicFetcher
from storage.store import ObjectStore, Stored, open_store

__all__ = ["Blocked", "FetchFailed", "Fetcher", "ObjectStore", "PublicFetcher", "Stored", "open_store"]
