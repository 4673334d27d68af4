"""A headline stands alone: what ties it to another text, in each language, and what only looks so."""

import pytest

from tests.checks.breaches import broken

RULE = "headlines_must_stand_alone"
TIED = {
    "en": [
        "And dry all day",
        "Because feet breathe",
        "Therefore We Bake",
        "First, pick your size",
        "Next: your boots",
        "Warm boots with",
    ],
    "de": [
        "Weil Füße atmen wollen",
        "Und trocken",
        "Denn Brot braucht Zeit",
        "Obwohl es regnet",
        "Dann klappt der Umzug",
        "Schuhe mit",
        "Socken für",
        "Sondern aus Wolle",
    ],
    "fr": [
        "Mais plus léger",
        "Parce que vos pieds respirent",
        "Car vos pieds respirent",
        "Puisqu'il pleut",
        "Donc plus sec",
        "Des bottes avec",
    ],
    "es": [
        "Porque tus pies respiran",
        "Pero más ligero",
        "Y siempre secos",
        "Pues llueve",
        "Además, calienta",
        "Botas con",
    ],
    "zh": ["而且很轻", "因为脚要呼吸", "但是更轻", "所以更暖", "並且防水"],
}
ALONE = {
    "en": [
        "First, Second & Third Graders",
        "Second, Third and Fourth Gears",
        "Then & Now",
        "Then Again, Why Not",
        "And/Or Logic Kits",
        "Android Phones",
        "Butter & Bread",
        "First Class Comfort",
    ],
    "de": [
        "Mais, Bohnen & Kürbis vom Hof",
        "Y-förmige Wasserwaagen",
        "Weil am Rhein entdecken",
        "Oder-Radweg mit Rad",
        "Komm mit",
        "U-Profile aus Stahl",
        "Aber hallo, Sommer",
        "Et Cetera Spielkarten",
        "Puisaye-Keramik",
    ],
    "fr": [
        "Et si on partait ?",
        "Car Paris–Lyon",
        "Or massif 18 carats",
        "Maïs doux du jardin",
        "Oder-Neisse à vélo",
        "Été au jardin",
        "Où dormir à Lyon",
    ],
    "es": ["Mais y trigo", "Olla de hierro", "Y si vas en tren", "U-Locks para bici", "Por qué hornear en casa"],
    "zh": ["还有三天开学", "因为热爱，所以远行", "不过三分钟的早餐"],
}


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), rows(TIED))
def test_what_ties_a_headline_to_another_text_is_found(language: str, text: str) -> None:
    assert broken(RULE, text, language=language, field="headline")
    assert broken(RULE, text, field="headline")
    assert broken(RULE, text, language=language) == []


@pytest.mark.parametrize(("language", "text"), rows(ALONE))
def test_a_headline_of_its_own_is_left_alone(language: str, text: str) -> None:
    assert broken(RULE, text, language=language, field="headline") == []


def test_an_open_end_is_told_once_in_a_headline_of_unknown_language() -> None:
    assert broken(RULE, "Warm Boots,", field="headline") == [","]
