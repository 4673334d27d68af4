"""Checks over HTTP: the same judgement as offline."""

from typing import Any

import pytest

from tests.api.conftest import Platform

TEXTS = {
    "headline": ["Warm Winter Boots", "Full-Grain Leather", "LIGHT Boots"],
    "description": ["Warm in winter.", "A light stride."],
}


def check(platform: Platform, **body: Any) -> Any:  # Any: JSON
    answer = platform.client.post("/v1/checks", json={"channel": "google_rsa", **body}, headers=platform.ada)
    return answer.json() | {"status_code": answer.status_code}


def test_every_ad_gets_its_remarks_in_order(platform: Platform) -> None:
    good = {**TEXTS, "headline": ["Warm Winter Boots", "Full-Grain Leather", "Light Boots"]}
    first, second = check(platform, ads=[{"texts": TEXTS}, {"texts": good}])["ads"]
    (remark,) = first["remarks"]
    assert (first["publishable"], second) == (False, {"publishable": True, "remarks": []})
    assert remark == {
        "field": "headline",
        "number": 2,
        "rule": "no_all_caps_words",
        "severity": "error",
        "detail": remark["detail"],
        "span": [0, 5],
        "repair": "Light Boots",
    }


def test_with_a_product_texts_have_to_be_true_to_it(platform: Platform) -> None:
    product = {"id": "1", "title": "Wanderer Boots", "description": "Warm winter boots, light stride."}
    (ad,) = check(platform, ads=[{"texts": {"headline": ["Vegan Boots"]}, "product": product}])["ads"]
    assert "ungrounded_certification" in [remark["rule"] for remark in ad["remarks"]]


def test_the_brands_words_count(platform: Platform) -> None:
    brand = {"name": "Daybird", "banned_words": ["stride"]}
    (ad,) = check(platform, ads=[{"texts": TEXTS}], brand=brand)["ads"]
    assert "banned_word" in [remark["rule"] for remark in ad["remarks"]]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"channel": "google_rs", "ads": [{"texts": TEXTS}]}, "/channel", "unknown-channel"),
        ({"ads": [{"texts": TEXTS}, {"texts": {"slogan": ["x"]}}]}, "/ads/1/texts/slogan", "unknown-field"),
        ({"ads": []}, "/ads", "too-short"),
        ({"ads": [{"texts": {"headline": ["x" * 10_000] * 21}}]}, "", "value-error"),
        ({"ads": [{"texts": {}}]}, "/ads/0/texts", "too-short"),
        ({"ads": [{"texts": {"headline": ["x" * 10_001]}}]}, "/ads/0/texts/headline/0", "string-too-long"),
    ],
)
def test_what_cannot_be_checked_points_into_the_request(
    platform: Platform, body: dict[str, Any], pointer: str, code: str
) -> None:
    answer = check(platform, **body)
    assert answer["status_code"] == 422
    assert [(error["pointer"], error["code"]) for error in answer["errors"]] == [(pointer, code)]
