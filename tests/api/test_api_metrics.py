"""The API counts its answers by route, and shows no metrics where strangers look."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client import generate_latest
from pydantic import SecretStr
from starlette.testclient import TestClient

from adloom.core.settings import Settings
from api.app import create_app, make_app
from metrics import HttpMetrics, Registry, new_registry
from models import open_database
from tests.api.conftest import MAX_BODY_BYTES, PEPPER, Platform, key_of
from tests.conftest import FreshDatabase
from tests.metrics.test_metrics_server import get
from tests.servers import free_port


@pytest.fixture
def registry(platform: Platform) -> Iterator[Registry]:
    """What a second API on the platform's parts counts into."""
    registry = new_registry()
    app = make_app(platform.parts, max_body_bytes=MAX_BODY_BYTES, observe=HttpMetrics(registry).answered)
    with TestClient(app) as client:
        client.get("/v1/jobs", headers=platform.ada)
        client.get("/v1/jobs")
        client.get(f"/v1/jobs/{uuid4()}", headers=platform.ada)
        client.get(f"/v1/planted-{uuid4()}", headers=platform.ada)
        client.request("BREW", "/v1/jobs")
        yield registry


def answers(registry: Registry, method: str, route: str, status: str) -> float | None:
    labels = {"method": method, "route": route, "status": status}
    return registry.get_sample_value("adloom_http_requests_total", labels)


def test_answers_are_counted_by_route_and_class_of_status(registry: Registry) -> None:
    assert answers(registry, "GET", "/v1/jobs", "2xx") == 1
    assert answers(registry, "GET", "/v1/jobs", "4xx") == 1
    assert answers(registry, "GET", "/v1/jobs/{job_id}", "4xx") == 1
    assert answers(registry, "GET", "none", "4xx") == 1
    assert registry.get_sample_value("adloom_http_request_seconds_count", {"method": "GET", "route": "/v1/jobs"}) == 2


def test_no_path_and_no_method_of_a_strangers_making_is_a_label(registry: Registry) -> None:
    text = generate_latest(registry).decode()
    assert "planted" not in text
    assert "BREW" not in text
    assert 'method="other"' in text


def test_the_public_listener_has_no_metrics(platform: Platform) -> None:
    assert platform.client.get("/metrics").status_code == 404
    assert platform.client.get("/metrics", headers=platform.ada).status_code == 404


def test_metrics_are_served_only_on_request_and_then_on_loopback() -> None:
    assert Settings.model_fields["metrics_port"].default == 0
    assert Settings.model_fields["metrics_host"].default == "127.0.0.1"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_api_process_serves_the_queue_and_its_own_answers(
    kind: str, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    port, url = free_port(), fresh_database(kind)
    settings = Settings(
        home=tmp_path,
        database_url=url,
        broker_url="memory://",
        storage_url="memory:",
        metrics_port=port,
        api_key_pepper=SecretStr(PEPPER.decode()),
    )
    database = open_database(url)
    headers = key_of(database, "ada")
    database.close()
    with TestClient(create_app(settings)) as client:
        items = [{"kind": "noop", "spec": {"payload": "x"}} for _ in range(3)]
        assert client.post("/v1/jobs", json={"items": items}, headers=headers).status_code == 202
        status, text = get(port)
    assert status == 200
    assert 'adloom_items{lane="copy",state="queued",tier="standard"} 3.0' in text
    assert "adloom_queue_read_success 1.0" in text
    assert 'adloom_http_requests_total{method="POST",route="/v1/jobs",status="2xx"} 1.0' in text
    with pytest.raises(ConnectionError):
        get(port, seconds=0)
