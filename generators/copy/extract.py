"""Reads a product's row into typed facts, every one with the place where it stands."""

import re
from collections.abc import Iterator

from adloom.core.brief import Brief
from adloom.core.products import Product
from generators.copy.colours import read_colours
from generators.copy.deeds import read_deeds
from generators.copy.facts import Fact, FactKind, Names, Sheet, distinct
from generators.copy.languages import tongue
from generators.copy.measures import read_measures
from generators.copy.money import read_offers, spell_price
from generators.copy.names import read_names
from generators.copy.nouns import classify, qualities
from generators.copy.phrases import Token, is_adjective, noun_phrases, sentences
from generators.copy.reader import read_plain_sheet
from generators.copy.statements import read_statements
from generators.copy.words import load_words

_LISTS = {  # the words that a list of features follows
    "features", "featuring", "feature", "offers", "offering", "offer", "boasts", "includes", "including", "include",
    "has", "have", "having", "with", "provides", "provide", "providing", "combines", "delivers", "ensures", "ensure",
    "ensuring",
}  # fmt: skip
_MADE = {"made", "crafted", "constructed", "built", "designed", "manufactured"}
_AFTER_PART = {".", "on", "with", "for", "in"}  #: what follows the phrase that a highlight is
_NO_COLOUR = {"natural", "clear", "transparent", "multi", "multicolor", "multicolour", "assorted", "various", "other"}


def read_sheet(product: Product, brief: Brief, language: str = "en") -> Sheet:
    """Everything that copy in *language* (BCP 47) may say about *product*: its names and facts, best sources first."""
    own = _READERS.get(tongue(language))
    return own(product, brief) if own else read_plain_sheet(product, brief, language)


def _read_english(product: Product, brief: Brief) -> Sheet:
    names = read_names(product)
    facts: list[Fact] = []
    for source, text in _texts(product):
        facts.extend(read_colours(text, source))
        for sentence in sentences(text):
            facts.extend(_read_sentence(sentence, source, names))
            facts.extend(read_deeds(sentence, text, source, product=product, names=names))
            facts.extend(read_statements(sentence, text, source, names=names))
    facts.extend(_columns(product, names))
    facts.extend(read_offers(product, brief, spell_price))
    return Sheet(names, tuple(distinct(facts)))


def _texts(product: Product) -> Iterator[tuple[str, str]]:
    yield "description", product.description
    for number, highlight in enumerate(product.highlights):
        yield f"highlights/{number}", highlight if highlight.endswith(".") else highlight + "."


def _read_sentence(tokens: list[Token], source: str, names: Names) -> Iterator[Fact]:
    """The facts that stand in noun phrases: after "features", "with", "made from", and as subjects."""
    yield from _subject(tokens, source, names)
    at = 0
    while at < len(tokens):
        low = tokens[at].low
        if low in _MADE and tokens[at + 1 :] and tokens[at + 1].low in ("from", "of", "with"):
            yield from _made(tokens, at, source, names)
            at += 2
            continue
        begins = low in ("these", "this")
        if begins or low in _LISTS or low in ("is", "are") or _new_subject(tokens, at):
            phrases, end = noun_phrases(tokens, at if begins else at + 1)
            yield from classify(phrases, tokens, end, source, names=names, predicate=low in ("is", "are"))
            at = end if end > at and low in _LISTS else at + 1
        else:
            at += 1


def _subject(tokens: list[Token], source: str, names: Names) -> Iterator[Fact]:
    """The facts at the head of a sentence: "Adjustable straps ensure …", "Compact and light, these poles …"."""
    words = load_words()
    if words.has(tokens[0].low, "base", "stops"):
        return
    phrases, end = noun_phrases(tokens, 0)
    if phrases and end < len(tokens):
        alone = tokens[end].low in _AFTER_PART and source != "description"  # a highlight is often one phrase
        if alone or phrases[0].head == names.noun or words.has(tokens[end].low, "finite", "stops"):
            yield from classify(phrases, tokens, end, source, names=names)
    comma = next((n for n, token in enumerate(tokens[:6]) if token.low == ","), 0)
    described = comma and tokens[comma + 1 :] and tokens[comma + 1].low in ("this", "these", "the")
    if described and all(is_adjective(t.low) or t.low == "and" for t in tokens[:comma]):
        yield from qualities(tokens[:comma], source, names)


def _new_subject(tokens: list[Token], at: int) -> bool:
    """Whether "the soft padding provides …" begins at *at*: determiner, phrase, verb."""
    if (
        tokens[at].low not in ("and", ",", "while")
        or not tokens[at + 1 :]
        or tokens[at + 1].low not in ("the", "its", "their")
    ):
        return False
    if any(token.low == "so" for token in tokens[:at]):
        return False  # "so the bedroom and the study stay quiet": what follows from it is no part of it
    phrases, end = noun_phrases(tokens, at + 1)
    return bool(phrases) and end < len(tokens) and load_words().has(tokens[end].low, "finite")


def _made(tokens: list[Token], at: int, source: str, names: Names) -> Iterator[Fact]:
    """ "made from recycled nylon": the material, if the product itself is the subject; parts otherwise."""
    words = load_words()
    link = tokens[at + 1].low
    phrases, end = noun_phrases(tokens, at + 2)
    for phrase in phrases[:1]:
        if phrase.head in words.classes["materials"] and _of_the_product(tokens, at):
            texts = [t.text for t in phrase.tokens if t.low not in words.classes["puffery"]]
            yield Fact(FactKind.MATERIAL, " ".join(texts).replace(" ,", ","), source, phrase.span, link=link)
            phrases = phrases[1:]
    yield from classify(phrases, tokens, end, source, names=names)


def _of_the_product(tokens: list[Token], at: int) -> bool:
    """Whether what is made, at *at*, is the product and not one of its parts."""
    before = [token.low for token in tokens[:at] if token.is_word]
    if not before:
        return True
    if before[-1] in ("is", "are"):
        return load_words().has(before[-2], "goods") if len(before) > 1 else False
    return tokens[at - 1].low in (",", "and") and len(before) < 4


def _columns(product: Product, names: Names) -> Iterator[Fact]:
    """Facts that stand in columns of their own."""
    if product.material:
        said = _materials(product.material.lower(), product.title.lower().split())
        yield Fact(FactKind.MATERIAL, said, "material", (0, len(product.material)), link="of")
    colour = product.color.lower()
    if colour and "/" not in colour and not set(colour.split()) & {*_NO_COLOUR, *names.name.lower().split()}:
        yield Fact(FactKind.COLOUR, colour, "color", (0, len(colour)))
    yield from read_measures(product.title, product.details)


def _materials(column: str, title: list[str]) -> str:
    """ "oak, brass, linen" as prose; only what the title names too, where it does: the rest may be its packing."""
    listed = [part.strip() for part in re.split(r"[,/;]", column) if part.strip()]
    named = [part for part in listed if set(part.split()) & set(title)]
    kept = named or listed
    return " and ".join([", ".join(kept[:-1]), kept[-1]]) if len(kept) > 1 else kept[0] if kept else column


_READERS = {"en": _read_english}  #: languages with a grammar of their own; all others are read by their data file
