"""Capitals inside of words, and words that come again and again."""

import pytest

from adloom.core.brand import Brand
from tests.checks.breaches import broken, rows

BREACHES = {
    "amz_no_camel_case": [
        ("en", "CaMel CaSe boots"),
        ("en", "Our TrailHug boots"),
        ("de", "Für BergFreunde"),
        ("fr", "L'ÉtéChaud"),
        ("en", "warmDry boots"),
    ],
    "ms_no_excessive_caps": [
        ("en", "FREE boots"),
        ("en", "rAnDoM boots"),
        ("en", "A fREE pair"),
        ("en", "The SaLe is on"),
        ("de", "GRÖSSE zählt"),
        ("fr", "ÉNORME choix"),
        ("en", "WiNtEr boots"),
        ("en", "WaRmeR boots"),
    ],
    "ms_no_repetitive_words": [
        ("en", "Boots boots for rain"),
        ("en", "Warm boots, light boots, dry boots"),
        ("en", "Buy, buy and wear"),
        ("de", "Stiefel, Stiefel und Socken"),
        ("fr", "Bottes chaudes, bottes sèches, bottes légères"),
        ("es", "Botas botas"),
        ("zh", "好鞋好鞋好鞋"),
        ("zh", "登山鞋，登山鞋，登山鞋"),
    ],
}

NEAR_MISSES = {
    "amz_no_camel_case": [
        ("en", "An eBike with a 20 kWh battery, an iPad and WiFi"),
        ("en", "McDonald and MacBook, LEDs and TVs"),
        ("en", "Camel Case, GORE-TEX and USB-C"),
        ("en", "X2Pro and R2D2 on YouTube"),
        ("zh", "登山鞋App"),
        ("en", "mail@TrailHug.example"),
    ],
    "ms_no_excessive_caps": [
        ("en", "An eBay shop for VenturePro, McDonald and iPhone"),
        ("en", "HDMI, OLED and USA; eSIM and mRNA"),
        ("en", "WiFi and HiFi with PlayStation"),
        ("en", "Warm Boots For All"),
        ("de", "Größe zählt"),
    ],
    "ms_no_repetitive_words": [
        ("en", "Warm boots and dry boots"),
        ("en", "For you, for me, for all, for ever"),
        ("en", "Cha cha shoes from Bora Bora"),
        ("en", "New York, New York"),
        ("en", "Two pockets, two zips, two straps"),
        ("de", "Für alle, die die Berge lieben"),
        ("fr", "Si vous vous demandez pourquoi"),
        ("es", "Para ti, para mí, para todos"),
        ("zh", "天天穿，慢慢走"),
        ("en", "Bye-bye, wet-wet feet"),
    ],
}


@pytest.mark.parametrize(("rule", "language", "text"), rows(BREACHES))
def test_a_breach_is_found(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language)


@pytest.mark.parametrize(("rule", "language", "text"), rows(NEAR_MISSES))
def test_a_near_miss_is_left_alone(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language) == []


def test_a_brand_writes_its_name_as_it_likes() -> None:
    brand = Brand(name="TrailHug", approved_terms=("wArMeR",))
    assert broken("amz_no_camel_case", "TrailHug wArMeR boots", brand=brand) == []
    assert broken("ms_no_excessive_caps", "TrailHug wArMeR boots", brand=brand) == []


def test_the_third_of_a_word_is_what_is_too_much() -> None:
    text = "Boots for rain, boots for snow, Boots for all"
    assert broken("ms_no_repetitive_words", text) == ["Boots"]
