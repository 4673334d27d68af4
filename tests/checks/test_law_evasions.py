"""Hiding a word from the law: what is put between its characters or instead of them, and what only looks like it."""

import time
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adloom.checks import Severity
from adloom.checks.law import check_law, spell
from tests.checks.laws import clauses, found

MARKETS = ("cn", "eu", "us")

HIDDEN = [
    ("第 一", "第 一"),
    ("第-一", "第-一"),
    ("第　一！", "第　一"),
    ("第\u200b一", "第\u200b一"),
    ("第\u2060\ufeff一", "第\u2060\ufeff一"),
    ("第\u3164一", "第\u3164一"),
    ("第…一", "第…一"),
    ("第,一", "第,一"),
    ("第.一", "第.一"),
    ("第_一", "第_一"),
    ("第#一", "第#一"),
    ("第%一", "第%一"),
    ("最·佳", "最·佳"),
    ("最🔥佳", "最🔥佳"),
    ("最❤️佳", "最❤️佳"),
    ("最~*~佳", "最~*~佳"),
    ("最/佳", "最/佳"),
    ("ＮＯ．１", "ＮＯ．１"),
    ("N O . 1", "N O . 1"),
    ("N0.1", "N0.1"),
    ("第壹", "第壹"),
    ("no:1", "no:1"),
    ("№１", "№１"),
    ("ｔｏｐ１", "ｔｏｐ１"),
    ("TOP①", "TOP①"),
    ("𝐓𝐎𝐏𝟏", "𝐓𝐎𝐏𝟏"),
    ("TOP1️⃣", "TOP1"),
    ("1 0 0 %", "1 0 0 %"),
    ("１００％", "１００％"),
    ("100-%", "100-%"),
    ("國 家-級", "國 家-級"),
    ("*最佳*", "最佳"),
    ("_TOP1_", "TOP1"),
]


@pytest.mark.parametrize(("text", "words"), HIDDEN)
def test_a_hidden_word_is_found_where_it_stands(text: str, words: str) -> None:
    assert found(f"鞋，{text}", "cn") == [("cn_absolute_claim", words)]


@pytest.mark.parametrize(
    "text", ["m i r a c l e", "MIRA\u200bCLE", "m*i*r*a*c*l*e", "ｍｉｒａｃｌｅ", "mïráclé", "mi-ra-cle"]
)
def test_a_hidden_word_is_found_in_english_too(text: str) -> None:
    assert found(f"A {text} cream", "us") == [("us_miracle_claim", text)]


@pytest.mark.parametrize(
    "text", ["品质第。一", "第！一", "第?一", "第，一", "第、一", "第. 一", "第\n一", "第\u2028一"]
)
def test_characters_of_two_clauses_do_not_join(text: str) -> None:
    assert found(text, "cn") == []


def test_a_line_that_goes_on_in_lower_case_ends_nothing() -> None:
    assert found("Clinically\nproven", "us") == [("us_health_claim", "Clinically\nproven")]
    assert found("Clinically\nProven", "us") == []


@pytest.mark.parametrize("text", ["fre\u00ade\u00addom", "free\u200bdom", "carefree", "best1ow", "x100%"])
def test_a_piece_of_a_longer_word_is_none_however_it_is_divided(text: str) -> None:
    assert found(text, "us") == found(text, "cn") == []


def test_a_word_that_is_spaced_out_does_not_hide_in_a_context() -> None:
    assert found("品质第一 步步领先", "cn") == [("cn_absolute_claim", "第一")]


@pytest.mark.parametrize(
    "piece", ["1", "1,", "free ", "lose ten ", "最好", "三天见", "-40% ", "statt 1 ", "第 ", ". ", "#", "\n", "sugar-"]
)
def test_a_long_text_is_no_burden(piece: str) -> None:
    started = time.perf_counter()
    check_law(piece * (10_000 // len(piece)), markets=MARKETS)
    assert (
        time.perf_counter() - started < 5
    )  # a second on a slow core; minutes where a pattern looks back at everything


def test_words_that_are_innocent_a_thousand_times_are_no_burden() -> None:
    started = time.perf_counter()
    assert check_law("第一步" * 20_000, markets=["cn"]) == []
    assert time.perf_counter() - started < 5  # under one second, and eleven where each word is held to each context


def terms(severity: Severity) -> Iterator[tuple[str, str]]:
    """Every term of that severity, without placeholders, with its market."""
    for market in MARKETS:
        for clause in clauses(market):
            if clause.severity is severity:
                yield from ((market, one) for term in clause.terms for one in spell(term) if "{" not in one)


@pytest.mark.parametrize("severity", [Severity.ERROR, Severity.EVIDENCE])
def test_every_term_is_found_alone(severity: Severity) -> None:
    for market, term in terms(severity):
        (finding,) = check_law(term, markets=[market])
        assert (finding.severity, finding.span) == (severity, (0, len(term)))


def wide(char: str) -> str:
    return chr(ord(char) + 0xFEE0) if "!" < char <= "~" else char


BETWEEN = st.text(st.sampled_from(" \t\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f-·*~|🔥"), max_size=3)
AROUND = st.text(st.sampled_from("，。 鞋包和 的🔥"), max_size=5)


@given(data=st.data(), before=AROUND, after=AROUND)
@settings(max_examples=300, deadline=None)
def test_nothing_between_or_instead_of_its_characters_hides_a_forbidden_word(
    data: st.DataObject, before: str, after: str
) -> None:
    market, term = data.draw(st.sampled_from([*terms(Severity.ERROR)]))
    letters = [char for char in term if char.isalnum() or char == "%"]
    first, *rest = (data.draw(st.sampled_from([char, wide(char), char.upper()])) for char in letters)
    hidden = first + "".join(data.draw(BETWEEN) + char for char in rest)
    text = f"{before} {hidden} {after}"
    start = len(before) + 1
    assert (start, start + len(hidden)) in [
        finding.span for finding in check_law(text, markets=[market]) if finding.severity is Severity.ERROR
    ]


PIECES = ["最佳", "第一", "步", "100%", "NO.1", "free", "best", "up to 50%", "statt 9"]
PIECES += ["ﬁ", "㎏", "é", "\u0301", "\u200b", "\n", "。", " ", "🔥", "頂", "級", "İ", "ß"]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3))).map("".join))
@settings(max_examples=300, deadline=None)
def test_a_span_lies_in_the_text_and_begins_and_ends_with_what_it_found(text: str) -> None:
    findings = check_law(text, markets=MARKETS)
    for finding in findings:
        start, end = finding.span
        assert 0 <= start < end <= len(text)
        for edge in (text[start], text[end - 1]):
            assert edge.isalnum() or edge in "%％#＃№" or unicodedata.normalize("NFKD", edge)[0].isalnum()
    assert findings == sorted(findings, key=lambda finding: finding.span)
