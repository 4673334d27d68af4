"""The client against a real HTTP server that speaks the contract for a few routes."""

import dataclasses
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from adloom.client import Client
from adloom.core import errors
from adloom.core.brand import Brand
from tests.adloom.platform_server import Answer, ScriptedServer, job_view, problem, serving


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving() as script:
        yield script


class Naps(list[float]):
    """Remembers how long the client would have slept."""


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def client(server: ScriptedServer, naps: Naps) -> Iterator[Client]:
    with Client(server.url, "adl_1_secret", sleep=naps.append, timeout_seconds=5) as client:
        yield client


def test_every_request_carries_the_key(server: ScriptedServer, client: Client) -> None:
    server.on("GET", "/v1/jobs/job-1", Answer(job_view()))
    client.job("job-1")
    assert server.seen[0].headers["Authorization"] == "Bearer adl_1_secret"


def test_without_a_key_none_is_sent(server: ScriptedServer) -> None:
    server.on("GET", "/v1/jobs/job-1", Answer(job_view()))
    with Client(server.url, "") as client:
        client.job("job-1")
    assert "Authorization" not in server.seen[0].headers


@pytest.mark.parametrize("key", ["schlüssel", "two\nlines"])
def test_what_can_be_no_key_is_refused_at_once(key: str) -> None:
    with pytest.raises(errors.Unauthorized):
        Client("http://127.0.0.1:1", key)


def test_a_submit_that_is_sent_again_carries_the_same_idempotency_key(
    server: ScriptedServer, client: Client, naps: Naps
) -> None:
    server.on("POST", "/v1/jobs", Answer(status=0), Answer(status=503), Answer(job_view(), status=202))
    assert client.submit({"items": []})["id"] == "job-1"
    keys = {seen.headers["Idempotency-Key"] for seen in server.seen}
    assert len(server.seen) == 3
    assert len(keys) == 1
    assert len(naps) == 2


def test_two_submits_carry_different_idempotency_keys(server: ScriptedServer, client: Client) -> None:
    server.on("POST", "/v1/jobs", Answer(job_view(), status=202))
    client.submit({"items": []})
    client.submit({"items": []})
    assert len({seen.headers["Idempotency-Key"] for seen in server.seen}) == 2


def test_a_request_that_is_not_repeatable_is_sent_once(server: ScriptedServer, client: Client) -> None:
    server.on("POST", "/v1/feeds", Answer(status=0))
    with pytest.raises(errors.Unreachable, match="broke"):
        client.upload_feed("feed.tsv", b"id\ttitle\n")
    assert len(server.seen) == 1


def test_back_off_grows_and_ends(server: ScriptedServer, client: Client, naps: Naps) -> None:
    server.on("GET", "/v1/jobs/job-1", Answer(b"<html>bad gateway</html>", status=502))
    with pytest.raises(errors.Unreachable, match="502"):
        client.job("job-1")
    assert len(server.seen) == 5
    assert naps == sorted(naps)


def test_retry_after_is_honoured_before_the_next_attempt(server: ScriptedServer, client: Client, naps: Naps) -> None:
    server.on("GET", "/v1/jobs/job-1", Answer(status=503, headers={"Retry-After": "7"}), Answer(job_view()))
    client.job("job-1")
    assert naps == [7.0]


def test_a_server_that_asks_for_hours_is_not_waited_for(server: ScriptedServer, client: Client, naps: Naps) -> None:
    quota = problem(429, "quota-exceeded", "You may submit 10 items in 24 hours.")
    server.on("POST", "/v1/jobs", dataclasses.replace(quota, headers={"Retry-After": "7200"}))
    with pytest.raises(errors.QuotaExceeded):
        client.submit({})
    assert naps == []


def test_watching_ends_with_the_job_and_waits_as_asked_but_not_longer(
    server: ScriptedServer, client: Client, naps: Naps
) -> None:
    running = job_view()
    server.on(
        "GET",
        "/v1/jobs/job-1",
        Answer(running, headers={"Retry-After": "2"}),
        Answer(running, headers={"Retry-After": "600"}),
        Answer(job_view("succeeded", succeeded=4)),
    )
    assert [job["state"] for job in client.watch("job-1", cap_seconds=5)] == ["running", "running", "succeeded"]
    assert naps == [2.0, 5.0]


def test_items_come_from_every_page(server: ScriptedServer, client: Client) -> None:
    pages = {"": Answer({"data": [{"id": "a"}], "next_cursor": "b="}), "b=": Answer({"data": [{"id": "b"}]})}
    server.routes["GET", "/v1/jobs/job-1/items"] = lambda seen: pages[seen.query.get("cursor", "")]
    assert [item["id"] for item in client.items("job-1", state="failed")] == ["a", "b"]
    assert {seen.query["state"] for seen in server.seen} == {"failed"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (problem(404, "not-found", "There is no job x."), errors.NotFound),
        (problem(401, "unauthorized", "No such key."), errors.Unauthorized),
        (problem(422, "idempotency-clash", "Used before."), errors.IdempotencyClash),
        (problem(422, "unknown-channel", "There is no channel x."), errors.UnknownChannel),
        (problem(413, "too-large", "At most 25 MB."), errors.TooLarge),
        (problem(418, "a-code-of-tomorrow", "Something new."), errors.PlatformError),
        (Answer(b"nginx says no", status=413), errors.TooLarge),
    ],
)
def test_a_problem_becomes_the_matching_error(
    server: ScriptedServer, client: Client, answer: Answer, expected: type[errors.PlatformError]
) -> None:
    server.on("POST", "/v1/feeds", answer)
    with pytest.raises(errors.PlatformError) as caught:
        client.upload_feed("feed.tsv", b"")
    assert type(caught.value) is expected
    if isinstance(answer.body, dict):
        assert str(caught.value) == answer.body["detail"]


def test_an_invalid_request_keeps_its_pointers(server: ScriptedServer, client: Client) -> None:
    fault = {"pointer": "/campaign/limit", "code": "too-small", "detail": "Take at least 1."}
    server.on("POST", "/v1/jobs", problem(422, "invalid", "1 fault.", [fault]))
    with pytest.raises(errors.Invalid) as caught:
        client.submit({})
    assert caught.value.problems == (errors.Problem(**fault),)


def test_no_platform_is_said_with_its_address_and_what_to_do() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with (
        Client(f"http://127.0.0.1:{port}", "", retries=0) as client,
        pytest.raises(errors.Unreachable, match=f"127.0.0.1:{port}.*adloom up"),
    ):
        client.job("x")


def test_a_server_that_is_no_platform_is_told_apart(server: ScriptedServer, client: Client) -> None:
    server.on("GET", "/v1/jobs/x", Answer(b"<html>welcome</html>"))
    with pytest.raises(errors.Unreachable, match="not as an Adloom platform"):
        client.job("x")


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host", "http://", "", "http://host:port"])
def test_what_is_no_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(errors.BadConfiguration, match="is not an address"):
        Client(url, "key")


def test_a_proxy_from_the_environment_is_not_asked_for_loopback(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.on("GET", "/v1/jobs/job-1", Answer(job_view()))
    with Client(server.url, "key", retries=0) as client:
        assert client.job("job-1")["id"] == "job-1"


def test_an_address_may_have_a_path(server: ScriptedServer) -> None:
    server.on("GET", "/adloom/v1/jobs/job-1", Answer(job_view()))
    with Client(f"{server.url}/adloom/", "key") as client:
        assert client.job("job-1")["id"] == "job-1"


def test_images_are_uploaded_under_the_name_that_the_feed_gives_them(server: ScriptedServer, client: Client) -> None:
    server.on("PUT", "/v1/feeds/f/images", Answer({"reference": "images/ä 1.webp", "state": "stored"}))
    client.upload_image("f", "images/ä 1.webp", b"\x00bytes")
    assert server.seen[0].query == {"reference": "images/ä 1.webp"}
    assert server.seen[0].body == b"\x00bytes"


def test_a_brand_travels_whole(server: ScriptedServer, client: Client) -> None:
    server.on("PUT", "/v1/brands/north & co", Answer({}))
    brand = Brand(name="North & Co", banned_words=("cheap",))
    client.put_brand("north & co", brand)
    assert Brand.model_validate(json.loads(server.seen[0].body)) == brand


def test_an_export_appears_whole_or_not_at_all(server: ScriptedServer, client: Client, tmp_path: Path) -> None:
    server.on("GET", "/v1/jobs/job-1/exports/copy", Answer(b"a,b\n" * 100_000), problem(409, "not-ready", "Wait."))
    client.save_export("job-1", "copy", tmp_path / "copy.csv")
    assert (tmp_path / "copy.csv").read_bytes() == b"a,b\n" * 100_000
    with pytest.raises(errors.NotReady):
        client.save_export("job-1", "copy", tmp_path / "again.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["copy.csv"]
