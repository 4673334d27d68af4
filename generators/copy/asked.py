"""Answers what a customer asks, from the row alone: with what covers every word of the question, or not at all."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from adloom.checks.words import stem
from adloom.core.products import Product
from generators.copy.facts import Fact, FactKind, Sheet
from generators.copy.frames import Candidate, fill_section
from generators.copy.phrases import sentences
from generators.copy.task import Task, load_words_of, stems
from generators.copy.words import load_words

_MOST = 3  #: answers in one reply; who asks more wants a person
_NEAR = 4  #: words between a "not" and what it denies
_LONGEST = 300  #: characters of the row that a reply quotes
_HEARD = "heard"  #: section: nothing was asked
_UNSURE = "unsure"  #: section: nothing is answered
_REST = "unsure_rest"  #: section: not everything is answered


@dataclass(frozen=True)
class _Topic:
    asked: re.Pattern[str]
    said: frozenset[str]
    kind: str


@dataclass(frozen=True)
class _Asks:
    openers: frozenset[str]
    generic: frozenset[str]
    troubles: frozenset[str]
    topics: tuple[_Topic, ...]


@cache
def _asks(language: str) -> _Asks | None:
    data = load_words_of("asks", language)
    if data is None:
        return None
    topics = (
        _Topic(re.compile(rf"\b(?:{topic['asked']})\b"), stems(topic["said"]), topic.get("kind", ""))
        for topic in data["topics"].values()
    )
    return _Asks(frozenset(data["openers"].split()), stems(data["generic"]), stems(data["troubles"]), tuple(topics))


@dataclass(frozen=True)
class _Question:
    """What an answer has to hold: all of *words*, and for each topic one of its own or a fact of its kind."""

    words: frozenset[str]
    topics: tuple[_Topic, ...]

    def is_answered(self, said: frozenset[str], kind: str = "") -> bool:
        """Whether what *said* holds, a fact of *kind* or a sentence, is everything that it asks for."""
        return self.words <= said and all(
            topic.said & said or (topic.kind and kind == topic.kind) for topic in self.topics
        )

    def is_denied(self, text: str) -> bool:
        """Whether a "not" stands near what it asks for."""
        said = [stem(word) for word in re.findall(r"[\w'’]+", text.lower())]
        asked = self.words.union(*(topic.said for topic in self.topics))
        nots = [at for at, word in enumerate(said) if word in load_words().classes["negators"]]
        return any(asked.intersection(said[max(0, at - _NEAR) : at + _NEAR + 1]) for at in nots)


def answer(task: Task, random: np.random.Generator) -> list[Candidate]:
    """The reply's middle: an answer to each question of the brief's message, and what is left for a person.

    A question is answered where one fact or one sentence of the row holds everything it asks for.  What is not is never
    guessed: the reply says that it will be looked into.
    """
    message, asks = task.spec.brief.message, _asks(task.spec.language)
    if asks is None:
        return fill_section(_UNSURE, task.sheet, random, tries=1)
    asked = [_read(question, task.sheet, asks) for question in questions(message, asks.openers)]
    forms = fill_section("quote", task.sheet, random, tries=1)
    found = [_find(question, task, random, may_quote=bool(forms)) for question in asked[:_MOST]]
    chosen = [*{one.text: one for one in found if isinstance(one, Candidate)}.values()]
    quotes = [*{one.text: one for one in found if isinstance(one, Fact)}.values()]
    if quotes:
        chosen.append(_quote(quotes, forms[0]))
    if not chosen:
        return fill_section(_UNSURE if asked else _HEARD, task.sheet, random, tries=1)
    if len(asked) > _MOST or None in found or stems(message) & asks.troubles:
        chosen += fill_section(_REST, task.sheet, random, tries=1)
    return [_joined(chosen)]


def _joined(chosen: list[Candidate]) -> Candidate:
    frames = tuple(frame for one in chosen for frame in one.frames)
    return Candidate(
        " ".join(one.text for one in chosen), "answer", frames, tuple(fact for one in chosen for fact in one.facts)
    )


def questions(message: str, openers: Collection[str]) -> list[str]:
    """The sentences of *message* that ask: those with a mark, or with a word of *openers* at their head.

    >>> questions("Hi there. I love it! Is it dishwasher safe? does it have a lid", ["does"])
    ['Is it dishwasher safe?', 'does it have a lid']
    """
    said = [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", message)]
    return [one for one in said if one.endswith("?") or one.lower().split(" ", 1)[0] in openers]


def _read(question: str, sheet: Sheet, asks: _Asks) -> _Question:
    rest, topics = question.lower(), list[_Topic]()
    for topic in asks.topics:
        if topic.asked.search(rest):
            topics.append(topic)
            rest = topic.asked.sub(" ", rest)
    names = sheet.names
    own = stems(f"{names.title} {names.name} {names.kind} {names.brand}")
    return _Question(stems(rest) - asks.generic - own, tuple(topics))


def _find(question: _Question, task: Task, random: np.random.Generator, *, may_quote: bool) -> Candidate | Fact | None:
    """The shortest fact that answers *question*, as a sentence; else the shortest statement of the row, to be quoted.

    A statement with a "not" comes first: what a row denies is no part of any fact.  None where nothing answers.
    """
    if not question.words and not question.topics:
        return None
    stated = [one for one in _statements(task.spec.product) if question.is_answered(stems(one.text))]
    denied = [one for one in stated if question.is_denied(one.text)]
    facts = [
        fact for fact in task.sheet.facts if question.is_answered(stems(f"{fact.text} {fact.whole}"), fact.kind.value)
    ]
    for fact in sorted(facts, key=_length) if not denied else ():
        if said := fill_section("answer", Sheet(task.sheet.names, (fact,)), random):
            return said[0]
    return min(denied or stated, key=_length, default=None) if may_quote else None


def _length(fact: Fact) -> int:
    return len(fact.text)


def _quote(facts: list[Fact], form: Candidate) -> Candidate:
    """The row's own words, in one sentence."""
    said = '." "'.join(fact.text.rstrip(".") for fact in facts)
    return Candidate(form.text.replace("…", said), "answer", form.frames, tuple(facts))


def _statements(product: Product) -> Iterator[Fact]:
    """The row's own sentences and its pairs of label and value, as facts that can be quoted."""
    texts = [("description", product.description)]
    texts += [(f"highlights/{n}", highlight) for n, highlight in enumerate(product.highlights)]
    for source, text in texts:
        for tokens in sentences(text):
            span = tokens[0].start, tokens[-1].end
            said = text[slice(*span)]
            if len(said) <= _LONGEST and "<" not in said:  # nobody wants to read markup
                yield Fact(FactKind.FEATURE, said, source, span)
    pairs = {**product.details, "Material": product.material, "Color": product.color, "Size": product.size}
    for label, value in pairs.items():
        if 0 < len(value) <= _LONGEST:
            yield Fact(FactKind.FEATURE, f"{label}: {value}", f"details/{label}", (0, len(value)))
