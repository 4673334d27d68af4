"""Rows as shops write them: sizes in titles, verbs after parts, pairs of label and value."""

import numpy as np
import pytest

from adloom.core.brief import Brief, Offer
from adloom.core.drafts import Source
from adloom.core.products import Money, Product
from generators.copy.extract import read_sheet
from generators.copy.facts import Fact, FactKind, Sheet
from generators.copy.frames import Candidate, compose, fill_section
from generators.copy.rank import Chosen, choose
from generators.copy.score import Scored
from generators.copy.template import CopyTemplate
from generators.copy.wording import title_case
from generators.registry import GeneratorSettings
from tests.generators.copy_requests import copy_request, no_drop, texts_of

TEMPLATE = CopyTemplate(GeneratorSettings())


def _sheet(title: str, description: str = "", **columns: object) -> Sheet:
    row = {"id": "X", "title": title, "brand": "Nordly", "description": description, **columns}
    return read_sheet(Product.model_validate(row), Brief())


def _said(sheet: Sheet, kind: FactKind) -> list[str]:
    return [fact.with_article for fact in sheet.of(kind)]


@pytest.mark.parametrize("size", ["0.75 L", "750 ml", "45L"])
def test_the_size_at_the_end_of_a_title_is_not_the_noun(size: str) -> None:
    names = _sheet(f"Brook Insulated Flask {size}").names
    assert (names.noun, names.name, names.title) == ("flask", "Brook Insulated Flask", f"Brook Insulated Flask {size}")


def test_a_name_does_not_end_in_what_the_thing_is_made_of() -> None:
    names = _sheet("Cassia Walnut Wall Shelf").names
    assert (names.model, names.short, names.kind) == ("Cassia", "Cassia Shelf", "walnut wall shelf")


def test_what_a_product_is_safe_for_is_no_part_of_it() -> None:
    sheet = _sheet("Cassia Bowl", "It holds soup. Oven and freezer safe.", highlights=["Oven and freezer safe"])
    assert _said(sheet, FactKind.FEATURE) == []
    assert _said(sheet, FactKind.STATE) == ["oven and freezer safe"]


def test_a_verb_after_a_part_is_no_part() -> None:
    sheet = _sheet("Cassia Flask", "A screw lid with a steel ring locks to a belt, and the wide mouth takes ice.")
    assert _said(sheet, FactKind.FEATURE) == ["a steel ring", "a wide mouth"]


def test_the_rooms_that_stay_quiet_are_no_parts() -> None:
    sheet = _sheet(
        "Cassia Clock", "Clock with a rim of solid oak and a soft tick, so the hall and the study stay quiet."
    )
    assert _said(sheet, FactKind.FEATURE) == ["a rim of solid oak", "a soft tick"]


def test_pairs_of_label_and_value_read_like_english_and_weights_are_left_out() -> None:
    details = {
        "Weight": "220 g", "Height": "46 cm", "Capacity": "350 ml", "Pages": "192", "Burn time": "45 hours",
        "Scent": "Cedarwood and orange peel",
    }  # fmt: skip
    sheet = _sheet("Cassia Thing", details=details)
    assert _said(sheet, FactKind.MEASURE) == ["46 cm tall", "350 ml", "192 pages"]
    assert _said(sheet, FactKind.FEATURE) == ["a 45-hour burn time", "a cedarwood and orange peel scent"]


def test_a_size_that_the_name_holds_is_not_said_again() -> None:
    lines = [one.text for one in fill_section("headline", _sheet("Cassia 45L Backpack"), np.random.default_rng(1))]
    assert "Nordly Backpack: 45L" in lines
    assert not any(line.count("45L") > 1 for line in lines)


def test_units_keep_their_letters_in_headlines() -> None:
    assert title_case("mug: 350 ml, 220 g and 46 cm tall") == "Mug: 350 ml, 220 g and 46 cm Tall"


def test_natural_and_the_colour_of_a_name_are_no_colours_of_the_product() -> None:
    assert _said(_sheet("Cassia Lamp", color="Natural"), FactKind.COLOUR) == []
    assert _said(_sheet("Amber Evening Candle", color="Amber"), FactKind.COLOUR) == []
    assert _said(_sheet("Cassia Lamp", color="Forest Green"), FactKind.COLOUR) == ["forest green"]


def test_a_column_of_materials_reads_as_a_list_and_keeps_to_what_the_title_names() -> None:
    assert _said(_sheet("Cassia Lamp", material="Oak, brass, linen"), FactKind.MATERIAL) == ["oak, brass and linen"]
    assert _said(_sheet("Cassia Soy Candle", material="Soy wax, glass"), FactKind.MATERIAL) == ["soy wax"]


def test_how_a_product_is_made_what_it_smells_of_and_what_it_does_are_facts() -> None:
    sheet = _sheet(
        "Cassia Candle",
        "Wax candle with notes of cedar, orange peel and moss, hand-poured into a jar. The cotton wick burns clean.",
        highlights=["Burns for 45 hours"],
    )
    assert "hand-poured" in _said(sheet, FactKind.QUALITY)
    assert _said(sheet, FactKind.FEATURE) == ["notes of cedar, orange peel and moss", "a cotton wick"]
    assert _said(sheet, FactKind.DOES) == ["burns for 45 hours"]


def test_a_must_have_for_riders_was_not_made_for_them() -> None:
    (needed,) = _sheet("Cassia Tent", "It is an essential for riders of all levels.").of(FactKind.AUDIENCE)
    (made,) = _sheet("Cassia Tent", "It is made for riders of all levels.").of(FactKind.AUDIENCE)
    assert (needed.link, made.link) == ("", "made")


def _line(text: str, *facts: Fact, telling: float = 0.0) -> Scored:
    return Scored(Candidate(text, text, (), facts), Source.TEMPLATE, length=len(text) / 99, telling=telling)


def _chosen(*pool: Scored, wanted: int = 4) -> list[str]:
    found: list[Chosen] = choose(pool, wanted=wanted)
    return [one.scored.candidate.text for one in found]


def test_one_line_of_a_field_names_the_offer() -> None:
    offer = Fact(FactKind.OFFER, "Free returns", "brief.offer", (0, 0))
    lines = [
        _line("Free returns: see the Cassia Lamp.", offer),
        _line("Meet the Cassia Lamp today. Free returns.", offer),
    ]
    assert len(_chosen(*lines)) == 1


def test_a_line_that_only_adds_to_another_waits_until_there_is_nothing_else() -> None:
    lid, rim, foot = (Fact(FactKind.FEATURE, text, "description", (0, 0)) for text in ("lid", "rim", "foot"))
    longer = _line("The Cassia Lamp has a lid made by hand and a rim.", lid, rim)
    lines = [longer, _line("Glazed in Oslo by two potters, every one.", lid), _line("Its foot stands.", foot)]
    assert _chosen(*lines)[:2] == [longer.candidate.text, "Its foot stands."]


def test_a_name_alone_ranks_below_a_fact() -> None:
    lid = Fact(FactKind.FEATURE, "lid", "description", (0, 0))
    lines = [_line("Finely made table lamp by Nordly of Oslo."), _line("Lamp with a lid.", lid, telling=1.0)]
    assert _chosen(*lines)[0] == "Lamp with a lid."


def test_no_text_says_only_to_choose_where_facts_are_known() -> None:
    product = Product(
        id="X",
        title="Cassia Table Lamp",
        brand="Nordly",
        description="Table lamp with a solid oak foot, a brushed brass stem and a tapered linen shade.",
        price=Money(amount="99", currency="EUR"),
    )
    for seed in range(6):
        request = copy_request(product, seed=seed, channel="meta_feed", brief=Brief(offer=Offer(text="Free returns")))
        (outcome,) = TEMPLATE.generate([request], step=no_drop)
        texts = texts_of(outcome, "primary_text")
        assert len(texts) >= 3
        assert all("foot" in text or "stem" in text or "shade" in text or "Free" in text for text in texts)
        assert sum("Free returns" in text for text in texts) <= 1


def test_a_long_name_leaves_a_short_field_its_texts() -> None:
    sheet = _sheet(
        "Meridian Journey Climbing Shoes",
        "The Meridian Journey Climbing Shoes from Nordly in sleek black are the perfect companion for any climbing "
        "enthusiast. With an aggressive down-turned toe, sticky rubber outsole, and reinforced heel cup for added "
        "support, these shoes grip.",
    )
    found = [compose(sheet, np.random.default_rng(seed), shortest=40, longest=72, wanted=12) for seed in range(5)]
    assert min(len(texts) for texts in found) >= 3
