"""Sorts noun phrases into facts: a part, a quality of the whole, a fit; or nothing worth saying."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from generators.copy.facts import Fact, FactKind, Names
from generators.copy.phrases import NounPhrase, Token, is_adjective, noun_phrase
from generators.copy.words import article, is_plural, load_words

_LONGEST = 6  #: words; a longer phrase reads like a list


def classify(
    phrases: Sequence[NounPhrase], tokens: list[Token], end: int, source: str, *, names: Names, predicate: bool = False
) -> Iterator[Fact]:
    """The facts in a list of *phrases* that ends at token *end*; *predicate*: the list follows "is" or "are".

    What is said of the product's own noun holds of the whole.
    """
    fit_for = load_words().classes["predicates"]
    if phrases and (phrases[-1].head in fit_for or (end < len(tokens) and tokens[end].low in fit_for)):
        phrases = phrases[:0]  # "dishwasher and microwave safe": no parts
    for number, phrase in enumerate(phrases):
        whole = phrase.determiner in ("this", "these") or (predicate and phrase.head in load_words().classes["goods"])
        if whole or phrase.head == names.noun:
            yield from qualities(phrase.tokens[:-1], source, names)
            continue
        last = number == len(phrases) - 1
        if predicate or (last and end < len(tokens) and tokens[end].low == "of"):
            continue
        purpose = _purpose(tokens, end) if last else None
        if purpose is not None and purpose.head in load_words().classes["fit"]:
            yield from _feature(purpose, source, names)
        for fact in _feature(phrase, source, names, listed=len(phrases) > 1):
            yield _with_purpose(fact, purpose) if purpose else fact


def qualities(tokens: Sequence[Token], source: str, names: Names) -> Iterator[Fact]:
    """ "this lightweight and durable climbing harness": what holds of the whole product."""
    words = load_words()
    for token in tokens:
        low = token.low
        if (
            (token.text[0].isupper() and token is not tokens[0])
            or _is_name(token, names)
            or not is_adjective(low)
            or words.has(low, "puffery", "looks", "colours")
        ):
            continue
        yield Fact(FactKind.QUALITY, low, source, (token.start, token.end))


def _feature(phrase: NounPhrase, source: str, names: Names, *, listed: bool = False) -> Iterator[Fact]:
    """The phrase as a feature or a fit, without its superlatives; nothing when nothing is left to point at."""
    words = load_words()
    head = phrase.head
    tokens = [t for t in phrase.tokens if t.low not in words.classes["puffery"]]
    while tokens and tokens[0].low in (",", "and", "yet", "&"):
        tokens = tokens[1:]
    modifiers = [t for t in tokens[:-1] if t.is_word]
    if (
        not tokens
        or head in words.classes["junk"]
        or len(tokens) > _longest(phrase)
        or any(_is_name(t, names) for t in tokens)
    ):
        return
    bare = words.has(head, "abstract", "fit", "design", "style", "materials") or not (phrase.determiner or listed)
    if (not modifiers and bare) or _vague(head, [m.low for m in modifiers]):
        return
    said = _join(tokens)
    kind = FactKind.FIT if head in words.classes["fit"] else FactKind.FEATURE
    span = (tokens[0].start, tokens[-1].end)
    yield Fact(kind, said, source, span, article=_article(phrase, said), plural=is_plural(head), telling=_tells(tokens))


def _longest(phrase: NounPhrase) -> int:
    """How many words may stand in a fact; a count or a scent takes a few more: "notes of cedarwood and orange peel"."""
    return _LONGEST + 2 if any(token.low == "of" for token in phrase.tokens) else _LONGEST


def _tells(tokens: Sequence[Token]) -> bool:
    """Whether the phrase says how its noun is: "padded collar", not "waist belt"."""
    words = load_words()
    lows = [token.low for token in tokens[:-1] if token.is_word]
    capitals = any(any(c.isupper() for c in token.text[1:]) or token.text[0].isdigit() for token in tokens)
    return capitals or len(lows) > 2 or any(is_adjective(w) or words.has(w, "materials", "colours") for w in lows)


def _vague(head: str, modifiers: Sequence[str]) -> bool:
    """Whether the phrase only flatters: "a sleek look", "easy movement"."""
    words = load_words()
    if words.has(head, "colours") or (words.has(head, "goods") and not modifiers):
        return True
    if words.has(head, "style"):
        return head not in ("details", "finish")
    if words.has(head, "design"):
        return all(words.has(word, "looks", "colours", "shades") for word in modifiers)
    return words.has(head, "abstract") and all(is_adjective(word) for word in modifiers) and "full" not in modifiers


def _join(tokens: Sequence[Token]) -> str:
    """The tokens as the row spells them, lower case unless their capitals are their spelling."""
    words = []
    for token in tokens:
        opens = token.start == 0 or (
            token is tokens[0] and is_adjective(token.low)
        )  # only a sentence gave it its capital
        words.append(token.low if opens and token.text[1:].islower() else token.text)
    return " ".join(words).replace(" ,", ",").replace(", and ", " and ")


def _article(phrase: NounPhrase, said: str) -> str:
    words = load_words()
    if phrase.determiner in ("a", "an"):
        return article(said)
    if phrase.plural or words.has(phrase.head, "mass", "abstract"):
        return ""
    return article(said)


def _is_name(token: Token, names: Names) -> bool:
    """Whether *token* is a piece of the product's or its brand's name."""
    return token.text[0].isupper() and token.low in f"{names.model} {names.brand}".lower().split()


def _purpose(tokens: list[Token], end: int) -> NounPhrase | None:
    """ "for superior traction" after a list, less its superlatives: traction."""
    if end >= len(tokens) or tokens[end].low != "for":
        return None
    words = load_words()
    phrase, after = noun_phrase(tokens, end + 1)
    if phrase is None or phrase.head in words.classes["junk"]:
        return None
    if after < len(tokens) and tokens[after].is_word and tokens[after].low not in ("and", "while"):
        return None
    kept = tuple(t for t in phrase.tokens if t.low not in words.classes["puffery"])
    return NounPhrase(kept, phrase.determiner) if 0 < len(kept) <= 3 and kept[0].is_word else None


def _with_purpose(fact: Fact, purpose: NounPhrase) -> Fact:
    said = _join(purpose.tokens)
    said = f"{article(said)} {said}" if purpose.determiner in ("a", "an") else said
    return replace(fact, full=f"{fact.with_article} for {said}")
