"""Each editorial rule: what it catches and what it leaves alone."""

import pytest

from adloom.channels import Channel, TextField, load_channel
from adloom.checks import Finding, Severity, check_text
from adloom.core.brand import Brand
from adloom.core.brief import Brief, Offer

HEADLINE = TextField("headline", 200, "chars")
DESCRIPTION = TextField("description", 500, "chars")


def findings(
    text: str, field: TextField = DESCRIPTION, *, brand: Brand | None = None, brief: Brief | None = None
) -> list[Finding]:
    return check_text(text, field=field, channel=STYLE, brand=brand, brief=brief or Brief())


def rules(text: str, field: TextField = DESCRIPTION) -> set[str]:
    return {finding.rule for finding in findings(text, field)}


BREACHES = [
    ("no_exclamation_in_headline", "Dry Feet Guaranteed!", HEADLINE),
    ("no_exclamation_in_headline", "限时优惠！", HEADLINE),
    ("max_one_exclamation_per_ad_text", "Light! And warm!", DESCRIPTION),
    ("no_repeated_punctuation", "Warm and dry,, all day", DESCRIPTION),
    ("no_repeated_punctuation", "Really?!", DESCRIPTION),
    ("no_repeated_punctuation", "And more...", DESCRIPTION),
    ("no_repeated_punctuation", "And more…", DESCRIPTION),
    ("no_repeated_punctuation", "轻便，，保暖", DESCRIPTION),
    ("no_repeated_punctuation", "保暖！！", DESCRIPTION),
    ("no_repeated_punctuation", "保暖。。", DESCRIPTION),
    ("no_all_caps_words", "FREE shipping", DESCRIPTION),
    ("no_all_caps_words", "GRÖSSE zählt", DESCRIPTION),
    ("no_all_caps_words", "DON'T wait", DESCRIPTION),
    ("no_phone_number", "Call +49 30 1234567", DESCRIPTION),
    ("no_phone_number", "Call (555) 123-4567", DESCRIPTION),
    ("no_phone_number", "Order at 555-123-4567 today", DESCRIPTION),
    ("no_phone_number", "1-800-FLOWERS delivers", DESCRIPTION),
    ("no_phone_number", "Tel. 5551234", DESCRIPTION),
    ("no_phone_number", "Berlin 030 1234567", DESCRIPTION),
    ("no_phone_number", "Paris 01 23 45 67 89", DESCRIPTION),
    ("no_phone_number", "订购热线13812345678", DESCRIPTION),
    ("no_phone_number", "订购 400-820-8820", DESCRIPTION),
    ("no_emoji", "Warm boots 🔥", DESCRIPTION),
    ("no_emoji", "Warm boots ❤️", DESCRIPTION),
    ("no_emoji", "Rated ★★★", DESCRIPTION),
    ("no_emoji", "ｶﾞｲﾄﾞ付き", DESCRIPTION),
    ("no_gimmicky_symbols", "f1owers for all", DESCRIPTION),
    ("no_gimmicky_symbols", "fl@wers for all", DESCRIPTION),
    ("no_gimmicky_symbols", "sh0es for all", DESCRIPTION),
    ("no_gimmicky_symbols", "$ave on boots", DESCRIPTION),
    ("no_gimmicky_symbols", "F.L.O.W.E.R.S. for all", DESCRIPTION),
    ("no_gimmicky_symbols", "The *best* boots", DESCRIPTION),
    ("no_gimmicky_symbols", "* Warm boots", DESCRIPTION),
    ("no_gimmicky_symbols", "• Warm • Dry", DESCRIPTION),
    ("no_gimmicky_symbols", "Warm → Dry", DESCRIPTION),
    ("no_gimmicky_symbols", "Flowerˢ for all", DESCRIPTION),
    ("no_gimmicky_symbols", "𝐖𝐚𝐫𝐦 boots", DESCRIPTION),
    ("no_gratuitous_spacing", "Warm  boots", DESCRIPTION),
    ("no_gratuitous_spacing", "W a r m boots", DESCRIPTION),
    ("no_gratuitous_spacing", "Warm , dry", DESCRIPTION),
    ("no_gratuitous_spacing", "Warm boots !", DESCRIPTION),
    ("no_gratuitous_spacing", "Warm boots ", DESCRIPTION),
    ("dki_default_must_fit", "Buy {KeyWord:Boots", DESCRIPTION),
    ("dki_default_must_fit", "Ends in {COUNTDOWN(2026-12-24 00:00:00)}", DESCRIPTION),
    ("headlines_must_stand_alone", "And Dry All Day", HEADLINE),
    ("headlines_must_stand_alone", "Then Hit the Trail", HEADLINE),
    ("headlines_must_stand_alone", "First, Pick Your Size", HEADLINE),
    ("headlines_must_stand_alone", "Warm Boots With", HEADLINE),
    ("headlines_must_stand_alone", "Warm Boots,", HEADLINE),
    ("headlines_must_stand_alone", "而且很轻", HEADLINE),
    ("no_newline", "Warm\nboots", DESCRIPTION),
    ("no_newline", "Warm\u2028boots", HEADLINE),
    ("no_generic_cta_click_here", "Click here for boots", DESCRIPTION),
    ("no_generic_cta_click_here", "点击这里了解更多", DESCRIPTION),
    ("meta_personal_attributes", "Are you diabetic?", DESCRIPTION),
    ("meta_personal_attributes", "Are you a Christian looking for love?", DESCRIPTION),
    ("meta_personal_attributes", "Are you broke?", DESCRIPTION),
    ("meta_personal_attributes", "Struggling with debt?", DESCRIPTION),
    ("meta_personal_attributes", "Meet other seniors nearby", DESCRIPTION),
    ("meta_personal_attributes", "If you're over 50, read this", DESCRIPTION),
    ("meta_personal_attributes", "您是否负债？", DESCRIPTION),
]
STYLE = Channel("style", "any", "Every rule of style", rules=tuple(dict.fromkeys(rule for rule, *_ in BREACHES)))


@pytest.mark.parametrize(("rule", "text", "field"), BREACHES)
def test_a_breach_is_found(rule: str, text: str, field: TextField) -> None:
    assert rule in rules(text, field)


INNOCENT_HEADLINES = [
    "Only $99.99 Today",
    "IPX7 Rated, USB-C Charging",
    "Gore-Tex® and GORE-TEX Shells",
    "Wi-Fi 6E & Bluetooth 5.3",
    "Pro-Level Grip | Daybird",
    "Rope: 9.8 mm x 60 m",
    'Fits 15" Laptops',
    "4.5/5 from 2,310 Reviews",
    "#1 Tent, -20 °C Rating, 50/50",
    "Winter's Here. Gear Up.",
    "Then & Now Collection",
    "Full UV Protection, Secure Fit",
    "Wanderer Black Hiking Boots",
    "VenturePro GPS Watch",
    "Explorer 45L Backpack",
    "Vigor 2.0 Insulated Jacket",
    "Elemental 3-Season Tent",
    "Boards by B&R",
    "Fly the A-320 Simulator",
    "Gravity 5000 All-Mountain Skis",
    "Expedition 2022 Goggles",
    "Traveler's Companion Duffel Bag",
    "Waterproof, Light & Warm",
    "First Class Comfort",
    "Yet Lighter, Still Warm",
    "Android Apps You Love",
    "Order Now",
    "Ready for Winter?",
    "Is It Light? Yes: 900 g",
    "轻便防水徒步鞋",
    "超轻羽绒服，限时优惠",
]
INNOCENT_DESCRIPTIONS = [
    "A 5* hotel and a 4* pool near you.",
    "Free returns* on all boots. *Within 30 days.",
    "Daybird™ boots: leather upper, rubber sole. Made for rain!",
    "Made in the U.S.A. since 1999-2024, e.g. in Maine at 9 a.m.",
    "From 1,299.00 to 12,999.00 USD, 24/7, 1080 x 1920 px, 16:9.",
    "Opens 01.02.2024-15.03.2024 and 01-02-2024.",
    "GTIN 4006381333931 and 012345678905, item 12345678, range 100-1500 lumens.",
    "A tent of 4 m², a pack of 300 cm³, a jacket with H2O repellent, 4x4 and MP3s.",
    "HDMI, OLED, XXL and NASA tested; code SAVE20.",
    "Learn C++ at https://shop.example/p with and/or without a board.",
    "Write to info@shop.example or visit shop.example/a_b.",
    "Über die Größe: naïve façade, l’été, año, ½ price.",
    "German »Wort« and “quotes” (and brackets) – dashes — too.",
    "Your black boots. Are you ready for white water? Warm for seniors and teenagers.",
    "Are you black-diamond ready? Dress as a senior guide would, if you're over 3000 m.",
    "Click to zoom; the trail is here.",
    "Why wait? You're 100% covered.",
    "全棉面料——柔软透气。适合3-6岁儿童！",
    "Co. Ltd. .NET course, .5 oz lighter: 3 (three) sizes.",
    "First pick a size, then order.",
    "한국어 텍스트, ハイキングブーツ。",
]


@pytest.mark.parametrize("text", INNOCENT_HEADLINES)
def test_an_innocent_headline_is_left_alone(text: str) -> None:
    assert findings(text, HEADLINE) == []


@pytest.mark.parametrize("text", INNOCENT_DESCRIPTIONS)
def test_an_innocent_description_is_left_alone(text: str) -> None:
    assert findings(text) == []


def test_one_exclamation_mark_in_a_description_is_fine() -> None:
    assert "max_one_exclamation_per_ad_text" not in rules("Stay dry all day!")


def test_a_field_of_several_lines_takes_line_breaks() -> None:
    several = TextField("primary_text", 2200, "chars", multiline=True)
    assert "no_newline" not in rules("Warm.\nDry.", several)


def test_a_single_line_field_takes_none_although_its_channel_names_no_rule() -> None:
    bare = Channel("bare", "any", "No rules")
    found = check_text("Warm\nDry", field=HEADLINE, channel=bare, brand=None, brief=Brief())
    assert [finding.rule for finding in found] == ["no_newline"]


def test_french_spacing_is_fine_in_french() -> None:
    assert findings("Chaud et sec : enfin !", brief=Brief(language="fr-FR")) == []
    assert [one.rule for one in findings("Warm and dry : at last")] == ["no_gratuitous_spacing"]


def test_only_rules_that_the_channel_names_apply() -> None:
    found = check_text("FREE boots 🔥", field=HEADLINE, channel=load_channel("meta_feed"), brand=None, brief=Brief())
    assert found == []


def test_a_url_is_nobodys_style() -> None:
    google = load_channel("google_rsa")
    url = next(field for field in google.texts if field.name == "final_url")
    assert check_text("https://shop.example/SALE//a!!", field=url, channel=google, brand=None, brief=Brief()) == []


def test_the_brands_own_names_stand_as_it_writes_them() -> None:
    brand = Brand(name="Yahoo!", always_caps=("QUEST",), approved_terms=("E.X.T.R.A",))
    brief = Brief(offer=Offer(text="10 % off", code="AUTUMN"))
    text = "Yahoo! QUEST E.X.T.R.A with AUTUMN"
    assert findings(text, HEADLINE, brand=brand, brief=brief) == []
    assert {one.rule for one in findings(text, HEADLINE)} == {
        "no_exclamation_in_headline",
        "no_all_caps_words",
        "no_gimmicky_symbols",
    }


def test_a_brand_in_capitals_is_still_shouting() -> None:
    found = findings("DAYBIRD boots", brand=Brand(name="Daybird"))
    assert [one.rule for one in found] == ["no_all_caps_words"]


def test_names_of_the_product_stand_as_they_are() -> None:
    channel = load_channel("google_rsa")
    field = channel.texts[0]
    found = check_text(
        "TRAILHUG 50L Backpack", field=field, channel=channel, brand=None, brief=Brief(), names=["TRAILHUG"]
    )
    assert found == []


def test_a_finding_points_at_what_it_means() -> None:
    text = "Get FREE boots 🔥 now"
    found = findings(text)
    assert [(one.rule, text[slice(*one.span)]) for one in found] == [("no_all_caps_words", "FREE"), ("no_emoji", "🔥")]
    assert "FREE" in found[0].detail


def test_severity_is_what_the_rules_file_says() -> None:
    assert {one.severity for one in findings("Warm  boots")} == {Severity.WARNING}
    assert {one.severity for one in findings("WARM boots")} == {Severity.ERROR}
