"""What a creative promises: its size and limits, its words, what it refuses, and that neighbours do not matter."""

from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from adloom.channels import list_channels, parse_target
from adloom.core.brand import Brand, Colours
from adloom.core.brief import Brief, Offer
from adloom.core.drafts import Drafts, Failure, Source
from adloom.core.products import Money
from generators.banner import BannerCompose
from generators.banner.encode import SOURCE_TYPE
from tests.generators.banner_requests import (
    BOOT,
    HEADLINE,
    busy_photo,
    creative,
    encoded,
    failure,
    outcomes,
    plain_photo,
    request,
    transparent_photo,
)

PHOTO = plain_photo()
EVERY_SLOT = sorted({f"{channel.id}:{slot.name}" for channel in list_channels() for slot in channel.slots})
LOGO_SIZED = {target for target in EVERY_SLOT if parse_target(target)[1][0].width_px < 150}  #: buttons, not creatives


@pytest.mark.parametrize("target", sorted(set(EVERY_SLOT) - LOGO_SIZED))
def test_every_slot_of_every_channel_gets_a_creative_that_it_accepts(target: str) -> None:
    slot = parse_target(target)[1][0]

    draft = creative(request(target, photo=PHOTO, headlines=["Leather Boots"]))

    image = Image.open(BytesIO(draft.data))
    image.load()
    assert image.size == (slot.width_px, slot.height_px)
    assert slot.max_bytes is None or len(draft.data) <= slot.max_bytes
    assert draft.media_type.removeprefix("image/").replace("jpeg", "jpg") in slot.formats
    assert (draft.field, draft.source) == (slot.name, Source.COMPOSED)
    assert draft.details["contrast"] >= 4.5
    assert draft.details["overflow"] == draft.details["overlap"] == 0
    assert draft.details["hidden"] <= 0.01
    assert draft.details["smallest_px"] >= 10


def test_a_creative_says_in_its_metadata_that_a_trained_algorithm_took_part() -> None:
    image = Image.open(BytesIO(creative(request(photo=PHOTO)).data))
    xmp = image.info["xmp"] if image.format == "JPEG" else image.info["XML:com.adobe.xmp"].encode()
    assert f"DigitalSourceType>{SOURCE_TYPE}<".encode() in xmp


def test_the_same_request_gives_the_same_bytes_alone_and_among_neighbours() -> None:
    made = request("iab_fixed:728x90", photo=PHOTO)
    others = [request("iab_fixed:300x250", photo=busy_photo(), number=n, seed=n) for n in (2, 3)]

    alone = creative(made)
    among = outcomes(others[0], made, others[1])[1]

    assert isinstance(among, Drafts)
    assert among.drafts[0].data == alone.data


def test_products_get_different_layouts() -> None:
    made = [creative(request(photo=PHOTO, number=n)).details["layout"] for n in range(1, 9)]
    assert len(set(made)) >= 3


def test_one_bad_photo_does_not_fail_its_neighbours() -> None:
    found = outcomes(request(photo=PHOTO), request(photo=PHOTO[:200], number=2), request(photo=PHOTO, number=3))

    assert [type(outcome) for outcome in found] == [Drafts, Failure, Drafts]
    broken = found[1]
    assert isinstance(broken, Failure)
    assert broken.code == "image_corrupt"
    assert "Wanderer Hiking Boots" in broken.message
    assert "Upload it again" in broken.message


def test_a_dropped_request_is_left_out() -> None:
    from_others = request(photo=PHOTO, number=2)
    kept = request(photo=PHOTO)
    found = list(BannerCompose().generate([kept, from_others], step=lambda: frozenset({from_others.id})))
    assert [outcome.request for outcome in found] == [kept.id]


def test_a_sale_shows_both_prices_and_the_offer_its_words() -> None:
    sale = BOOT.model_copy(update={"sale_price": Money(amount=Decimal("79.50"), currency="USD")})
    brief = Brief(offer=Offer(text="Free returns"))
    texts = creative(request("meta_feed:square", product=sale, brief=brief, photo=PHOTO)).details["texts"]
    assert (texts["price"], texts["old_price"], texts["offer"]) == ("$79.50", "$109.99", "Free returns")


def test_texts_of_the_spec_come_before_those_of_a_parent() -> None:
    texts = {"creative_headline": "Made by Hand", "creative_cta": "Look inside"}
    said = creative(request(photo=PHOTO, texts=texts)).details["texts"]
    assert (said["headline"], said["cta"]) == ("Made by Hand", "Look inside")


def test_a_headline_that_fits_nowhere_gives_way_to_the_next() -> None:
    endless = "Incomprehensibilities of Counterrevolutionaries " * 4
    said = creative(request("iab_fixed:320x50", photo=PHOTO, headlines=[endless, "Leather Boots"])).details["texts"]
    assert said["headline"] == "Leather Boots"


def test_no_text_is_ever_cut() -> None:
    brief = Brief(offer=Offer(text="15% off your first order"), disclaimers=("While stocks last.",))
    said = creative(request("iab_fixed:300x250", brief=brief, photo=PHOTO)).details["texts"]
    assert said["headline"] == HEADLINE
    assert said["offer"] == "15% off your first order"
    assert said["disclaimer"] == "While stocks last."
    assert said["cta"] == "Shop now"


def test_text_that_fits_no_layout_is_a_failure_that_says_so() -> None:
    problem = failure(request("iab_fixed:320x50", photo=PHOTO, headlines=["Incomprehensibilities " * 9]))
    assert problem.code == "text_does_not_fit"
    assert "320 x 50" in problem.message
    assert len(problem.message) <= 300


def test_a_required_disclaimer_without_room_fails_rather_than_vanishes() -> None:
    brief = Brief(disclaimers=("Prices include tax. " * 12,))
    assert failure(request("iab_fixed:320x50", brief=brief, photo=PHOTO)).code == "text_does_not_fit"


def test_characters_that_the_fonts_lack_are_a_failure_that_names_them() -> None:
    problem = failure(request(photo=PHOTO, headlines=["防水登山靴"]))
    assert problem.code == "glyphs_missing"
    assert "防" in problem.message


def test_cyrillic_and_accents_are_set() -> None:
    said = creative(request(photo=PHOTO, headlines=["Зимние ботинки"], cta="Größe wählen")).details["texts"]
    assert (said["headline"], said["cta"]) == ("Зимние ботинки", "Größe wählen")


def test_a_creative_without_words_is_a_failure_that_says_what_to_give() -> None:
    problem = failure(request(photo=PHOTO, headlines=[]))
    assert problem.code == "texts_missing"
    assert "creative_headline" in problem.message


def test_a_slot_that_does_not_exist_is_a_failure_that_names_the_known_ones() -> None:
    problem = failure(request("iab_fixed:301x250", photo=PHOTO))
    assert problem.code == "unknown_channel"
    assert "300x250" in problem.message


def test_a_brands_font_is_used_where_the_composer_has_it_and_a_note_says_where_not() -> None:
    brands = [Brand(name="Any", font=font) for font in ("", "inter", "Comic")]
    default, inter, unknown = (outcomes(request(photo=PHOTO, brand=brand))[0] for brand in brands)
    assert isinstance(default, Drafts)
    assert isinstance(inter, Drafts)
    assert isinstance(unknown, Drafts)
    assert default.drafts[0].data != inter.drafts[0].data
    assert default.drafts[0].data == unknown.drafts[0].data
    assert any("Comic" in note for note in unknown.notes)


def test_a_small_photo_is_noted() -> None:
    (found,) = outcomes(request("meta_feed:square", photo=plain_photo(size=200)))
    assert isinstance(found, Drafts)
    assert any("larger photo" in note for note in found.notes)


def test_a_creative_needs_no_photo() -> None:
    draft = creative(request("meta_feed:square"))
    assert draft.details["treatment"] == "none"
    assert draft.details["texts"]["price"] == "$109.99"


@pytest.mark.parametrize("target", ["iab_fixed:300x250", "iab_fixed:320x50", "meta_story_reels:vertical"])
def test_a_busy_photo_is_shown_in_a_panel_not_cut_out(target: str) -> None:
    draft = creative(request(target, photo=busy_photo()))
    assert draft.details["treatment"] in ("panel", "fade")
    assert draft.details["photo"]["border_plain"] < 0.6


def test_a_photo_with_transparency_is_used_as_it_is_cut() -> None:
    assert creative(request(photo=transparent_photo())).details["treatment"] == "cutout"


def test_a_dark_logo_can_be_seen_on_every_scheme_that_wins() -> None:
    logo = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    logo.paste((20, 60, 50, 255), (20, 20, 380, 80))
    brand = Brand(name="Fernhill", logo="logo", colors=Colours(primary="#1f4d3f"))
    for number in range(1, 7):
        made = request(photo=PHOTO, brand=brand, files={"logo": encoded(logo, "PNG")}, number=number)
        draft = creative(made)
        assert draft.details["logo_contrast"] >= 2.0
        assert "brand" not in draft.details["texts"]


def test_a_broken_logo_is_a_failure_that_names_the_brand() -> None:
    brand = Brand(name="Fernhill", logo="logo")
    problem = failure(request(photo=PHOTO, brand=brand, files={"logo": b"nothing"}))
    assert problem.code == "image_corrupt"
    assert "Fernhill" in problem.message


def test_text_keeps_out_of_what_a_story_covers() -> None:
    slot = parse_target("meta_story_reels:vertical")[1][0]
    assert slot.safe_zone.top > 0
    draft = creative(request("meta_story_reels:vertical", photo=PHOTO))
    assert draft.details["overflow"] == 0


@pytest.mark.parametrize("primary", ["#ffffff", "#000000", "#ffe600", "#e30613", "#7f7f7f", "#0a66c2"])
def test_any_brand_colour_gives_text_that_can_be_read(primary: str) -> None:
    brand = Brand(name="Any", colors=Colours(primary=primary, accent="#ff9900"))
    for number in (1, 2, 3):
        assert creative(request(photo=PHOTO, brand=brand, number=number)).details["contrast"] >= 4.5
