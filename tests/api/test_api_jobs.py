"""Jobs over HTTP: what is accepted, what is refused and where, what a poll says."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from adloom.core.lanes import Lane
from models import Job
from tests.api.conftest import Platform, application
from tests.api.making import CAMPAIGN, make_all, make_some, submit

PRODUCT = {"id": "1", "title": "Boots"}
COPY = {"kind": "copy.template", "spec": {"product": PRODUCT, "channel": "google_rsa"}}
NOOP: dict[str, Any] = {"kind": "noop", "spec": {}}


def post(platform: Platform, body: object, **headers: str) -> Any:
    return platform.client.post("/v1/jobs", json=body, headers={**platform.ada, **headers})


def faults(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


def test_a_job_is_accepted_and_says_where_and_when_to_look(platform: Platform) -> None:
    answer = post(platform, {"items": [COPY], "name": "Autumn", "seed": 7})
    job = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == job["links"]["self"] == f"/v1/jobs/{job['id']}"
    assert answer.headers["retry-after"] == "2"
    assert (job["name"], job["seed"], job["state"], job["counts"]["queued"]) == ("Autumn", 7, "running", 1)
    assert platform.client.get(answer.headers["location"], headers=platform.ada).json() == job


def test_bells_ring_for_the_lanes_that_got_work(platform: Platform) -> None:
    submit(platform, platform.ada)
    assert platform.rung == ["copy"]


class LateRinger:
    """Looks, when it is rung, whether the job is there for others to see."""

    def __init__(self, platform: Platform) -> None:
        self._sessions = platform.database.sessions
        self.seen: list[int] = []

    def ring(self, lanes: Iterable[Lane]) -> None:
        with self._sessions.read() as session:
            self.seen.append(session.scalar(sa.select(sa.func.count()).select_from(Job)) or 0)


def test_a_bell_never_outruns_its_rows(platform: Platform) -> None:
    ringer = LateRinger(platform)
    with TestClient(application(replace(platform.parts, ringer=ringer))) as client:
        client.post("/v1/jobs", json={"items": [NOOP]}, headers=platform.ada)
    assert ringer.seen == [1]


def test_a_campaign_is_products_times_channels_with_creatives_behind_their_copy(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    items = platform.client.get(f"/v1/jobs/{job_id}/items", headers=platform.ada).json()["data"]
    assert [(item["custom_id"], item["kind"], item["state"]) for item in items] == [
        ("b1/google_rsa", "copy.lm", "queued"),
        ("b1/iab_fixed", "copy.lm", "queued"),
        ("b1/iab_fixed:300x250", "banner.compose", "blocked"),
        ("b2/google_rsa", "copy.lm", "queued"),
        ("b2/iab_fixed", "copy.lm", "queued"),
        ("b2/iab_fixed:300x250", "banner.compose", "blocked"),
    ]
    assert items[0]["spec"]["weights"] == "tiny@1"  # the default, fixed at submit


def test_items_come_back_with_what_was_made(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    make_all(platform)
    answer = platform.client.get(f"/v1/jobs/{job_id}", headers=platform.ada)
    items = platform.client.get(f"/v1/jobs/{job_id}/items", headers=platform.ada).json()["data"]
    banner = items[2]["variants"][0]
    assert answer.json()["state"] == "succeeded"
    assert "retry-after" not in answer.headers
    assert items[0]["variants"][0]["text"] == "Wanderer Boots"
    assert items[0]["provenance"]["weights"] == "tiny@1"
    assert platform.client.get(banner["asset"]["url"], headers=platform.ada).content.startswith(b"\x89PNG")
    assert platform.client.get(f"/v1/items/{items[2]['id']}", headers=platform.ada).json() == items[2]


def test_an_item_error_has_code_message_and_whether_to_try_again(platform: Platform) -> None:
    job_id = post(platform, {"items": [NOOP]}).json()["id"]
    make_some(platform, Lane.COPY, failing=True)
    path = f"/v1/jobs/{job_id}/items?state=failed"
    (item,) = platform.client.get(path, headers=platform.ada).json()["data"]
    assert item["error"] == {"code": "image-missing", "message": "No image.", "retryable": False}


def test_custom_ids_and_metadata_are_handed_back(platform: Platform) -> None:
    metadata = {"row": 7, "tags": ["a", {"b": None}]}
    job_id = post(platform, {"items": [{**NOOP, "custom_id": "mine", "metadata": metadata}, NOOP]}).json()["id"]
    first, second = platform.client.get(f"/v1/jobs/{job_id}/items", headers=platform.ada).json()["data"]
    assert (first["custom_id"], first["metadata"]) == ("mine", metadata)
    assert (second["custom_id"], second["metadata"]) == (None, {})


def test_a_repeated_request_is_replayed(platform: Platform) -> None:
    first = post(platform, {"items": [NOOP], "name": "a"}, **{"Idempotency-Key": "k"})
    again = post(platform, {"name": "a", "items": [{**NOOP, "metadata": {}}]}, **{"Idempotency-Key": "k"})
    assert again.status_code == 202
    assert again.json()["id"] == first.json()["id"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers


def test_a_key_used_for_another_request_is_refused(platform: Platform) -> None:
    post(platform, {"items": [NOOP]}, **{"Idempotency-Key": "k"})
    answer = post(platform, {"items": [NOOP, NOOP]}, **{"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-clash")


def test_two_owners_may_use_the_same_key(platform: Platform) -> None:
    first = post(platform, {"items": [NOOP]}, **{"Idempotency-Key": "k"})
    other = platform.client.post("/v1/jobs", json={"items": [NOOP]}, headers={**platform.bob, "Idempotency-Key": "k"})
    assert other.json()["id"] != first.json()["id"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("", "value-error")]),
        ({"items": [NOOP], "campaign": CAMPAIGN}, [("", "value-error")]),
        ({"items": []}, [("/items", "too-short")]),
        ({"items": [NOOP], "colour": "red"}, [("/colour", "extra-forbidden")]),
        ({"items": [{"kind": "noop"}]}, [("/items/0/spec", "missing")]),
        ({"items": [{"kind": "copy.ml", "spec": {}}]}, [("/items/0/kind", "unknown-kind")]),
        (
            {"items": [NOOP, {"kind": "noop", "spec": {"seconds": -1}}]},
            [("/items/1/spec/seconds", "greater-than-equal")],
        ),
        (
            {"items": [{"kind": "copy.lm", "spec": {"product": {"id": "1"}, "channel": "google_rsa"}}]},
            [("/items/0/spec/product/title", "missing")],
        ),
        (
            {"items": [{"kind": "copy.lm", "spec": {"product": PRODUCT, "channel": "google_rsaa"}}]},
            [("/items/0/spec/channel", "unknown-channel")],
        ),
        (
            {"items": [{"kind": "copy.lm", "spec": {"product": PRODUCT, "channel": "iab_fixed", "slots": ["1x1"]}}]},
            [("/items/0/spec/slots/0", "unknown-slot")],
        ),
        (
            {
                "items": [
                    {"kind": "banner.compose", "spec": {"product": PRODUCT, "channel": "iab_fixed", "slot": "1x1"}}
                ]
            },
            [("/items/0/spec/slot", "unknown-slot")],
        ),
        (
            {"items": [{"kind": "copy.lm", "spec": {"product": PRODUCT, "channel": "support_reply"}}]},
            [("/items/0/spec/brief/message", "missing")],
        ),
        ({"campaign": {**CAMPAIGN, "channels": ["support_reply"]}}, [("/campaign/brief/message", "missing")]),
        (
            {"items": [{**NOOP, "custom_id": "a"}, {**NOOP, "custom_id": "a"}]},
            [("/items/1/custom_id", "duplicate-custom-id")],
        ),
        ({"items": [{**NOOP, "depends_on": ["b"]}]}, [("/items/0/depends_on/0", "unknown-item")]),
        ({"items": [{**NOOP, "custom_id": "a", "depends_on": ["a"]}]}, [("/items/0/depends_on", "cycle")]),
        ({"items": [NOOP] * 51}, [("/items", "too-many-items")]),
        ({"items": [{**NOOP, "metadata": {"a": "x" * 5000}}]}, [("/items/0/metadata", "value-error")]),
        ({"items": [{**NOOP, "metadata": {"a": "\0"}}]}, [("", "value-error")]),
        ({"items": [NOOP], "seed": -1}, [("/seed", "greater-than-equal")]),
        ({"campaign": {**CAMPAIGN, "feed": "01a20a03-f865-7074-931a-76cb6f786bd3"}}, [("/campaign", "value-error")]),
        (
            {"campaign": {"feed": "01a20a03-f865-7074-931a-76cb6f786bd3", "channels": ["google_rsa"]}},
            [("/campaign/feed", "unknown-feed")],
        ),
        (
            {"campaign": {**CAMPAIGN, "channels": ["google_rsa", "nope", "iab_fixed:1x1"]}},
            [("/campaign/channels/1", "unknown-channel"), ("/campaign/channels/2", "unknown-channel")],
        ),
        ({"campaign": {**CAMPAIGN, "brand": "nope"}}, [("/campaign/brand", "unknown-brand")]),
        (
            {"campaign": {**CAMPAIGN, "brand": {"name": "B", "colors": {"primary": "red"}}}},
            [("/campaign/brand/colors/primary", "string-pattern-mismatch")],
        ),
        ({"campaign": {**CAMPAIGN, "brand": {"name": "B", "logo": "logo.png"}}}, [("/campaign/brand", "logo-missing")]),
        (
            {"campaign": {**CAMPAIGN, "products": [PRODUCT, PRODUCT]}},
            [("/campaign/products/1/id", "duplicate-product-id")],
        ),
        (
            {"campaign": {**CAMPAIGN, "products": [PRODUCT], "channels": ["iab_fixed"] * 201}},
            [("/campaign/channels", "too-long")],
        ),
        (
            {"campaign": {**CAMPAIGN, "brief": {"campaign_name": "{nope}"}}},
            [("/campaign/brief/campaign_name", "bad-template")],
        ),
        ({"campaign": {**CAMPAIGN, "brief": {"utm": {"utm_id": "{x}"}}}}, [("/campaign/brief/utm", "bad-template")]),
    ],
)
def test_every_fault_is_pointed_at(platform: Platform, body: object, expected: list[tuple[str, str]]) -> None:
    assert faults(post(platform, body)) == expected
    assert platform.client.get("/v1/jobs", headers=platform.ada).json()["data"] == []


def test_an_image_that_is_not_the_owners_cannot_be_named(platform: Platform) -> None:
    for photo in ("uploads/bob/abc", "assets/ada/x/y/f1/0.png", "images/1.webp"):
        spec = {"product": PRODUCT, "channel": "iab_fixed", "slot": "300x250", "photo": photo}
        answer = post(platform, {"items": [{"kind": "banner.compose", "spec": spec}]})
        assert faults(answer) == [("/items/0/spec/photo", "unknown-image")]


def test_at_most_a_hundred_faults_are_told(platform: Platform) -> None:
    answer = post(platform, {"items": [{"kind": "copy.lm", "spec": {"x": 1}}] * 50})
    assert len(faults(answer)) == 100
    assert "first 100" in answer.json()["detail"]


def test_unknown_names_come_with_what_was_probably_meant(platform: Platform) -> None:
    answer = post(platform, {"items": [{"kind": "copy.ml", "spec": {}}]})
    assert "copy.lm" in answer.json()["errors"][0]["detail"]


def test_jobs_are_listed_newest_first_page_by_page(platform: Platform) -> None:
    made = [post(platform, {"items": [NOOP]}).json()["id"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = platform.client.get(f"/v1/jobs?limit=2{cursor}", headers=platform.ada).json()
        seen += [job["id"] for job in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == made[::-1]


def test_jobs_and_items_are_listed_by_state(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    for path, number in (
        ("/v1/jobs?state=running", 1),
        ("/v1/jobs?state=failed", 0),
        (f"/v1/jobs/{job_id}/items?state=blocked", 2),
    ):
        assert len(platform.client.get(path, headers=platform.ada).json()["data"]) == number


@pytest.mark.parametrize("path", ["/v1/jobs?state=running&cursor=", "/v1/jobs?cursor="])
def test_a_cursor_is_of_no_use_on_another_list_or_to_another_owner(platform: Platform, path: str) -> None:
    for headers in (platform.ada, platform.bob):
        for _ in range(3):
            platform.client.post("/v1/jobs", json={"items": [NOOP]}, headers=headers)
    cursor = platform.client.get("/v1/jobs?limit=1", headers=platform.ada).json()["next_cursor"]
    headers = platform.ada if "state" in path else platform.bob
    answer = platform.client.get(path + cursor, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor")


def test_a_cancelled_job_stays_cancelled(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    make_some(platform, Lane.COPY)
    for _ in range(2):
        answer = platform.client.post(f"/v1/jobs/{job_id}/cancel", headers=platform.ada)
        assert answer.status_code == 202
        assert answer.json()["state"] == "cancelled"
        assert answer.json()["counts"]["succeeded"] == 4


def test_polls_are_asked_to_slow_down_as_a_job_grows_old(client: TestClient, platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    path = f"/v1/jobs/{job_id}"
    age_job(platform, job_id, minutes=5)
    assert client.get(path, headers=platform.ada).headers["retry-after"] == "5"
    age_job(platform, job_id, minutes=60)
    assert client.get(path, headers=platform.ada).headers["retry-after"] == "15"


def age_job(platform: Platform, job_id: str, *, minutes: int) -> None:
    with platform.database.sessions.begin() as session:
        job = session.get(Job, UUID(job_id))
        assert job is not None
        job.created_at = platform.database.now(session) - timedelta(minutes=minutes)
