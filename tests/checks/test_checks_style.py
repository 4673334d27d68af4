"""Telephone numbers, disguises, doubled marks and calls to click: what each rule catches, and what only looks so."""

import pytest

from tests.checks.breaches import broken, rows

BREACHES = {
    "no_phone_number": [
        ("en", "Dial 6 1 7 5 5 5 0 1 4 2"),
        ("en", "Order at 6-1-7-5-5-5-0-1-4-2"),
        ("en", "Dial 6175550142"),
        ("es", "Mudanzas: 600 55 50 14"),
        ("es", "Fontanero 612 345 678"),
        ("es", "Madrid 91 555 01 42"),
        ("es", "Llámanos al 600555014"),
        ("fr", "Appelez le 612345678"),
        ("de", "Leipzig 0341.123.45.67"),
    ],
    "no_gimmicky_symbols": [
        ("en", "5hoes That Breathe"),
        ("en", "0range juice"),
        ("en", "1uxury sofas"),
        ("en", "4mazing tents"),
        ("en", "3legant lamps"),
        ("en", "Caf€ & Cake"),
        ("en", "Ca$h for bikes"),
        ("en", "Fresh ba£e bread"),
        ("en", "Big saving$"),
        ("en", "€legant lamps"),
        ("en", "Frеsh flowers"),
        ("en", "Warm bооts"),
        ("en", "Νew boots"),
        ("en", "ꜰʀᴇꜱʜ ᴀɴᴅ ᴡᴀʀᴍ"),
        ("en", ">> Fresh Flowers"),
        ("en", "> Fresh Flowers"),
        ("en", "~ Fresh Flowers ~"),
        ("de", "Mehr erfahren »"),
        ("en", "| Fresh Flowers |"),
        ("en", "Flowers << fresh"),
        ("en", "Desk Lamp ~ Warm Light"),
    ],
    "no_repeated_punctuation": [
        ("en", "Fresh bread . . . every morning"),
        ("en", "Fresh bread. . . and more"),
        ("en", "Really? ? Yes"),
        ("en", "Fresh! ! Warm"),
        ("en", "See https://shop.example/a!!"),
        ("en", "Grade A++++"),
        ("en", "Warm++ and dry"),
    ],
    "no_all_caps_words": [
        ("en", "FREE {COUNTDOWN(x)} boots"),
        ("en", "{SALE}"),
        ("en", "BUY NOW and relax"),
        ("zh", "连衣裙SALE今天开始"),
    ],
    "no_generic_cta_click_here": [
        ("de", "Klick hier für dein Angebot"),
        ("de", "Klicken Sie hier"),
        ("de", "Tippe einfach hier"),
        ("es", "haz click aquí"),
        ("es", "Pulsa aquí"),
        ("es", "Haga clic aquí"),
        ("fr", "Clique ici"),
        ("fr", "Appuyez ici"),
        ("zh", "點擊這裡查看報價"),
        ("zh", "點此處"),
        ("zh", "戳這裡"),
        ("en", "Click right here"),
    ],
}
NEAR_MISSES = {
    "no_phone_number": [
        ("de", "Probefahrten Mo-Fr 08.00-18.00 Uhr"),
        ("de", "Mo-Fr 08.00 – 12.00 und 13.00 – 18.00 Uhr"),
        ("de", "Messe 05.03.-08.03.2027"),
        ("de", "Markt am 05./06.03.2027"),
        ("de", "Gültig 01/2027-12/2028"),
        ("en", "Levels 1 2 3 4 5 6 7 8"),
        ("en", "Ring sizes 3 4 5 6 7 8 9 10 11"),
        ("en", "A town of 612 345 678 people"),
        ("fr", "Tailles 36 38 40 42 44"),
        ("es", "900 000 000 de estrellas"),
        ("es", "Más de 612 345 678 descargas"),
        ("es", "Referencia 612 345 678"),
        ("en", "Panels of 600 x 55 x 50 mm"),
    ],
    "no_gimmicky_symbols": [
        ("de", "CO₂-Melder fürs Klassenzimmer"),
        ("en", "H₂O, H₂SO₄ and Al₂O₃"),
        ("en", "Vitamin B₁₂ and PM₁₀"),
        ("en", "5star, 3pack, 4door, 5inch, 2tone and 5port"),
        ("de", "3fach, 2teilig, 5jährig"),
        ("en", "Prices in US$ 20, CA$ 30 and A$5"),
        ("en", "5 μm, 10 kΩ and ΔT"),
        ("en", "β-carotene and α-lipoic acid"),
        ("ru", "HD-видео и 3Dпечать"),
        ("fr", "« Mot » et « mot »"),
        ("fr", "« Bon et sec »"),
        ("en", "Home > Shoes > Boots"),
        ("en", "> 50 cm wide, -20 °C"),
        ("en", "Warm | Dry"),
        ("en", "Ages 5 ~ 10, about ~20 cm"),
        ("de", "»Wort« und »Wort«"),
        ("de", "Preis ab€ 20"),
        ("ru", "Мост и хор"),
    ],
    "no_repeated_punctuation": [
        ("de", "Kühlschränke mit A+++"),
        ("de", "Klasse A++ oder B++"),
        ("en", "Sign up at https://kurse.example/c++ and learn"),
        ("en", "See https://shop.example/a--b__c"),
        ("en", "See www.shop.example/a---b."),
        ("en", "Learn C++ today"),
        ("en", "From 3.5 . .5 apart"),
        ("fr", "Vraiment ? Oui !"),
    ],
    "no_all_caps_words": [
        ("en", "Ends in {COUNTDOWN(2027-03-31 23:59:59)}"),
        ("zh", "羽绒服男士短款可机洗S"),
        ("zh", "码数XXL"),
        ("en", "GDPR-Ready, HIPAA too"),
        ("en", "TOEFL & IELTS prep"),
        ("en", "USB and GPS, TRY 500, buy NOW stock"),
        ("en", "A planner for people with ADHD"),
        ("de", "DSGVO und IBAN"),
    ],
    "no_generic_cta_click_here": [
        ("de", "Hier klickt die Mechanik"),
        ("de", "Klickverschluss hier wie dort"),
        ("es", "Aquí se hornea"),
        ("fr", "Ici, on clique des doigts"),
        ("zh", "点这里的菜最香"),
        ("en", "The seat belt clicks; here it stays"),
        ("es", "La banda toca aquí"),
    ],
}


@pytest.mark.parametrize(("rule", "language", "text"), rows(BREACHES))
def test_a_breach_is_found(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language)


@pytest.mark.parametrize(("rule", "language", "text"), rows(NEAR_MISSES))
def test_a_near_miss_is_left_alone(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language) == []


def test_an_ellipsis_with_spaces_is_told_once() -> None:
    assert broken("no_repeated_punctuation", "Bread . . . every day") == [". . ."]


def test_a_word_of_capitals_stands_apart_from_the_chinese_around_it() -> None:
    assert broken("no_all_caps_words", "连衣裙SALE今天") == ["SALE"]
