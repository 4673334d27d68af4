"""How a language writes its lines: capitals, spaces, stops, and what may not stand twice; from its frames' file."""

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator

from adloom.checks.lexicon import load_lexicon
from adloom.checks.words import HAN
from adloom.core.products import Frozen
from generators.copy.languages import is_written, read_data, tongue
from generators.copy.wording import capitalised, closed, title_case


def _split(words: object) -> object:
    return words.split() if isinstance(words, str) else words


WordSet = Annotated[frozenset[str], BeforeValidator(_split)]  #: written as one string, divided by white space
WordList = Annotated[tuple[str, ...], BeforeValidator(_split)]


class Style(Frozen):
    """The table [style] of a language's frames."""

    capitals: Literal["title", "sentence", "none"] = "sentence"  #: of headlines
    space: str = " "  #: between words and between sentences; empty where a language sets none
    stop: str = "."
    calls: tuple[str, ...] = ()  #: phrases that ask the reader to act: one of them is enough for a text
    call_ends: bool = False  #: nothing follows a call
    pronouns: WordList = ()  #: open a sentence about the product, which has to follow its name
    once: WordSet = frozenset()  #: words that may stand once in a sentence
    conjunction: str = ""  #: may not come again within three words
    clash: str = ""  #: a pattern of words that may not meet: "y imán" would have to be "e imán"
    small: WordSet = frozenset()  #: say nothing: may stand twice in a text; pairs of characters without spaces
    empty: WordSet = frozenset()  #: say nothing: texts that share them are no more alike
    loose: WordSet = frozenset()  #: no line ends with one of them
    makers: WordSet = frozenset()  #: a maker's name has to follow
    endings: WordList = ()  #: of a word's forms, the longest first
    is_compounding: bool = False  #: one long word says what others say in two
    enough: int = 80  #: characters that a text of sentences has at least, however many its field takes

    def headline(self, text: str) -> str:
        """*text* with the capitals of a headline."""
        if self.capitals == "title":
            return title_case(text)
        return capitalised(text) if self.capitals == "sentence" else self._spaced(text)

    def sentences(self, text: str) -> str:
        """*text* with a capital at the head of each sentence, where the language has any."""
        if self.capitals == "none":
            return self._spaced(text)
        return re.sub(r"(^|[.!?]\s+)(?!https?:)([^\W\d_])", lambda match: match[1] + match[2].upper(), text)

    def _spaced(self, text: str) -> str:
        return text if self.space else closed(text)

    def words(self, text: str) -> list[str]:
        """The words of *text*, lower case; where no spaces divide them, its pairs of characters and its Latin words."""
        if self.space:
            return re.findall(r"[^\W\d_]{3,}", text.lower())
        return [*_pairs(text), *re.findall(rf"[^\W\d_{HAN}]{{3,}}", text.lower())]

    def stem(self, word: str) -> str:
        """*word* without the ending of its form, crudely."""
        for ending in self.endings:
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                return word.removesuffix(ending)
        return word.removesuffix("e") if len(word) > 4 else word

    def weight(self, text: str) -> int:
        """How many words *text* would have in a language that sets spaces and makes no compounds."""
        if not self.space:
            return len(text) // 2
        return sum(1 + (self.is_compounding and len(word) >= _COMPOUND) for word in text.split())

    def count_calls(self, text: str) -> int:
        """How often *text* asks its reader to act, besides at its head."""
        return len(self._calls.findall(text)) if self.calls else 0

    def first_word(self, text: str) -> str:
        """What *text* opens with, lower case."""
        return text.split(" ", 1)[0].lower() if self.space else text[:2]

    @cached_property
    def _calls(self) -> re.Pattern[str]:
        edge = r"\b" if self.space else ""
        return re.compile(edge + "(?:" + "|".join(map(re.escape, self.calls)) + ")" + edge)


_COMPOUND = 10  #: letters


_PLAIN = Style()


def load_style(language: str) -> Style:
    """The style of *language* (BCP 47); a plain one where it has no frames."""
    return _read(tongue(language)) if is_written(language) else _PLAIN


@cache
def _read(language: str) -> Style:
    return Style.model_validate(read_data("frames", language)["style"])


def content(text: str, language: str) -> frozenset[str]:
    """The stems of *text* that say something; where no spaces divide words, its pairs of characters."""
    style, lexicon = load_style(language), load_lexicon(language)
    if not style.space:
        return frozenset(word for word in style.words(text) if word not in style.small)
    words = [word for word in re.findall(r"[\w$€£.%-]*\w", text.lower()) if word not in style.empty]
    return frozenset(words if lexicon is None else map(lexicon.tokenizer.stem, words))


def _pairs(text: str) -> Iterator[str]:
    """Every two Han characters side by side.

    >>> list(_pairs("保温杯500ml"))
    ['保温', '温杯']
    """
    for run in re.findall(f"[{HAN}]+", text):
        yield from (run[at : at + 2] for at in range(len(run) - 1))
