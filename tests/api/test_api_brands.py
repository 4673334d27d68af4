"""Brand kits and their logos over HTTP."""

from tests.api.conftest import Platform
from tests.api.making import submit
from tests.pictures import picture

KIT = {"name": "Daybird", "colors": {"primary": "#FF0000"}}


def put(platform: Platform, **fields: object) -> dict[str, object]:
    answer = platform.client.put("/v1/brands/day%20bird", json={**KIT, **fields}, headers=platform.ada)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_brand_is_kept_under_the_owners_name_for_it(platform: Platform) -> None:
    kept = put(platform)
    assert (kept["id"], kept["name"], kept["colors"]) == (
        "day bird",
        "Daybird",
        {"primary": "#ff0000", "secondary": None, "accent": None, "background": None, "text": None},
    )
    assert platform.client.get("/v1/brands/day%20bird", headers=platform.ada).json() == kept
    assert platform.client.get("/v1/brands", headers=platform.ada).json()["data"] == [kept]


def test_putting_a_brand_again_replaces_it_and_keeps_its_logo(platform: Platform) -> None:
    put(platform, tagline="Old")
    logo = platform.client.put("/v1/brands/day%20bird/logo", content=picture(), headers=platform.ada).json()["logo"]
    assert platform.store.get(logo) == picture()
    again = put(platform, tagline="New", logo="logo.png")
    assert (again["tagline"], again["logo"]) == ("New", logo)


def test_a_brand_may_name_its_logo_by_address(platform: Platform) -> None:
    put(platform)
    platform.client.put("/v1/brands/day%20bird/logo", content=picture(), headers=platform.ada)
    assert put(platform, logo="https://cdn.example/logo.png")["logo"] == "https://cdn.example/logo.png"


def test_a_campaign_uses_a_brand_by_name_with_its_logo(platform: Platform) -> None:
    put(platform)
    logo = platform.client.put("/v1/brands/day%20bird/logo", content=picture(), headers=platform.ada).json()["logo"]
    job_id = submit(platform, platform.ada, brand="day bird")
    items = platform.client.get(f"/v1/jobs/{job_id}/items", headers=platform.ada).json()["data"]
    assert {item["spec"]["brand"]["logo"] for item in items} == {logo}


def test_a_campaign_refuses_a_brand_whose_logo_was_not_uploaded(platform: Platform) -> None:
    put(platform, logo="logo.png")
    body = {"campaign": {"products": [{"id": "1", "title": "B"}], "channels": ["google_rsa"], "brand": "day bird"}}
    answer = platform.client.post("/v1/jobs", json=body, headers=platform.ada)
    assert answer.json()["errors"][0]["code"] == "logo-missing"


def test_a_logo_that_is_no_image_is_refused(platform: Platform) -> None:
    put(platform)
    answer = platform.client.put("/v1/brands/day%20bird/logo", content=b"<svg/>", headers=platform.ada)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-image")
    assert "SVG" in answer.json()["detail"]


def test_a_logo_needs_its_brand(platform: Platform) -> None:
    assert platform.client.put("/v1/brands/none/logo", content=picture(), headers=platform.ada).status_code == 404
