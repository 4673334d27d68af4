"""What a worker does with a micro-batch, whatever its generator does."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from adloom.core.drafts import Draft, Drafts, Failure, Outcome, Source
from adloom.core.lanes import Lane
from generators.base import OutOfMemory, Request, Step
from services.cancel import cancel_job
from services.submit import ItemRequest
from tests.queues import COPY, items_of, job_of, noop, states_of, submit
from tests.worker.conftest import Rig, banner, echo
from worker.drain import drain

Requests = Sequence[Request[Any]]


def now() -> datetime:
    return datetime.now(UTC)


def submitted(rig: Rig, requests: int | list[ItemRequest]) -> UUID:
    return submit(rig.database.sessions, requests, now=now()).job_id


def test_a_lane_is_drained_until_it_is_empty(rig: Rig) -> None:
    job = submitted(rig, 600)

    drain(rig.runtime, COPY)

    assert job_of(rig.database.sessions, job).succeeded == 600


def test_a_full_micro_batch_wakes_a_neighbour(rig: Rig) -> None:
    submitted(rig, 300)

    drain(rig.runtime, COPY)

    assert rig.ringer.rung == [COPY]


def test_one_item_that_raises_takes_nobody_along(rig: Rig) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        if any(request.spec.payload == "poison" for request in requests):
            raise ValueError
        yield from echo(requests, step)

    generator = rig.with_generator(work)
    job = submitted(rig, [noop(payload="poison" if n == 5 else "fine") for n in range(8)])

    drain(rig.runtime, COPY)

    states = states_of(rig.database.sessions, job)
    assert states == ["succeeded"] * 5 + ["blocked"] + ["succeeded"] * 2
    assert sum(generator.sizes) <= 8 * 4


def test_out_of_memory_halves_the_micro_batch_and_keeps_what_was_yielded(rig: Rig) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        if len(requests) > 2:
            yield from echo(requests[:1], step)
            raise OutOfMemory
        yield from echo(requests, step)

    rig.with_generator(work)
    job = submitted(rig, 8)

    drain(rig.runtime, COPY)

    found = job_of(rig.database.sessions, job)
    assert found.succeeded == 8
    assert all(item.attempts == 1 for item in items_of(rig.database.sessions, job))


def test_an_item_too_large_even_alone_fails_for_good(rig: Rig) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        raise OutOfMemory
        yield

    rig.with_generator(work)
    job = submitted(rig, 2)

    drain(rig.runtime, COPY)

    assert {item.error_code for item in items_of(rig.database.sessions, job)} == {"resource-exceeded"}


def test_an_item_without_an_outcome_is_tried_again(rig: Rig) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        yield from echo([request for request in requests if request.spec.payload != "forgotten"], step)

    rig.with_generator(work)
    job = submitted(rig, [noop(payload="forgotten"), noop()])

    drain(rig.runtime, COPY)

    assert states_of(rig.database.sessions, job) == ["blocked", "succeeded"]


def test_a_worker_that_is_told_to_stop_records_what_it_has_and_gives_the_rest_back(rig: Rig) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        yield from echo(requests[:1], step)
        rig.drain_file.touch()
        yield from echo(requests[1:], step)

    rig.with_generator(work)
    job = submitted(rig, 3)

    drain(rig.runtime, COPY)

    items = items_of(rig.database.sessions, job)
    assert [item.state.value for item in items] == ["succeeded", "queued", "queued"]
    assert [item.errors for item in items] == [0, 0, 0]
    assert rig.ringer.rung[-1] == COPY


def test_a_cancelled_item_is_dropped_at_the_next_step(rig: Rig) -> None:
    dropped: set[UUID] = set()

    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        cancel_job(rig.database.sessions, job, owner="ada", now=lambda session: now())
        until = time.monotonic() + 5
        while not dropped and time.monotonic() < until:
            time.sleep(0.02)
            dropped.update(step())
        yield from echo(requests, step)

    rig.with_generator(work)
    job = submitted(rig, 1)

    drain(rig.runtime, COPY)

    assert dropped == {items_of(rig.database.sessions, job)[0].id}
    assert states_of(rig.database.sessions, job) == ["cancelled"]


def test_files_are_stored_under_keys_that_contain_the_fence(rig: Rig) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        for request in requests:
            yield Drafts(request.id, (Draft("square", Source.COMPOSED, data=b"jpeg", media_type="image/jpeg"),))

    rig.with_generator(work)
    job = submitted(rig, 1)

    drain(rig.runtime, COPY)

    item = items_of(rig.database.sessions, job)[0]
    key = f"assets/ada/{job}/{item.id}/f1/0.jpg"
    assert rig.store.get(key) == b"jpeg"
    assert item.variants
    assert item.variants[0]["asset"]["size_bytes"] == 4


def test_a_missing_image_fails_its_banner_and_names_the_image(rig: Rig) -> None:
    job = submitted(rig, [banner("images/3.webp")])

    drain(rig.runtime, Lane.BANNER)

    item = items_of(rig.database.sessions, job)[0]
    assert item.error_code == "image-missing"
    assert "images/3.webp" in (item.error_message or "")


def test_another_owners_upload_is_out_of_reach(rig: Rig) -> None:
    rig.store.put("uploads/eve/abc", b"secret", media_type="image/png")
    job = submitted(rig, [banner("uploads/eve/abc")])

    drain(rig.runtime, Lane.BANNER)

    assert items_of(rig.database.sessions, job)[0].error_code == "image-missing"


def test_an_image_whose_server_is_down_is_tried_again(rig: Rig) -> None:
    job = submitted(rig, [banner("https://shop.example/1.jpg")])

    drain(rig.runtime, Lane.BANNER)

    assert states_of(rig.database.sessions, job) == ["blocked"]


def test_uploads_reach_the_generator(rig: Rig) -> None:
    seen: dict[str, bytes] = {}

    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        for request in requests:
            seen.update(request.files)
            yield Failure(request.id, "enough", "seen")

    rig.with_generator(work)
    rig.store.put("uploads/ada/abc", b"photo", media_type="image/png")
    submitted(rig, [banner("uploads/ada/abc")])

    drain(rig.runtime, Lane.BANNER)

    assert seen == {"uploads/ada/abc": b"photo"}


def test_a_child_sees_what_its_parent_made_and_its_lane_is_rung(rig: Rig) -> None:
    seen: list[object] = []

    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        for request in requests:
            seen.extend(parent.texts for parent in request.parents)
        yield from (
            Drafts(request.id, (Draft("headline", Source.TEMPLATE, text="Warm Boots"),)) for request in requests
        )

    rig.with_generator(work)
    child = banner("")
    submitted(rig, [noop(), ItemRequest(child.kind, child.spec, depends_on=(0,))])

    drain(rig.runtime, COPY)
    assert Lane.BANNER in rig.ringer.rung
    drain(rig.runtime, Lane.BANNER)

    assert seen == [{"headline": ["Warm Boots"]}]
