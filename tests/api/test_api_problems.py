"""Every error is a problem, in one shape, with a stable code, and repeats nothing of its request."""

import importlib
import pkgutil
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

import adloom
import api
import broker
import models
import services
import storage
from adloom.core.errors import PlatformError
from api.problems import INTERNAL, STATUS, status_of
from tests.api.conftest import Platform, application

FIELDS = {"type", "title", "status", "detail", "instance", "code", "errors"}


def all_errors(kind: type[PlatformError] = PlatformError) -> Iterator[type[PlatformError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from all_errors(child)


def test_every_error_has_a_status_or_is_declared_internal() -> None:
    for package in (adloom, models, broker, storage, services, api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    elsewhere = ("generators.", "worker.", "tests.", "adloom.cli.")  # never in this process
    ours = {kind for kind in all_errors() if not kind.__module__.startswith(elsewhere)}
    undecided = {kind for kind in ours - {PlatformError} if not set(kind.__mro__) & (set(STATUS) | INTERNAL)}
    assert undecided == set()
    assert not set(STATUS) & INTERNAL


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in all_errors() if kind.__module__.startswith("adloom.core")]
    assert len(codes) == len(set(codes))


def test_a_subclass_has_its_parents_status() -> None:
    class Rare(importlib.import_module("adloom.core.errors").NotFound):  # type: ignore[misc]
        """Rare."""

    assert status_of(Rare) == HTTPStatus.NOT_FOUND


def ask(client: TestClient, method: str, path: str, **arguments: Any) -> Any:
    answer = client.request(method, path, **arguments)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() == FIELDS
    assert answer.json()["status"] == answer.status_code
    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    return answer


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere/<b>secret</b>", 404, "not-found"),
        ("GET", "/v1/jobs/", 404, "not-found"),
        ("DELETE", "/v1/jobs", 405, "method-not-allowed"),
        ("GET", "/v1/jobs/not-an-id", 404, "not-found"),
        ("GET", "/v1/jobs?limit=secret", 422, "invalid"),
        ("GET", "/v1/jobs?state=secret", 422, "invalid"),
        ("GET", "/v1/jobs?cursor=secret", 400, "bad-cursor"),
        ("GET", "/v1/jobs?cursor=%00secret", 422, "invalid"),
        ("GET", "/v1/channels/secret", 404, "not-found"),
        ("GET", "/v1/jobs/01a20a03-f865-7074-931a-76cb6f786bd3/exports/secret", 404, "not-found"),
        ("GET", "/v1/brands/%00secret", 404, "not-found"),
    ],
)
def test_what_is_refused_without_a_body(platform: Platform, method: str, path: str, status: int, code: str) -> None:
    answer = ask(platform.client, method, path, headers=platform.ada)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "secret" not in answer.text or path.endswith("channels/secret")


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b'{"items": secret', "application/json", 400, "bad-json"),
        (b"\xff\xfesecret", "application/json", 400, "bad-json"),
        (b"[" * 100_000, "application/json", 400, "bad-request"),
        (b'{"items": [{"kind": "noop", "spec": {}, "secret": 1}]}', "application/json", 422, "invalid"),
        (b'{"items": [{"kind": "noop", "spec": {}}]}', "text/plain", 415, "unsupported-media-type"),
        (b'{"items": [{"kind": "noop", "spec": {}, "metadata": {"a": NaN}}]}', "application/json", 422, "invalid"),
        (
            b'{"items": [{"kind": "noop", "spec": {}, "metadata": {"a": "\\ud800"}}]}',
            "application/json",
            422,
            "invalid",
        ),
        (b'{"items": [{"kind": "noop", "spec": {}, "custom_id": "\\ud800"}]}', "application/json", 422, "invalid"),
        (b"", "application/json", 422, "invalid"),
        (b"null", "application/json", 422, "invalid"),
        (b"[]", "application/json", 422, "invalid"),
    ],
)
def test_what_is_refused_in_a_body(
    platform: Platform, content: bytes, content_type: str, status: int, code: str
) -> None:
    headers = {**platform.ada, "Content-Type": content_type}
    answer = ask(platform.client, "POST", "/v1/jobs", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_no_problem_repeats_what_was_sent(platform: Platform) -> None:
    body = {"items": [{"kind": "copy.lm", "spec": {"product": {"id": "x" * 200, "title": 7}, "channel": "SE CRET"}}]}
    answer = ask(platform.client, "POST", "/v1/jobs", json=body, headers=platform.ada)
    assert len(answer.json()["errors"]) == 3
    assert "xxx" not in answer.text
    assert "SE CRET" not in answer.text


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
def test_an_idempotency_key_is_printable_and_short(platform: Platform, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1")), (b"Authorization", platform.ada["Authorization"].encode())]
    answer = ask(platform.client, "POST", "/v1/jobs", json={"items": [{"kind": "noop", "spec": {}}]}, headers=headers)
    assert answer.json()["errors"][0]["pointer"] == "header:idempotency-key"


def test_a_405_names_the_methods_there_are(client: TestClient) -> None:
    assert "POST" in ask(client, "PATCH", "/v1/jobs").headers["allow"]


def test_our_own_faults_say_nothing_of_themselves(platform: Platform) -> None:
    app = application(platform.parts)

    @app.get("/boom")
    def boom() -> None:
        raise RuntimeError("the password is swordfish")

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/boom")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "swordfish" not in answer.text


def test_an_internal_error_says_nothing_of_itself(platform: Platform) -> None:
    app = application(platform.parts)

    @app.get("/boom")
    def boom() -> None:
        raise storage.Blocked("http://10.0.0.1/")

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = ask(client, "GET", "/boom")
    assert answer.status_code == 500
    assert "10.0.0.1" not in answer.text


def test_a_database_that_is_down_is_worth_another_try(platform: Platform) -> None:
    app = application(platform.parts)

    @app.get("/boom")
    def boom() -> None:
        raise OperationalError("SELECT secret", {}, Exception())

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = ask(client, "GET", "/boom")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "5"
    assert "secret" not in answer.text
