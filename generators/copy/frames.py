"""Fills frames with facts: everything that can truly be said of one product, as finished texts."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations

import numpy as np

from generators.copy.facts import Fact, FactKind, Names, Sheet
from generators.copy.languages import read_data, tongue
from generators.copy.style import Style, load_style
from generators.copy.wording import capitalised
from generators.copy.words import load_words

_SLOT = re.compile(r"\{(\w+)\}")
_FACT = re.compile(r"(?:([a-z]+)_)?([a-z]+?)(\d?)")  # a form, or the link that the fact must have
_FORMS = ("a", "whole", "plain")
_KINDS = frozenset(FactKind)
_SAYING = 4  #: so many openings that state a fact are enough to do without those that state none
_LEADS = 16  #: openings per field: their continuations share what the network reads of them
_PART = 4  #: letters of a word that is seen in a compound
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


def load_frames(language: str = "en") -> tuple[tuple[Frame, ...], Mapping[str, tuple[str, ...]]]:
    """The frames and verbs of *language* (BCP 47), which has to be one of `languages`."""
    return _load(tongue(language))


@cache
def _load(language: str) -> tuple[tuple[Frame, ...], Mapping[str, tuple[str, ...]]]:
    data = read_data("frames", language)
    del data["style"]
    verbs = {name: tuple(forms) for name, forms in data.pop("verbs", {}).items()}
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
    for frame in load_frames(sheet.language)[0]:
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
    style = load_style(sheet.language)
    text = style.headline(text) if frame.section in _TITLED else style.sentences(text)
    if any(fact.kind == FactKind.MEASURE and text.count(fact.text) > 1 for fact in chosen.values()):
        return None  # "Explorer 45L Backpack: 45L"
    if _echoes(text, list(chosen.values()), sheet):
        return None
    return Candidate(text, frame.angle, (frame.text,), tuple(chosen.values()))


def _words(slot: str, sheet: Sheet, chosen: dict[str, Fact], random: np.random.Generator) -> str:
    """What stands in *slot*; empty when there is nothing."""
    names = sheet.names
    if hasattr(names, slot):
        return str(getattr(names, slot))
    if slot == "link":
        return next((fact.link or "with" for fact in chosen.values() if fact.kind == FactKind.BENEFIT), "")
    verbs = load_frames(sheet.language)[1]
    if slot in verbs:
        form = verbs[slot][int(random.integers(len(verbs[slot])))]
        singular, _, plural = form.partition("/")
        return plural if plural and names.plural else singular
    return _fact_words(slot, sheet, chosen, random)


def _fact_words(slot: str, sheet: Sheet, chosen: dict[str, Fact], random: np.random.Generator) -> str:
    match = _FACT.fullmatch(slot)
    if match is None or match[2] not in _KINDS:
        raise ValueError(f"A frame names the slot {slot!r}, which is neither a name, a verb nor a fact.")
    form, kind, _ = match.groups(default="")
    pool = [fact for fact in sheet.of(FactKind(kind)) if fact not in chosen.values() and _suits(fact, form)]
    if form not in ("a", "whole") or sum(fact.telling for fact in sheet.of(FactKind(kind))) > _PLENTY:
        pool = [fact for fact in pool if fact.telling]
    if not pool:
        return ""
    fact = pool[int(random.integers(len(pool)))]
    chosen[slot] = fact
    return {"a": fact.with_article, "whole": fact.whole, "plain": _plain(fact)}.get(form, fact.text)


def _suits(fact: Fact, form: str) -> bool:
    """Whether a slot of this *form* takes *fact*: the row ties some to the word that they followed."""
    if form and form not in _FORMS:
        return fact.link == form  # {made_audience}: "a must-have for riders" was not made for them
    if form == "plain" and fact.kind == FactKind.BENEFIT:
        return not fact.link  # a deed that the row ties to the product needs its name
    return not fact.is_bound


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


def compose(
    sheet: Sheet,
    random: np.random.Generator,
    *,
    shortest: int,
    longest: int,
    wanted: int,
    size: Callable[[str], int] = len,
) -> list[Candidate]:
    """Texts of one to three sentences between *shortest* and *longest*, as *size* counts: a lead, then tails."""
    fitting = [lead for lead in fill_section("lead", sheet, random, tries=4) if size(lead.text) <= longest]
    leads = spread(saying(fitting), random, wanted=_LEADS)  # fitting first: long leads would take all the places
    tails = fill_section("tail", sheet, random, tries=3)
    found = {lead.text: lead for lead in leads if shortest <= size(lead.text) <= longest}
    texts = list(leads)
    for _ in range(wanted * 12):
        if not texts or not tails:
            break
        base = texts[int(random.integers(len(texts)))]
        joined = _join(base, tails[int(random.integers(len(tails)))], sheet)
        if joined is None or size(joined.text) > longest:
            continue
        if size(joined.text) >= shortest:
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


def _join(base: Candidate, tail: Candidate, sheet: Sheet) -> Candidate | None:
    """*base* and then *tail*, unless they say the same thing or the same kind of thing twice."""
    style = load_style(sheet.language)
    if len(base.frames) > 1 and (_opens_with_pronoun(tail.text, style) or _ends_in_call(base.text, style)):
        return None  # the pronoun would stand too far from the name
    if tail.angle == base.angle or any(fact in base.facts for fact in tail.facts):
        return None
    if style.first_word(tail.text) in style.once & set(_last_sentence(base.text, style).lower().split()):
        return None  # "… mit Deckel. Mit Griff."
    text = f"{base.text}{style.space}{tail.text}"
    if tail.angle == "benefit" and base.angle in ("feature", "material", "colour"):
        return None  # a slogan does not follow from a part
    if _echoes(text, [*base.facts, *tail.facts], sheet) or style.count_calls(text) + _calls(base.text, sheet) > 1:
        return None  # one call to act is enough
    return Candidate(text, base.angle, (*base.frames, *tail.frames), (*base.facts, *tail.facts))


def _ends_in_call(text: str, style: Style) -> bool:
    return style.call_ends and style.count_calls(_last_sentence(text, style)) > 0


def _last_sentence(text: str, style: Style) -> str:
    return text.removesuffix(style.stop).rpartition(style.stop + style.space)[2]


def _opens_with_pronoun(text: str, style: Style) -> bool:
    return any(text.lower().startswith(f"{pronoun}{style.space}") for pronoun in style.pronouns)


def _calls(text: str, sheet: Sheet) -> bool:
    """Whether *text* begins with a call: "Find the …"."""
    return load_style(sheet.language).first_word(text) in load_frames(sheet.language)[1].get("shop", ())


def _echoes(text: str, facts: Sequence[Fact], sheet: Sheet) -> bool:
    """Whether *text* repeats itself; a statement of the row may: "24 hours cold, 12 hours hot"."""
    style, stated, rest = load_style(sheet.language), set[str](), text
    for fact in facts:
        if fact.kind == FactKind.STATEMENT and repeats(fact.text, language=sheet.language):
            rest = rest.replace(fact.text, " ")
            stated |= set(_stems(fact.text, style))
    return repeats(rest, sheet.names, language=sheet.language) or bool(stated & set(_stems(rest, style)))


def repeats(text: str, names: Names | None = None, *, language: str = "en") -> bool:
    """Whether *text* uses a content word twice: "Explore the Explorer"; or "with" twice in one sentence.

    The product's own name may repeat itself, or its maker's: "Compass Pro A-320 Professional Compass".
    """
    style = load_style(language)
    words = _stems(text, style)
    if names is not None and repeats(f"{names.brand} {names.name}", language=language):
        rest, spent = text.lower(), set[str]()
        for own in (names.name.lower(), names.brand.lower()):
            if own and own in rest:
                rest = rest.replace(own, " ", 1)
                spent |= set(_stems(own, style))
        words = [*_stems(rest, style), *spent]
    return len(words) != len(set(words)) or _compounds(words, style) or _chains(text, style)


def _compounds(words: Sequence[str], style: Style) -> bool:
    """Whether one of *words* is the beginning of another: "für Damen: … Damenfahrrad"."""
    if not style.is_compounding:
        return False
    return any(len(one) >= _PART and other.startswith(one) for one, other in permutations(set(words), 2))


def _chains(text: str, style: Style) -> bool:
    """Whether one sentence of *text* has "with" twice, an "and" close behind another, or words that may not meet."""
    once = "|".join(map(re.escape, style.once)) or r"(?!)"
    edge = r"\b" if style.space else ""
    parts = re.split(r"[.!?]\s|[。，：]", text)
    twice = any(len(re.findall(rf"{edge}(?:{once}){edge}", part.lower())) > 1 for part in parts)
    chain = style.conjunction and rf"\b{style.conjunction} (?:[\w-]+ ){{1,3}}{style.conjunction}\b"
    clash = style.clash and re.search(style.clash, text, re.IGNORECASE)
    return twice or bool(clash or (chain and re.search(chain, text)))


def _stems(text: str, style: Style) -> list[str]:
    stems = [style.stem(word) if style.space else word for word in style.words(text)]
    return [stem for stem in stems if stem not in style.small]


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
