"""What one product's row grounds in German, French, Spanish and Chinese, and why the rest is refused."""

from datetime import date
from decimal import Decimal

import pytest

from adloom.checks import Finding, Severity
from adloom.checks.grounding import check_grounding
from adloom.checks.lexicon import load_lexicon
from adloom.core.brief import Brief, Offer
from adloom.core.products import Money, Product

EUROS = Money(amount=Decimal("1299.00"), currency="EUR")
ROWS = {
    "en": Product(
        id="en",
        title="Kite",
        description=(
            "One tent of faux leather and brass, with two poles. BPA-free. Lantern not included. No salt, sugar or oil."
        ),
        price=Money(amount=Decimal("1299.00"), currency="USD"),
        details={"Height (cm)": "120"},
        gender="male",
    ),
    "de": Product(
        id="de",
        title="Winterstiefel Nordlicht 500 g",
        description=(
            "Stiefel mit Lederfutter und zwei Schnallen. Die Sohle rutscht nicht. Ohne Absatz. Akku nicht enthalten."
        ),
        price=EUROS,
        gender="female",
    ),
    "fr": Product(
        id="fr",
        title="Veste légère Brise",
        description=(
            "Veste imperméable en coton avec une capuche amovible et deux poches. N'est pas doublée. Pile non incluse."
        ),
        price=EUROS,
    ),
    "es": Product(
        id="es",
        title="Chaqueta ligera Brisa",
        description=("Chaqueta impermeable de algodón con capucha extraíble. No tiene forro. Pila no incluida."),
        price=EUROS,
    ),
    "zh": Product(
        id="zh",
        title="北风轻便夹克500克",
        description="防水纯棉夹克，一个帽子，可拆卸，两个口袋。不含荧光剂。无线加热。",
        price=Money(amount=Decimal("1299.00"), currency="CNY"),
    ),
}


def _found(language: str, text: str, brief: Brief | None = None) -> list[Finding]:
    row = ROWS[language].model_copy(update={"language": language})
    found = check_grounding(text, product=row, brief=brief or Brief(), brand=None, language=language)
    assert all(one.severity == Severity.ERROR and one.detail for one in found)
    return found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A faux leather tent for men, 120 cm"),
        ("en", "Two brass poles for $1,299"),
        ("en", "Without salt, sugar or oil"),
        ("de", "Stiefel für den Winter"),
        ("de", "Die Stiefel für Damen mit Futter aus Leder"),
        ("de", "Mit 2 Schnallen, für 1.299,00 €"),
        ("de", "Sohlen, ohne Absatz"),
        ("de", "Die Sohle rutscht nicht."),
        ("de", "Ohne Absatz, mit zwei Schnallen"),
        ("fr", "Des vestes légères à capuches amovibles"),
        ("fr", "L'imperméable Brise à 1 299 €"),
        ("fr", "Veste imperméable en coton, 2 poches"),
        ("es", "Chaquetas ligeras e impermeables"),
        ("es", "Sin forro, por 1.299 €"),
        ("zh", "这款防水夹克有两个口袋"),
        ("zh", "可拆卸的帽子，仅需１２９９元"),
        ("zh", "不含荧光剂，二个口袋"),
        ("zh", "无线加热夹克"),
    ],
)
def test_what_the_row_says_may_be_said_in_its_language(language: str, text: str) -> None:
    assert _found(language, text) == []


@pytest.mark.parametrize(
    ("language", "text", "rule", "words"),
    [
        ("en", "A leather tent", "ungrounded_material", "leather"),
        ("en", "A BPA lid", "negated_fact", "BPA"),
        ("en", "With a lantern", "negated_fact", "lantern"),
        ("en", "Two poles and no poles", "negated_fact", "poles"),
        ("en", "Lighter than any other tent", "ungrounded_superlative", "than any other"),
        ("en", "N°1 tent", "ungrounded_superlative", "N°1"),
        ("en", "Tent with three poles", "ungrounded_number", "three"),
        ("en", "One tent, two tents, three", "ungrounded_number", "three"),
        ("en", "Two tents", "ungrounded_number", "Two tents"),
        ("de", "Gummistiefel für den Winter", "ungrounded_material", "Gummistiefel"),
        ("de", "Wildleder im Winter", "ungrounded_material", "Wildleder"),
        ("de", "Stiefel mit Absatz", "negated_fact", "Absatz"),
        ("de", "Die Sohle rutscht.", "negated_fact", "rutscht"),
        ("de", "Stiefel mit Akku", "negated_fact", "Akku"),
        ("de", "Stiefel mit Zufriedenheitsgarantie", "ungrounded_promise", "Zufriedenheitsgarantie"),
        ("de", "Der leichteste Stiefel", "ungrounded_superlative", "leichteste"),
        ("de", "Sommerstiefel", "ungrounded_word", "Sommerstiefel"),
        ("de", "Stiefel von Salomon", "foreign_name", "Salomon"),
        ("de", "Nordlicht mit 500 ml", "ungrounded_unit", "500 ml"),
        ("fr", "Une veste en laine", "ungrounded_material", "laine"),
        ("fr", "Une veste doublée", "negated_fact", "doublée"),
        ("fr", "Veste avec pile", "negated_fact", "pile"),
        ("fr", "La plus légère des vestes", "ungrounded_superlative", "La plus"),
        ("fr", "Deux capuches", "ungrounded_number", "Deux capuches"),
        ("fr", "Garantie cinq ans", "ungrounded_promise", "Garantie"),
        ("fr", "Veste Imperméable Signée Quechua", "foreign_name", "Quechua"),
        ("fr", "Veste chauffante", "ungrounded_word", "chauffante"),
        ("es", "Chaqueta de cuero", "ungrounded_material", "cuero"),
        ("es", "Chaqueta con forro", "negated_fact", "forro"),
        ("es", "Chaqueta con envío gratis", "ungrounded_promise", "envío gratis"),
        ("es", "La mejor chaqueta", "ungrounded_superlative", "mejor"),
        ("es", "Chaqueta por 1.299 $", "ungrounded_unit", "1.299 $"),
        ("zh", "真皮夹克", "ungrounded_material", "真皮"),
        ("zh", "防火夹克", "ungrounded_word", "防火"),
        ("zh", "含荧光剂的夹克", "negated_fact", "荧光剂"),
        ("zh", "不防水的夹克", "negated_fact", "防水"),
        ("zh", "三个口袋", "ungrounded_number", "三"),
        ("zh", "两个帽子", "ungrounded_number", "两个帽子"),
        ("zh", "夹克500毫升", "ungrounded_unit", "500毫升"),
        ("zh", "有线加热夹克", "ungrounded_word", "线"),
        ("zh", "夹克包邮", "ungrounded_promise", "包邮"),
        ("zh", "最好的夹克", "ungrounded_superlative", "最好"),
        ("zh", "Moncler夹克", "foreign_name", "Moncler"),
    ],
)
def test_what_it_does_not_say_is_refused_at_the_words_at_fault(language: str, text: str, rule: str, words: str) -> None:
    assert (rule, words) in {(one.rule, text[slice(*one.span)]) for one in _found(language, text)}


@pytest.mark.parametrize(
    ("language", "text", "fact"),
    [
        ("en", "With a lantern", "Lantern not included"),
        ("de", "Stiefel mit Absatz", "Ohne Absatz"),
        ("fr", "Veste avec pile", "Pile non incluse"),
        ("zh", "含荧光剂的夹克", "不含荧光剂"),
        ("de", "Nordlicht mit 500 ml", "500 g"),
        ("fr", "Deux capuches", "une capuche"),
    ],
)
def test_a_conflict_names_the_fact_of_the_row(language: str, text: str, fact: str) -> None:
    assert any(fact in one.detail for one in _found(language, text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("黑芝麻丸", []),
        ("选用黑芝麻与蜂蜜", []),
        ("芝麻糖", ["糖"]),
        ("亚麻丸", ["亚麻", "丸"]),
        ("真皮黑芝麻丸", ["真皮"]),
    ],
)
def test_a_material_of_one_character_is_none_inside_a_word_of_the_row(text: str, words: list[str]) -> None:
    row = Product(id="zh", title="黑芝麻丸", description="选用黑芝麻与蜂蜜。", language="zh")
    found = check_grounding(text, product=row, brief=Brief(), brand=None, language="zh")
    assert [text[slice(*one.span)] for one in found] == words


@pytest.mark.parametrize(("text", "is_grounded"), [("全场满200减20", True), ("减压", False), ("200减", True)])
def test_a_character_stands_alone_where_the_row_sets_it_alone(text: str, is_grounded: bool) -> None:
    assert (_found("zh", text, Brief(offer=Offer(text="全场满200减20"))) == []) is is_grounded


def test_the_offer_grounds_its_days() -> None:
    offer = Offer(text="Rabatt bis Weihnachten", starts_on=date(2025, 12, 1), ends_on=date(2025, 12, 24))
    assert _found("de", "Rabatt bis 24.12.2025", Brief(offer=offer)) == []
    assert _found("de", "Rabatt bis 26.12.2025", Brief(offer=offer)) != []


@pytest.mark.parametrize("language", ROWS)
def test_no_claim_and_no_material_is_free_in_any_language(language: str) -> None:
    lexicon = load_lexicon(language)
    assert lexicon is not None
    single = {words[0] for words in lexicon.claims if len(words) == 1}
    assert not single & lexicon.free
    assert not single & lexicon.function


@pytest.mark.parametrize(
    ("language", "text"), [("fr", "Vers la veste"), ("fr", "Cette veste, ce coton"), ("de", "Was ihr die Stiefel")]
)
def test_a_function_word_is_no_claim_by_chance(language: str, text: str) -> None:
    assert _found(language, text) == []


@pytest.mark.parametrize("language", [*ROWS, "it"])
@pytest.mark.parametrize(
    "text", ["", " ", "’ l'' d’ - #", "1.2.3,4:5 %%", "🎉 ½ ² ㎡ ٣", "x" * 500, "夹" * 200, "無線"]
)
def test_any_text_can_be_checked(language: str, text: str) -> None:
    row = ROWS.get(language, ROWS["de"])
    for found in check_grounding(text, product=row, brief=Brief(), brand=None, language=language):
        assert 0 <= found.span[0] <= found.span[1] <= len(text)


@pytest.mark.parametrize("language", ["it", "zh-TW", "zh-Hant-HK"])
def test_a_language_without_a_lexicon_says_so(language: str) -> None:
    found = check_grounding("防水", product=ROWS["zh"], brief=Brief(), brand=None, language=language)
    assert [(one.rule, one.severity) for one in found] == [("words_not_compared", Severity.WARNING)]


@pytest.mark.parametrize("language", ["de-AT", "ZH-Hans", "zh-CN"])
def test_a_region_reads_the_lexicon_of_its_language(language: str) -> None:
    assert load_lexicon(language) is not None
