"""A worker whose results come too late takes its files back at once; one whose record came through keeps them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from adloom.core.drafts import Draft, Drafts, Outcome, Source
from adloom.core.lanes import Lane
from generators.base import Request, Step
from services.cancel import cancel_job
from tests.queues import states_of, submit
from tests.worker.conftest import Rig, banner
from worker.drain import drain

Requests = Sequence[Request[Any]]


def paint(requests: Requests, step: Step) -> Iterator[Outcome]:
    """A picture for everyone."""
    for request in requests:
        yield Drafts(request.id, (Draft("square", Source.COMPOSED, data=b"jpeg", media_type="image/jpeg"),))


def submitted(rig: Rig, number: int = 1) -> UUID:
    return submit(rig.database.sessions, [banner("")] * number, now=datetime.now(UTC)).job_id


def test_files_of_an_item_that_was_taken_away_meanwhile_are_deleted_at_once(rig: Rig) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        yield from paint(requests, step)
        cancel_job(rig.database.sessions, first, owner="ada", now=rig.database.now)

    rig.with_generator(work)
    first = submitted(rig)
    kept = submitted(rig)

    drain(rig.runtime, Lane.BANNER)

    assert states_of(rig.database.sessions, first) == ["cancelled"]
    assert rig.store.list(f"assets/ada/{first}") == []
    assert len(rig.store.list(f"assets/ada/{kept}")) == 1


def test_files_stay_when_the_commit_came_through_and_only_its_answer_did_not(rig: Rig) -> None:
    answers = [True]

    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        yield from paint(requests, step)

        @sa.event.listens_for(rig.database.engine, "commit")
        def lose_answer(connection: sa.Connection) -> None:
            written = connection.exec_driver_sql("SELECT count(*) FROM assets").scalar()
            if written and answers:
                answers.pop()
                connection.connection.driver_connection.commit()  # type: ignore[union-attr]
                raise sa.exc.OperationalError("COMMIT", None, Exception("the connection is gone"))

    rig.with_generator(work)
    rig.runtime = replace(rig.runtime)
    job = submitted(rig)

    drain(rig.runtime, Lane.BANNER)

    assert not answers
    assert states_of(rig.database.sessions, job) == ["succeeded"]
    assert len(rig.store.list(f"assets/ada/{job}")) == 1


def test_a_store_that_will_not_delete_costs_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(requests: Requests, step: Step) -> Iterator[Outcome]:
        yield from paint(requests, step)
        cancel_job(rig.database.sessions, job, owner="ada", now=rig.database.now)

    def refuse(key: str) -> None:
        raise OSError("connection refused")

    rig.with_generator(work)
    monkeypatch.setattr(rig.store, "delete", refuse)
    job = submitted(rig)

    drain(rig.runtime, Lane.BANNER)

    assert len(rig.store.list(f"assets/ada/{job}")) == 1  # the sweeper finds it later
