"""What a row, its brief and its brand state, as the judge reads them: words, numbers, prices, denials, phrases."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.products import Product
from bench.judge_words import Token, load_words, stem, tokens

_REACH = 3  #: content words that a negation denies
_AFTER = 3  #: words after a number that may be what it counts
_UNIT = 2  #: letters of a unit at most, where a space stands before it
_PREFIXES = frozenset({"non", "anti"})
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n")


class Number(NamedTuple):
    """A number and what stands beside it: its currency or "%", the word before, the words that it may count."""

    value: Decimal
    kind: str
    before: str  #: a stem, or empty
    after: tuple[str, ...]  #: stems


@dataclass(frozen=True)
class Row:
    """Everything that may be said of one product."""

    text: str  #: all of it, lower case
    title: tuple[str, ...]  #: stems, without numbers and units
    heads: frozenset[str]  #: stems of the nouns that name the thing
    brand: tuple[str, ...]  #: stems
    written: frozenset[str]  #: words as they are written, hyphens parting them
    stems: frozenset[str]
    beside: frozenset[tuple[str, str]]  #: stems of neighbours, in order
    together: frozenset[tuple[str, str]]  #: stems of words that stand in one phrase, in order
    ends: frozenset[str]  #: stems of words that end a phrase
    affirmed: frozenset[str]  #: stems
    denied: frozenset[str]  #: stems
    numbers: tuple[Number, ...]
    prices: frozenset[tuple[str, Decimal]]  #: by currency


def read_row(product: Product, brief: Brief, brand: Brand | None) -> Row:
    """Read all that *product*, *brief* and *brand* state."""
    stated = [*_stated(product, brief, brand)]
    sentences = [tokens(one) for text in stated for one in _SENTENCES.split(text)]
    found = [token for sentence in sentences for token in sentence]
    polarity = [one for text in stated for one in denials(text)]
    title = _stems(_without_sizes(tokens(product.title)))
    numbers = tuple(number for sentence in sentences for number in read_numbers(sentence))
    money = [price for price in (product.price, product.sale_price) if price]
    stems = _plain_stems(sentences)
    return Row(
        text=" \n ".join(stated).lower(),
        title=title,
        heads=frozenset({*title[-1:], *(stems & {stem(word) for word in load_words().goods})}),
        brand=_stems(tokens(product.brand)),
        written=frozenset(token.text for token in found),
        stems=stems,
        beside=frozenset(pair for sentence in sentences for pair in _neighbours(sentence)),
        together=frozenset(pair for sentence in sentences for pair in _phrase_pairs(sentence)),
        ends=frozenset(phrase[-1] for sentence in sentences for phrase, _ in _phrases(sentence)),
        affirmed=frozenset(word for word, denied in polarity if not denied),
        denied=frozenset(word for word, denied in polarity if denied),
        numbers=numbers,
        prices=frozenset([(price.currency, price.amount) for price in money] + [(n.kind, n.value) for n in numbers]),
    )


def read_numbers(sentence: Sequence[Token]) -> Iterator[Number]:
    """Every number of *sentence*, in digits or from two to twelve in words."""
    words = load_words()
    for n, token in enumerate(sentence):
        if not token.is_number and token.low not in words.number_words:
            continue
        value = Decimal(words.number_words.get(token.low, token.low).replace(",", ""))
        before, after = [*reversed(sentence[:n])], sentence[n + 1 :]
        if before and before[0].text == "-" and token.joined and not before[0].joined:
            value = -value
        yield Number(value, _kind(before, after), _word_before(before), tuple(_words_after(after)))


def denials(text: str) -> Iterator[tuple[str, bool]]:
    """The stem of each content word of *text*, and whether it is denied: "no GPS", "BPA-free", "lights are not"."""
    words = load_words()
    for idiom in words.idioms:
        text = re.sub(rf"\b{idiom}\b", " ", text, flags=re.IGNORECASE)
    for sentence in _SENTENCES.split(text):
        found = tokens(sentence)
        reach = 0
        for n, token in enumerate(found):
            if token.low in words.negators:
                reach = _REACH
            elif token.low in ("with", "but") or not (token.is_word or token.text == "-"):
                reach = 0
            elif token.is_word and not words.is_free(token.low):
                yield stem(token.low), reach > 0 or _is_denied_beside(found, n)
                reach -= reach > 0


def _is_denied_beside(found: Sequence[Token], at: int) -> bool:
    after = [token.low for token in found[at + 1 : at + 3]]
    before = [token.low for token in found[max(0, at - 2) : at]]
    if after == ["-", "free"] or (before[-1:] == ["-"] and before[0] in _PREFIXES):
        return True
    return after in (["is", "not"], ["are", "not"]) or after[:1] in (["isn't"], ["aren't"])


def _stated(product: Product, brief: Brief, brand: Brand | None) -> Iterator[str]:
    yield from (product.title, product.description, product.brand, product.category, product.color, product.size)
    yield from (product.material, product.pattern, product.gender, product.age_group, *product.highlights)
    yield from (text for name, value in product.details.items() for text in (f"{name} {value}", f"{value} {name}"))
    yield from (f"{name} {', '.join(values)}" for name, values in product.options.items())
    yield from (brief.call_to_action, *brief.keywords, *(claim.text for claim in brief.allowed_claims))
    if brief.offer:
        yield f"{brief.offer.text} {brief.offer.code}"
    if brand:
        yield from (brand.name, brand.tagline, *brand.approved_terms)


def _stems(found: Sequence[Token]) -> tuple[str, ...]:
    return tuple(stem(token.low) for token in found if token.is_word and token.low not in load_words().function)


def _without_sizes(title: Sequence[Token]) -> list[Token]:
    """*title* without its units: the "L" of "45L Backpack" and the "ml" of "Bottle 750 ml"."""
    pairs = zip(title, [None, *title], strict=False)
    return [one for one, before in pairs if not (before and before.is_number and (one.joined or len(one.low) <= _UNIT))]


def _plain_stems(sentences: Sequence[Sequence[Token]]) -> frozenset[str]:
    """The stems of all words but those that only deny another: the "free" of "flicker-free"."""
    return frozenset(
        stem(token.low)
        for sentence in sentences
        for n, token in enumerate(sentence)
        if token.is_word and not (token.joined and token.low == "free") and not _is_prefix(sentence, n)
    )


def _is_prefix(sentence: Sequence[Token], at: int) -> bool:
    return sentence[at].low in _PREFIXES and any(token.text == "-" for token in sentence[at + 1 : at + 2])


def _neighbours(sentence: Sequence[Token]) -> Iterator[tuple[str, str]]:
    words = [token for token in sentence if token.text != "-"]
    yield from ((stem(one.low), stem(other.low)) for one, other in pairwise(words))


def _phrase_pairs(sentence: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Words of one phrase; what stands before "and" qualifies what follows too, but for materials and after articles.

    What a thing is said to be stands before its name as well: "the blades are replaceable".
    """
    materials = {stem(word) for word in load_words().materials}
    spread, before = list[str](), list[str]()
    for phrase, gap in _phrases(sentence):
        spread = spread if _links(gap) else []
        yield from ((one, other) for one in phrase for other in before if gap in (["is"], ["are"]))
        yield from ((one, other) for n, one in enumerate(phrase) for other in phrase[n + 1 :])
        yield from ((one, other) for one in spread for other in phrase)
        if len(before) == 1:
            yield from ((other, one) for one in spread for other in phrase[:-1])  # "dry, warm" of "warm and dry socks"
        before = phrase
        spread = [word for word in [*spread, *(phrase if len(phrase) == 1 else phrase[:-1])] if word not in materials]


def _links(gap: Sequence[str]) -> bool:
    return bool(gap) and all(one == "," or one in load_words().conjunctions for one in gap)


def _phrases(sentence: Sequence[Token]) -> Iterator[tuple[list[str], list[str]]]:
    """Each run of content words, and what parts it from the run before."""
    phrase, gap, between = list[str](), list[str](), list[str]()
    for token in sentence:
        if token.text == "-" or token.is_number:
            continue
        if token.is_word and not load_words().is_free(token.low):
            phrase.append(stem(token.low))
            continue
        if phrase:
            yield phrase, between
            phrase, gap = [], []
        gap.append(token.low)
        between = gap
    if phrase:
        yield phrase, between


def _kind(before: Sequence[Token], after: Sequence[Token]) -> str:
    currencies = load_words().currencies
    if after and after[0].text == "%":
        return "%"
    if before and before[0].text in currencies:
        return currencies[before[0].text]
    beside = [token.text for token in (*before[:1], *after[:1])]
    return next((code for code in beside if code in currencies.values()), "")


def _word_before(before: Sequence[Token]) -> str:
    return stem(before[0].low) if before and before[0].is_word else ""


def _words_after(after: Sequence[Token]) -> Iterator[str]:
    words, counted = load_words(), 0
    for token in after:
        if token.is_word and counted < _AFTER and (counted or token.low not in words.function):
            yield stem(words.units.get(token.low, token.low))
            counted += 1
        elif token.text not in ("-", "°"):
            return
