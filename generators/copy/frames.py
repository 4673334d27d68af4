"""Fills frames with facts: everything that can truly be said of one product, as finished texts."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from generators.copy.facts import Fact, FactKind, Names, Sheet
from generators.copy.wording import capitalised, title_case
from generators.copy.words import load_words

_SLOT = re.compile(r"\{(\w+)\}")
_FACT = re.compile(r"(a_|whole_|plain_|made_|)([a-z]+?)(\d?)")
_KINDS = frozenset(FactKind)
_SAYING = 4  #: so many openings that state a fact are enough to do without those that state none
_LEADS = 16  #: openings per field: their continuations share what the network reads of them
_TITLED = frozenset(["headline", "beside", "tag", "title"])  #: sections whose words have capitals
_PLENTY = 2  #: with more telling facts than this, the row's "waist belt" is not worth a line
_TRIES = 9  #: fillings tried per frame; the trie needs variety, not every permutation


@dataclass(frozen=True)
class Frame:
    """A pattern with slots, the angle it takes and the section it belongs to."""

    section: str
    angle: str
    text: str


@dataclass(frozen=True)
class Candidate:
    """A finished text that the row supports, with the facts behind it."""

    text: str
    angle: str
    frames: tuple[str, ...]
    facts: tuple[Fact, ...]


@cache
def load_frames() -> tuple[tuple[Frame, ...], Mapping[str, tuple[str, ...]]]:
    """The English frames and verbs."""
    data: dict[str, Any] = tomllib.loads(  # Any: TOML
        files("generators.copy").joinpath("data/frames.en.toml").read_text(encoding="utf-8")
    )
    verbs = {name: tuple(forms) for name, forms in data.pop("verbs").items()}
    frames = (
        Frame(section, group["angle"], text)
        for section, groups in data.items()
        for group in groups
        for text in group["texts"]
    )
    return tuple(frames), verbs


def fill_section(section: str, sheet: Sheet, random: np.random.Generator, *, tries: int = _TRIES) -> list[Candidate]:
    """Distinct fillings of every frame of *section* that *sheet* has the facts for."""
    found: dict[str, Candidate] = {}
    for frame in load_frames()[0]:
        if frame.section != section:
            continue
        for _ in range(tries):
            candidate = _fill(frame, sheet, random)
            if candidate is None:
                continue
            found.setdefault(candidate.text, candidate)
    return list(found.values())


def _fill(frame: Frame, sheet: Sheet, random: np.random.Generator) -> Candidate | None:
    """One filling of *frame*, or None when the row has not what it takes or the words repeat."""
    chosen: dict[str, Fact] = {}

    def put(match: re.Match[str]) -> str:
        slot = match[1]
        words = _words(slot.lower(), sheet, chosen, random)
        return capitalised(words) if slot[0].isupper() and words else words or "\0"

    text = _SLOT.sub(put, frame.text)
    if "\0" in text:
        return None
    text = title_case(text) if frame.section in _TITLED else _sentence_capitals(text)
    if any(fact.kind == FactKind.MEASURE and text.count(fact.text) > 1 for fact in chosen.values()):
        return None  # "Explorer 45L Backpack: 45L"
    return None if repeats(text, sheet.names) else Candidate(text, frame.angle, (frame.text,), tuple(chosen.values()))


def _words(slot: str, sheet: Sheet, chosen: dict[str, Fact], random: np.random.Generator) -> str:
    """What stands in *slot*; empty when there is nothing."""
    names = sheet.names
    if hasattr(names, slot):
        return str(getattr(names, slot))
    if slot == "link":
        return next((fact.link or "with" for fact in chosen.values() if fact.kind == FactKind.BENEFIT), "")
    verbs = load_frames()[1]
    if slot in verbs:
        form = verbs[slot][int(random.integers(len(verbs[slot])))]
        singular, _, plural = form.partition("/")
        return plural if plural and names.plural else singular
    return _fact_words(slot, sheet, chosen, random)


def _fact_words(slot: str, sheet: Sheet, chosen: dict[str, Fact], random: np.random.Generator) -> str:
    match = _FACT.fullmatch(slot)
    if match is None or match[2] not in _KINDS:
        raise ValueError(f"A frame names the slot {slot!r}, which is neither a name, a verb nor a fact.")
    form, kind, _ = match.groups()
    pool = [fact for fact in sheet.of(FactKind(kind)) if fact not in chosen.values()]
    if form == "made_":
        pool = [fact for fact in pool if fact.link == "made"]  # "a must-have for riders" was not made for them
    if form == "plain_" and kind == FactKind.BENEFIT:
        pool = [fact for fact in pool if not fact.link]  # a deed that the row ties to the product needs its name
    if form not in ("a_", "whole_") or sum(fact.telling for fact in sheet.of(FactKind(kind))) > _PLENTY:
        pool = [fact for fact in pool if fact.telling]
    if not pool:
        return ""
    fact = pool[int(random.integers(len(pool)))]
    chosen[slot] = fact
    return {"a_": fact.with_article, "whole_": fact.whole, "plain_": _plain(fact)}.get(form, fact.text)


def _plain(fact: Fact) -> str:
    """A colour without its shade, a material that can stand before its noun; others as they are."""
    words = fact.text.split()
    if fact.kind == FactKind.COLOUR and " and " not in fact.text:
        return words[-1]
    if fact.kind == FactKind.MATERIAL:
        if "and" in words:
            return ""
        kept = words[:-1] if words[-1] in ("fabric", "material", "materials") else words
        return " ".join(kept) if kept and load_words().has(kept[-1].lower(), "materials") else ""
    return fact.text


def compose(sheet: Sheet, random: np.random.Generator, *, shortest: int, longest: int, wanted: int) -> list[Candidate]:
    """Texts of one to three sentences between *shortest* and *longest* characters: a lead, then tails."""
    fitting = [lead for lead in fill_section("lead", sheet, random, tries=4) if len(lead.text) <= longest]
    leads = spread(saying(fitting), random, wanted=_LEADS)  # fitting first: long leads would take all the places
    tails = fill_section("tail", sheet, random, tries=3)
    found = {lead.text: lead for lead in leads if shortest <= len(lead.text) <= longest}
    texts = list(leads)
    for _ in range(wanted * 12):
        if not texts or not tails:
            break
        base = texts[int(random.integers(len(texts)))]
        joined = _join(base, tails[int(random.integers(len(tails)))], sheet.names)
        if joined is None or len(joined.text) > longest:
            continue
        if len(joined.text) >= shortest:
            found.setdefault(joined.text, joined)
        elif len(joined.frames) < 3:
            texts.append(joined)
    return list(found.values())


def saying(leads: list[Candidate]) -> list[Candidate]:
    """The *leads* that say something of the product, where there are some; "Choose the …." is for poor rows."""
    telling = [lead for lead in leads if says(lead.facts)]
    offers = [lead for lead in leads if lead.angle == "offer"]
    return [*telling, *offers] if len(telling) >= _SAYING else leads


def says(facts: Sequence[Fact]) -> bool:
    """Whether *facts* tell more than a colour, a price or an offer."""
    return any(fact.kind not in (FactKind.COLOUR, FactKind.PRICE, FactKind.OFFER) for fact in facts)


def _join(base: Candidate, tail: Candidate, names: Names) -> Candidate | None:
    """*base* and then *tail*, unless they say the same thing or the same kind of thing twice."""
    if tail.text.startswith(("It ", "They ")) and len(base.frames) > 1:
        return None  # the pronoun would stand too far from the name
    if tail.angle == base.angle or any(fact in base.facts for fact in tail.facts):
        return None
    text = f"{base.text} {tail.text}"
    if tail.angle == "benefit" and base.angle in ("feature", "material", "colour"):
        return None  # a slogan does not follow from a part
    if repeats(text, names) or len(_CALL.findall(text)) + _calls(base.text) > 1:
        return None  # one call to act is enough
    return Candidate(text, base.angle, (*base.frames, *tail.frames), (*base.facts, *tail.facts))


def repeats(text: str, names: Names | None = None) -> bool:
    """Whether *text* uses a content word twice: "Explore the Explorer"; or "with" twice in one sentence.

    The product's own name may repeat itself, or its maker's: "Compass Pro A-320 Professional Compass".
    """
    words = _stems(text)
    if names is not None and repeats(f"{names.brand} {names.name}"):
        rest, spent = text.lower(), set[str]()
        for own in (names.name.lower(), names.brand.lower()):
            if own and own in rest:
                rest = rest.replace(own, " ", 1)
                spent |= set(_stems(own))
        words = [*_stems(rest), *spent]
    twice = any(len(re.findall(r"\bwith\b", sentence.lower())) > 1 for sentence in re.split(r"[.!?]\s", text))
    twice = twice or re.search(r"\band (?:[\w-]+ ){1,3}and\b", text) is not None
    return twice or len(words) != len(set(words))


def _stems(text: str) -> list[str]:
    stems = [_stem(word) for word in re.findall(r"[^\W\d_]{3,}", text.lower())]
    return [word for word in stems if word not in _SMALL]


def _calls(text: str) -> bool:
    """Whether *text* begins with a call: "Find the …"."""
    return text.split(" ", 1)[0].lower() in load_frames()[1]["shop"]


_CALL = re.compile(r"\byours\b|\bShop now\b|\btoday\b|\b(?:Order|Get) your\b")
_SMALL = frozenset(
    ["and", "the", "for", "has", "its", "are", "all", "with", "from", "that", "your", "this", "they", "into"]
)


def _stem(word: str) -> str:
    for ending in ("ing", "ers", "ed", "er", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word.removesuffix("e") if len(word) > 4 else word


def _sentence_capitals(text: str) -> str:
    return re.sub(r"(^|[.!?]\s+)(?!https?:)([a-z])", lambda match: match[1] + match[2].upper(), text)


def spread(candidates: Sequence[Candidate], random: np.random.Generator, *, wanted: int) -> list[Candidate]:
    """At most *wanted* of *candidates*, the angles taking turns, so that no angle crowds out another."""
    piles: dict[str, list[Candidate]] = {}
    for at in random.permutation(len(candidates)):
        piles.setdefault(candidates[int(at)].angle, []).append(candidates[int(at)])
    return list(_turns(list(piles.values())))[:wanted]


def _turns(piles: list[list[Candidate]]) -> Iterator[Candidate]:
    while piles:
        for pile in piles:
            yield pile.pop()
        piles = [pile for pile in piles if pile]
