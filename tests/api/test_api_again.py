"""A request whose database connection is ended is done again where that is safe, and only there."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import psycopg
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from api.again import RepeatingRoute
from api.routers import assets, brands, catalogue, exports, feeds, items, jobs, webhooks
from models import Database, Job, Session, open_database
from tests.api.conftest import application, key_of, parts_on
from tests.conftest import FreshDatabase

JOB = {"items": [{"kind": "noop", "spec": {}}]}


@dataclass
class Flaky:
    """An API on PostgreSQL whose connections are ended in so many statements, and in those commits that say so."""

    database: Database
    client: TestClient
    in_statements: int = 0
    in_commits: list[bool] = field(default_factory=list)

    def jobs(self) -> int:
        with self.database.sessions.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(Job)) or 0


@pytest.fixture
def flaky(fresh_database: FreshDatabase) -> Iterator[Flaky]:
    """Such an API; its connections live until a test says otherwise."""
    url = fresh_database("postgresql")
    database = open_database(url)

    def now(session: Session) -> datetime:
        if made.in_statements:
            made.in_statements -= 1
            session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return database.now(session)

    def commit(connection: sa.Connection) -> None:
        if made.in_commits and made.in_commits.pop(0):
            pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    parts = parts_on(replace(database, now=now))
    with TestClient(application(parts), headers=key_of(database, "ada")) as client:
        made = Flaky(database, client)
        assert client.get("/v1/jobs").status_code == 200  # the key's use is noted, which is a commit of its own
        sa.event.listen(database.engine, "commit", commit)
        yield made
    database.close()


def test_a_read_is_done_again_wherever_its_connection_was_ended(flaky: Flaky) -> None:
    flaky.in_statements = 1
    assert flaky.client.get("/v1/jobs").status_code == 200
    for commits in ([True], [False, True]):  # the one of the caller's key, and the list's own
        flaky.in_commits = commits
        assert flaky.client.get("/v1/jobs").status_code == 200
        assert not flaky.in_commits
    assert flaky.in_statements == 0


def test_it_is_done_again_once(flaky: Flaky) -> None:
    flaky.in_statements = 2
    answer = flaky.client.get("/v1/jobs")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_submit_whose_connection_was_ended_before_its_commit_makes_one_job(flaky: Flaky) -> None:
    flaky.in_statements = 1
    assert flaky.client.post("/v1/jobs", json=JOB).status_code == 202
    assert flaky.jobs() == 1


def test_a_submit_that_was_ended_in_its_commit_is_done_again_only_with_a_key(flaky: Flaky) -> None:
    flaky.in_commits = [False, True]
    assert flaky.client.post("/v1/jobs", json=JOB).status_code == 503
    assert flaky.jobs() == 0
    flaky.in_commits = [False, True]
    assert flaky.client.post("/v1/jobs", json=JOB, headers={"Idempotency-Key": "one"}).status_code == 202
    assert flaky.jobs() == 1


def test_every_route_of_the_api_is_done_again() -> None:
    for router in (assets, brands, catalogue, exports, feeds, items, jobs, webhooks):
        assert router.router.routes
        assert {type(route) for route in router.router.routes} == {RepeatingRoute}
