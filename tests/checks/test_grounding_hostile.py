"""No text, row or language makes grounding fail, or costs more than its length is worth."""

import time
import tracemalloc
from collections.abc import Callable

import pytest

from adloom.checks.findings import Finding
from adloom.checks.grounding import check_grounding
from adloom.checks.lexicon import load_lexicon
from adloom.checks.wording import find_wording
from adloom.core.brief import Brief
from adloom.core.products import Product

LENGTH = 10_000  #: characters of a long text or row
MEBIBYTE = 1 << 20


def _found(language: str, text: str, row: str, title: str = "Schuh") -> list[Finding]:
    product = Product(id="p", title=title, language=language, details={"a": row})
    return check_grounding(text, product=product, brief=Brief(), brand=None, language=language)


def _peak_bytes(deed: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        deed()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_long_word_of_the_row_costs_no_more_memory_than_a_long_text() -> None:
    _found("de", "Schuh", "a")  # what is loaded once
    assert _peak_bytes(lambda: _found("de", "Schuh", "a" * 14_000)) < 2 * MEBIBYTE


@pytest.mark.parametrize(
    ("language", "part"),
    [
        ("en", "zyx wer. "),
        ("en", "no zyx, "),
        ("en", "Zyx, "),
        ("en", "Zyx b "),
        ("en", "7 zyx "),
        ("en", "7 cm "),
        ("de", "zyx wer "),
        ("de", "kein Zyx, "),
        ("fr", "1 234 "),
        ("zh", "7 zyx "),
        ("zh", "防水。"),
        ("zh", "未来"),
        ("zh", "一个口袋，"),
    ],
)
def test_the_time_grows_with_the_length(language: str, part: str) -> None:
    short, long = (part * (length // len(part)) for length in (LENGTH // 4, LENGTH))
    for text, row in ((True, False), (False, True), (True, True)):
        little, much = (_spent(language, one if text else "Schuh", one if row else "Schuh") for one in (short, long))
        assert much < 10 * little + 0.1  # four times the text: a square would take sixteen times as long


def _spent(language: str, text: str, row: str) -> float:
    """The better of two tries, in seconds of processor time: others use this machine, too."""
    tries = []
    for _ in range(2):
        start = time.process_time()
        _found(language, text, row)
        tries.append(time.process_time() - start)
    return min(tries)


def test_every_number_beside_as_many_facts_is_quick() -> None:
    little, much = (_spent("en", "7 cm " * (n // 5), "7 kg " * (n // 5)) for n in (LENGTH // 4, LENGTH))
    assert much < 10 * little + 0.1


@pytest.mark.parametrize("numeral", ["万" * 1100, "一" * 5000, "百分之" + "九" * 5000, "Weight 1." + "1" * 5000 + ".1"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_number_may_have_any_length(language: str, numeral: str) -> None:
    assert not [one for one in _found(language, numeral, numeral) if one.rule == "ungrounded_number"]
    _found(language, "Schuh", numeral)
    _found(language, numeral, "Schuh")


def test_a_word_of_a_thousand_letters_is_no_compound() -> None:
    assert [one.rule for one in _found("de", "Schuh" * 300, "Schuh")] == ["ungrounded_word"]
    assert _found("de", "Schuhschuh", "Schuh") == []


@pytest.mark.parametrize("language", ["a" * 300, "../lexicon.en", "\0", ""])
def test_no_language_names_a_file(language: str) -> None:
    assert load_lexicon(language) is None


def test_a_lexicon_is_read_once_for_all_regions() -> None:
    assert load_lexicon("de-AT") is load_lexicon("DE-ch") is load_lexicon("de")


def test_made_up_languages_leave_nothing_in_memory() -> None:
    def ask() -> None:
        for n in range(200):
            load_lexicon(f"x{n:02000}")
            assert [*find_wording(["claims"], "x", f"x{n:02000}")] == []

    load_lexicon("x")
    [*find_wording(["claims"], "x", "x")]
    assert _peak_bytes(ask) < MEBIBYTE // 4
