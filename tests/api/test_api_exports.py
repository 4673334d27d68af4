"""Exports over HTTP."""

import csv
import io
import json
import zipfile
from typing import Any

from adloom.core.lanes import Lane
from tests.api.conftest import Platform
from tests.api.making import make_all, make_some, submit


def get(platform: Platform, job_id: str, name: str) -> Any:
    answer = platform.client.get(f"/v1/jobs/{job_id}/exports/{name}", headers=platform.ada)
    assert answer.status_code == 200, answer.text
    return answer


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_formats_are_listed_with_their_addresses(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    make_all(platform)
    listed = platform.client.get(f"/v1/jobs/{job_id}/exports", headers=platform.ada).json()["data"]
    assert {"copy", "google_ads_editor", "manifest", "banners", "report"} == {entry["format"] for entry in listed}
    for entry in listed:
        answer = platform.client.get(entry["url"], headers=platform.ada)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == entry["media_type"]
        assert entry["file_name"] in answer.headers["content-disposition"]


def test_copy_has_one_row_per_text_and_no_line_twice_across_products(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    make_all(platform)
    found = rows(get(platform, job_id, "copy").content)
    lines = [(row["channel"], row["field"], row["text"]) for row in found if row["field"] != "creative_cta"]
    assert len(lines) == len(set(lines))
    assert ("google_rsa", "headline", "Made to last") in lines  # the first product keeps it
    assert {row["product_id"] for row in found} == {"b1", "b2"}
    assert len([row for row in found if row["field"] == "creative_cta"]) == 2


def test_google_ads_editor_has_one_ad_per_product(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    make_all(platform)
    found = rows(get(platform, job_id, "google_ads_editor").content)
    assert [(row["Campaign"], row["Ad Group"], row["Final URL"]) for row in found] == [
        ("Autumn", "Wanderer Boots", "https://shop.example/b1"),
        ("Autumn", "Summit Harness", "https://shop.example/b2"),
    ]
    assert found[0]["Headline 1"] == "Wanderer Boots"
    assert "Made to last" not in found[1].values()


def test_banners_have_telling_names_and_the_manifest_knows_them(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    make_all(platform)
    archive = zipfile.ZipFile(io.BytesIO(get(platform, job_id, "banners").content))
    manifest = json.loads(get(platform, job_id, "manifest").content)
    names = ["wanderer-boots_iab_fixed_300x250.png", "summit-harness_iab_fixed_300x250.png"]
    assert archive.namelist() == names
    assert [file["file_name"] for item in manifest["items"] for file in item.get("files", ())] == names


def test_the_manifest_tells_where_everything_comes_from(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    make_all(platform)
    manifest = json.loads(get(platform, job_id, "manifest").content)
    first = manifest["items"][0]
    assert manifest["ai_generated"] is True
    assert (first["weights"], first["prompt_sha256"], first["attempts"], first["seed"]) == ("tiny@1", "ab" * 32, 1, 0)
    assert first["texts"][0]["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    assert manifest["items"][5]["files"][0]["digital_source_type"].endswith("/compositeSynthetic")
    assert manifest["items"][3]["repeated_texts_left_out"] == 2


def test_a_running_job_exports_what_is_finished(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    assert rows(get(platform, job_id, "copy").content) == []
    assert zipfile.ZipFile(io.BytesIO(get(platform, job_id, "banners").content)).namelist() == []
    make_some(platform, Lane.COPY)
    assert rows(get(platform, job_id, "copy").content) != []
    states = {item["state"] for item in json.loads(get(platform, job_id, "manifest").content)["items"]}
    assert states == {"succeeded", "queued"}
    for name in ("google_ads_editor", "report"):
        get(platform, job_id, name)


def test_failed_items_stand_in_the_manifest_with_their_reason(platform: Platform) -> None:
    job_id = submit(platform, platform.ada)
    make_some(platform, Lane.COPY)
    make_some(platform, Lane.BANNER, failing=True)
    items = json.loads(get(platform, job_id, "manifest").content)["items"]
    assert items[2]["error"] == {"code": "image-missing", "message": "No image."}
    assert "files" not in items[2]
