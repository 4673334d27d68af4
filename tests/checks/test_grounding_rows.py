"""How far a negation, a material and a word of Chinese reach: small rows, and what they allow."""

import pytest

from adloom.checks.grounding import check_grounding
from adloom.core.brief import Brief
from adloom.core.products import Product


def _rules(language: str, row: str, text: str) -> set[str]:
    product = Product(id="p", title=row, language=language)
    return {
        found.rule for found in check_grounding(text, product=product, brief=Brief(), brand=None, language=language)
    }


@pytest.mark.parametrize(
    ("language", "row", "text"),
    [
        ("en", "No salt. Rich honey.", "No salt, rich honey"),
        ("en", "No salt. Rich honey.", "No salt but rich honey"),
        ("de", "Motor ohne Bürsten. Mit Licht.", "Motor ohne Bürsten mit Licht"),
        ("de", "Lampe flackert nie", "Die Lampe flackert nie."),
        ("fr", "Moteur sans charbon. Éclairage.", "Sans charbon et un éclairage"),
        ("es", "Sin perfume. Crema suave.", "Sin perfume, crema suave"),
        ("zh", "未来夹克，防水设计", "未来防水夹克"),
    ],
)
def test_a_negation_ends_where_something_else_begins(language: str, row: str, text: str) -> None:
    assert _rules(language, row, text) == set()


@pytest.mark.parametrize(
    ("language", "row", "text"),
    [
        ("en", "No salt. With sugar and oil.", "No salt, sugar or oil"),
        ("en", "Gluten-free oats", "Oats with gluten"),
        ("de", "Ohne Zucker. Mit Salz.", "Ohne Zucker, Fett oder Salz"),
        ("de", "Lampe flackert nie", "Die Lampe flackert."),
        ("de", "BPA-freier Deckel. BPA-frei.", "Deckel mit BPA"),
        ("fr", "La veste est étanche", "La veste n'est jamais étanche"),
        ("es", "Crema sin perfume", "Crema con perfume"),
        ("zh", "夹克防水", "夹克不会防水"),
        ("zh", "适合卧室。不适合婴儿房。", "适合婴儿房"),
    ],
)
def test_a_negation_reaches_all_it_denies(language: str, row: str, text: str) -> None:
    assert "negated_fact" in _rules(language, row, text)


@pytest.mark.parametrize(
    ("language", "row", "text", "is_said"),
    [
        ("de", "Lederjacke", "Jacke aus Leder", True),
        ("de", "Kunstlederjacke", "Jacke aus Leder", False),
        ("de", "Tasche aus Kunstleder", "Tasche aus Leder", False),
        ("de", "Tasche für Reisen", "Tasche aus Eisen", False),
        ("en", "Faux leather bag", "Faux leather bag", True),
        ("en", "Leather bag", "Aluminium leather bag", False),
        ("en", "Aluminum frame", "Aluminium frame", True),
        ("fr", "Plaque à cuire", "Plaque en cuir", False),
        ("fr", "Sac en cuir synthétique", "Sac en cuir", False),
        ("es", "Bolso de cuero sintético", "Bolso de cuero", False),
        ("es", "Bolso de piel", "Bolso de cuero", True),
        ("zh", "人造皮革背包", "皮革背包", False),
        ("zh", "丝绸围巾", "真丝围巾", True),
    ],
)
def test_a_material_is_said_only_where_it_is_the_real_one(language: str, row: str, text: str, is_said: bool) -> None:
    assert ("ungrounded_material" not in _rules(language, row, text)) == is_said


@pytest.mark.parametrize(
    ("row", "text", "is_said"),
    [
        ("水杯，杯垫圈", "水杯垫圈", True),
        ("羊毛衣", "羊毛衣", True),
        ("两个口袋，三角围巾", "两款三角围巾", True),
        ("5年老茶", "五年老茶", True),
        ("三角围巾，两个口袋", "两款围巾", True),
        ("轻便背包", "背包轻便", True),
        ("轻便背包", "背包轻", False),
        ("轻便背包", "这款背包很轻便", True),
        ("轻便背包", "轻便书包", False),
    ],
)
def test_a_run_of_han_divides_into_words_of_the_row_with_nothing_left(row: str, text: str, is_said: bool) -> None:
    assert (_rules("zh", row, text) == set()) == is_said


@pytest.mark.parametrize(
    ("language", "row", "text"),
    [("de", "Zwei Schnallen", "Eine Schnalle"), ("fr", "Deux poches", "Une poche"), ("zh", "两个口袋", "一个口袋")],
)
def test_an_article_counts_nothing(language: str, row: str, text: str) -> None:
    assert _rules(language, row, text) == set()


@pytest.mark.parametrize(
    ("language", "row", "text"),
    [
        ("en", "60% merino wool, 40% nylon", "40% merino wool"),
        ("de", "60 % Wolle, 40 % Nylon", "60 % Nylon"),
        ("fr", "Deux poches, trois couleurs", "Trois poches"),
        ("es", "Dos bolsillos, tres colores", "Tres bolsillos laterales"),
        ("zh", "两个口袋，三种颜色", "三个口袋"),
    ],
)
def test_a_number_that_the_row_states_of_another_thing_is_refused(language: str, row: str, text: str) -> None:
    assert "ungrounded_number" in _rules(language, row, text)
    assert _rules(language, row, row) == set()
