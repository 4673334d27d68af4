"""Facts are read from prose with their kinds and their places."""

from adloom.core.brief import Brief, Offer
from adloom.core.products import Product
from generators.copy.extract import read_sheet
from generators.copy.facts import FactKind
from tests.generators.copy_requests import BARE, PADDLE


def _texts(product: Product, kind: FactKind, brief: Brief | None = None) -> list[str]:
    return [fact.with_article for fact in read_sheet(product, brief or Brief()).of(kind)]


def _described(description: str, title: str = "Alta Tent", brand: str = "Nordly") -> Product:
    return Product(id="X", title=title, brand=brand, description=description)


def test_a_description_becomes_facts_of_every_kind() -> None:
    assert _texts(PADDLE, FactKind.QUALITY) == ["lightweight", "sturdy"]
    assert _texts(PADDLE, FactKind.MATERIAL) == ["recycled nylon"]
    assert _texts(PADDLE, FactKind.USE) == ["weekend tours and sheltered bays"]
    assert _texts(PADDLE, FactKind.COLOUR) == ["bright yellow"]
    assert _texts(PADDLE, FactKind.PRICE) == ["€149.50"]
    assert "keep your hands warm all day long" in _texts(PADDLE, FactKind.BENEFIT)
    assert "a carbon fiber shaft" in _texts(PADDLE, FactKind.FEATURE)
    assert "adjustable drip rings" in _texts(PADDLE, FactKind.FEATURE)


def test_every_fact_of_the_description_stands_where_its_span_says() -> None:
    for fact in read_sheet(PADDLE, Brief()).facts:
        if fact.source == "description":
            start, end = fact.span
            last = fact.text.split()[-1].lower()
            assert last in PADDLE.description[start:end].lower()


def test_a_title_is_taken_apart_into_model_kind_and_noun() -> None:
    names = read_sheet(_described("These hiking boots last.", "Wren Hiking Boots", "Nordly"), Brief()).names
    assert (names.model, names.kind, names.noun, names.short) == ("Wren", "hiking boots", "boots", "Wren Boots")
    assert names.plural


def test_what_a_part_is_made_of_is_not_the_products_material() -> None:
    product = _described("This tent has insulation made from recycled materials and a door made of mesh.")
    assert _texts(product, FactKind.MATERIAL) == []


def test_superlatives_are_left_out_of_facts() -> None:
    product = _described("It features a superior rubber sole for ultimate traction.")
    (fact,) = read_sheet(product, Brief()).of(FactKind.FEATURE)
    assert fact.whole == "a rubber sole for traction"


def test_what_is_denied_is_no_benefit() -> None:
    product = _described("Never lose your way with the Alta Tent. You can travel without carrying poles.")
    assert _texts(product, FactKind.BENEFIT) == []


def test_the_colour_of_a_part_is_not_the_products_colour() -> None:
    assert _texts(_described("With orange accents and a silver frame, it stands out."), FactKind.COLOUR) == []


def test_whom_it_is_for_is_told_from_what_it_is_for() -> None:
    product = _described("The Alta Tent is perfect for riders of all levels. It is ideal for weekend getaways.")
    assert _texts(product, FactKind.AUDIENCE) == ["riders of all levels"]
    assert _texts(product, FactKind.USE) == ["weekend getaways"]


def test_an_offer_comes_from_the_brief_alone() -> None:
    brief = Brief(offer=Offer(text="20% off until Sunday"))
    assert _texts(PADDLE, FactKind.OFFER, brief) == ["20% off until Sunday"]
    assert _texts(PADDLE, FactKind.OFFER) == []


def test_a_row_with_a_title_alone_has_no_facts() -> None:
    assert read_sheet(BARE, Brief()).facts == ()
