"""Titles and names: what they must not say, in every language; other fields may."""

import pytest

from adloom.core.brand import Brand
from tests.checks.breaches import broken, rows

BREACHES = {
    "play_no_top_best_no1_free_in_title_icon": [
        ("en", "Best Hiking Maps"),
        ("en", "Top Racing Game"),
        ("en", "Free Maps"),
        ("en", "Maps: No Ads"),
        ("en", "#1 Maps"),
        ("en", "Ad-Free Maps"),
        ("de", "Karten kostenlos"),
        ("de", "Wanderkarten ohne Werbung"),
        ("fr", "Cartes gratuites"),
        ("fr", "Cartes sans pub"),
        ("es", "Mapas gratis"),
        ("es", "Los mejores mapas"),
        ("zh", "免费地图"),
        ("zh", "无广告地图"),
    ],
    "play_no_cta_in_title": [
        ("en", "Maps: Download Now"),
        ("en", "Trail Race - play now"),
        ("en", "Update now: Maps"),
        ("de", "Karten jetzt herunterladen"),
        ("fr", "Cartes, téléchargez maintenant"),
        ("es", "Mapas: descarga ahora"),
        ("zh", "地图立即下载"),
    ],
    "no_promotional_text_in_title": [
        ("en", "Hiking Boots, Free Shipping"),
        ("en", "Hiking Boots $99"),
        ("en", "Hiking Boots!"),
        ("en", "Boots until December 24"),
        ("en", "Boots, offer ends 24.12.2026"),
        ("en", "Black Friday Boots"),
        ("en", "Boots 20% off"),
        ("en", "Boots, last chance"),
        ("de", "Stiefel versandkostenfrei"),
        ("de", "Stiefel bis 24. Dezember"),
        ("fr", "Bottes, livraison gratuite"),
        ("es", "Botas con envío gratis"),
        ("zh", "登山鞋包邮"),
        ("zh", "登山鞋12月24日"),
        ("zh", "登山鞋！"),
        ("en", "Hiking Boot, Buy 2 Get 1"),
        ("de", "Wanderstiefel, Sonderpreis"),
        ("fr", "Bottes, prix spécial"),
        ("es", "Botas, precio especial"),
        ("en", "Boots, sale price"),
    ],
}

NEAR_MISSES = {
    "play_no_top_best_no1_free_in_title_icon": [
        ("en", "Freedom Trails"),
        ("en", "Topo Maps & Laptop Sync"),
        ("en", "Sugar-Free Recipes"),
        ("en", "Gluten Free Recipes"),
        ("en", "Race to the Top"),
        ("en", "My Best Friend's Diary"),
        ("en", "Tank Tops"),
        ("de", "Freie Wege"),
        ("fr", "Cartes de montagne"),
        ("es", "Mapas de montaña"),
        ("zh", "自由地图"),
    ],
    "play_no_cta_in_title": [
        ("en", "Download Manager"),
        ("en", "Now Playing"),
        ("en", "Play Chess"),
        ("en", "Trail Updates"),
        ("de", "Spielen und Lernen"),
        ("fr", "Jeux de cartes"),
        ("es", "Descargas"),
        ("zh", "下载管理器"),
    ],
    "no_promotional_text_in_title": [
        ("en", "Calendar 2027"),
        ("en", "Shipping Scale, 50 kg"),
        ("en", "May Flowers 12-Pack"),
        ("en", "Socket 3/8 x 1/2, M10"),
        ("en", "Friday Black Boots"),
        ("en", "100% Cotton Shirt v1.2.2026b"),
        ("de", "Adventskalender mit 24 Türen"),
        ("fr", "Bottes de livraison"),
        ("es", "Caja de envío"),
        ("zh", "12月历，24格"),
        ("en", "Coupon Organizer With 24 Tabs"),
        ("en", "Truck Clearance Light, Red"),
        ("de", "Preisschilder aus Holz"),
        ("fr", "Étiquettes de prix"),
        ("es", "Etiquetas de precio"),
    ],
}

NAMES = [
    ("en", "Maps $2.99", "name"),
    ("en", "Maps Free", "name"),
    ("en", "Maps, Half Price", "name"),
    ("de", "Karten kostenlos", "name"),
    ("fr", "Cartes gratuites", "iap_name"),
    ("es", "Mapas gratis", "event_name"),
    ("zh", "免费地图", "name"),
]
INNOCENT_NAMES = [
    ("en", "Freedom Maps", "name"),
    ("en", "Price Tracker", "name"),
    ("en", "Sugar-Free Kitchen", "name"),
    ("en", "Ideal 2048", "iap_name"),
    ("en", "Maps Free", "subtitle"),
    ("de", "Freizeitkarten", "name"),
]


@pytest.mark.parametrize(("rule", "language", "text"), rows(BREACHES))
def test_a_breach_is_found_in_a_title(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language, field="title")
    assert broken(rule, text, field="title")


@pytest.mark.parametrize(("rule", "language", "text"), rows(BREACHES))
def test_another_field_may_say_it(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language, field="short_description") == []


@pytest.mark.parametrize(("rule", "language", "text"), rows(NEAR_MISSES))
def test_a_near_miss_is_left_alone(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language, field="title") == []


@pytest.mark.parametrize(("language", "text", "field"), NAMES)
def test_a_name_has_no_price(language: str, text: str, field: str) -> None:
    assert broken("no_price_in_name", text, language=language, field=field)


@pytest.mark.parametrize(("language", "text", "field"), INNOCENT_NAMES)
def test_a_name_that_only_sounds_like_a_price_is_fine(language: str, text: str, field: str) -> None:
    assert broken("no_price_in_name", text, language=language, field=field) == []


@pytest.mark.parametrize(
    ("rule", "text", "field"),
    [
        ("play_no_top_best_no1_free_in_title_icon", "Free Maps", "title"),
        ("play_no_cta_in_title", "Maps: Download Now", "title"),
        ("no_promotional_text_in_title", "Boots $99", "title"),
        ("no_price_in_name", "Maps Free", "name"),
        ("can_spam_no_deceptive_subject", "Re: boots", "subject"),
    ],
)
def test_a_name_is_checked_although_nobody_writes_copy_for_it(rule: str, text: str, field: str) -> None:
    assert broken(rule, text, field=field, written=False)


def test_a_name_that_nobody_writes_has_a_style_of_its_own() -> None:
    assert broken("no_all_caps_words", "WILDPATH", field="title", written=False) == []


def test_a_title_may_bear_the_brands_name() -> None:
    brand = Brand(name="Top Free")
    assert broken("play_no_top_best_no1_free_in_title_icon", "Top Free Maps", field="title", brand=brand) == []
