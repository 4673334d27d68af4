"""Collect objects that no item refers to: what an attempt stored and could not record."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from models import Clock, Sessions
from models.queries import litter
from storage import ObjectStore

CHUNK = 100


def folder_of(*, owner: str, job_id: UUID, item_id: UUID, fence: int) -> str:
    """Where the attempt (item, fence) stores its files, and nobody else does."""
    return f"assets/{owner}/{job_id}/{item_id}/f{fence}"


def collect_litter(sessions: Sessions, store: ObjectStore, *, litter_seconds: float, now: Clock) -> bool:
    """Look where attempts that ended badly *litter_seconds* ago may have left objects, and delete those; is there more?

    Any number of sweepers may do so at once.  What the store raises ends it; the attempt that was being looked at then
    waits as long again, so that one that always fails is in nobody's way.
    """
    with sessions.read() as session:
        due = litter.due(session, before=now(session) - timedelta(seconds=litter_seconds), limit=CHUNK)
    cleared: list[tuple[UUID, int]] = []
    try:
        for row in due:
            folder = folder_of(owner=row.owner, job_id=row.job_id, item_id=row.item_id, fence=row.fence)
            delete_unreferred(sessions, store, dict.fromkeys(store.list(folder), row.item_id))
            cleared.append((row.item_id, row.fence))
    finally:
        with sessions.begin() as session:
            litter.note(session, cleared, litter_at=None)
            failed = [(row.item_id, row.fence) for row in due[len(cleared) :][:1]]
            litter.note(session, failed, litter_at=now(session))
    return len(due) == CHUNK


def delete_unreferred(sessions: Sessions, store: ObjectStore, keys: Mapping[str, UUID]) -> None:
    """Delete *keys*, each with its item, unless an asset refers to them: a record may have come through after all."""
    if not keys:
        return
    with sessions.read() as session:
        kept = litter.referred(session, set(keys.values()), set(keys))
    for key in keys:
        if key not in kept:
            store.delete(key)
