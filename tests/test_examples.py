"""The example catalogue parses, and every product of it becomes a creative."""

import tomllib
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.drafts import Drafts
from adloom.core.products import Product
from adloom.core.specs import BannerSpec
from adloom.feeds import read_feed
from generators.banner import BannerCompose, open_photo
from generators.base import Parent, Request

EXAMPLES = Path(__file__).parents[1] / "examples"


def feed() -> tuple[Product, ...]:
    return tuple(read_feed((EXAMPLES / "feed.tsv").read_bytes(), name="feed.tsv").products)


def brand() -> Brand:
    return Brand.model_validate(tomllib.loads((EXAMPLES / "brand.toml").read_text(encoding="utf-8")))


def brief() -> Brief:
    return Brief.model_validate(tomllib.loads((EXAMPLES / "brief.toml").read_text(encoding="utf-8")))


def test_the_feed_has_six_products_and_no_errors() -> None:
    found = read_feed((EXAMPLES / "feed.tsv").read_bytes(), name="feed.tsv")
    assert not found.errors
    assert len(found.products) == 6
    for product in found.products:
        assert product.price
        assert product.link.startswith("https://shop.example/")
        assert len(product.description) > 150
        assert product.highlights
        assert product.details


def test_every_picture_that_the_feed_names_is_there_and_together_they_are_small() -> None:
    pictures = [EXAMPLES / product.image for product in feed()]
    assert all(open_photo(path.read_bytes()).size == (900, 900) for path in pictures)
    assert sum(path.stat().st_size for path in pictures) < 600_000


def test_the_logo_is_transparent_around_its_mark() -> None:
    with Image.open(EXAMPLES / brand().logo) as logo:
        assert logo.mode == "RGBA"
        assert logo.getchannel("A").getextrema() == (0, 255)


def test_brand_and_brief_have_what_a_campaign_needs() -> None:
    assert brand().colors.accent
    assert brand().banned_words
    assert brief().offer
    assert brief().call_to_action
    assert brief().utm


@pytest.mark.parametrize(("channel", "slot"), [("iab_fixed", "300x250"), ("meta_story_reels", "vertical")])
def test_every_product_becomes_a_creative(channel: str, slot: str) -> None:
    requests = [
        Request(
            UUID(int=number + 1),
            BannerSpec(product=product, channel=channel, slot=slot, brief=brief(), brand=brand(), photo=product.image),
            seed=1,
            position=number,
            files={name: (EXAMPLES / name).read_bytes() for name in (product.image, brand().logo)},
            parents=[Parent("copy", {"creative_headline": [product.title], "creative_cta": ["Shop now"]})],
        )
        for number, product in enumerate(feed())
    ]

    made = list(BannerCompose().generate(requests, step=frozenset))

    assert all(isinstance(outcome, Drafts) for outcome in made), made
    for outcome in made:
        assert isinstance(outcome, Drafts)
        assert outcome.drafts[0].details["texts"]["offer"] == "Free shipping over $40"
        assert outcome.drafts[0].details["contrast"] >= 4.5
