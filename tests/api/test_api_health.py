"""Health and readiness: what a supervisor may conclude."""

from pathlib import Path

import sqlalchemy as sa
from starlette.testclient import TestClient

from models import open_database
from storage import Stored
from tests.api.conftest import Platform, application, parts_on


class FullStore:
    """A store whose disk is full."""

    def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        raise OSError("No space left on device")

    def get(self, key: str) -> bytes:
        raise OSError("No space left on device")

    def exists(self, key: str) -> bool:
        return False

    def delete(self, key: str) -> None:
        """Nothing is there."""


def test_a_platform_that_can_work_says_so_without_a_key(client: TestClient) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "reasons": {}})


def test_an_empty_database_is_not_ready_and_says_what_to_do(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/empty.db")
    with TestClient(application(parts_on(database))) as client:
        answer = client.get("/readyz")
        assert client.get("/healthz").status_code == 200
    database.close()
    assert answer.status_code == 503
    assert "adloom migrate" in answer.json()["reasons"]["database"]


def test_a_database_that_lacks_a_column_is_not_ready(platform: Platform) -> None:
    with platform.database.sessions.begin() as session:
        session.execute(sa.text("ALTER TABLE feed_images DROP COLUMN width_px"))
    reasons = platform.client.get("/readyz").json()["reasons"]
    assert "feed_images.width_px" in reasons["database"]


def test_a_database_out_of_reach_is_not_ready(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/no/such/folder/a.db")
    with TestClient(application(parts_on(database))) as client:
        answer = client.get("/readyz")
        jobs = client.get("/v1/jobs", headers={"Authorization": f"Bearer adl_{'0' * 12}_{'0' * 43}"})
    assert answer.json()["reasons"]["database"].startswith("It does not answer")
    assert (jobs.status_code, jobs.json()["code"]) == (503, "unavailable")


def test_a_store_that_takes_nothing_is_not_ready(platform: Platform) -> None:
    parts = platform.parts.__class__(**{**vars(platform.parts), "store": FullStore()})
    with TestClient(application(parts)) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "OSError" in answer.json()["reasons"]["store"]
