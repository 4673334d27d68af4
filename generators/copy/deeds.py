"""Finds what the product lets one do, stands up to and is made for: verb phrases and uses, in the row's own words."""

import re
from collections.abc import Iterator

from adloom.core.products import Product
from generators.copy.facts import Fact, FactKind, Names
from generators.copy.phrases import Token, clauses
from generators.copy.words import is_plural, load_words

_LINKS = ("with", "in", "using", "on")
_GERUND = re.compile(r"^keeping$|^keeps$")
_UNSAYABLE = {
    "it", "its", "them", "they", "their", "this", "these", "which", "never", "not", "no", "without", "ever", "before",
    "pro", "like", "ultimate", "perfect", "best", "maximum", "optimal", "utmost", "greatest", "worrying", "if",
    "everything",
}  # fmt: skip
_PERFECT = {
    "perfect",
    "ideal",
    "great",
    "suitable",
    "companion",
    "must-have",
    "essential",
    "made",
    "designed",
    "built",
    "best",
    "option",
}


def read_deeds(tokens: list[Token], text: str, source: str, *, product: Product, names: Names) -> Iterator[Fact]:
    """The benefits, endurances and uses that one sentence states."""
    yield from _opening(tokens, text, source, product, names)
    for at, token in enumerate(tokens):
        lead = [t.low for t in tokens[max(0, at - 4) : at]]
        found = _deed(token.low, lead)
        if found == FactKind.BUILT:
            yield from _built(tokens, at + 1, text, source)
        elif found == FactKind.USE:
            yield from _use(tokens, at + 1, source, made=bool({"made", "designed", "built"} & set(lead)))
        elif found == FactKind.BENEFIT:
            yield from _benefit(tokens, at if token.low.startswith("keep") else at + 1, text, source)


def _deed(low: str, lead: list[str]) -> FactKind | None:
    """What the word *low* begins, after the words *lead*."""
    before = lead[-1] if lead else ""
    if low == "to" and before in ("built", "designed", "made", "constructed"):
        return FactKind.BUILT
    if low == "for" and (before in _PERFECT or {"suitable", "perfect"} & set(lead)):
        return FactKind.USE
    offered = (
        (low == "to" and before in ("you", "to"))
        or (low in ("can", "will") and before == "you")
        or (low == "you" and before in ("help", "helps", "let", "lets"))
    )
    return FactKind.BENEFIT if offered or low in ("you'll", "keep", "keeps", "keeping") else None


def _opening(tokens: list[Token], text: str, source: str, product: Product, names: Names) -> Iterator[Fact]:
    """ "Conquer new heights with the Summit Pro Harness": the deed, and the word that leads to the product."""
    words = load_words()
    if not words.has(tokens[0].low, "base"):
        if [t.low for t in tokens[:3]] == ["get", "ready", "to"]:
            yield from _opening(tokens[3:], text, source, product, names)
        return
    title = {word.lower() for word in [*product.title.split(), *product.brand.split()]}
    for at, token in enumerate(tokens[:12]):
        if token.low in ("while", "whether", "thanks", "by") or not token.is_word:
            break
        named = [t.low for t in tokens[at + 1 : at + 3] if t.low == "the" or t.text[0].isupper()]
        if token.low in (*_LINKS, "from") and named[:1] == ["the"] and named[-1] in title - {"the"}:
            if token.low in _LINKS:
                yield from _say(tokens[:at], text, source, link=token.low)
            return
    yield from _benefit(tokens, 0, text, source)


def _benefit(tokens: list[Token], at: int, text: str, source: str) -> Iterator[Fact]:
    while at < len(tokens) and tokens[at].low in ("easily", "also", "always", "really", "confidently"):
        at += 1
    yield from _say(list(clauses(tokens, at, limit=9)), text, source)


def _say(said: list[Token], text: str, source: str, link: str = "") -> Iterator[Fact]:
    """The tokens as an imperative, if they make one."""
    words = load_words()
    lows = [token.low for token in said]
    if lows[:1] == ["keeps"] or lows[:1] == ["keeping"]:
        lows[0] = "keep"
    cut = next(
        (
            n
            for n, low in enumerate(lows)
            if n > 1 and low == "with" and lows[n + 1 : n + 2] in (["its"], ["their"], ["this"], ["these"])
        ),
        None,
    )
    lows, said = lows[:cut], said[:cut]
    if not 2 <= len(lows) <= 9 or not words.has(lows[0], "base") or _UNSAYABLE & set(lows):
        return
    if lows[-1] in words.classes["prepositions"] or lows[-1] in ("and", "your", "the", "a", "you"):
        return
    spelt = [lows[0], *(token.text for token in said[1:])]
    if lows[:2] == ["keep", "you"]:
        spelt = ["stay", *spelt[2:]]
    if "you" in [word.lower() for word in spelt] or len(spelt) < 2:
        return
    yield Fact(FactKind.BENEFIT, _slice(spelt), source, (said[0].start, said[-1].end), link=link)


def _built(tokens: list[Token], at: int, text: str, source: str) -> Iterator[Fact]:
    """ "built to withstand the toughest conditions"; "designed to keep you warm" is the owner's benefit instead."""
    said = list(clauses(tokens, at, limit=8))
    lows = [token.low for token in said]
    if lows[:2] == ["keep", "you"] or lows[:2] == ["keep", "your"] or _UNSAYABLE & set(lows) or len(lows) < 2:
        return
    if load_words().has(lows[0], "base") and "you" not in lows and "your" not in lows:
        yield Fact(FactKind.BUILT, _slice([t.text for t in said]), source, (said[0].start, said[-1].end))


def _use(tokens: list[Token], at: int, source: str, *, made: bool) -> Iterator[Fact]:
    """ "perfect for weekend getaways or short trips": what or whom it is for."""
    enders = (
        "with",
        "whether",
        "who",
        "that",
        "while",
        "even",
        "but",
        "thanks",
        "seeking",
        "looking",
        "in",
        "at",
        "due",
    )
    end = at
    while end < len(tokens) and tokens[end].low not in enders and (tokens[end].is_word or _continues(tokens, end)):
        end += 1
    said = tokens[at:end]
    while said and said[0].low in ("all", "your", "next", "the", "any", "every", "a", "an"):
        if said[0].low in ("any", "every", "a", "an", "next") or not is_plural(said[-1].low):
            break  # "for any climber" needs its determiner
        if said[0].low == "all" and said[1:2] and said[1].low not in ("your", "the"):
            break  # "all types of cycling"
        said = said[1:]
    lows = [token.low for token in said]
    if (
        not 1 <= len(lows) <= 9
        or {"you", "it", "everyone", "them", *_UNSAYABLE} & set(lows)
        or lows[0] in ("those", "anyone", "years", "use")
    ):
        return
    if load_words().has(lows[-1], "abstract", "fit") or {"needs", "precision", "comfort"} & {lows[0], lows[-1]}:
        return  # "designed for comfort": no use
    people = any(load_words().has(low, "people") for low in lows)
    kind = FactKind.AUDIENCE if people else FactKind.USE
    span = (said[0].start, said[-1].end)
    yield Fact(kind, _slice([t.text for t in said]), source, span, link="made" if made else "")


def _continues(tokens: list[Token], at: int) -> bool:
    """Whether the comma at *at* goes on with a list: "hiking, camping, and more"."""
    rest = [t.low for t in tokens[at + 1 : at + 5]]
    return (
        tokens[at].low == ","
        and ("and" in rest or "or" in rest)
        and not {"from", "this", "these", "the", "whether"} & set(rest)
    )


def _slice(words: list[str]) -> str:
    """Words as they stand, less their spaces before commas, with small first letter unless it is a name's."""
    first = words[0].lower() if words[0][1:].islower() or len(words[0]) == 1 else words[0]
    return " ".join([first, *words[1:]]).replace(" ,", ",").replace(", and ", " and ")
