"""What any advertisement of a language may say of any product, and what none may without proof."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from adloom.checks.numbers import Notation, NumberReader
from adloom.checks.order import Order
from adloom.checks.words import Inflection, Token, Tokenizer, plain_letters, stem

#: the rule that a claim breaks which no source makes -> what to tell the author of the text
CLAIMS = {
    "ungrounded_superlative": "No source says {!r}.",
    "ungrounded_certification": "No source attests {!r}.",
    "ungrounded_promise": "No source promises {!r}.",
    "ungrounded_material": "No source names {!r} as a material.",
}
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
_PLAIN = Notation(thousands=",", words={}, units={}, loose={}, percents=(), idioms=(), is_han=False)


@dataclass(frozen=True)
class Negation:
    """How a language denies: the table [negation] of its lexicon."""

    negators: frozenset[str]
    prefixes: frozenset[str]  #: negators that reach no further than the next word; Han only
    suffixes: tuple[str, ...]  #: "-free"
    ends: frozenset[str]  #: words that end a negation's reach: "with", "but"
    inclusions: frozenset[str]  #: stems of words for what comes with a product: "batteries not included"
    alternatives: frozenset[str]  #: words that carry it over a comma: "no salt, sugar or oil"
    fixed: tuple[str, ...]  #: words that have a negator and deny nothing; Han only


@dataclass(frozen=True)
class Lexicon:
    """One language's words, by what they may do in an advertisement."""

    free: frozenset[str]  #: stems
    function: frozenset[str]  #: of free, those that are only so as they are written
    claims: Mapping[tuple[str, ...], tuple[str, str]]  #: words -> the rule, and one name for all that say the same
    longest_claim: int  #: in words
    claim_parts: Mapping[str, tuple[str, str]]  #: what a compound may hold of a claim -> its rule and its name
    imitations: frozenset[str]  #: what makes a material another one: "faux"
    makers: frozenset[str]  #: words that a maker's name follows
    negation: Negation
    order: Order | None  #: None where the language has no table of it
    values: Mapping[str, str]  #: a code of the feed -> its words: "male" -> "men"
    links: tuple[str, ...] | None  #: between the parts of a compound; None where words are not compounded
    has_capital_nouns: bool
    is_inflected: bool  #: whether claims are listed by stem
    is_han: bool
    tokenizer: Tokenizer
    numbers: NumberReader

    def key(self, token: Token) -> str:
        """*token* as claims list it: by its stem, where that is not a function word's by chance."""
        return token.stem if self.is_inflected and token.low not in self.function else token.low

    def is_free(self, token: Token) -> bool:
        """Whether any advertisement may use the word."""
        return token.low in self.function or token.stem in self.free


def load_lexicon(language: str) -> Lexicon | None:
    """The lexicon of *language* (BCP 47; its region is ignored), or None where there is none yet.

    Traditional Chinese has none: its words are written otherwise.
    """
    if language.lower().startswith(_TRADITIONAL):
        return None
    own = language.partition("-")[0].lower()
    return _load(own) if own in _languages() else None


@cache
def _languages() -> frozenset[str]:
    """Those that have a lexicon: what is none of them names no file and is not remembered."""
    names = (path.name for path in files("adloom.checks").joinpath("data").iterdir())
    return frozenset(name.split(".")[1] for name in names if name.startswith("lexicon."))


@cache
def _load(language: str) -> Lexicon:
    path = files("adloom.checks").joinpath(f"data/lexicon.{language}.toml")
    return _read(tomllib.loads(path.read_text(encoding="utf-8")))


@cache
def plain_numbers() -> NumberReader:
    """Reads numbers where the language has no lexicon: as English writes them."""
    return NumberReader(_PLAIN)


def _read(data: Mapping[str, Mapping[str, Any]]) -> Lexicon:  # Any: TOML
    words = data.get("words", {})
    tokenizer = _tokenizer(words)
    inflected = "endings" in words
    function = frozenset(tokenizer.low(word) for word in data["free"]["function"].split())
    texts = [text for name, text in data["free"].items() if name != "function" or not inflected]
    claims = _claims(data, tokenizer, function if inflected else None)
    links = words.get("links")
    return Lexicon(
        free=frozenset(word if tokenizer.is_han else tokenizer.stem(word) for text in texts for word in text.split()),
        function=function,
        claims=claims,
        longest_claim=max(map(len, claims)),
        claim_parts={} if links is None else dict(_claim_parts(claims)),
        imitations=frozenset(tokenizer.stem(word) for word in data["materials"]["imitations"].split()),
        makers=frozenset(map(tokenizer.low, data["names"]["makers"].split())),
        negation=_negation(data["negation"], tokenizer),
        order=_order(data["order"], tokenizer) if "order" in data else None,
        values=data["values"],
        links=None if links is None else tuple(links.split()),
        has_capital_nouns=bool(data["names"].get("capital_nouns")),
        is_inflected=inflected,
        is_han=tokenizer.is_han,
        tokenizer=tokenizer,
        numbers=NumberReader(_notation(data, is_han=tokenizer.is_han)),
    )


def _tokenizer(words: Mapping[str, Any]) -> Tokenizer:  # Any: TOML
    is_han = bool(words.get("is_han"))
    elisions = frozenset(words.get("elisions", "").split())
    if "endings" not in words:
        return Tokenizer(stem, accents=True, elisions=elisions, is_han=is_han)
    endings = tuple((one.partition(">")[0], one.partition(">")[2]) for one in words["endings"].split())
    inflection = Inflection(endings, words["shortest"], bool(words.get("undouble")))
    return Tokenizer(lru_cache(maxsize=1 << 14)(inflection.stem), accents=False, elisions=elisions, is_han=is_han)


def _notation(data: Mapping[str, Mapping[str, Any]], *, is_han: bool) -> Notation:  # Any: TOML
    numbers = data["numbers"]
    return Notation(
        thousands=numbers["thousands"],
        words=dict(pair.split("=") for pair in numbers.get("words", "").split()),
        units={spelled: unit for unit, text in data.get("units", {}).items() for spelled in text.split()},
        loose=dict(pair.split("=") for pair in numbers.get("loose", "").split()),
        percents=tuple(numbers.get("percents", "").split()),
        idioms=tuple(numbers.get("idioms", "").split()),
        is_han=is_han,
    )


def _negation(data: Mapping[str, Any], tokenizer: Tokenizer) -> Negation:  # Any: TOML
    return Negation(
        negators=frozenset(map(tokenizer.low, data["negators"].split())),
        prefixes=frozenset(data.get("prefixes", "").split()),
        suffixes=tuple(data.get("suffixes", "").split()),
        ends=frozenset(map(tokenizer.low, data.get("ends", "").split())),
        inclusions=frozenset(map(tokenizer.stem, data.get("inclusions", "").split())),
        alternatives=frozenset(data.get("alternatives", "").split()),
        fixed=tuple(data.get("fixed", "").split()),
    )


def _order(data: Mapping[str, str], tokenizer: Tokenizer) -> Order:
    return Order(**{name: frozenset(map(tokenizer.low, words.split())) for name, words in data.items()})


def _claims(
    data: Mapping[str, Mapping[str, Any]], tokenizer: Tokenizer, function: frozenset[str] | None
) -> dict[tuple[str, ...], tuple[str, str]]:
    """Claims by their words as texts have them; *function*: words that are no stems, or None where no word is."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for rule, phrases in (
        ("ungrounded_material", data["materials"]["words"].split()),
        ("ungrounded_certification", data["claims"]["certifications"].split()),
        ("ungrounded_superlative", [*data["claims"]["superlatives"].split(), *data["claims"].get("comparisons", ())]),
        ("ungrounded_promise", data["promises"]["phrases"]),
    ):
        for synonyms in phrases:
            names = synonyms.split("/") if rule == "ungrounded_material" else [synonyms]
            keys = [key for name in names for key in _keys(name, rule, tokenizer, function)]
            found |= dict.fromkeys(keys, (rule, synonyms))
    return found


def _claim_parts(claims: Mapping[tuple[str, ...], tuple[str, str]]) -> Iterator[tuple[str, tuple[str, str]]]:
    for words, (rule, name) in claims.items():
        forms = {*words, *map(plain_letters, name.split("/"))} if len(words) == 1 else ()
        yield from ((form, (rule, name)) for form in forms)


def _keys(phrase: str, rule: str, tokenizer: Tokenizer, function: frozenset[str] | None) -> list[tuple[str, ...]]:
    """*phrase* as a text may have it: materials by their forms, or "cuire" would be made of "cuir"."""
    if tokenizer.is_han:
        return [(phrase,)]
    if rule == "ungrounded_material" and function is not None:
        return [(form,) for ending in ("", "s", "n", "es") if (form := plain_letters(phrase) + ending) not in function]
    tokens = tokenizer.tokens(phrase)
    return [tuple(one.low if function is None or one.low in function else one.stem for one in tokens)]
