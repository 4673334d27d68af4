"""Puts texts of several parts together: letters, messages, descriptions."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from generators.copy.asked import answer
from generators.copy.facts import Fact
from generators.copy.frames import Candidate, fill_section, saying
from generators.copy.manners import Part
from generators.copy.style import load_style
from generators.copy.task import Task, stems

_ATTEMPTS = 6  #: per wanted text; most differ
_TRIES = 12  #: fillings per frame: many repeat a word of the product's name

_Pool = list[Candidate]
_Kept = list[tuple[Part, _Pool]]


def write_parts(task: Task, random: np.random.Generator) -> list[Candidate]:
    """Texts of the parts that the manner lists, in its order; no fact is told twice."""
    names = {name for part in task.manner.parts for name in (*part.sections, *part.instead)}
    sections = {name: _sayable(fill_section(name, task.sheet, random, tries=_TRIES), task) for name in sorted(names)}
    kept = [(part, answer(task, random) if part.answers else _pool(part, sections)) for part in task.manner.parts]
    kept = [(part, pool) for part, pool in kept if pool or not (part.may_miss or part.least == 0)]
    if not all(pool for _, pool in kept):
        return []
    for fewer in _fewer(kept):
        attempts = (_attempt(fewer, task, random) for _ in range(_ATTEMPTS * task.most))
        found = {one.text: one for one in attempts if one is not None}
        if found:
            return list(found.values())
    return []


def _sayable(filled: _Pool, task: Task) -> _Pool:
    """Those of *filled* that may be said: one untrue sentence would spoil every text that it stands in."""
    return [one for one in filled if task.may_say(one.text)]


def _pool(part: Part, sections: Mapping[str, _Pool]) -> _Pool:
    """What may stand in *part*, in the order of the frames."""
    own, instead = ([one for name in names for one in sections[name]] for names in (part.sections, part.instead))
    return saying(own or instead)


def _fewer(kept: _Kept) -> Iterator[_Kept]:
    """All parts, then without the last that may be missing, then without the last two, …"""
    yield kept
    for at in reversed(range(len(kept))):
        if kept[at][0].may_miss:
            kept = kept[:at] + kept[at + 1 :]
            yield kept


def _attempt(kept: _Kept, task: Task, random: np.random.Generator) -> Candidate | None:
    """One text, or None where a part did not find enough that fits: first what has to be there, then what may."""
    shelf: list[dict[int, Candidate]] = [{} for _ in kept]
    for goal in ("least", "most"):
        for n, (part, pool) in enumerate(kept):
            order = [int(at) for at in random.permutation(len(pool))]
            if goal == "most":
                order.sort(key=lambda at: -len(pool[at].facts))  # few long sentences rather than many short ones
            for at in order:
                if len(shelf[n]) < getattr(part, goal) and at not in shelf[n] and _adds(pool[at], part, n, shelf):
                    shelf[n][at] = pool[at]
                    if not task.has_room(_text(kept, shelf, task)):
                        del shelf[n][at]
        if any(len(shelf[n]) < part.least for n, (part, _) in enumerate(kept)):
            return None
    chosen = [one for row in shelf for _, one in sorted(row.items())]
    facts = tuple(fact for one in chosen for fact in one.facts)
    angle = next((one.angle for one in chosen if one.facts), chosen[0].angle)
    return Candidate(_text(kept, shelf, task), angle, tuple(frame for one in chosen for frame in one.frames), facts)


def _adds(one: Candidate, part: Part, n: int, shelf: Sequence[dict[int, Candidate]]) -> bool:
    """Whether *one* tells in part *n* what no other has told yet."""
    if not part.repeats_angle and any(one.angle == other.angle for other in shelf[n].values()):
        return False
    told = [fact for row in shelf for other in row.values() for fact in other.facts]
    return not any(_same(fact, other) for fact in one.facts for other in told)


def _same(fact: Fact, other: Fact) -> bool:
    """Whether the two say mostly the same."""
    mine, others = stems(fact.text), stems(other.text)
    return fact == other or 2 * len(mine & others) >= max(1, min(len(mine), len(others)))


def _text(kept: _Kept, shelf: Sequence[dict[int, Candidate]], task: Task) -> str:
    text = ""
    for (part, _), row in zip(kept, shelf, strict=True):
        lines = [part.mark + row[at].text for at in sorted(row)]
        if lines:
            text += (_space(part.before, task) if text else "") + _space(part.between, task).join(lines)
    return text


def _space(mark: str, task: Task) -> str:
    return load_style(task.spec.language).space if mark == " " else mark
