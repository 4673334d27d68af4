"""Chooses among checked texts: the likely, the telling, the different."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from adloom.channels import measure
from adloom.core.drafts import Draft
from generators.copy.facts import Fact, FactKind
from generators.copy.frames import Candidate, load_frames
from generators.copy.languages import is_written, tongue
from generators.copy.plan import FieldPlan
from generators.copy.score import Scored
from generators.copy.shares import SHARES, Shares
from generators.copy.style import content, load_style

_CAPS = {"price": 1, "offer": 1, "name": 3, "action": 2}  #: texts of one angle in a field of many
_ONCE = (FactKind.PRICE, FactKind.OFFER)
_ALIKE = 0.75  #: share of common words from which two texts are one
_LEAST = 3  #: texts of a field that may say the same in other words, where a row has no more to say
_FEW = 8  #: a field that takes this many should have them, if need be more alike
_RENAMED = 5  #: texts that say nothing but a name, in such a field
_RANKED = ("gain", "fluency", "relevance")
_TAKEN_OFF = ("memorisation",)
_TWICE = {"angle": 0.10, "opening": 0.12, "words": 0.45}  #: what repeating costs


@dataclass(frozen=True)
class Chosen:
    """A text that made it, with its score and the parts of it."""

    scored: Scored
    score: float
    parts: Mapping[str, float]


def to_draft(chosen: Chosen, plan: FieldPlan) -> Draft:
    """What is stored of a chosen text."""
    candidate = chosen.scored.candidate
    facts = [{"kind": f.kind.value, "text": f.text, "source": f.source, "span": list(f.span)} for f in candidate.facts]
    details = {
        "facts": facts,
        "angle": candidate.angle,
        "frames": list(candidate.frames),
        "scores": {part: round(value, 4) + 0.0 for part, value in chosen.parts.items()},
        "length": measure(candidate.text, plan.field.unit),
    }
    return Draft(
        plan.field.name, chosen.scored.source, text=candidate.text, score=round(chosen.score, 4), details=details
    )


@dataclass
class _Shelf:
    """What has been chosen so far."""

    language: str
    dislike: float  #: how much repeating counts
    chosen: list[Chosen] = field(default_factory=list)
    words: list[frozenset[str]] = field(default_factory=list)
    angles: Counter[str] = field(default_factory=Counter)
    openings: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    stated: set[Fact] = field(default_factory=set)
    bare: int = 0  #: texts that say nothing but the name


def choose(
    pool: Sequence[Scored],
    *,
    wanted: int,
    language: str = "en",
    shares: Shares = SHARES,
    spare: Sequence[Scored] = (),
    least: int = 0,
) -> list[Chosen]:
    """Up to *wanted* of *pool*, texts in *language*, best first: each time the highest score less its repetitions.

    *spare* fills up to *least* where *pool* has not so many.

    Source: Carbonell and Goldstein 1998, "The Use of MMR", https://dl.acm.org/doi/10.1145/290941.291025
    """
    shelf, values, many = _Shelf(language, shares["repetition"]), _values(pool, shares), wanted >= _FEW
    rest = list(range(len(pool)))
    for enough, relaxed in ((wanted, False), (min(wanted, _FEW), True)):
        rest = [n for n in range(len(pool)) if n in rest]
        rest = _fill_shelf(shelf, pool, values, rest, enough, many=many, relaxed=relaxed)
    _fill_shelf(shelf, spare, _values(spare, shares), range(len(spare)), least, many=many, relaxed=True)
    return shelf.chosen


def _fill_shelf(
    shelf: _Shelf,
    pool: Sequence[Scored],
    values: Sequence[Mapping[str, float]],
    rest: Sequence[int],
    enough: int,
    *,
    many: bool,
    relaxed: bool,
) -> list[int]:
    """Put the best of *rest* on the shelf until it holds *enough*; what is left may be tried again, *relaxed*."""
    left = list(rest)
    while len(shelf.chosen) < enough:
        rest = [n for n in rest if _may_join(pool[n].candidate, shelf, many=many, relaxed=relaxed)]
        if not rest:
            break
        marginal = {n: sum(values[n].values()) - shelf.dislike * _repetition(pool[n].candidate, shelf) for n in rest}
        best = max(rest, key=lambda n: (marginal[n], -n))
        score = min(marginal[best], shelf.chosen[-1].score if shelf.chosen else marginal[best])  # best first, always
        _put(pool[best], score, {**values[best], "repetition": score - sum(values[best].values())}, shelf)
        rest.remove(best)
        left.remove(best)
    return left


def _values(pool: Sequence[Scored], shares: Shares) -> list[dict[str, float]]:
    """Each text's score by part; likelihoods count by their rank in the pool, which no outlier can stretch."""
    columns = {part: [getattr(one, part) for one in pool] for part in shares if part != "repetition"}
    for part in _RANKED:
        columns[part] = _ranks(columns[part])
    signed = {part: -share if part in _TAKEN_OFF else share for part, share in shares.items()}
    return [{part: signed[part] * column[n] for part, column in columns.items()} for n in range(len(pool))]


def _ranks(values: Sequence[float]) -> list[float]:
    """Each value's rank, from 0 for the lowest to 1 for the highest; equal values share one."""
    order = sorted(set(values))
    places = {value: place / max(1, len(order) - 1) for place, value in enumerate(order)}
    return [places[value] for value in values]


def _may_join(candidate: Candidate, shelf: _Shelf, *, many: bool, relaxed: bool) -> bool:
    """Whether *candidate* adds something to what is chosen; *many*: the field takes eight texts or more."""
    words = content(_told(candidate.text, shelf.language), shelf.language)
    alike = any(_overlap(words, other) >= (1.0 if relaxed else _ALIKE) for other in shelf.words)
    renames = many and not candidate.facts and shelf.bare < _RENAMED  # plainly, with its maker, with a call
    if any(fact.kind in _ONCE and fact in shelf.stated for fact in candidate.facts):
        return False  # one price and one offer are enough
    if (not relaxed or len(shelf.chosen) >= _LEAST) and _restates(candidate, shelf, wholly=relaxed):
        return False
    if candidate.text in (chosen.scored.candidate.text for chosen in shelf.chosen) or (alike and not renames):
        return False
    if candidate.angle == "free" or relaxed:
        return True
    cap = _CAPS.get(candidate.angle, 4) if many else 1 if candidate.angle in ("price", "name") else 2
    return shelf.angles[candidate.angle] < cap and all(shelf.facts[fact.text] < 2 for fact in candidate.facts)


def _restates(candidate: Candidate, shelf: _Shelf, *, wholly: bool) -> bool:
    """Whether *candidate*, sentences, says no more than a chosen one, or all of it and more; *wholly*: the same."""
    told = {fact for fact in candidate.facts if fact.kind not in _ONCE}
    if not candidate.text.endswith(load_style(shelf.language).stop):
        return False
    others = ({fact for fact in chosen.scored.candidate.facts if fact.kind not in _ONCE} for chosen in shelf.chosen)
    if wholly:
        return any(bool(told) and told == other for other in others)
    return any(told <= other or (other and other <= told) for other in others)


def _repetition(candidate: Candidate, shelf: _Shelf) -> float:
    words = content(_told(candidate.text, shelf.language), shelf.language)
    closest = max((_overlap(words, other) for other in shelf.words), default=0.0)
    return (
        _TWICE["angle"] * shelf.angles[candidate.angle]
        + _TWICE["opening"] * shelf.openings[load_style(shelf.language).first_word(candidate.text)]
        + _TWICE["words"] * closest
    )


def _put(scored: Scored, score: float, parts: Mapping[str, float], shelf: _Shelf) -> None:
    candidate = scored.candidate
    shelf.chosen.append(Chosen(scored, score, parts))
    shelf.words.append(content(_told(candidate.text, shelf.language), shelf.language))
    shelf.angles[candidate.angle] += 1
    shelf.openings[load_style(shelf.language).first_word(candidate.text)] += 1
    shelf.facts.update(fact.text for fact in candidate.facts)
    shelf.stated.update(candidate.facts)
    shelf.bare += not candidate.facts


def _told(text: str, language: str) -> str:
    """*text* without the verb that calls to act at its head."""
    first, _, rest = text.partition(" ")
    return rest if first.lower() in _calls(language) else text


def _calls(language: str) -> frozenset[str]:
    return _verbs(tongue(language)) if is_written(language) else frozenset()


@cache
def _verbs(language: str) -> frozenset[str]:
    verbs = load_frames(language)[1]
    return frozenset([*verbs.get("shop", ()), *verbs.get("order", ())])


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
