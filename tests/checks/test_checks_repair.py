"""Repairs: what is proposed runs, says nothing new, and is never cut in the middle of anything."""

import re
import unicodedata
from itertools import accumulate

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from adloom.channels import TextField, fits, load_channel
from adloom.checks import Finding, Severity, check_text
from adloom.checks.repair import repair
from adloom.core.brief import Brief

GOOGLE = load_channel("google_rsa")
HEADLINE, DESCRIPTION = GOOGLE.texts[:2]


def judge(text: str, field: TextField) -> list[Finding]:
    return check_text(text, field=field, channel=GOOGLE, brand=None, brief=Brief())


def mended(text: str, field: TextField = HEADLINE) -> str | None:
    return repair(text, lambda each: judge(each, field), field)


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("Warm Boots for Winter!", "Warm Boots for Winter"),
        ("Warm Boots for Winter！", "Warm Boots for Winter"),
        ("Warm Boots, Dry Feet!!!", "Warm Boots, Dry Feet"),
        ("WARM Boots for Winter", "Warm Boots for Winter"),
        ("boots that stay WARM", "boots that stay warm"),
        ("Warm Boots 🔥 for Winter", "Warm Boots for Winter"),
        ("🔥 Warm Boots", "Warm Boots"),
        ("Warm  Boots", "Warm Boots"),
        (" Warm Boots ", "Warm Boots"),
        ("*Warm* Boots", "Warm Boots"),
        ("Warm Boots\nfor Winter", "Warm Boots for Winter"),
        ("Warm Boots, Dry and Light, All Winter", "Warm Boots, Dry and Light"),
        ("WARM Boots!! 🔥 Dry, Light, for All of Winter", "Warm Boots"),
    ],
)
def test_a_headline_is_mended(written: str, proposed: str) -> None:
    assert mended(written) == proposed


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("Warm in winter! Dry in spring! Light all year.", "Warm in winter! Dry in spring. Light all year."),
        ("Warm in winter... Dry in spring.", "Warm in winter. Dry in spring."),
        ("Warm in winter…", "Warm in winter"),
        (
            "Warm in winter and dry in spring. Full-grain leather that carries a long day, and then one more.",
            "Warm in winter and dry in spring.",
        ),
        ("登山鞋上新，精选真皮鞋面。" * 8 + "立即选购。", "登山鞋上新，精选真皮鞋面。" * 3),
    ],
)
def test_a_description_is_mended(written: str, proposed: str) -> None:
    assert mended(written, DESCRIPTION) == proposed


@pytest.mark.parametrize(
    "text",
    [
        "Warm Boots for Winter",  # nothing to mend
        "Warm Boots for a Very Long Winter",  # too long, and nowhere to end
        "Boots, for Very Long Winters in Town",  # one word would be left
        "Warm f1owers",  # who knows what was meant
        "Vitamins A B C D for you",  # a list
        "Warm boots at half the price, only on Fridays",  # what goes is a condition
        "Warm Boots, Light Boots, 20% Off",
        "Warm Boots! " * 60,  # no text to mend
        "!",
        "",
    ],
)
def test_what_a_person_has_to_write_is_left_to_one(text: str) -> None:
    assert mended(text) is None


@pytest.mark.parametrize("sign", ["\u0301", "\u0e33", "\U000e0067"])
def test_a_sentence_whose_mark_carries_another_sign_is_no_end(sign: str) -> None:
    sentence = "登山鞋上新，精选真皮鞋面。"
    written = f"{sentence * 3}{sign}{sentence * 6}"
    proposed = mended(written, DESCRIPTION)
    assert proposed is not None
    assert written.startswith(proposed)
    assert len(proposed) in ends_of_characters(written)


def test_what_needs_evidence_is_not_talked_away() -> None:
    claim = Finding("claim", Severity.EVIDENCE, "Prove it.", (0, 4))
    assert repair("Best Boots!", lambda text: [claim], HEADLINE) is None


SCRIPTS = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            " .,!?!…;:，。！、*~🔥👨‍👩‍👧é\u0301\u0915\u094d\u0937\u093f\u1100\u1161\u0627\u0644\u0e01\u0e33🏽\uff9e\n"
        ),
        st.characters(codec="utf-8"),
        st.sampled_from("abcdefgh ABCDEFGH "),
    ),
    max_size=120,
)


@given(SCRIPTS, st.sampled_from([HEADLINE, DESCRIPTION]))
def test_what_is_proposed_can_run_and_ends_whole(text: str, field: TextField) -> None:
    proposed = mended(text, field)
    if proposed is None:
        return
    assert all(one.severity == Severity.WARNING for one in judge(proposed, field))
    assert fits(proposed, field)
    words = set(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))
    glued = "".join(words)
    assert all(word in glued or word in re.sub(r"\W", "", text.casefold()) for word in words_of(proposed))
    if text.startswith(proposed):  # it was shortened, between characters as readers see them, and between words
        assert len(proposed) in ends_of_characters(text)
        assert not regex.match(r".*\w$", proposed, regex.DOTALL) or not regex.match(r"\w", text[len(proposed) :])


def ends_of_characters(text: str) -> set[int]:
    """Where a character ends, as readers see them."""
    return set(accumulate(map(len, regex.findall(r"\X", text))))


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))
