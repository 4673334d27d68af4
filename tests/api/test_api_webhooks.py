"""Webhooks over HTTP: what is refused, what a job says of its own, the secret, what the document promises."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from adloom.core.lanes import Lane
from api.views import JobEvent
from models import Delivery
from services.outbox import Underway, conclude, take_due, webhook_reach
from services.signing import show_secret, webhook_secret
from storage import Answer
from tests.api.conftest import PEPPER, Platform, application
from tests.api.making import make_some

URL = "https://hooks.example/told?token=swordfish"
ITEMS = [{"kind": "copy.template", "spec": {"product": {"id": "1", "title": "Boots"}, "channel": "google_rsa"}}]


def post(platform: Platform, url: str) -> Any:
    return platform.client.post("/v1/jobs", json={"items": ITEMS, "webhook_url": url}, headers=platform.ada)


def webhook_of(platform: Platform, job_id: str) -> Any:
    return platform.client.get(f"/v1/jobs/{job_id}", headers=platform.ada).json()["webhook"]


def ended(platform: Platform) -> str:
    """The id of a job that has ended and whose webhook waits to be sent."""
    job_id = post(platform, URL).json()["id"]
    assert make_some(platform, Lane.COPY)
    return str(job_id)


def answered(platform: Platform, answer: Answer) -> None:
    """Do what a sender does once it has *answer*."""
    with platform.database.sessions.begin() as session:
        now = platform.database.now(session)
        (message,) = take_due(session, Underway(), places=1, now=now)
        conclude(session, message, answer, jitter=random.Random(1), now=now)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "ftp://hooks.example/",
        "hooks.example",
        "https://",
        "https://ada:secret@hooks.example/",
        "https://ada@hooks.example/",
        "https://10.0.0.1/",
        "https://127.0.0.1:8443/",
        "https://[::1]/",
        "https://2130706433/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "https://hooks.example:22/",
        "https://hooks.example:99999/",
    ],
)
def test_an_address_that_nobody_can_be_told_at_is_refused_with_a_pointer(platform: Platform, url: str) -> None:
    answer = post(platform, url)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-webhook")
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/webhook_url", "bad-webhook")
    assert "secret" not in answer.text
    assert platform.client.get("/v1/jobs", headers=platform.ada).json()["data"] == []


@pytest.mark.parametrize("url", [URL, "https://1.1.1.1/", "https://b\u00fccher.example:8443/\u00e4"])
def test_a_public_https_address_is_taken(platform: Platform, url: str) -> None:
    answer = post(platform, url)
    assert answer.status_code == 202
    assert answer.json()["webhook"]["url"] == url


def test_a_platform_that_sends_no_webhooks_says_so_at_once(platform: Platform) -> None:
    with TestClient(application(replace(platform.parts, webhooks=webhook_reach("off")))) as client:
        body = {"items": ITEMS, "webhook_url": URL}
        answer = client.post("/v1/jobs", json=body, headers=platform.ada)
        assert client.post("/v1/jobs", json={"items": ITEMS}, headers=platform.ada).status_code == 202
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-webhook")


def test_a_job_without_a_webhook_says_null(platform: Platform) -> None:
    assert post(platform, "").json()["webhook"] is None


def test_a_job_says_how_the_telling_goes(platform: Platform) -> None:
    job_id = post(platform, URL).json()["id"]
    nothing = {"event": None, "attempts": 0, "outcome": "", "next_attempt_at": None}
    assert webhook_of(platform, job_id) == {"url": URL, "state": "waiting", **nothing}

    make_some(platform, Lane.COPY)
    due = webhook_of(platform, job_id)
    assert (due["state"], due["event"], due["attempts"]) == ("pending", "job.completed", 0)
    assert due["next_attempt_at"]

    answered(platform, Answer(503))
    again = webhook_of(platform, job_id)
    assert (again["state"], again["attempts"], again["outcome"]) == ("pending", 1, "503")
    assert again["next_attempt_at"] > due["next_attempt_at"]
    (listed,) = platform.client.get("/v1/jobs", headers=platform.ada).json()["data"]
    assert listed["webhook"] == again


@pytest.mark.parametrize(("answer", "state"), [(Answer(200), "delivered"), (Answer(410), "given-up")])
def test_a_job_says_how_the_telling_ended(platform: Platform, answer: Answer, state: str) -> None:
    job_id = ended(platform)
    answered(platform, answer)
    webhook = webhook_of(platform, job_id)
    assert (webhook["state"], webhook["outcome"], webhook["next_attempt_at"]) == (state, str(answer.status), None)


def test_a_job_whose_delivery_was_pruned_says_so(platform: Platform) -> None:
    job_id = ended(platform)
    with platform.database.sessions.begin() as session:
        session.execute(sa.delete(Delivery))
    assert webhook_of(platform, job_id)["state"] == "forgotten"


def test_the_secret_is_the_owners_own_and_no_cache_keeps_it(platform: Platform) -> None:
    mine = platform.client.get("/v1/webhooks/secret", headers=platform.ada)
    theirs = platform.client.get("/v1/webhooks/secret", headers=platform.bob)
    assert mine.json() == {"secret": show_secret(webhook_secret(PEPPER, "ada"))}
    assert theirs.json() != mine.json()
    assert mine.headers["cache-control"] == "no-store"


def test_what_is_sent_has_the_documented_shape_and_links_that_lead_somewhere(platform: Platform) -> None:
    ended(platform)
    with platform.database.sessions.read() as session:
        (body,) = session.scalars(sa.select(Delivery.body)).all()
    event = JobEvent.model_validate_json(body)
    assert event.model_dump(mode="json") == json.loads(body) | {"timestamp": event.model_dump(mode="json")["timestamp"]}
    for link in event.data.links.values():
        assert platform.client.get(link, headers=platform.ada).status_code == 200


def test_the_document_describes_both_events(platform: Platform) -> None:
    document = platform.client.get("/openapi.json").json()
    assert set(document["webhooks"]) == {"job.completed", "job.failed"}
    for event in document["webhooks"].values():
        schema = event["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/JobEvent"}
        assert event["post"]["description"]
