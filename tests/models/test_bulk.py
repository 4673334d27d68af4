"""Many rows at once: every row arrives, and as it was."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from models import Database, open_database
from models.item import Attempt, FairShare
from models.queries import bulk

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COLUMNS = ("lane", "priority", "owner", "finish_rank")
AWKWARD = ("it's", 'a "quote"', "tab\tline\nreturn\r", "back\\slash \\N \\.", "{1,2}", "NULL", "", "ä漢🙂", "%s ? :x")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("number", [0, 1, bulk.ROWS, 2 * bulk.ROWS + 1])
def test_every_row_arrives_however_many_there_are(database: Database, number: int) -> None:
    rows = [("copy", n, f"{n}", n / 2) for n in range(number)]
    with database.sessions.begin() as session:
        bulk.insert(session, FairShare, bulk.by_column(COLUMNS, rows))
        found = session.execute(sa.select(FairShare.owner, FairShare.finish_rank)).all()
    assert sorted(found, key=lambda row: row[1]) == [(owner, rank) for _, _, owner, rank in rows]


@pytest.mark.parametrize("varies", [True, False])
def test_text_arrives_as_it_was(database: Database, varies: bool) -> None:
    with database.sessions.begin() as session:
        for n, text in enumerate(AWKWARD):
            rows = [("copy", 2 * n, text, 0.0), ("copy", 2 * n + 1, "other" if varies else text, 0.0)]
            bulk.insert(session, FairShare, bulk.by_column(COLUMNS, rows))
        found = session.scalars(sa.select(FairShare.owner).where(FairShare.priority % 2 == 0).order_by("priority"))
    assert tuple(found) == AWKWARD


def test_a_row_that_is_there_is_overwritten_and_the_others_are_added(database: Database) -> None:
    columns = ("item_id", "fence", "worker", "batch_size", "started_at", "ended_at", "outcome", "litter_at")
    before = [(UUID(int=n), 1, UUID(int=7), 1, NOW, None, None, None) for n in range(bulk.ROWS)]
    after = [(UUID(int=n), 1, UUID(int=8), 2, NOW, NOW, AWKWARD[n % 9], None) for n in range(1, bulk.ROWS + 2)]
    with database.sessions.begin() as session:
        bulk.insert(session, Attempt, bulk.by_column(columns, before))
        bulk.upsert(session, Attempt, bulk.by_column(columns, after))
        found = session.execute(sa.select(Attempt.item_id, Attempt.worker, Attempt.outcome).order_by("item_id")).all()
    assert found[0] == (UUID(int=0), UUID(int=7), None)
    assert found[1:] == [(row[0], UUID(int=8), row[6]) for row in after]
