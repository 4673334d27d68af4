"""Is a text true to its product?  All it states must stand in the row, the brief or the brand."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from adloom.checks.assertions import StatedClaims, find_claims, read_claims
from adloom.checks.counts import Counts, count, read_counts
from adloom.checks.findings import Finding, Severity
from adloom.checks.han import HanRow, read_row
from adloom.checks.lexicon import CLAIMS, Lexicon, load_lexicon, plain_numbers
from adloom.checks.matching import Span
from adloom.checks.numbers import NumberReader, Quantity, Stated, gather
from adloom.checks.order import broken
from adloom.checks.polarity import Polarity, denials, read_polarity
from adloom.checks.sources import Source, dates, sources_of
from adloom.checks.words import Token, can_divide, edges
from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.products import Product

_SHORTEST_OWN = 3  #: ... of a row's word that a compound is made of
_LONGEST_QUOTE = 200  #: characters of the row in what the author is told
_FIRST = re.compile(r"(?:#|\bn[°º]|\bn\.\s?[º°]|\bnr\.|\bno\.|\bnum\.)\s?1\b", re.IGNORECASE)


@dataclass(frozen=True)
class Spoken:
    """What the sources say in the words of a language that has a lexicon."""

    lexicon: Lexicon
    words: frozenset[str]  #: stems
    parts: frozenset[str]  #: stems of which compounds may be made
    edges: frozenset[str]  #: what the row's own compounds begin and end with
    claims: StatedClaims
    counts: Counts
    polarity: Polarity
    han: HanRow | None


@dataclass(frozen=True)
class Ground:
    """Everything that may be said about one product, prepared for many texts."""

    numbers: Stated
    reader: NumberReader
    text: str  #: all of it, lower case
    spoken: Spoken | None  #: None where the language has no lexicon
    pages: tuple[str, ...] = ()  #: the product's own addresses, whose words state nothing

    def check(self, text: str) -> list[Finding]:
        """What in *text* no source states, in reading order."""
        text = self._without_pages(text)
        quantities = self.reader.quantities(text)
        found = [*self._numbers(quantities)]
        if self.spoken is None:
            detail = "This is not the row's language, or has no lexicon: only numbers were compared with the row."
            return [*found, Finding("words_not_compared", Severity.WARNING, detail, (0, len(text)))]
        found += [*self._firsts(text), *self._disorder(text, self.spoken.lexicon)]
        found += _Reading(text, quantities, self.spoken).findings()
        return sorted(found, key=lambda finding: finding.span)

    def _without_pages(self, text: str) -> str:
        """*text* with blanks in place of the product's own addresses, so that every other character keeps its place."""
        for page in (page for page in self.pages if page in text):
            text = re.sub(rf"(?<!\S){re.escape(page)}(?!\S)", " " * len(page), text)
        return text

    def _numbers(self, quantities: Sequence[Quantity]) -> Iterator[Finding]:
        for quantity in quantities:
            if breach := self.numbers.breach(quantity):
                yield Finding(breach[0], Severity.ERROR, breach[1], quantity.span)

    def _firsts(self, text: str) -> Iterator[Finding]:
        for match in _FIRST.finditer(text):
            if match.group().lower() not in self.text:
                rule = "ungrounded_superlative"
                yield Finding(rule, Severity.ERROR, CLAIMS[rule].format(match.group()), match.span())

    def _disorder(self, text: str, lexicon: Lexicon) -> Iterator[Finding]:
        for start, end in broken(text, lexicon.tokenizer.tokens(text), lexicon.order) if lexicon.order else ():
            place = text[start:end]
            if " " not in place or not re.search(rf"\b{re.escape(place.lower())}\b", self.text):
                detail = f"Words are missing, doubled or shuffled at {place!r}."
                yield _error("broken_sentence", detail, (start, end))


class _Reading:
    """One text beside what the sources say."""

    def __init__(self, text: str, quantities: Sequence[Quantity], spoken: Spoken) -> None:
        self._text = text
        self._spoken = spoken
        self._lexicon = spoken.lexicon
        self._quantities = quantities
        self._measured = [quantity.span for quantity in quantities]
        self._tokens = self._lexicon.tokenizer.tokens(text)

    def findings(self) -> Iterator[Finding]:
        claimed = []
        for claim in find_claims(self._text, self._tokens, self._lexicon):
            claimed.append(claim.span)
            if not self._spoken.claims.state(claim):
                yield _error(claim.rule, CLAIMS[claim.rule].format(self._text[slice(*claim.span)]), claim.span)
        yield from self._words([*claimed, *self._measured])
        yield from self._counts()
        yield from self._denials()
        if self._spoken.han is not None:
            yield from self._han(self._spoken.han, [*claimed, *self._measured])

    def _words(self, covered: Sequence[Span]) -> Iterator[Finding]:
        cover = _Cover(covered)
        for n, token in enumerate(self._tokens):
            if token.is_word and not cover.holds((token.start, token.end)) and not self._knows(token):
                rule, detail = self._judge(token, n)
                yield _error(rule, detail, (token.start, token.end))

    def _knows(self, token: Token) -> bool:
        if token.stem in self._spoken.words or self._lexicon.is_free(token):
            return True
        parts = [part for part in token.low.split("-") if part]
        return all(self._knows_part(part) for part in parts) if len(parts) > 1 else self._is_compound(token.low)

    def _knows_part(self, word: str) -> bool:
        stem = self._lexicon.tokenizer.stem(word)
        return stem in self._spoken.words or stem in self._lexicon.free or self._is_compound(word)

    def _is_compound(self, low: str) -> bool:
        """Whether the language may make the word of others that are stated, or took it from one that is."""
        if self._lexicon.links is None:
            return False
        if low in self._spoken.edges or self._lexicon.tokenizer.stem(low) in self._spoken.edges:
            return True
        return can_divide(low, self._is_part, self._lexicon.links)

    def _is_part(self, word: str) -> bool:
        return self._lexicon.tokenizer.stem(word) in self._spoken.parts

    def _judge(self, token: Token, n: int) -> tuple[str, str]:
        """Which rule a word that no source states breaks, and what to tell the author."""
        if self._lexicon.links is not None and (rule := self._spoken.claims.rule_of_part(token.low)):
            return rule, CLAIMS[rule].format(token.text)
        if self._is_name(token, n):
            return "foreign_name", f"{token.text!r} is no name of this product or its brand."
        return "ungrounded_word", f"Neither the row, the brief nor the brand says {token.text!r}."

    def _is_name(self, token: Token, n: int) -> bool:
        before = self._tokens[n - 1] if n else None
        if not token.text[0].isupper() or before is None:
            return token.text[0].isupper() and self._lexicon.is_han
        if before.low in self._lexicon.makers or self._lexicon.is_han:
            return True
        opens = self._text[before.start : token.start].rstrip()[-1:] in (".", "!", "?", ":")
        return not opens and not self._is_titled and not self._lexicon.has_capital_nouns

    @cached_property
    def _is_titled(self) -> bool:
        words = self._text.split()
        return sum(word[0].isupper() for word in words) * 2 > len(words)

    def _counts(self) -> Iterator[Finding]:
        for quantity, words in count(self._text, self._tokens, self._quantities, self._lexicon):
            said = self._spoken.counts.conflict(quantity.value, [word for word, _ in words])
            if said and not quantity.is_article:
                span = (quantity.span[0], words[-1][1])
                detail = f"No source counts {self._text[slice(*span)]!r}: the row says {said!r}."
                yield _error("ungrounded_number", detail, span)

    def _denials(self) -> Iterator[Finding]:
        for token, stem, is_denied in denials(self._tokens, self._lexicon):
            if where := self._spoken.polarity.opposing(stem, is_denied=is_denied):
                yield _opposite(self._text, (token.start, token.end), where)

    def _han(self, row: HanRow, covered: Sequence[Span]) -> Iterator[Finding]:
        words = [span for span in covered if span[1] - span[0] > 1]  # 麻 is a material, and not in 芝麻
        for start, end in min((self._unknown(row, spans) for spans in (covered, words)), key=_size):
            detail = f"Neither the row, the brief nor the brand says {self._text[start:end]!r}."
            yield _error("ungrounded_word", detail, (start, end))
        for span, where in row.opposed(self._text):
            yield _opposite(self._text, span, where)

    def _unknown(self, row: HanRow, covered: Sequence[Span]) -> list[Span]:
        """The Han that the row does not say, outside of what is *covered*: claims and numbers, which are judged."""
        rest = self._text
        for start, end in covered:
            if not row.may_divide(rest[start:end]):
                rest = rest[:start] + " " * (end - start) + rest[end:]
        return [*row.unknown(rest)]


def _size(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)


class _Cover:
    """Spans, to be asked many times whether one of them covers another."""

    def __init__(self, spans: Sequence[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._furthest = [*accumulate((end for _, end in ordered), max)]  # of all that start here or before

    def holds(self, span: Span) -> bool:
        before = bisect_right(self._starts, span[0])
        return before > 0 and self._furthest[before - 1] >= span[1]


def _error(rule: str, detail: str, span: Span) -> Finding:
    return Finding(rule, Severity.ERROR, detail, span)


def _opposite(text: str, span: Span, where: str) -> Finding:
    where = where if len(where) <= _LONGEST_QUOTE else f"{where[:_LONGEST_QUOTE]}…"
    detail = f"The row says the opposite of {text[slice(*span)]!r} here: {where!r}."
    return _error("negated_fact", detail, span)


def read_ground(product: Product, brief: Brief, brand: Brand | None, language: str) -> Ground:
    """Prepare everything that *product*, *brief* and *brand* state, for texts in *language*.

    Words are compared only where the row is written in that language too: no lexicon translates.
    """
    lexicon = load_lexicon(language) if _tongue(language) == _tongue(product.language) else None
    sources = [*sources_of(product, brief, brand)]
    if lexicon is not None:
        codes = (product.gender.lower(), product.age_group.lower())
        sources += [Source(lexicon.values[code]) for code in codes if code in lexicon.values]
    reader = plain_numbers() if lexicon is None else lexicon.numbers
    quantities = [one for source in sources for one in reader.stated(source.label, source.text)]
    quantities += [one for text in dates(brief) for one in reader.quantities(text)]
    prices = [price for price in (product.price, product.sale_price) if price is not None]
    return Ground(
        numbers=gather(quantities, prices),
        reader=reader,
        text=" \n ".join(source.whole for source in sources).lower(),
        spoken=None if lexicon is None else _listen(sources, lexicon, [price.currency for price in prices]),
        pages=tuple(page for page in (product.link, brief.landing_url) if page),
    )


def _tongue(language: str) -> str:
    """*language* without its region."""
    return language.partition("-")[0].lower()


def check_grounding(
    text: str, *, product: Product, brief: Brief, brand: Brand | None, language: str = "en"
) -> list[Finding]:
    """What in *text* neither the *product*'s row, the *brief* nor the *brand* states, in reading order."""
    return read_ground(product, brief, brand, language).check(text)


def _listen(sources: Sequence[Source], lexicon: Lexicon, currencies: Sequence[str]) -> Spoken:
    tokenizer = lexicon.tokenizer
    said = [(source.whole, tokenizer.tokens(source.whole)) for source in sources]
    measured = [(text, found, lexicon.numbers.quantities(text)) for text, found in said]
    tokens = [token for _, found in said for token in found]
    words = {token.stem for token in tokens} | {tokenizer.stem(currency) for currency in currencies}
    words |= {tokenizer.stem(part) for token in tokens if "-" in token.low for part in token.low.split("-")}
    parts = {word for word in words | {token.low for token in tokens} if word.isalpha() and len(word) >= _SHORTEST_OWN}
    return Spoken(
        lexicon=lexicon,
        words=frozenset(words),
        parts=frozenset(parts - lexicon.function),
        edges=frozenset(edge for part in parts for edge in edges(part)) if lexicon.links is not None else frozenset(),
        claims=read_claims(said, lexicon),
        counts=read_counts(measured, lexicon),
        polarity=read_polarity(said, lexicon),
        han=read_row([source.whole for source in sources], lexicon) if lexicon.is_han else None,
    )
