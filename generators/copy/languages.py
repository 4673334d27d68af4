"""Which languages copy is written in: those that have data files, and a lexicon to check their texts with."""

import re
import tomllib
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError

from adloom.checks.lexicon import Lexicon, load_lexicon
from adloom.checks.words import HAN
from adloom.core.errors import GenerationError
from adloom.core.products import Product
from adloom.core.specs import CopySpec

_SMALL_WORDS = 3  #: of one language and not of the other, from which a row is in it
_HAN_SHARE = 0.5  #: of a row's letters, from which it is Chinese


class LanguageNotSupported(GenerationError):
    """The generator does not write this language."""

    code = "language-not-supported"


class LanguageMismatch(GenerationError):
    """The row is in one language and its copy is wanted in another: facts are not translated."""

    code = "language-mismatch"


@cache
def languages() -> tuple[str, ...]:
    """The languages that have words, frames and a lexicon, without region, in order."""
    names = {path.name for path in files("generators.copy").joinpath("data").iterdir()}
    framed = (name.split(".")[1] for name in names if name.startswith("frames."))
    return tuple(sorted(one for one in framed if f"words.{one}.toml" in names and load_lexicon(one) is not None))


def tongue(language: str) -> str:
    """*language* (BCP 47) without its script and region."""
    return language.partition("-")[0].lower()


def is_written(language: str) -> bool:
    """Whether there are frames for *language* (BCP 47), in its own script."""
    return tongue(language) in languages() and load_lexicon(language) is not None


def has_frames(spec: CopySpec) -> bool:
    """Whether frames write what *spec* asks for: they know its language, and its row is in that language."""
    return is_written(spec.language) and _is_alike(spec.language, spec.product.language)


def read_data(name: str, language: str) -> dict[str, Any]:  # Any: TOML
    """The data file *name* of *language*, one of `languages`."""
    path = files("generators.copy").joinpath(f"data/{name}.{tongue(language)}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def language_name(language: str) -> str:
    """What English calls *language*; its code where that is not known.

    >>> language_name("de-AT"), language_name("xx")
    ('German', 'xx')
    """
    try:
        return Locale.parse(tongue(language)).get_language_name("en") or language
    except (UnknownLocaleError, ValueError):
        return language


def require_language(spec: CopySpec, written: Collection[str] = ()) -> None:
    """Raise unless the copy that *spec* asks for can be written in its language.

    *written*: languages without region that a network writes by itself.

    Raises:
        LanguageNotSupported: there are no frames for the language, and no network that writes it.
        LanguageMismatch: the row is not in that language.
    """
    if not is_written(spec.language) and tongue(spec.language) not in written:
        known = ", ".join(language_name(one) for one in sorted({*languages(), *written}))
        advice = "For others use copy.served with a network that speaks them."
        raise LanguageNotSupported(f"Copy is written in {known}, not in {spec.language}. {advice}")
    if not _is_alike(spec.language, spec.product.language):
        row, wanted = language_name(spec.product.language), language_name(spec.language)
        detail = f"The row is in {row} ({spec.product.language}) and copy is wanted in {wanted}: no fact is translated."
        advice = "Give rows in that language (content_language), or use copy.served with a network that speaks both."
        raise LanguageMismatch(f"{detail} {advice}")


def reads_as(product: Product, language: str) -> bool:
    """Whether the row of *product* is clearly in *language*, whatever it states: many feeds state nothing.

    Source: Grefenstette 1995, "Comparing two language identification schemes", section 3 (small words), JADT 1995
    """
    wanted, stated = load_lexicon(language), load_lexicon(product.language)
    text = " ".join([product.title, product.description, *product.highlights])
    if wanted is None:
        return False
    if wanted.is_han:
        letters = [char for char in text if char.isalpha()]
        return bool(letters) and len(re.findall(f"[{HAN}]", text)) > _HAN_SHARE * len(letters)
    own, other = _small_words(text, wanted), set() if stated is None else _small_words(text, stated)
    return len(own - other) >= _SMALL_WORDS and len(own - other) > 2 * len(other - own)


def _small_words(text: str, lexicon: Lexicon) -> set[str]:
    return {token.low for token in lexicon.tokenizer.tokens(text)} & lexicon.function


def _is_alike(one: str, other: str) -> bool:
    """Whether both are one language in one script."""
    return tongue(one) == tongue(other) and load_lexicon(one) is load_lexicon(other)
