"""No owner ever sees anything of another's: every route, every kind of id."""

from collections.abc import Iterator

import pytest

from tests.api.conftest import Platform, application
from tests.api.making import make_all, submit
from tests.pictures import picture

FEED = b"id\ttitle\timage_link\n1\tBoots\timages/1.png\n"
OPEN = {"/healthz", "/readyz"}  #: routes that need no key
SHARED = {"/v1/channels", "/v1/channels/{channel_id}", "/v1/kinds", "/v1/checks"}  #: the same for everyone
LISTS = {"/v1/jobs", "/v1/brands", "/v1/feeds", "/v1/webhooks/secret"}  #: no id: they show or make one's own


def routes(platform: Platform) -> Iterator[tuple[str, str]]:
    """Every (method, path) there is; test_api_openapi holds the document to the promised routes."""
    for path, methods in application(platform.parts).openapi()["paths"].items():
        yield from ((method.upper(), path) for method in methods)


def everything(platform: Platform, owner: dict[str, str]) -> dict[str, str]:
    """The ids of one of each thing, all *owner*'s."""
    client = platform.client
    job_id = submit(platform, owner)
    make_all(platform)
    items = client.get(f"/v1/jobs/{job_id}/items", headers=owner).json()["data"]
    feed = client.post("/v1/feeds?name=feed.tsv", content=FEED, headers=owner).json()
    client.put("/v1/brands/mine", json={"name": "Mine"}, headers=owner)
    asset = next(variant["asset"] for item in items for variant in item["variants"] if variant["asset"])
    return {
        "job_id": job_id,
        "item_id": items[0]["id"],
        "asset_id": asset["id"],
        "feed_id": feed["id"],
        "name": "mine",
        "format_name": "copy",
    }


def test_every_route_with_an_id_finds_nothing_of_another_owners(platform: Platform) -> None:
    ids = everything(platform, platform.ada)
    checked = 0
    for method, path in routes(platform):
        if path in OPEN | SHARED | LISTS or (method, path) == ("PUT", "/v1/brands/{name}"):
            continue
        address = path.format(**ids) + "?reference=images/1.png"
        content = picture() if method == "PUT" else None
        mine = platform.client.request(method, address, headers=platform.ada, content=content)
        theirs = platform.client.request(method, address, headers=platform.bob, content=content)
        assert mine.is_success, (method, path, mine.text)
        assert (theirs.status_code, theirs.json()["code"]) == (404, "not-found"), (method, path)
        checked += 1
    assert checked == 15


def test_every_route_but_health_needs_a_key(platform: Platform) -> None:
    assert len(list(routes(platform))) > 20
    for method, path in routes(platform):
        if path in OPEN:
            continue
        address = path.replace("{name}", "x").replace("{format_name}", "copy").replace("{channel_id}", "google_rsa")
        for part in ("{job_id}", "{item_id}", "{asset_id}", "{feed_id}"):
            address = address.replace(part, "01a20a03-f865-7074-931a-76cb6f786bd3")
        answer = platform.client.request(method, address)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_lists_show_nothing_of_another_owners(platform: Platform) -> None:
    everything(platform, platform.ada)
    for path in ("/v1/jobs", "/v1/brands"):
        assert platform.client.get(path, headers=platform.ada).json()["data"] != []
        assert platform.client.get(path, headers=platform.bob).json()["data"] == []


def test_the_same_brand_name_is_another_brand_of_another_owner(platform: Platform) -> None:
    for owner, title in ((platform.ada, "Ada's"), (platform.bob, "Bob's")):
        platform.client.put("/v1/brands/mine", json={"name": title}, headers=owner)
    assert platform.client.get("/v1/brands/mine", headers=platform.ada).json()["name"] == "Ada's"


@pytest.mark.parametrize("field", ["feed", "brand"])
def test_a_campaign_cannot_name_what_is_another_owners(platform: Platform, field: str) -> None:
    ids = everything(platform, platform.ada)
    body = {"channels": ["google_rsa"], "feed": ids["feed_id"], "brand": "mine"}
    if field == "brand":
        mine = platform.client.post("/v1/feeds?name=feed.tsv", content=FEED, headers=platform.bob).json()
        body["feed"] = mine["id"]
    answer = platform.client.post("/v1/jobs", json={"campaign": body}, headers=platform.bob)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [f"/campaign/{field}"]
    assert platform.client.post("/v1/jobs", json={"campaign": body}, headers=platform.ada).status_code in (202, 422)
