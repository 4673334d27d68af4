"""Is a text true to its product?  All it states must stand in the row, the brief or the brand."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from adloom.checks.findings import Finding, Severity
from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.products import Product

_WORD = re.compile(r"#?\d+(?:[.,:]\d+)*%?|[^\W\d_](?:[\w&'’]|-(?=\w))*|[.!?;]")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*%?")
_SCOPE = 3  #: content words that a negation reaches


@dataclass(frozen=True)
class Lexicon:
    """What any advertisement of a language may say, and what none may without proof."""

    free: frozenset[str]
    superlatives: frozenset[str]
    certifications: frozenset[str]
    promises: tuple[str, ...]
    negators: frozenset[str]


@cache
def load_lexicon(language: str) -> Lexicon | None:
    """The lexicon of *language* (BCP 47; its region is ignored), or None where there is none yet."""
    path = files("adloom.checks").joinpath(f"data/lexicon.{language.partition('-')[0].lower()}.toml")
    if not path.is_file():
        return None
    data: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))  # Any: TOML
    free = {stem(word) for text in data["free"].values() for word in text.split()}
    return Lexicon(
        free=frozenset(free),
        superlatives=frozenset(data["claims"]["superlatives"].split()),
        certifications=frozenset(data["claims"]["certifications"].split()),
        promises=tuple(data["promises"]["phrases"]),
        negators=frozenset(data["negation"]["negators"].split()),
    )


@dataclass(frozen=True)
class Ground:
    """Everything that may be said about one product, prepared for many texts."""

    words: frozenset[str]  #: stems
    numbers: frozenset[str]
    text: str  #: all of it, lower case, for phrases
    affirmed: frozenset[str]
    negated: frozenset[str]
    lexicon: Lexicon | None

    def check(self, text: str) -> list[Finding]:
        """What in *text* no source states, in reading order."""
        found = [*self._numbers(text)]
        if self.lexicon is None:
            detail = "There is no lexicon for this language: only numbers were compared with the row."
            return [*found, Finding("words_not_compared", Severity.WARNING, detail, (0, len(text)))]
        promises = [*self._promises(text, self.lexicon)]
        covered = [finding.span for finding in promises]
        found += promises
        found += [f for f in self._words(text, self.lexicon) if not any(a <= f.span[0] < b for a, b in covered)]
        found += self._negations(text, self.lexicon)
        return sorted(found, key=lambda finding: finding.span)

    def _numbers(self, text: str) -> Iterator[Finding]:
        for match in _NUMBER.finditer(text):
            if plain_number(match.group()) not in self.numbers:
                detail = f"No source states {match.group()!r}."
                yield Finding("ungrounded_number", Severity.ERROR, detail, match.span())

    def _promises(self, text: str, lexicon: Lexicon) -> Iterator[Finding]:
        for phrase in lexicon.promises:
            match = re.search(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text.lower())
            if match and not re.search(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", self.text):
                yield Finding("ungrounded_promise", Severity.ERROR, f"No source promises {phrase!r}.", match.span())

    def _words(self, text: str, lexicon: Lexicon) -> Iterator[Finding]:
        for match in _WORD.finditer(text):
            word = match.group()
            if not word[0].isalpha() or self._knows(word, lexicon):
                continue
            rule, detail = _judge(word, text, match.start(), lexicon)
            yield Finding(rule, Severity.ERROR, detail, match.span())

    def _knows(self, word: str, lexicon: Lexicon) -> bool:
        low = word.lower().replace("’", "'")
        if low in lexicon.superlatives or low in lexicon.certifications:
            return stem(low) in self.words  # a claim never comes from the lexicon
        if stem(low) in self.words or stem(low) in lexicon.free:
            return True
        parts = low.split("-")
        return len(parts) > 1 and all(stem(part) in self.words | lexicon.free for part in parts)

    def _negations(self, text: str, lexicon: Lexicon) -> Iterator[Finding]:
        for word, span, negated in _polarity(text, lexicon):
            if word in lexicon.free:
                continue
            against = self.affirmed - self.negated if negated else self.negated - self.affirmed
            if word in against:
                detail = f"The row says the opposite of {text[slice(*span)]!r} here."
                yield Finding("negated_fact", Severity.ERROR, detail, span)


def read_ground(product: Product, brief: Brief, brand: Brand | None, language: str) -> Ground:
    """Prepare everything that *product*, *brief* and *brand* state."""
    lexicon = load_lexicon(language)
    text = " \n ".join(_sources(product, brief, brand))
    found = [*_polarity(text, lexicon)] if lexicon else []
    words = {stem(match.group()) for match in _WORD.finditer(text)}
    words |= {stem(part) for match in _WORD.finditer(text) for part in match.group().split("-")}
    numbers = {plain_number(match.group()) for match in _NUMBER.finditer(text)}
    for price in (product.price, product.sale_price):
        if price is not None:
            numbers.add(plain_number(f"{price.amount:f}"))
            words.add(stem(price.currency))
    return Ground(
        words=frozenset(words),
        numbers=frozenset(numbers),
        text=text.lower(),
        affirmed=frozenset(word for word, _, negated in found if not negated),
        negated=frozenset(word for word, _, negated in found if negated),
        lexicon=lexicon,
    )


def check_grounding(
    text: str, *, product: Product, brief: Brief, brand: Brand | None, language: str = "en"
) -> list[Finding]:
    """What in *text* neither the *product*'s row, the *brief* nor the *brand* states, in reading order."""
    return read_ground(product, brief, brand, language).check(text)


def stem(word: str) -> str:
    """*word* without its inflection, crudely: enough to know "boots" by "boot".

    >>> stem("Boots"), stem("carrying"), stem("carries"), stem("fitted"), stem("Daybird's")
    ('boot', 'carry', 'carry', 'fit', 'daybird')
    """
    low = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    for ending in ("ing", "ed", "es", "s", "ly"):
        if low.endswith(ending) and len(low) - len(ending) >= 3 and not low.endswith("ss"):
            low = low.removesuffix(ending)
            break
    if len(low) > 3 and low[-1] == low[-2] and low[-1] not in "aeiouls":
        low = low[:-1]
    return low.removesuffix("e") if len(low) > 3 else low


def plain_number(text: str) -> str:
    """A number as it compares: without thousands' commas or idle zeros.

    >>> plain_number("1,200.00"), plain_number("20.50"), plain_number("100%")
    ('1200', '20.5', '100%')
    """
    body = re.sub(r",(?=\d{3}(\D|$))", "", text.removesuffix("%")).strip(".,:")
    if "." in body:
        body = body.rstrip("0").rstrip(".")
    return body + ("%" if text.endswith("%") else "")


def _sources(product: Product, brief: Brief, brand: Brand | None) -> Iterator[str]:
    yield from (product.title, product.description, product.brand, product.category, product.color, product.size)
    yield from (product.material, product.pattern, product.gender, product.age_group, product.condition)
    yield from product.highlights
    for label, value in product.details.items():
        yield f"{label} {value}"
    for label, values in product.options.items():
        yield f"{label} {' '.join(values)}"
    yield from (brief.call_to_action, *brief.keywords, *(claim.text for claim in brief.allowed_claims))
    yield from brief.disclaimers
    if brief.offer is not None:
        yield f"{brief.offer.text} {brief.offer.code}"
    if brand is not None:
        yield from (brand.name, brand.tagline, *brand.approved_terms, *brand.disclaimers)


def _judge(word: str, text: str, at: int, lexicon: Lexicon) -> tuple[str, str]:
    """Which rule a *word* that no source states breaks, and what to tell the author."""
    low = word.lower()
    if low in lexicon.superlatives:
        return "ungrounded_superlative", f"No source says {word!r}."
    if low in lexicon.certifications:
        return "ungrounded_certification", f"No source attests {word!r}."
    inner = at > 0 and text[:at].rstrip()[-1:] not in (".", "!", "?", ":")
    titled = sum(w[0].isupper() for w in text.split()) * 2 > len(text.split())
    if word[0].isupper() and inner and not titled:
        return "foreign_name", f"{word!r} is no name of this product or its brand."
    return "ungrounded_word", f"Neither the row, the brief nor the brand says {word!r}."


def _polarity(text: str, lexicon: Lexicon) -> Iterator[tuple[str, tuple[int, int], bool]]:
    """Each content word's stem, its place, and whether a negation reaches it."""
    reach = 0
    for match in _WORD.finditer(text):
        word = match.group().lower().replace("’", "'")
        if word in lexicon.negators:
            reach = _SCOPE
        elif word in ".!?;":
            reach = 0
        elif stem(word) not in lexicon.free:
            yield stem(word), match.span(), reach > 0
            reach = max(0, reach - 1)
