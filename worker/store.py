"""Store what a generator yielded, before it is recorded."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import msgspec
import structlog
from uuid_utils.compat import uuid7

from adloom.core.drafts import Draft, Drafts, Failure, Outcome
from models import Database
from services.acquire import Held
from services.litter import delete_unreferred, folder_of
from services.record import STORE_AWAY, Made, Recorded, Result, StoredFile
from storage import ObjectStore

log = structlog.get_logger()

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}


def store_outcome(store: ObjectStore, item: Held, outcome: Outcome) -> Result:
    """Put an outcome's files into the store, under keys that contain the item's fence.

    A late worker can therefore never overwrite its successor's bytes.  A store that fails makes the item fail for now.
    """
    if isinstance(outcome, Failure):
        return dataclasses.replace(outcome, message=_plain(outcome.message))
    if not isinstance(outcome, Drafts):
        return outcome
    variants = [_variant(number, draft) for number, draft in enumerate(outcome.drafts)]
    try:  # before anything is stored
        texts = _json(variants, nulls=len(variants))
        notes = _json(outcome.notes) if outcome.notes else "[]"
        provenance = _json(outcome.provenance) if outcome.provenance else "{}"
    except (TypeError, ValueError):
        return Failure(item.id, "bad-output", "Its generator made something that cannot be stored.", retryable=True)
    if not any(draft.data for draft in outcome.drafts):
        return Made(item.id, texts, (), notes, provenance)
    try:
        files = [_put(store, item, number, draft) for number, draft in enumerate(outcome.drafts) if draft.data]
    except Exception as error:  # whatever the store raises: another attempt may reach it
        log.warning("asset.not_stored", item=str(item.id), error=type(error).__name__)
        return Failure(item.id, STORE_AWAY, "Its file could not be stored.", retryable=True, blameless=True)
    for file in files:
        variants[file.number]["asset"] = _asset(file)
    return Made(item.id, _json(variants, nulls=len(variants) - len(files)), files, notes, provenance)


def discard(database: Database, store: ObjectStore, results: Sequence[Result], recorded: Recorded) -> None:
    """Delete the files of the results that were left out, if the store lets us: else the sweeper finds them later.

    Left out may also mean recorded before: the commit came through and its answer did not.  Then they stay.
    """
    made = [result for result in results if isinstance(result, Made) and result.request in recorded.left_out]
    try:
        delete_unreferred(database.sessions, store, {file.key: each.request for each in made for file in each.files})
    except Exception as error:  # whatever the store or the database raises
        log.warning("asset.not_deleted", error=type(error).__name__)


def _json(value: Any, *, nulls: int = 0) -> str:  # Any: JSON
    """*value*, which holds *nulls* times None, as JSON that every database takes.

    Raises:
        TypeError, ValueError: it is no JSON, or holds NaN, NUL, or half of a surrogate pair.
    """
    try:
        text = _QUICK.encode(value).decode()
    except (TypeError, ValueError, OverflowError):  # a kind of str, as torch's version is: the other decides
        text = ""
    if not text or text.count("null") != nulls:  # it writes NaN as null
        text = _STRICT.encode(value)
        text.encode()
    if "\\u0000" in text:
        raise ValueError("NUL is no text.")
    return text


_QUICK = msgspec.json.Encoder(enc_hook=dict)
_STRICT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=dict)


def _plain(message: str) -> str:
    return message.replace("\0", "").encode(errors="replace").decode()[:300]


def _put(store: ObjectStore, item: Held, number: int, draft: Draft) -> StoredFile:
    extension = EXTENSIONS.get(draft.media_type, "bin")
    folder = folder_of(owner=item.owner, job_id=item.job_id, item_id=item.id, fence=item.fence)
    key = f"{folder}/{number}.{extension}"
    stored = store.put(key, draft.data, media_type=draft.media_type)
    return StoredFile(uuid7(), number, key, draft.media_type, stored.sha256, stored.size_bytes)


def _variant(number: int, draft: Draft) -> dict[str, Any]:  # Any: JSON
    return {
        "number": number,
        "field": draft.field,
        "text": draft.text,
        "source": draft.source,
        "score": draft.score,
        "details": dict(draft.details),
        "asset": None,
    }


def _asset(file: StoredFile) -> dict[str, Any]:  # Any: JSON
    return {"id": str(file.id), "media_type": file.media_type, "sha256": file.sha256, "size_bytes": file.size_bytes}
