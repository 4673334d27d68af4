"""Store what a generator yielded, before it is recorded."""

import dataclasses
import json
from typing import Any

import structlog
from uuid_utils.compat import uuid7

from adloom.core.drafts import Draft, Drafts, Failure, Outcome
from services.acquire import Held
from services.record import Made, Result, StoredFile
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
    if not _is_json(outcome):
        return Failure(item.id, "bad-output", "Its generator made something that cannot be stored.", retryable=True)
    try:
        files = {number: _put(store, item, number, draft) for number, draft in enumerate(outcome.drafts) if draft.data}
    except Exception as error:  # whatever the store raises: another attempt may reach it
        log.warning("asset.not_stored", item=str(item.id), error=type(error).__name__)
        return Failure(item.id, "storage-unavailable", "Its file could not be stored.", retryable=True, blameless=True)
    variants = [_variant(number, draft, files.get(number)) for number, draft in enumerate(outcome.drafts)]
    return Made(item.id, variants, list(files.values()), outcome.notes, outcome.provenance)


def _is_json(outcome: Drafts) -> bool:
    """Whether every database takes it: no NaN, no NUL, no half of a surrogate pair."""
    said = [[draft.field, draft.text, draft.score, dict(draft.details)] for draft in outcome.drafts]
    try:
        text = json.dumps([said, list(outcome.notes), dict(outcome.provenance)], allow_nan=False, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError):
        return False
    return "\\u0000" not in text


def _plain(message: str) -> str:
    return message.replace("\0", "").encode(errors="replace").decode()[:300]


def _put(store: ObjectStore, item: Held, number: int, draft: Draft) -> StoredFile:
    extension = EXTENSIONS.get(draft.media_type, "bin")
    key = f"assets/{item.owner}/{item.job_id}/{item.id}/f{item.fence}/{number}.{extension}"
    stored = store.put(key, draft.data, media_type=draft.media_type)
    return StoredFile(uuid7(), number, key, draft.media_type, stored.sha256, stored.size_bytes)


def _variant(number: int, draft: Draft, file: StoredFile | None) -> dict[str, Any]:  # Any: JSON
    asset = file and {
        "id": str(file.id),
        "media_type": file.media_type,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
    }
    return {
        "number": number,
        "field": draft.field,
        "text": draft.text,
        "source": draft.source.value,
        "score": draft.score,
        "details": dict(draft.details),
        "asset": asset,
    }
