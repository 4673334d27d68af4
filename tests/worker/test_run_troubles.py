"""What a worker does when the things around it fail: store, database, network, generator."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import sqlalchemy as sa
from torch.torch_version import TorchVersion

from adloom.core.drafts import Draft, Drafts, Outcome, Source
from adloom.core.errors import NotFound
from adloom.core.lanes import Lane
from generators.base import DeviceLost, Request, Step
from services.submit import ItemRequest
from storage import Stored
from tests.queues import COPY, items_of, noop, states_of, submit
from tests.worker.conftest import Rig, banner, echo
from worker.drain import BROKEN, drain, heed
from worker.renewals import Progress, Renewals

Requests = Sequence[Request[Any]]


def submitted(rig: Rig, requests: int | list[ItemRequest]) -> UUID:
    return submit(rig.database.sessions, requests, now=datetime.now(UTC)).job_id


class StoreAway:
    """A store whose server does not answer."""

    def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        """Fail as a network does."""
        raise OSError("connection refused")

    def get(self, key: str) -> bytes:
        """Fail as a network does."""
        raise OSError("connection refused")

    def exists(self, key: str) -> bool:
        """Fail as a network does."""
        raise OSError("connection refused")

    def delete(self, key: str) -> None:
        """Fail as a network does."""
        raise OSError("connection refused")

    def list(self, folder: str) -> list[str]:
        """Fail as a network does."""
        raise OSError("connection refused")


class OddFetcher:
    """Fails in a way that nobody thought of."""

    def fetch(self, url: str) -> bytes:
        """Raise what is no error of ours."""
        raise UnicodeEncodeError("ascii", url, 0, 1, "odd")


def test_one_images_odd_trouble_is_nobody_elses(rig: Rig) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        yield from (Drafts(request.id, ()) for request in requests)

    rig.with_generator(work)
    rig.runtime = replace(rig.runtime, fetcher=OddFetcher())
    job = submitted(rig, [banner(""), banner("https://b\u00fccher.example/1.jpg"), banner("")])

    drain(rig.runtime, Lane.BANNER)

    assert states_of(rig.database.sessions, job) == ["succeeded", "blocked", "succeeded"]


@pytest.mark.parametrize("photo", ["", "uploads/ada/abc"])
def test_a_store_that_is_away_costs_an_item_nothing(rig: Rig, photo: str) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        for request in requests:
            yield Drafts(request.id, (Draft("square", Source.COMPOSED, data=b"jpeg", media_type="image/jpeg"),))

    rig.with_generator(work)
    rig.runtime = replace(rig.runtime, store=StoreAway())
    job = submitted(rig, [banner(photo)])
    for _ in range(7):
        drain(rig.runtime, Lane.BANNER)
        with rig.database.sessions.begin() as session:
            session.execute(sa.text("UPDATE items SET state = 'queued', run_at = NULL"))

    item = items_of(rig.database.sessions, job)[0]
    assert (item.attempts, item.errors) == (7, 0)


@pytest.mark.parametrize(("text", "score"), [("fine", float("nan")), ("nul \0", 0.0), ("half \ud800", 0.0)])
def test_what_no_database_can_store_fails_alone(rig: Rig, text: str, score: float) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        yield Drafts(requests[0].id, (Draft("noop", Source.TEMPLATE, text=text, score=score),))
        yield from echo(requests[1:], step)

    rig.with_generator(work)
    job = submitted(rig, 2)

    drain(rig.runtime, COPY)

    assert states_of(rig.database.sessions, job) == ["blocked", "succeeded"]


@pytest.mark.parametrize(
    "value", [np.float64(0.5), TorchVersion("2.13"), 2**70, "null", None, MappingProxyType({"a": 1})]
)
def test_what_is_json_in_the_end_is_stored(rig: Rig, value: object) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        for request in requests:
            yield Drafts(request.id, (Draft("noop", Source.TEMPLATE, details={"value": value}),))

    rig.with_generator(work)
    job = submitted(rig, 1)

    drain(rig.runtime, COPY)

    variants = items_of(rig.database.sessions, job)[0].variants
    assert variants is not None
    assert variants[0]["details"] == {"value": dict(value) if isinstance(value, MappingProxyType) else value}


def test_a_database_that_is_away_for_a_moment_costs_nothing_that_was_made(rig: Rig) -> None:
    fails = [True]

    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        yield from echo(requests, step)

        @sa.event.listens_for(rig.database.engine, "begin")
        def fail(connection: sa.Connection) -> None:
            if fails:
                fails.pop()
                raise sa.exc.OperationalError("BEGIN", None, Exception("away"))

    generator = rig.with_generator(work)
    job = submitted(rig, 2)

    drain(rig.runtime, COPY)

    assert states_of(rig.database.sessions, job) == ["succeeded", "succeeded"]
    assert generator.sizes == [2]
    assert not fails


def test_what_loads_weights_is_on_the_device_already(rig: Rig) -> None:
    seen: list[bool] = []
    generator = rig.with_generator(echo)

    def load(weights: str, device: str) -> None:
        seen.append(items_of(rig.database.sessions, job)[0].on_device)

    generator.load = load  # type: ignore[method-assign]
    job = submitted(rig, 1)

    drain(rig.runtime, COPY)

    assert seen == [True]


def test_a_kind_that_is_not_installed_here_waits_for_a_worker_that_has_it(rig: Rig) -> None:
    rig.runtime = replace(rig.runtime, kinds={})
    job = submitted(rig, 1)

    drain(rig.runtime, COPY)

    item = items_of(rig.database.sessions, job)[0]
    assert (item.state.value, item.errors) == ("blocked", 0)


def test_a_process_that_hangs_longer_than_its_lease_ends_itself(rig: Rig) -> None:
    ended: list[bool] = []
    renewals = Renewals(
        rig.database, lease_seconds=0.1, heartbeat_seconds=0.02, beat=lambda: None, give_up=lambda: ended.append(True)
    )
    renewals.start()
    progress = Progress(stop=lambda: False, patience_seconds=0.1)
    with renewals.watch(lambda: {UUID(int=1): 1}, progress):
        time.sleep(0.15)
        before = list(ended)
        time.sleep(0.3)
    renewals.close()

    assert not before
    assert ended


def test_weights_that_do_not_exist_fail_their_items_with_the_reason(rig: Rig) -> None:
    generator = rig.with_generator(echo)

    def load(weights: str, device: str) -> None:
        raise NotFound("There are no weights called 'giant'.")

    generator.load = load  # type: ignore[method-assign]
    job = submitted(rig, [noop()])

    drain(rig.runtime, COPY)

    item = items_of(rig.database.sessions, job)[0]
    assert (item.error_code, item.error_message) == ("not-found", "There are no weights called 'giant'.")


def test_a_generator_that_makes_no_progress_loses_its_lease(rig: Rig) -> None:
    rig.runtime = replace(rig.runtime, stall_seconds=0.2)
    ends: list[datetime] = []

    def look() -> None:
        end = items_of(rig.database.sessions, job)[0].lease_expires_at
        assert end is not None
        ends.append(end)

    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        look()
        time.sleep(0.5)
        look()
        time.sleep(0.3)
        look()
        yield from echo(requests, step)

    rig.with_generator(work)
    job = submitted(rig, 1)

    drain(rig.runtime, COPY)

    start, stalled, later = ends
    assert stalled > start  # it was renewed while there was patience
    assert later == stalled  # and then no more


def test_a_broken_device_ends_the_process_and_keeps_what_was_made(rig: Rig) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        yield from echo(requests[:1], step)
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    generator = rig.with_generator(work)
    job = submitted(rig, 3)

    with pytest.raises(DeviceLost):
        drain(rig.runtime, COPY)

    assert states_of(rig.database.sessions, job) == ["succeeded", "leased", "leased"]  # for the next process to settle
    assert generator.sizes == [3]  # nobody was tried again on a device that fails everybody


def test_a_process_whose_device_broke_ends_and_leaves_what_it_held_to_its_replacement(rig: Rig) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        raise DeviceLost
        yield

    rig.with_generator(work)
    job = submitted(rig, 2)
    left: list[int] = []

    heed(rig.runtime, COPY, leave=left.append)

    assert left == [BROKEN]
    assert {item.state.value for item in items_of(rig.database.sessions, job)} == {"leased"}
