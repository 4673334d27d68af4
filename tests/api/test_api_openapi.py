"""The OpenAPI document is complete: every route is described, secured, and says how it fails."""

from typing import Any

import pytest
from starlette.testclient import TestClient

import adloom.views
import api.views

OPEN = {"/healthz", "/readyz"}
ROUTES = {
    ("post", "/v1/jobs"),
    ("get", "/v1/jobs"),
    ("get", "/v1/jobs/{job_id}"),
    ("post", "/v1/jobs/{job_id}/cancel"),
    ("post", "/v1/jobs/{job_id}/pause"),
    ("post", "/v1/jobs/{job_id}/resume"),
    ("get", "/v1/jobs/{job_id}/items"),
    ("get", "/v1/jobs/{job_id}/exports"),
    ("get", "/v1/jobs/{job_id}/exports/{format_name}"),
    ("get", "/v1/items/{item_id}"),
    ("get", "/v1/assets/{asset_id}"),
    ("post", "/v1/feeds"),
    ("get", "/v1/feeds/{feed_id}"),
    ("get", "/v1/feeds/{feed_id}/products"),
    ("get", "/v1/feeds/{feed_id}/images"),
    ("put", "/v1/feeds/{feed_id}/images"),
    ("get", "/v1/brands"),
    ("get", "/v1/brands/{name}"),
    ("put", "/v1/brands/{name}"),
    ("put", "/v1/brands/{name}/logo"),
    ("get", "/v1/webhooks/secret"),
    ("get", "/v1/channels"),
    ("get", "/v1/channels/{channel_id}"),
    ("post", "/v1/checks"),
    ("get", "/v1/kinds"),
    ("get", "/healthz"),
    ("get", "/readyz"),
}


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/openapi.json").json())


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_promised_route_exists(document: dict[str, Any]) -> None:
    assert {(method, path) for method, path, _ in operations(document)} == ROUTES


def test_every_route_is_described_secured_and_says_how_it_fails(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        assert operation["description"], (method, path)
        if path in OPEN:
            continue
        assert operation["security"] == [{"API key": []}], (method, path)
        for status in ("400", "401", "404", "413", "422", "500", "503"):
            content = operation["responses"][status]["content"]
            assert content.keys() == {"application/problem+json"}, (method, path, status)


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert "jobs.submit" in names


def test_bodies_and_problems_have_examples(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert len(schemas["JobBody"]["examples"]) == 2
    assert schemas["ProblemView"]["properties"]["code"]["examples"] == ["invalid"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*map(references, node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document) <= known


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_no_page_loads_scripts_from_elsewhere(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "name", ["JobView", "WebhookView", "ItemView", "VariantView", "AssetView", "FeedView", "ImageView", "ExportView"]
)
def test_the_client_knows_the_same_shapes(name: str) -> None:
    assert set(getattr(adloom.views, name).__annotations__) == set(getattr(api.views, name).model_fields)
