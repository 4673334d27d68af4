"""Feeds and their images over HTTP."""

import hashlib

import pytest

from tests.api.conftest import Platform
from tests.pictures import picture

FEED = (
    b"id\ttitle\timage_link\tprice\n"
    b"1\tBoots\timages/1.png\t10.00 USD\n"
    b"2\tHarness\thttps://cdn.example/2.png\t12.00 USD\n"
    b"3\t\timages/3.png\t12.00 USD\n"
    b"4\tRope\timages/1.png\t9.00 USD\n"
)


def upload(platform: Platform) -> str:
    answer = platform.client.post("/v1/feeds?name=feed.tsv", content=FEED, headers=platform.ada)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def test_good_rows_are_kept_and_bad_ones_told(platform: Platform) -> None:
    feed = platform.client.get(upload(platform), headers=platform.ada).json()
    assert (feed["name"], feed["format"], feed["products"], feed["images_needed"]) == ("feed.tsv", "merchant", 3, 1)
    assert [(error["line"], error["field"]) for error in feed["errors"]] == [(4, "title")]


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "application/json", "text/tab-separated-values"]
)
def test_a_feed_is_bytes_whatever_its_content_type_says(platform: Platform, content_type: str) -> None:
    headers = {**platform.ada, "Content-Type": content_type}
    assert platform.client.post("/v1/feeds", content=FEED, headers=headers).json()["products"] == 3


def test_a_file_that_is_no_feed_is_refused(platform: Platform) -> None:
    answer = platform.client.post("/v1/feeds?name=a.html", content=b"<html>", headers=platform.ada)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-feed")


def test_products_come_in_the_feeds_order(platform: Platform) -> None:
    path = f"{upload(platform)}/products"
    first = platform.client.get(f"{path}?limit=2", headers=platform.ada).json()
    rest = platform.client.get(f"{path}?limit=2&cursor={first['next_cursor']}", headers=platform.ada).json()
    assert [product["id"] for product in first["data"] + rest["data"]] == ["1", "2", "4"]
    assert rest["next_cursor"] is None


def test_images_are_needed_until_they_are_stored_and_addresses_are_remote(platform: Platform) -> None:
    path = f"{upload(platform)}/images"
    assert platform.client.get(path, headers=platform.ada).json()["data"] == [
        {"reference": "https://cdn.example/2.png", "state": "remote"},
        {"reference": "images/1.png", "state": "needed"},
    ]
    answer = platform.client.put(f"{path}?reference=images/1.png", content=picture(), headers=platform.ada)
    stored = {"reference": "images/1.png", "state": "stored", "width_px": 8, "height_px": 6}
    assert answer.json() == stored
    assert stored in platform.client.get(path, headers=platform.ada).json()["data"]


def test_an_uploaded_photo_is_what_its_creative_is_given(platform: Platform) -> None:
    feed = upload(platform)
    platform.client.put(f"{feed}/images?reference=images/1.png", content=picture(), headers=platform.ada)
    campaign = {"feed": feed.rsplit("/", 1)[1], "channels": ["iab_fixed:300x250"]}
    job = platform.client.post("/v1/jobs", json={"campaign": campaign}, headers=platform.ada).json()
    items = platform.client.get(job["links"]["items"], headers=platform.ada).json()["data"]
    photos = [item["spec"]["photo"] for item in items if item["kind"] == "banner.compose"]
    assert photos[0] == photos[2]
    assert platform.store.get(photos[0]) == picture()
    assert photos[1] == "https://cdn.example/2.png"


def test_an_image_that_was_never_uploaded_stays_a_bare_reference(platform: Platform) -> None:
    campaign = {"feed": upload(platform).rsplit("/", 1)[1], "channels": ["iab_fixed:300x250"], "limit": 1}
    job = platform.client.post("/v1/jobs", json={"campaign": campaign}, headers=platform.ada).json()
    items = platform.client.get(job["links"]["items"], headers=platform.ada).json()["data"]
    assert items[1]["spec"]["photo"] == "images/1.png"


@pytest.mark.parametrize(("owner", "reference"), [("ada", "images/9.png"), ("bob", "images/1.png")])
def test_an_image_that_no_row_of_the_owners_names_is_not_kept(platform: Platform, owner: str, reference: str) -> None:
    path = f"{upload(platform)}/images?reference={reference}"
    answer = platform.client.put(path, content=picture(), headers=getattr(platform, owner))
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert not platform.store.exists(f"uploads/{owner}/{hashlib.sha256(picture()).hexdigest()}")


def test_a_corrupt_image_is_refused_and_the_old_one_stays(platform: Platform) -> None:
    path = f"{upload(platform)}/images?reference=images/1.png"
    platform.client.put(path, content=picture(), headers=platform.ada)
    answer = platform.client.put(path, content=picture()[:-20], headers=platform.ada)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-image")
    images = platform.client.get(path.partition("?")[0], headers=platform.ada).json()["data"]
    assert images[1]["state"] == "stored"
