"""Claims, pressure, praise and prices: what each rule catches, in every language, and what it leaves alone."""

import pytest

from adloom.core.brand import Brand
from tests.checks.breaches import broken, rows

BREACHES = {
    "amz_no_superlatives_best_top_selling": [
        ("en", "The best boots of the year"),
        ("en", "Our Best-Seller for trails"),
        ("en", "A top-rated tent"),
        ("en", "The #1 tent"),
        ("en", "An exclusive colour"),
        ("de", "Die besten Stiefel für den Winter"),
        ("de", "Unser Bestseller"),
        ("fr", "Les meilleures chaussures"),
        ("fr", "Le sac le plus vendu"),
        ("es", "Las mejores botas"),
        ("es", "El más vendido"),
        ("zh", "全网最好的登山鞋"),
        ("zh", "热销登山鞋"),
        ("", "ＢＥＳＴ boots"),
        ("ja", "Best boots"),
    ],
    "ms_supported_claims": [
        ("en", "Guaranteed dry feet"),
        ("en", "Clinically proven comfort"),
        ("en", "The world's lightest tent"),
        ("en", "The best boots"),
        ("de", "Garantiert trockene Füße"),
        ("de", "Vom Testsieger"),
        ("fr", "Un confort cliniquement prouvé"),
        ("fr", "Une tente imbattable"),
        ("es", "Resultado garantizado"),
        ("es", "Líder del mercado"),
        ("zh", "临床证明有效"),
    ],
    "amz_no_pressure_last_chance": [
        ("en", "Last chance for warm feet"),
        ("en", "Don't miss out"),
        ("en", "Don’t miss it"),
        ("en", "Hurry: winter is near"),
        ("de", "Nur noch heute: warme Füße"),
        ("de", "Letzte Chance"),
        ("fr", "Ne manquez pas l'hiver"),
        ("fr", "Dépêchez-vous"),
        ("es", "Última oportunidad"),
        ("es", "¡No te lo pierdas!"),
        ("zh", "机不可失"),
        ("zh", "限时抢购"),
    ],
    "amz_no_price_or_discount": [
        ("en", "Boots for $99.99"),
        ("en", "20% off boots"),
        ("en", "Save up to 30 % today"),
        ("en", "A deal for winter"),
        ("en", "Buy one, get one"),
        ("en", "Winter sale"),
        ("en", "Boots, 99 EUR"),
        ("de", "Stiefel für 99,90 €"),
        ("de", "20 % Rabatt"),
        ("de", "Der Winterrabatt"),
        ("de", "Winter-Sale"),
        ("de", "Sparen Sie bis zu 20 %"),
        ("fr", "-20 % sur les bottes"),
        ("fr", "Les soldes d'hiver"),
        ("fr", "20 % de réduction"),
        ("es", "20 % de descuento"),
        ("es", "Ofertas de invierno"),
        ("zh", "登山鞋8折"),
        ("zh", "满300减50"),
        ("zh", "只要99元"),
        ("zh", "登山鞋特价"),
        ("zh", "￥99"),
    ],
    "amz_no_reviews_or_stars": [
        ("en", "Rated ★★★★★"),
        ("en", "4.7/5 from hikers"),
        ("en", "5-star boots"),
        ("en", "2,310 Reviews"),
        ("en", "Loved by customers"),
        ("en", '"So warm and dry!" - Ada'),
        ("en", "5 out of 5 stars"),
        ("de", "4,8 von 5 Sternen"),
        ("de", "Gute Kundenbewertungen"),
        ("fr", "Plus de 500 avis"),
        ("fr", "Avis clients"),
        ("es", "5 estrellas"),
        ("es", "Lee las reseñas"),
        ("zh", "好评如潮"),
        ("zh", "5星登山鞋"),
    ],
}

NEAR_MISSES = {
    "amz_no_superlatives_best_top_selling": [
        ("en", "Best before June"),
        ("en", "Do your best on the trail"),
        ("en", "Bestow a gift; asbestos free"),
        ("en", "Tent #10 with mutually exclusive doors"),
        ("de", "Passt am besten zu Jeans"),
        ("fr", "Pour un meilleur sommeil"),
        ("es", "Duerme mejor que nunca"),
        ("zh", "第一次徒步"),
        ("zh", "最佳食用日期"),
        ("en", "Der beste Schuh"),
    ],
    "ms_supported_claims": [
        ("en", "With a two-year guarantee"),
        ("en", "Secure and accurate"),
        ("en", "Cure time: one hour"),
        ("en", "Proven trails, proof of purchase"),
        ("de", "Mit zwei Jahren Garantie"),
        ("de", "Mit abnehmbarer Kapuze"),
        ("fr", "Garantie deux ans"),
        ("es", "Con garantía de dos años"),
        ("zh", "登山鞋质保两年"),
    ],
    "amz_no_pressure_last_chance": [
        ("en", "Boots that last; a chance of rain"),
        ("en", "A hurricane lamp"),
        ("en", "Limited edition"),
        ("en", "Made for today and only light"),
        ("de", "Heute und morgen warm"),
        ("fr", "Rien ne vous manque"),
        ("es", "La última etapa"),
        ("zh", "最后一公里也舒适"),
    ],
    "amz_no_price_or_discount": [
        ("en", "100% cotton"),
        ("en", "An ideal dealer of wholesale cards"),
        ("en", "Works at 20-80 % humidity and -20 °C"),
        ("en", "20 % – 80 % charged in an hour"),
        ("en", "Save 5 hours a week"),
        ("en", "Save up to 30% energy"),
        ("en", "A point-of-sale printer"),
        ("en", "5 pounds lighter"),
        ("de", "30 % reduziertes Gewicht"),
        ("de", "Reduziert Lärm"),
        ("fr", "La remise en forme"),
        ("fr", "Un vêtement sale"),
        ("es", "30 % menos peso"),
        ("zh", "三折叠登山杖"),
        ("zh", "5折伞"),
        ("zh", "二次元风格，5元素"),
    ],
    "amz_no_reviews_or_stars": [
        ("en", "Rated to -20 °C, IPX7 rated"),
        ("en", "A flag with 50 stars"),
        ("en", "Star Wars boots"),
        ("en", "Review your route at night"),
        ("en", "Size 4/5, 1.5 x 5 m"),
        ("en", 'Fits 15" laptops - and 13" ones'),
        ("de", "Sternenhimmel aus Holz"),
        ("fr", "Sans préavis"),
        ("es", "La estrella del norte"),
        ("zh", "4星期续航"),
        ("zh", "星空灯"),
    ],
}


@pytest.mark.parametrize(("rule", "language", "text"), rows(BREACHES))
def test_a_breach_is_found(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language)


@pytest.mark.parametrize(("rule", "language", "text"), rows(BREACHES))
def test_a_breach_is_found_in_a_text_of_unknown_language(rule: str, language: str, text: str) -> None:
    assert broken(rule, text)


@pytest.mark.parametrize(("rule", "language", "text"), rows(NEAR_MISSES))
def test_a_near_miss_is_left_alone(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language) == []


@pytest.mark.parametrize(
    ("rule", "text", "name"),
    [
        ("amz_no_superlatives_best_top_selling", "A room at Best Western", "Best Western"),
        ("amz_no_price_or_discount", "Everything at Sale House", "Sale House"),
        ("amz_no_reviews_or_stars", "A bag by Five Star", "Five Star"),
        ("amz_no_pressure_last_chance", "Whisky from Last Chance", "Last Chance"),
        ("ms_supported_claims", "Plants love Miracle", "Miracle"),
    ],
)
def test_a_name_is_no_claim(rule: str, text: str, name: str) -> None:
    assert broken(rule, text) != []
    assert broken(rule, text, brand=Brand(name=name)) == []


def test_a_discount_is_told_once() -> None:
    assert broken("amz_no_price_or_discount", "20% discount on boots", language="en") == ["20% discount"]


def test_praise_is_told_once() -> None:
    text = "2,310 customer reviews"
    assert broken("amz_no_reviews_or_stars", text, language="en") == [text]


def test_the_region_of_a_language_does_not_matter() -> None:
    assert broken("amz_no_superlatives_best_top_selling", "Die besten Stiefel", language="de-AT") == ["besten"]
