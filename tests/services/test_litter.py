"""What attempts stored and could not record is collected, and nothing else."""

import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from adloom.core.drafts import Continue, Failure
from models import Sessions
from models.queries import items
from services.acquire import Held
from services.cancel import cancel_job
from services.crash import settle_crashed
from services.litter import collect_litter, folder_of
from services.record import STORE_AWAY, Budgets, Made, StoredFile
from services.sweep import sweep_expired
from storage import ObjectStore, Stored, open_store
from tests.queues import MINUTE, NOON, QUICK, SLOW, acquire, held, recorded, release, submit, succeed

DAY = timedelta(days=1)
LATER = NOON + 2 * MINUTE


@pytest.fixture
def store() -> ObjectStore:
    return open_store("memory:")


def stored(store: ObjectStore, item: Held, number: int = 0) -> StoredFile:
    """A file as a worker stores it before it records the item."""
    folder = folder_of(owner=item.owner, job_id=item.job_id, item_id=item.id, fence=item.fence)
    put = store.put(f"{folder}/{number}.png", b"1", media_type="image/png")
    return StoredFile(uuid4(), number, put.key, "image/png", put.sha256, put.size_bytes)


def lose(sessions: Sessions, now: datetime = LATER) -> None:
    with sessions.begin() as session:
        sweep_expired(session, grace_seconds=5, budgets=Budgets(), now=now)


def collect(sessions: Sessions, store: ObjectStore, now: datetime = LATER + DAY) -> bool:
    return collect_litter(sessions, store, litter_seconds=DAY.total_seconds(), now=lambda session: now)


def test_what_a_lost_attempt_stored_is_collected_a_day_later_and_the_winners_stays(
    sessions: Sessions, store: ObjectStore
) -> None:
    submit(sessions)
    late = held(sessions, worker=SLOW).items[0]
    litter = [stored(store, late, number).key for number in range(2)]
    lose(sessions)
    batch = held(sessions, worker=QUICK, now=LATER)
    winner = stored(store, batch.items[0])
    recorded(sessions, batch, [Made(late.id, "[]", [winner])], now=LATER)

    collect(sessions, store, LATER + DAY - MINUTE)
    assert store.exists(litter[0])
    collect(sessions, store)

    assert not any(store.exists(key) for key in litter)
    assert store.exists(winner.key)


def test_whoever_ends_a_lease_of_someone_elses_has_its_litter_collected(sessions: Sessions, store: ObjectStore) -> None:
    keys = []
    for end in ("cancel", "crash", "loss"):
        job = submit(sessions)
        item = held(sessions, worker=SLOW).items[0]
        keys.append(stored(store, item).key)
        if end == "cancel":
            cancel_job(sessions, job.job_id, owner="ada", now=lambda session: NOON)
        elif end == "crash":
            crash(sessions, {item.id: item.fence})
        else:
            lose(sessions)
        while batch := acquire(sessions, now=LATER):
            succeed(sessions, batch, now=LATER)

    collect(sessions, store)

    assert [key for key in keys if store.exists(key)] == []


def crash(sessions: Sessions, on_device: dict[UUID, int]) -> None:
    with sessions.begin() as session:
        items.mark_on_device(session, on_device)
        settle_crashed(session, [SLOW], budgets=Budgets(), now=NOON)


def test_half_stored_files_of_a_store_that_failed_are_collected(sessions: Sessions, store: ObjectStore) -> None:
    submit(sessions)
    batch = held(sessions)
    half = stored(store, batch.items[0])
    failure = Failure(batch.items[0].id, STORE_AWAY, "away", retryable=True, blameless=True)
    recorded(sessions, batch, [failure])

    collect(sessions, store)

    assert not store.exists(half.key)


class Watched:
    """A store that notes where somebody looks, and may fail."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.looked: list[str] = []
        self.away = False

    def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        return self._store.put(key, data, media_type=media_type)

    def get(self, key: str) -> bytes:
        return self._store.get(key)

    def exists(self, key: str) -> bool:
        return self._store.exists(key)

    def delete(self, key: str) -> None:
        self._store.delete(key)

    def list(self, folder: str) -> list[str]:
        self.looked.append(folder)
        if self.away:
            raise OSError("connection refused")
        return self._store.list(folder)


def test_nobody_looks_for_litter_of_a_worker_that_left_none(sessions: Sessions, store: ObjectStore) -> None:
    submit(sessions, 4)
    batch = held(sessions)
    first, second, third, fourth = (item.id for item in batch.items)
    recorded(sessions, batch, [Made(first, "[]"), Continue(second, "half"), Failure(third, "broken", "it is")])
    with sessions.begin() as session:
        release(session, batch, [fourth], now=NOON)

    watched = Watched(store)
    collect(sessions, watched)

    assert watched.looked == []


def test_an_attempt_is_looked_after_once(sessions: Sessions, store: ObjectStore) -> None:
    submit(sessions)
    held(sessions)
    lose(sessions)
    watched = Watched(store)
    for _ in range(3):
        assert not collect(sessions, watched)

    assert len(watched.looked) == 1


def test_what_an_asset_refers_to_stays_whatever_its_attempt_says(sessions: Sessions, store: ObjectStore) -> None:
    submit(sessions)
    batch = held(sessions)
    file = stored(store, batch.items[0])
    recorded(sessions, batch, [Made(batch.items[0].id, "[]", [file])])
    with sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE attempts SET litter_at = ended_at")

    collect(sessions, store)

    assert store.exists(file.key)


def test_a_store_that_is_away_costs_only_time(sessions: Sessions, store: ObjectStore) -> None:
    submit(sessions, 3)
    keys = [stored(store, item).key for item in held(sessions).items]
    lose(sessions)
    watched = Watched(store)
    watched.away = True
    with pytest.raises(OSError, match="refused"):
        collect(sessions, watched)
    watched.away = False

    collect(sessions, watched)
    assert len([key for key in keys if store.exists(key)]) == 1  # what failed waits another day, in nobody's way
    collect(sessions, watched, LATER + 2 * DAY)

    assert not any(store.exists(key) for key in keys)


def test_several_collectors_at_once_do_no_harm(sessions: Sessions, store: ObjectStore) -> None:
    submit(sessions, 20)
    keys = [stored(store, item).key for item in held(sessions).items]
    lose(sessions)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            collect(sessions, store)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert not any(store.exists(key) for key in keys)
