"""Audiences: each gets lines of its own, without items knowing each other."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from adloom.checks.grounding import check_grounding
from adloom.core.brief import Audience, Brief
from adloom.core.drafts import Source
from adloom.core.products import Product
from adloom.feeds import read_feed
from generators.copy.audiences import BORROWED, Readers, may_borrow
from generators.copy.facts import Fact, FactKind
from generators.copy.finish import finish_all
from generators.copy.frames import Candidate
from generators.copy.lm import CopyLM
from generators.copy.plan import plan_request
from generators.copy.prompts import describe
from generators.copy.score import Scored
from generators.copy.template import CopyTemplate
from generators.registry import GeneratorSettings
from tests.generators.copy_requests import BARE, PADDLE, copy_request, made, no_drop, texts_of

TEMPLATE = CopyTemplate(GeneratorSettings())
GIVERS = Audience(name="gift givers", values=("gift", "handmade", "natural"))
COMMUTERS = Audience(name="commuters", values=("light", "lid", "steel"))
HOSTS = Audience(name="hosts")
AUDIENCES = (GIVERS, COMMUTERS, HOSTS)
LAMP = Product(id="P3", title="Cassia Lamp", brand="Nordly", color="Red")
FEED = Path(__file__).parents[2] / "examples" / "feed.tsv"


def brief_for(audience: Audience, audiences: tuple[Audience, ...] = AUDIENCES) -> Brief:
    return Brief(audience=audience.name, audiences=audiences)


def lines(product: Product, brief: Brief, *, channel: str = "google_rsa") -> set[tuple[str, str]]:
    """The (field, text) pairs of one item, but for buttons, which say the same to all."""
    (outcome,) = TEMPLATE.generate([copy_request(product, brief=brief, channel=channel)], step=no_drop)
    return {(one.field, one.text) for one in made(outcome).drafts if one.field != "creative_cta"}


def rows() -> Iterator[Product]:
    yield from read_feed(FEED.read_bytes(), name=FEED.name).products
    yield from (PADDLE, BARE, LAMP)


@pytest.mark.parametrize("product", [*rows()], ids=lambda product: product.id)
@pytest.mark.parametrize(
    ("channel", "audiences"),
    [("google_rsa", AUDIENCES), ("meta_feed", AUDIENCES[:2]), ("google_rsa", (HOSTS, Audience(name="Jäger")))],
)
def test_two_audiences_share_at_most_three_lines_in_ten(
    product: Product, channel: str, audiences: tuple[Audience, ...]
) -> None:
    said = [lines(product, brief_for(one, audiences), channel=channel) for one in audiences]
    for one, other in combinations(said, 2):
        assert len(one & other) <= BORROWED * min(len(one), len(other))


@pytest.mark.parametrize("product", [PADDLE, BARE, LAMP], ids=lambda product: product.id)
@pytest.mark.parametrize("channel", ["google_rsa", "meta_feed", "google_pmax"])
def test_an_item_borrows_no_more_although_it_knows_no_other(product: Product, channel: str) -> None:
    for audience in AUDIENCES:
        brief = brief_for(audience)
        readers = Readers(brief, "en", (product.title, product.brand))
        said = [text for _, text in lines(product, brief, channel=channel)]
        assert all(readers.owns(text) or readers.may_lend(text) for text in said)
        assert sum(map(readers.may_lend, said)) <= BORROWED * len(said)


def test_short_fields_borrow_together_what_one_item_may() -> None:
    plan = plan_request(copy_request(brief=brief_for(HOSTS), channel="google_pmax"))
    texts = [f"Amber{n} brook{n} cedar{n}" for n in range(200)]
    own = [text for text in texts if plan.readers.owns(text)][:7]
    common = [text for text in texts if plan.readers.may_lend(text)]
    first, *others = [field.field.name for field in plan.fields if field.section != "button"]
    said = {first: own} | {name: common[9 * n : 9 * n + 9] for n, name in enumerate(others)}
    pools = {name: [_line(text) for text in texts] for name, texts in said.items()}
    drafts = finish_all(plan, pools)
    assert [draft.text for draft in drafts if draft.text in common] == common[:3]
    assert len(drafts) == 10


def _line(text: str) -> Scored:
    return Scored(Candidate(text, "feature", (), (Fact(FactKind.FEATURE, text, "description", (0, 0)),)), Source.FREE)


def test_the_networks_lines_are_shared_no_more(tiny_weights: Path, tmp_path: Path) -> None:
    writer = CopyLM(GeneratorSettings(cache=tmp_path, threads=1))
    writer.load(str(tiny_weights), "cpu")
    requests = [copy_request(number=n, brief=brief_for(one)) for n, one in enumerate(AUDIENCES)]
    outcomes = [made(outcome) for outcome in writer.generate(requests, step=no_drop)]
    said = [{(one.field, one.text) for one in outcome.drafts} for outcome in outcomes]
    assert min(map(len, said)) > 3
    for one, other in combinations(said, 2):
        assert len(one & other) <= BORROWED * min(len(one), len(other))


def test_a_rich_row_has_an_ad_for_each_of_three_audiences() -> None:
    for one in AUDIENCES:
        said = [field for field, _ in lines(PADDLE, brief_for(one))]
        assert said.count("headline") >= 3
        assert said.count("description") >= 2


def test_an_audience_gets_the_lines_that_answer_it() -> None:
    racers, campers = Audience(name="racers", values=("carbon fiber",)), Audience(name="campers", values=("recycled",))
    for_racers, for_campers = (lines(PADDLE, brief_for(one, (racers, campers))) for one in (racers, campers))
    carbon = [text for _, text in for_racers | for_campers if "carbon" in text.lower() and "recycled" not in text]
    assert carbon
    assert {text for _, text in for_racers} >= set(carbon)
    assert not any("recycled" in text for _, text in for_racers if "carbon" not in text)


def test_lines_that_answer_the_audience_come_first() -> None:
    (outcome,) = TEMPLATE.generate([copy_request(brief=Brief(audience="People who like yellow"))], step=no_drop)
    assert "yellow" in texts_of(outcome, "headline")[0].lower()


def test_an_audiences_name_may_be_said_and_its_wishes_may_not() -> None:
    racers, hosts = Audience(name="racers", values=("waterproof",)), Audience(name="hosts")

    def is_true(text: str, brief: Brief) -> bool:
        return check_grounding(text, product=PADDLE, brief=brief, brand=None) == []

    brief = brief_for(racers, (racers, hosts))
    assert is_true("Paddle for Racers", brief)
    assert is_true("Paddle for Racers", Brief(audiences=(racers, hosts)))  # not split yet
    assert not is_true("Paddle for Racers", brief_for(hosts, (racers, hosts)))
    assert not is_true("Paddle for Racers", Brief(audience="racers"))
    assert not is_true("Waterproof Paddle", brief)
    assert any("for racers" in text.lower() for _, text in lines(PADDLE, brief))


@pytest.mark.parametrize("name", ["Business", "25 to 34", "Jane, 34, of Leeds"])
def test_a_name_that_for_cannot_precede_is_not_put_into_frames(name: str) -> None:
    said = lines(PADDLE, brief_for(Audience(name=name), (Audience(name=name),)))
    assert said
    assert not any(name.lower() in text.lower() for _, text in said)


def test_an_item_says_the_same_whatever_is_made_beside_it() -> None:
    mine = copy_request(number=3, brief=brief_for(GIVERS))
    others = [copy_request(number=n, brief=brief_for(HOSTS)) for n in (1, 5)]
    (alone,) = TEMPLATE.generate([mine], step=no_drop)
    among = {o.request: o for o in TEMPLATE.generate([others[0], mine, others[1]], step=no_drop)}
    assert among[mine.id] == alone


OWNERS = [Readers(brief_for(one), "en", ("Cassia Lamp", "Nordly")) for one in AUDIENCES]


@pytest.mark.parametrize("text", [f"Lamp number {n} of many" for n in range(40)])
def test_a_line_is_one_audiences_or_nobodys(text: str) -> None:
    assert sum(each.owns(text) for each in OWNERS) + OWNERS[0].may_lend(text) == 1
    assert len({each.may_lend(text) for each in OWNERS}) == 1
    assert [each.owns(text.upper() + ".") for each in OWNERS] == [each.owns(text) for each in OWNERS]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("A Steel Lid", [False, True, False]),
        ("Handmade Gifts", [True, False, False]),
        ("For hosts", [False, False, True]),
    ],
)
def test_a_line_belongs_to_whom_its_words_answer(text: str, own: list[bool]) -> None:
    assert [each.owns(text) for each in OWNERS] == own
    assert [each.answered(text) > 0 for each in OWNERS] == own


def test_the_words_of_a_products_name_answer_nobody() -> None:
    lamps = Readers(brief_for(Audience(name="lamp lovers"), (Audience(name="lamp lovers"),)), "en", ("Cassia Lamp",))
    assert lamps.answered("Cassia Lamps for All") == 0
    assert lamps.answered("What Lovers Want") > 0


def test_han_answers_by_two_characters() -> None:
    hikers, drivers = Audience(name="徒步爱好者"), Audience(name="自驾族")
    readers = [Readers(brief_for(one, (hikers, drivers)), "zh-Hans", ()) for one in (hikers, drivers)]
    assert [each.owns("轻便徒步鞋") for each in readers] == [True, False]


@pytest.mark.parametrize(("own", "borrowed"), [(0, 0), (2, 0), (3, 1), (6, 2), (7, 3), (14, 6)])
def test_what_is_borrowed_is_at_most_three_in_ten_of_the_whole(own: int, borrowed: int) -> None:
    assert may_borrow(own) == borrowed
    assert borrowed <= BORROWED * (own + borrowed)
    assert borrowed + 1 > BORROWED * (own + borrowed + 1)


def test_the_prompt_names_the_audience() -> None:
    assert describe(PADDLE, "trail runners").endswith(" For trail runners.\n")
    assert describe(PADDLE).endswith(" Available in bright yellow.\n")
    assert len(describe(PADDLE, "runners and " * 50)) < len(describe(PADDLE)) + 150


def test_a_free_line_of_another_audience_is_not_ours() -> None:
    plan = plan_request(copy_request(brief=brief_for(HOSTS)))
    assert plan.is_new("Paddle for hosts", plan.fields[0])
    assert not plan.is_new("Paddle for commuters", plan.fields[0])
