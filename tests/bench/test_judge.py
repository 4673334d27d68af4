"""The bench's judge refuses what a careful person would refuse of a text, says why, and lets honest lines run."""

import pytest

from adloom.core.brief import Brief, Claim, Offer
from adloom.core.products import Money, Product
from bench.judge import Fault, Judge, Line, Part, google_width, microsoft_width
from bench.judge_row import Row, read_row
from tests.test_architecture import imports, is_in

LANTERN = Product(
    id="L1",
    title="Camp 2 Trail Lantern",
    brand="Oakhollow",
    description=(
        "This lantern by Oakhollow has a folding steel handle and three light levels. The amber shade is removable. "
        "Burns for 40 hours at -10 °C and never flickers. It is not only bright but also BPA-free. "
        "No charger included."
    ),
    price=Money(amount="39.50", currency="USD"),
)
ROW = read_row(LANTERN, Brief(), None)


def _faults(text: str, field: str = "description", row: Row = ROW) -> list[Fault]:
    return Judge("google_rsa").faults(Line("L1", field, text, row))


def _parts(text: str, field: str = "description") -> set[Part]:
    return {fault.part for fault in _faults(text, field)}


@pytest.mark.parametrize("module", ["bench.judge", "bench.judge_order", "bench.judge_row", "bench.judge_words"])
def test_the_judge_shares_nothing_with_whom_it_judges(module: str) -> None:
    ours = [name for name in imports(module) if name.partition(".")[0] in ("adloom", "generators")]
    assert all(is_in(name, "adloom.core") for name in ours)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Camp 2 Trail Lantern", "headline"),
        ("Oakhollow Trail Lantern", "headline"),
        ("Folding Steel Handle", "headline"),
        ("Removable Amber Shade", "headline"),
        ("Trail Lantern for $39.50", "headline"),
        ("Never Flickers, BPA-Free", "headline"),
        ("Burns for 40 Hours at -10 °C", "headline"),
        ("The Camp 2 Trail Lantern has a folding handle and three light levels.", "description"),
        ("Bright and BPA-free: the Trail Lantern by Oakhollow burns for 40 hours.", "description"),
    ],
)
def test_an_honest_line_runs(text: str, field: str) -> None:
    assert _faults(text, field) == []


@pytest.mark.parametrize(
    ("text", "field", "part"),
    [
        ("The Camp 2 Trail Lantern by Oakhollow", "headline", Part.LIMITS),
        (" ", "headline", Part.LIMITS),
        ("Trail Lantern", "subtitle", Part.LIMITS),
        ("Trail Lantern!", "headline", Part.RULES),
        ("A bright lantern! It burns for 40 hours!", "description", Part.RULES),
        ("Bright, folding!? Lantern", "description", Part.RULES),
        ("BRIGHT Trail Lantern", "headline", Part.RULES),
        ("Trail Lantern 🔦", "headline", Part.RULES),
        ("Trail Lantern ★", "headline", Part.RULES),
        ("L.A.N.T.E.R.N", "headline", Part.RULES),
        ("Lantern ~ Oakhollow", "headline", Part.RULES),
        ("Trail  Lantern", "headline", Part.RULES),
        ("Call 212 555 0134", "headline", Part.RULES),
        ("oakhollow.com", "headline", Part.RULES),
        ("Trail (Lantern", "headline", Part.RULES),
        ("Glass Trail Lantern", "headline", Part.GROUNDED),
        ("The Best Trail Lantern", "headline", Part.GROUNDED),
        ("Coleman Trail Lantern", "headline", Part.GROUNDED),
        ("Laterne mit Griff", "headline", Part.GROUNDED),
        ("Burns for 60 Hours", "headline", Part.GROUNDED),
        ("40 Light Levels", "headline", Part.GROUNDED),
        ("Four Light Levels", "headline", Part.GROUNDED),
        ("Burns at 10 °C", "headline", Part.GROUNDED),
        ("Trail Lantern for $29.50", "headline", Part.GROUNDED),
        ("Trail Lantern for €39.50", "headline", Part.GROUNDED),
        ("Trail Lantern, 40% Off", "headline", Part.GROUNDED),
        ("Charger Included", "headline", Part.GROUNDED),
        ("A Lantern That Flickers", "headline", Part.GROUNDED),
        ("Lantern with BPA", "headline", Part.GROUNDED),
        ("Free Trail Lantern", "headline", Part.GROUNDED),
        ("A Handle Without Steel", "headline", Part.GROUNDED),
        ("The Shade Is Not Removable", "headline", Part.GROUNDED),
        ("Steel-Bright Lantern", "headline", Part.GROUNDED),
        ("A bright lantern with a", "description", Part.READABLE),
        ("A bright lantern and", "description", Part.READABLE),
        ("The lantern has three light levels,", "description", Part.READABLE),
        ("This lantern has a folding.", "description", Part.READABLE),
        ("And a bright lantern", "description", Part.READABLE),
        ("Steel Shade", "headline", Part.READABLE),
        ("Lantern Bright Trail", "headline", Part.READABLE),
        ("Handle a with Steel", "headline", Part.READABLE),
        ("Lantern with for the Trail", "headline", Part.READABLE),
        ("A amber shade", "headline", Part.READABLE),
        ("An bright lantern", "headline", Part.READABLE),
        ("A removable shades for hours", "headline", Part.READABLE),
        ("The Camp 2 Trail Lantern have a steel handle.", "description", Part.READABLE),
        ("The Camp 2 Trail Lantern by Oakhollow burn for 40 hours.", "description", Part.READABLE),
        ("The lantern with a folding steel handle.", "description", Part.READABLE),
        ("Lantern Lantern", "headline", Part.READABLE),
        ("The shade is is removable.", "description", Part.READABLE),
        ("Steel Handle, Folding Handle", "headline", Part.READABLE),
    ],
)
def test_a_fault_is_found_where_it_is(text: str, field: str, part: Part) -> None:
    assert part in _parts(text, field)


def test_a_fault_says_why() -> None:
    assert [fault.why for fault in _faults("Glass and amber shade", "headline")] == ["'Glass' is not in the row"]


def test_a_well_known_makers_name_is_called_so_though_the_row_has_its_words() -> None:
    trek = read_row(Product(id="T", title="North Trek Tent", description="Black with a diamond logo."), Brief(), None)
    assert [fault.why for fault in _faults("Black Diamond", row=trek)] == ["brand 'black diamond'", "Black Diamond"]
    assert _faults("North Trek Tent", row=trek) == []


def test_what_the_brief_allows_may_be_said() -> None:
    claim = Claim(text="tested by Outdoor Weekly", evidence="the issue of May")
    row = read_row(LANTERN, Brief(offer=Offer(text="15% off"), allowed_claims=(claim,)), None)
    assert _faults("15% off, tested by Outdoor Weekly", row=row) == []
    assert _parts("15% off, tested by Outdoor Weekly") == {Part.GROUNDED, Part.READABLE}


def test_what_is_not_included_is_denied_where_something_else_is_included() -> None:
    said = "Bulbs are not included. A strap is included."
    row = read_row(Product(id="L", title="Lantern", description=said), Brief(), None)
    assert _faults("Strap included", row=row) == []
    assert [fault.why for fault in _faults("Bulbs included", row=row)] == ["affirms 'bulb'"]


def test_what_a_column_says_may_stand_before_its_label() -> None:
    row = read_row(Product(id="C", title="Fenn Candle", details={"Scent": "Orange peel"}), Brief(), None)
    assert _faults("Orange peel scent", row=row) == []
    assert [fault.why for fault in _faults("Peel orange", row=row)] == ["Peel orange"]


def test_the_size_at_the_end_of_a_title_is_not_its_noun() -> None:
    row = read_row(Product(id="B", title="Brook Bottles 750 ml", description="Wide mouths. Green."), Brief(), None)
    assert _faults("Green bottles", row=row) == []
    assert [fault.why for fault in _faults("The Brook Bottles has wide mouths.", row=row)] == ["Bottles has"]


def test_boots_have_and_a_harness_has() -> None:
    boots = read_row(Product(id="B", title="Trail Boots", description="They have hooks."), Brief(), None)
    harness = read_row(Product(id="H", title="Trail Harness", description="It has hooks."), Brief(), None)
    assert _faults("The Trail Boots have hooks.", row=boots) == []
    assert _faults("The Trail Harness has hooks.", row=harness) == []
    assert [fault.part for fault in _faults("The Trail Boots has hooks.", row=boots)] == [Part.READABLE]
    assert [fault.part for fault in _faults("The Trail Harness have hooks.", row=harness)] == [Part.READABLE]


def test_a_line_is_said_once_of_a_product_and_of_three_products_at_most() -> None:
    lines = [Line(product, "headline", "Bright Trail Lantern", ROW) for product in "ABC"]
    again = Line("A", "headline", "bright trail lantern.", ROW)
    judge = Judge("google_rsa")

    assert judge.faults_of_all(lines) == [[], [], []]
    parts = [[fault.part for fault in one] for one in judge.faults_of_all([*lines, again])]
    assert parts == [[], [], [], [Part.DISTINCT]]
    assert all(judge.faults_of_all([*lines, Line("D", "headline", "Bright Trail Lantern", ROW)]))


@pytest.mark.parametrize(
    ("text", "google", "microsoft"),
    [
        ("Trail boots", 11, 11),
        ("限时优惠", 8, 8),
        ("ｶﾞ", 2, 2),
        ("10 € …", 6, 6),
        ("👍", 4, 2),
        ("हिन्दी", 5, 6),
    ],
)
def test_width_is_counted_as_the_platforms_count_it(text: str, google: int, microsoft: int) -> None:
    assert (google_width(text), microsoft_width(text)) == (google, microsoft)


def test_the_judge_says_which_channels_it_knows() -> None:
    with pytest.raises(ValueError, match=r"google_rsa.*not of sms"):
        Judge("sms")
