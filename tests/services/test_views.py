"""What an owner sees of its jobs: counts, pages, nothing of anyone else's."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adloom.core.errors import BadCursor, NotFound
from adloom.core.states import ItemState, JobState
from models import Sessions
from services.cursors import Page, Pager
from services.views import CountedJob, find_item, find_job, list_items, list_jobs
from tests.queues import NOON, acquire, held, items_of, noop, submit, succeed


def pager(cursor: str | None = None, *, limit: int = 2, owner: str = "ada", name: str = "list") -> Pager:
    return Pager(b"secret", owner, name, limit, cursor)


def jobs(sessions: Sessions, asked: Pager, state: JobState | None = None) -> Page[CountedJob]:
    with sessions.read() as session:
        return list_jobs(session, asked, state=state)


def test_counts_add_up_while_a_job_runs_and_when_it_has_ended(sessions: Sessions) -> None:
    job_id = submit(sessions, [*(noop() for _ in range(4)), noop(depends_on=(0,))]).job_id

    def counts() -> dict[str, int]:
        with sessions.read() as session:
            return {
                state.value: number for state, number in find_job(session, job_id, owner="ada").counts.items() if number
            }

    assert counts() == {"queued": 4, "blocked": 1}
    batch = held(sessions, limit=3)
    assert counts() == {"queued": 1, "leased": 3, "blocked": 1}
    succeed(sessions, batch)
    while more := acquire(sessions):
        succeed(sessions, more)
    assert counts() == {"succeeded": 5}


def test_jobs_are_paged_newest_first_without_gaps(sessions: Sessions) -> None:
    made = [submit(sessions, now=NOON + timedelta(seconds=n)).job_id for n in range(5)]
    submit(sessions, owner="bob")
    seen: list[UUID] = []
    cursor: str | None = None
    while not seen or cursor:
        page = jobs(sessions, pager(cursor))
        seen += [counted.job.id for counted in page.rows]
        cursor = page.next_cursor
    assert seen == made[::-1]


def test_jobs_are_filtered_by_state(sessions: Sessions) -> None:
    done = submit(sessions).job_id
    succeed(sessions, held(sessions))
    running = submit(sessions).job_id
    assert [counted.job.id for counted in jobs(sessions, pager(), JobState.SUCCEEDED).rows] == [done]
    assert [counted.job.id for counted in jobs(sessions, pager(), JobState.RUNNING).rows] == [running]


def test_items_are_paged_in_order_and_by_state(sessions: Sessions) -> None:
    job_id = submit(sessions, 5).job_id
    with sessions.read() as session:
        first = list_items(session, job_id, pager(limit=3), state=None)
        rest = list_items(session, job_id, pager(first.next_cursor, limit=3), state=ItemState.QUEUED)
        assert [item.position for item in [*first.rows, *rest.rows]] == [0, 1, 2, 3, 4]
        assert list_items(session, job_id, pager(), state=ItemState.FAILED).rows == []


def test_nothing_is_found_by_another_owner(sessions: Sessions) -> None:
    job_id = submit(sessions).job_id
    item_id = items_of(sessions, job_id)[0].id
    with sessions.read() as session:
        with pytest.raises(NotFound):
            find_job(session, job_id, owner="bob")
        with pytest.raises(NotFound):
            list_items(session, job_id, pager(owner="bob"), state=None)
        with pytest.raises(NotFound):
            find_item(session, item_id, owner="bob")
    assert jobs(sessions, pager(owner="bob")).rows == []


@given(st.text(max_size=50))
def test_a_cursor_nobody_made_is_refused_and_never_breaks_anything(cursor: str) -> None:
    with pytest.raises(BadCursor):
        pager(cursor).after()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50))
def test_a_cursor_carries_any_key_and_only_for_its_own_list(key: str) -> None:
    cursor = pager(limit=1).page([key, "more"], str).next_cursor
    assert pager(cursor).after() == key
    for other in (pager(cursor, owner="bob"), pager(cursor, name="other"), Pager(b"x", "ada", "list", 1, cursor)):
        with pytest.raises(BadCursor):
            other.after()
