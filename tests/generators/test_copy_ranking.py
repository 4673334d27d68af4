"""What a text's score is made of, and how its shares are set."""

from pathlib import Path

import pytest

from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.drafts import Source
from adloom.core.errors import BadConfiguration
from generators.copy.frames import Candidate
from generators.copy.lm import CopyLM
from generators.copy.memory import Memory
from generators.copy.plan import plan_request
from generators.copy.rank import choose
from generators.copy.readability import readability
from generators.copy.score import Scored, score
from generators.copy.shares import SHARES, read_shares
from generators.copy.template import CopyTemplate
from generators.network import Network
from generators.registry import GeneratorSettings
from tests.generators.copy_requests import PADDLE, copy_request, made, no_drop

EASY, HARD = "Keep your feet dry all day.", "Extraordinarily sophisticated international specifications."


def _line(text: str, **parts: float) -> Scored:
    return Scored(Candidate(text, text, (), ()), Source.GUIDED, **parts)


def _first(*pool: Scored, shares: str = "") -> str:
    return choose(pool, wanted=1, shares=read_shares(shares))[0].scored.candidate.text


@pytest.mark.parametrize(
    "part", ["gain", "fluency", "relevance", "length", "keywords", "telling", "audience", "readability"]
)
def test_a_text_that_is_better_in_one_part_wins_unless_that_part_counts_nothing(part: str) -> None:
    worse, better = _line("One thing", **{part: 0.1}), _line("Other stuff", **{part: 0.9})
    assert _first(worse, better) == "Other stuff"
    assert _first(worse, better, shares=f"{part}=0") == "One thing"


@pytest.mark.parametrize("part", ["gain", "fluency", "relevance"])
def test_an_outlier_of_the_network_counts_no_more_than_the_first_place(part: str) -> None:
    assert _first(_line("One thing", **{part: 99.0}), _line("Other stuff", telling=1.0)) == "Other stuff"


def test_what_repeats_an_example_loses() -> None:
    assert _first(_line("One thing", memorisation=0.9), _line("Other stuff")) == "Other stuff"
    assert _first(_line("One thing", memorisation=0.9), _line("Other stuff"), shares="memorisation=0") == "One thing"


def test_a_text_unlike_those_before_it_goes_first_unless_repeating_is_fine() -> None:
    pool = [
        _line("Warm red boots here", length=1.0),
        _line("Warm red boots now", length=0.6),
        _line("Go", length=0.5),
    ]

    def order(shares: str) -> list[str]:
        return [one.scored.candidate.text for one in choose(pool, wanted=3, shares=read_shares(shares))]

    assert order("")[1] == "Go"
    assert order("repetition=0")[1] == "Warm red boots now"


@pytest.mark.parametrize("text", ["charm=1", "gain", "gain=", "gain=much", "gain=-1", "gain=inf", "gain=nan", "=1"])
def test_a_share_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadConfiguration, match="ADLOOM_RANKING"):
        read_shares(text)


def test_shares_that_are_not_named_stay_as_they_are() -> None:
    assert read_shares("") == SHARES
    assert read_shares(" keywords = 0.5 , gain=0,") == {**SHARES, "keywords": 0.5, "gain": 0.0}


def test_the_parts_of_a_score_travel_with_every_text_and_add_up_to_it() -> None:
    (outcome,) = CopyTemplate(GeneratorSettings()).generate([copy_request()], step=no_drop)
    for draft in made(outcome).drafts:
        assert set(draft.details["scores"]) == set(SHARES)
        assert sum(draft.details["scores"].values()) == pytest.approx(draft.score, abs=1e-3)


def test_a_process_ranks_by_its_own_shares() -> None:
    settings = GeneratorSettings(shares=read_shares("telling=0"))
    (outcome,) = CopyTemplate(settings).generate([copy_request()], step=no_drop)
    assert {draft.details["scores"]["telling"] for draft in made(outcome).drafts} == {0.0}


@pytest.mark.parametrize(
    ("language", "easy", "hard"),
    [
        ("en-GB", EASY, HARD),
        ("de", "Der Hut ist rot und warm.", "Außergewöhnliche Sicherheitsbestimmungen überzeugen Hausverwaltungen."),
        ("fr", "Ce sac est beau et bon.", "Caractéristiques internationales extraordinairement sophistiquées."),
        ("es", "El sol da luz y paz.", "Especificaciones internacionales extraordinariamente sofisticadas."),
    ],
)
def test_short_words_in_short_sentences_read_easily(language: str, easy: str, hard: str) -> None:
    assert readability(easy, language) > 0.8
    assert readability(hard, language) < 0.2


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The cat sat on the mat.", "en", 1.0),  # 206.835 - 1.015 * 6 - 84.6 * 6 / 6 = 116.1
        ("The lamp has a folding arm and a light.", "en", 1.0),
        ("Adjustable padded collar", "en", 0.0),  # 206.835 - 1.015 * 3 - 84.6 * 8 / 3 is below nothing
        ("防水登山鞋，透气轻便。", "zh-Hans", 0.0),
        ("Warme Stiefel.", "tlh", 0.0),
        ("45 × 30", "en", 0.0),
    ],
)
def test_reading_ease_is_that_of_the_formula(text: str, language: str, expected: float) -> None:
    assert readability(text, language) == pytest.approx(expected, abs=0.01)


AD = "Glide over still water with the Heron Touring Kayak Paddle"
MEMORY = Memory([AD, "轻盈透气，走得更远"], ["Heron Touring Kayak Paddle", "Fjordline"])


@pytest.mark.parametrize(
    ("text", "share", "repeats"),
    [
        (AD, 1.0, True),
        ("GLIDE OVER STILL WATER!", 1.0, True),
        ("Glide over still water by night", 4 / 6, False),
        ("Heron Touring Kayak Paddle", 0.0, False),
        ("Sturdy Heron Touring Kayak Paddle", 0.0, False),
        ("Over still seas", 0.0, False),  # two words are common speech
        ("轻盈透气走得更远", 1.0, True),
        ("", 0.0, False),
    ],
)
def test_a_text_repeats_an_example_as_far_as_it_has_its_words_in_a_row(text: str, share: float, repeats: bool) -> None:
    assert MEMORY.share(text) == pytest.approx(share)
    assert MEMORY.repeats(text) is repeats


def test_a_text_means_what_its_words_mean_whatever_their_order_and_neighbours(tiny_weights: Path) -> None:
    network = Network.read(tiny_weights, "cpu")
    lamp, palm, mug = (network.meaning(list(text.encode())) for text in ("lamp", "palm", "mug"))
    assert float(lamp @ palm) == pytest.approx(1.0)
    assert float(lamp @ mug) < 0.99


def test_the_networks_lines_carry_their_nearness_to_the_product(tiny_weights: Path, tmp_path: Path) -> None:
    writer = CopyLM(GeneratorSettings(cache=tmp_path, threads=1))
    writer.load(str(tiny_weights), "cpu")
    (outcome,) = writer.generate([copy_request()], step=no_drop)
    assert len({draft.details["scores"]["relevance"] for draft in made(outcome).drafts}) > 3


def test_a_score_counts_keywords_the_audience_and_what_was_read_before() -> None:
    brief = Brief(keywords=("carbon", "yellow"), audience="People who want carbon")
    brand = Brand(name="Fjordline", past_ads=("Feel the carbon in your hands",))
    request = copy_request(PADDLE, brief=brief, brand=brand)
    plan = plan_request(request)
    one = score(Candidate("Feel the Carbon", "free", (), ()), Source.FREE, plan, plan.fields[0], relevance=0.25)
    assert (one.keywords, one.audience, one.memorisation, one.relevance) == (0.5, 0.5, 1.0, 0.25)
