"""Scheduling over HTTP: hours, priorities, deadlines, pauses, quotas, reasons, estimates; the operator's commands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from adloom.core.lanes import Lane
from adloom.core.settings import Settings
from api import lanes as lanes_command
from api import owners as owners_command
from broker import MemoryRinger
from models import open_database
from models.queries import work, workers
from services.acquire import acquire_micro_batch
from services.admit import Limits
from services.deadline import sweep_deadlines
from services.lanes import measure_lanes
from services.sweep import sweep_due
from tests.api.conftest import Platform, application, key_of, parts_on
from tests.conftest import FreshDatabase

COPY = Lane.COPY


@pytest.fixture
def platform(database_url: str) -> Iterator[Platform]:
    """A platform with small quotas, on both databases."""
    database = open_database(database_url)
    parts = parts_on(database, limits=Limits(max_waiting=20, max_lane=12))
    with TestClient(application(parts)) as client:
        yield Platform(client, parts, key_of(database, "ada"), key_of(database, "bob"))
    database.close()


def post(platform: Platform, path: str, body: object = None, *, headers: dict[str, str] | None = None) -> Any:
    return platform.client.post(path, json=body, headers=platform.ada | (headers or {}))


def submit(platform: Platform, number: int = 1, **more: Any) -> dict[str, Any]:  # Any: JSON
    answer = post(platform, "/v1/jobs", {"items": [{"kind": "noop", "spec": {}} for _ in range(number)], **more})
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def item_of(platform: Platform, job_id: str, position: int = 0) -> dict[str, Any]:  # Any: JSON
    page = platform.client.get(f"/v1/jobs/{job_id}/items", headers=platform.ada).json()
    return dict(platform.client.get(f"/v1/items/{page['data'][position]['id']}", headers=platform.ada).json())


def leased(platform: Platform) -> list[int]:
    """The positions in the one job of what a worker gets now, one at a time."""
    found: list[int] = []
    while True:
        with platform.database.sessions.begin() as session:
            now = platform.database.now(session)
            batch = acquire_micro_batch(session, COPY, worker=uuid4(), limit=1, lease_seconds=60, now=now)
        if batch is None:
            return found
        found.append(batch.items[0].position)


def at(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def alive(platform: Platform) -> None:
    with platform.database.sessions.begin() as session:
        now, worker = platform.database.now(session), uuid4()
        times = {"started_at": now, "seen_at": now}
        workers.report(session, {"id": worker, "main": worker, "lanes": ["copy"], "host": "h", "pid": 1, **times})


def test_a_job_and_an_item_may_name_their_hour_and_the_items_own_goes_first(platform: Platform) -> None:
    items = [{"kind": "noop", "spec": {}}, {"kind": "noop", "spec": {}, "run_at": at(-1)}]
    job = post(platform, "/v1/jobs", {"items": items, "run_at": at(1)}).json()

    assert leased(platform) == [1]
    assert item_of(platform, job["id"])["waiting"]["reason"] == "not-due"
    assert item_of(platform, job["id"])["waiting"]["run_at"] is not None
    with platform.database.sessions.begin() as session:
        sweep_due(session, now=platform.database.now(session) + timedelta(hours=1, minutes=1))
    assert leased(platform) == [0]


def test_a_job_and_an_item_may_name_their_priority_and_the_items_own_goes_first(platform: Platform) -> None:
    items: list[dict[str, Any]] = [{"kind": "noop", "spec": {}, "priority": priority} for priority in (0, 3, 9)]
    items.append({"kind": "noop", "spec": {}})
    post(platform, "/v1/jobs", {"items": items, "priority": 5})

    assert leased(platform) == [2, 3, 1, 0]


def test_a_campaign_takes_the_jobs_hour_and_priority(platform: Platform) -> None:
    campaign = {
        "products": [{"id": "1", "title": "Boots", "link": "https://shop.example/1"}],
        "channels": ["google_rsa"],
    }
    later = post(platform, "/v1/jobs", {"campaign": campaign, "run_at": at(1), "priority": 7}).json()

    assert item_of(platform, later["id"])["waiting"]["reason"] == "not-due"
    assert leased(platform) == []


def test_a_deadline_is_shown_and_kept(platform: Platform) -> None:
    job = submit(platform, deadline_at=at(1))
    assert job["deadline_at"] is not None

    sweep_deadlines(platform.database.sessions, now=lambda session: platform.database.now(session) + timedelta(hours=2))

    item = item_of(platform, job["id"])
    assert item["error"]["code"] == "deadline-passed"
    assert item["error"]["retryable"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("deadline_at", "2020-01-01T00:00:00Z"),
        ("deadline_at", "9999-12-31T23:59:59-12:00"),
        ("run_at", "9999-12-31T23:59:59-12:00"),
        ("run_at", "0001-01-01T00:00:00+12:00"),
    ],
)
def test_an_instant_that_cannot_be_met_or_told_is_refused(platform: Platform, field: str, value: str) -> None:
    answer = post(platform, "/v1/jobs", {"items": [{"kind": "noop", "spec": {}}], field: value})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{field}"


def test_pausing_and_resuming_over_http(platform: Platform) -> None:
    job = submit(platform, 3)
    for _ in range(2):
        paused = post(platform, f"/v1/jobs/{job['id']}/pause")
        assert (paused.status_code, paused.json()["counts"]["blocked"]) == (202, 3)
        assert paused.json()["paused_at"] is not None
    assert leased(platform) == []
    assert item_of(platform, job["id"])["waiting"]["reason"] == "job-paused"

    assert isinstance(platform.parts.ringer, MemoryRinger)
    platform.parts.ringer.rung.clear()
    for _ in range(2):
        resumed = post(platform, f"/v1/jobs/{job['id']}/resume")
        assert (resumed.status_code, resumed.json()["paused_at"]) == (202, None)
    assert platform.rung == ["copy"]
    assert len(leased(platform)) == 3


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_another_owners_job_is_not_found(platform: Platform, verb: str) -> None:
    job = submit(platform)
    assert platform.client.post(f"/v1/jobs/{job['id']}/{verb}", headers=platform.bob).status_code == 404


def test_a_quota_that_is_used_up_is_429_and_says_when_to_come_again(platform: Platform) -> None:
    body = {"items": [{"kind": "noop", "spec": {}}] * 15}
    first = post(platform, "/v1/jobs", body, headers={"Idempotency-Key": "k"})

    refused = post(platform, "/v1/jobs", body)
    replayed = post(platform, "/v1/jobs", body, headers={"Idempotency-Key": "k"})

    assert (refused.status_code, refused.json()["code"]) == (429, "quota-exceeded")
    assert refused.headers["retry-after"] == "30"
    assert refused.headers["content-type"] == "application/problem+json"
    assert replayed.status_code == 202
    assert replayed.json()["id"] == first.json()["id"]


def test_a_lane_that_is_too_long_is_503_and_says_when_to_come_again(platform: Platform) -> None:
    submit(platform, 12)
    with platform.database.sessions.begin() as session:
        measure_lanes(session, now=platform.database.now(session))

    refused = platform.client.post("/v1/jobs", json={"items": [{"kind": "noop", "spec": {}}]}, headers=platform.bob)

    assert (refused.status_code, refused.json()["code"]) == (503, "lane-full")
    assert refused.headers["retry-after"] == "30"


def test_an_item_says_why_it_waits_only_where_it_is_asked_for_alone(platform: Platform) -> None:
    alive(platform)
    job = submit(platform, 3)

    waiting = item_of(platform, job["id"], 2)["waiting"]

    detail = "2 items of its lane come before it."
    assert waiting == {"reason": "queued", "detail": detail, "ahead": 2, "parents": None, "run_at": None}
    page = platform.client.get(f"/v1/jobs/{job['id']}/items", headers=platform.ada).json()
    assert [item["waiting"] for item in page["data"]] == [None] * 3


def test_a_job_tells_when_it_ends_where_there_is_ground(platform: Platform) -> None:
    job = submit(platform, 3)
    address = f"/v1/jobs/{job['id']}"
    assert platform.client.get(address, headers=platform.ada).json()["estimate"] is None
    alive(platform)
    with platform.database.sessions.begin() as session:
        now = platform.database.now(session)
        for minutes in range(1, 5):
            work.add(session, COPY, uuid4(), 60, 6.0, now - timedelta(minutes=minutes))

    estimate = platform.client.get(address, headers=platform.ada).json()["estimate"]

    assert datetime.fromisoformat(estimate["p50_at"]) <= datetime.fromisoformat(estimate["p90_at"])
    assert abs((datetime.fromisoformat(estimate["p50_at"]) - now).total_seconds() - 3) < 2


@pytest.fixture
def settings(fresh_database: FreshDatabase, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path, database_url=fresh_database("sqlite"))


def test_a_lane_is_paused_listed_and_resumed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert lanes_command.main(["pause", "copy"], settings) == 0
    lanes_command.main(["list"], settings)
    listed = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[:2] for line in listed] == [
        ["copy", "paused"],
        ["image", "runs"],
        ["banner", "runs"],
        ["train", "runs"],
    ]
    assert lanes_command.main(["resume", "copy"], settings) == 0
    lanes_command.main(["list"], settings)
    assert "paused" not in capsys.readouterr().out


def test_there_is_no_lane_but_those_there_are(settings: Settings) -> None:
    with pytest.raises(SystemExit):
        lanes_command.main(["pause", "video"], settings)


def test_an_owner_is_set_and_listed(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    owners_command.main(["list"], settings)
    assert capsys.readouterr().out == "No owner has submitted or been set yet.\n"
    assert owners_command.main(["set", "ada", "--weight=2", "--max-waiting=500", "--max-daily=0"], settings) == 0
    assert owners_command.main(["set", "ada", "--tier=gold", "--max-daily=default"], settings) == 0
    capsys.readouterr()
    owners_command.main(["list"], settings)
    assert capsys.readouterr().out.split() == ["ada", "gold", "weight", "2", "waiting", "500", "daily", "default"]


@pytest.mark.parametrize(
    "arguments", [["set", "../ada"], ["set", "ada", "--weight=0"], ["set", "ada", "--max-daily=-1"]]
)
def test_what_an_owner_cannot_have_is_said(
    settings: Settings, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert owners_command.main(arguments, settings) == 1
    assert capsys.readouterr().err != ""
