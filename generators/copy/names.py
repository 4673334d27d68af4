"""Takes a title apart: the model's name, the kind of thing, its noun."""

import re

from adloom.core.products import Product
from generators.copy.facts import Names
from generators.copy.measures import is_measure
from generators.copy.words import is_plural, load_words

_TAIL = re.compile(r"\s*(?:[,|(]|\s[-–—]\s).*$")  # "Boots - Black, 42": what follows is a variant, not the name


def read_names(product: Product) -> Names:
    """The ways to call *product*, read from its title, brand and description."""
    spelt = _title_words(product)
    words = _without_measure(spelt)
    start = _kind_start(words, product.description)
    kind, model = words[start:], words[:start]
    shorter = _without_colour(model, kind, product.description)
    model = shorter if shorter is not None else model
    noun = kind[-1]
    short = " ".join([*model, noun])  # "Carbon Fiber Poles" holds, whether those words are a name or not
    if all(load_words().has(word.lower(), "materials", "known", "modifiers", "colours") for word in model):
        model = []  # "Carbon Fiber Trekking Poles" have no name of their own
    return Names(
        title=" ".join(spelt),
        name=" ".join([*model, *kind]) if model else " ".join(words),
        short=short if start else " ".join(words),  # a kind with no name before it must not shrink to its noun
        model=" ".join(model),
        kind=_fuller(" ".join(_lower(word) for word in kind), product.description),
        noun=_lower(noun),
        brand=product.brand,
        plural=is_plural(noun.lower()),
    )


def _title_words(product: Product) -> list[str]:
    title = product.title.strip()
    if product.brand and title.lower().startswith(product.brand.lower() + " "):
        title = title[len(product.brand) :].strip()
    words = (_TAIL.sub("", title) or title).split()
    size = len(words) - len(_without_measure(words))  # 750 ml keeps its letters
    return [*map(_spell, words[: len(words) - size]), *words[len(words) - size :]]


def _without_measure(words: list[str]) -> list[str]:
    """The title's words less the size at their end: "Bottle 0.75 L" is a bottle, and so is "Bottle 750ml"."""
    for many in (2, 1):
        if len(words) > many and is_measure(" ".join(words[-many:])):
            return words[:-many]
    return words


def _spell(word: str) -> str:
    """*word* as a name is written: shouted words calm down, small ones get a capital."""
    if word.isupper() and len(word) > 3 and word.isalpha():
        return word.capitalize()
    return word[0].title() + word[1:] if word.islower() else word


def _kind_start(words: list[str], description: str) -> int:
    """Where the kind of thing begins: the noun and what stands before it in every shop."""
    modifiers = load_words().classes["modifiers"]
    at = len(words) - 1
    while at > 0 and words[at - 1].lower() in modifiers:
        at -= 1
    at = _before_material(words, at)
    spelt = " ".join(words[max(0, at - 1) :])
    said = at > 0 and words[at - 1].isalpha() and f" {spelt.lower()}" in description
    return at - 1 if said and not load_words().has(words[at - 1].lower(), "materials", "colours") else at


def _before_material(words: list[str], at: int) -> int:
    """Where the kind begins with what the thing is made of: "Meridian | Beech Wall Clock"; *at* if no name is left."""
    start = at
    while start > 0 and load_words().has(words[start - 1].lower(), "materials", "modifiers"):
        start -= 1
    named = any(not load_words().has(word.lower(), "known", "modifiers", "colours") for word in words[:start])
    return start if named else at


def _fuller(kind: str, description: str) -> str:
    """ "harness", where the description says "climbing harness", is a climbing harness."""
    if " " in kind:
        return kind
    for match in re.finditer(rf"\b([a-z][a-z-]+) {re.escape(kind)}\b", description):
        if match[1] in load_words().classes["activities"]:
            return match.group()
    return kind


def _without_colour(model: list[str], kind: list[str], description: str) -> list[str] | None:
    """The model without a trailing colour, if the description itself calls the product so."""
    if len(model) < 2 or not load_words().has(model[-1].lower(), "colours"):
        return None
    shorter = model[:-1]
    return shorter if " ".join([*shorter, *kind]).lower() in description.lower() else None


def _lower(word: str) -> str:
    """*word* in lower case, unless its capitals are its spelling: GPS, 3-Season stays readable as 3-season."""
    spelt = word.isupper() or ("-" not in word and any(letter.isupper() for letter in word[1:]))
    return word if spelt else word.lower()
