"""Questions about a product: the right answer, wrong ones that no row supports, and the place that settles it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adloom.checks.findings import Severity
from adloom.core.products import Product
from generators.copy.facts import Fact, FactKind, Names
from generators.copy.frames import Candidate
from generators.copy.phrases import sentences
from generators.copy.task import Task, load_words_of, stems
from generators.copy.wording import capitalised

_WRONG = 3  #: wrong answers per question
_LEAST = 2
_QUOTE = 160  #: characters of the row that an explanation quotes
_FACTORS = (0.5, 0.75, 1.5, 2.0, 3.0)  #: a wrong figure is the right one times one of these
_Data = Mapping[str, Any]  # Any: TOML
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Question(Candidate):
    """A question with the texts that follow it, by their role."""

    followers: tuple[tuple[str, tuple[str, ...]], ...] = ()


def write_quiz(task: Task, random: np.random.Generator) -> list[Candidate]:
    """A question for every fact that allows one and has two wrong answers; none in a language without quiz words."""
    data = load_words_of("quiz", task.spec.language)
    if data is None:
        return []
    return [one for fact in task.sheet.facts if (one := _question(fact, task, data, random)) is not None]


def _question(fact: Fact, task: Task, data: _Data, random: np.random.Generator) -> Question | None:
    names, forms = task.sheet.names, data["questions"].get(fact.kind.value)
    thing = _thing(names, fact.text)
    if not forms or not thing or (fact.kind == FactKind.FEATURE and not (fact.article and fact.telling)):
        return None
    explained = _explain(fact, task.spec.product, data["sources"])
    wrong = _wrong(fact, task, data, random)
    if not explained or len(wrong) < _LEAST:
        return None
    right = fact.with_article if fact.kind == FactKind.FEATURE else fact.text
    return Question(
        forms[names.plural].format(thing=thing),
        fact.kind.value,
        (forms[names.plural],),
        (fact,),
        (("answer", (capitalised(right),)), ("wrong", tuple(map(capitalised, wrong))), ("explanation", (explained,))),
    )


def _thing(names: Names, right: str) -> str:
    """The longest name of the product that does not give *right* away; empty where each does."""
    called = (names.name, names.short, f"{names.brand} {names.noun}", f"{names.brand} {names.kind}", names.model)
    spare = (one.strip() for one in called)
    return next((one for one in spare if one and " " in one and not stems(one) & stems(right)), "")


def _wrong(fact: Fact, task: Task, data: _Data, random: np.random.Generator) -> list[str]:
    """Wrong answers of the same type as *fact*, each one denied or unknown to all that grounds a text."""
    many = len(re.split(r", | and ", fact.text)) if fact.kind in (FactKind.MATERIAL, FactKind.COLOUR) else 1
    offered = list(_offered(fact, task, data))
    shuffled = [offered[int(at)] for at in random.permutation(len(offered))]
    joined = [_listed(shuffled[at : at + many]) for at in range(0, len(shuffled) - many + 1, many)]
    return [one for one in dict.fromkeys(joined) if _is_untrue(one, task)][:_WRONG]


def _offered(fact: Fact, task: Task, data: _Data) -> Iterator[str]:
    row = stems(task.ground.text)
    if fact.kind in (FactKind.COLOUR, FactKind.MATERIAL):
        families = data["colours" if fact.kind == FactKind.COLOUR else "materials"]
        yield from (name for name, words in families.items() if not stems(words) & row)
    elif fact.kind == FactKind.FEATURE:
        yield from (part for part in data["parts"] if not stems(part) & row)
    elif fact.kind == FactKind.USE:
        yield from (use for use in data["uses"] if not stems(use) & row)
    elif fact.kind == FactKind.MEASURE:
        yield from _figures(fact.text)


def _figures(right: str) -> Iterator[str]:
    """*right* with other numbers of as many places: 46 cm tall is neither 23 cm tall nor 92 cm tall."""
    found = _NUMBER.findall(right)
    if len(found) != 1 or "," in found[0]:
        return
    places = len(found[0].partition(".")[2])
    for factor in _FACTORS:
        number = f"{float(found[0]) * factor:.{places}f}"
        if float(number) not in (0.0, float(found[0])):
            yield right.replace(found[0], number)


def _is_untrue(text: str, task: Task) -> bool:
    return any(finding.severity == Severity.ERROR for finding in task.ground.check(text))


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _explain(fact: Fact, product: Product, forms: Mapping[str, str]) -> str:
    """The place in the row that settles it, in quotation marks; empty where it is none or too long."""
    column, _, label = fact.source.partition("/")
    form = forms.get(column)
    if form is None:
        return ""
    if column == "description":
        quote = _around(fact, product.description)
    elif column == "highlights":
        quote = product.highlights[int(label)]
    elif column == "details":
        quote = product.details[label]
    else:
        quote = str(getattr(product, column))
    return form.format(quote=quote.strip().rstrip("."), label=label) if 0 < len(quote) <= _QUOTE else ""


def _around(fact: Fact, text: str) -> str:
    """The sentence of *text* that holds *fact*; only the fact where that is long."""
    for tokens in sentences(text):
        start, end = tokens[0].start, tokens[-1].end
        if start <= fact.span[0] and fact.span[1] <= end:
            whole = text[start:end]
            return whole if len(whole) <= _QUOTE and "<" not in whole else text[slice(*fact.span)]  # no markup
    return ""
