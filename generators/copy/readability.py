"""How easily a text reads, by the formula of its language."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?:]+(?:\s|$)")


@dataclass(frozen=True)
class _Formula:
    """Reading ease: *base* less *per_word* × words per sentence less *per_syllable* × syllables per word."""

    base: float
    per_word: float
    per_syllable: float
    vowels: re.Pattern[str]
    silent: re.Pattern[str]

    def ease(self, text: str) -> float:
        words = _WORD.findall(text.lower())
        if not words:
            return 0.0
        sentences = len([part for part in _SENTENCE.split(text) if part.strip()])
        syllables = sum(map(self._syllables, words))
        return self.base - self.per_word * len(words) / sentences - self.per_syllable * syllables / len(words)

    def _syllables(self, word: str) -> int:
        spoken = self.silent.sub("", word)
        return len(self.vowels.findall(spoken)) or 1


def readability(text: str, language: str) -> float:
    """From 0, hard, to 1, very easy; 0 where no formula holds for *language* (BCP 47; its region is ignored).

    Made for passages of a hundred words, and so a hint only for a line.

    Source: data/readability.toml names one per language
    """
    formula = _formulas().get(language.partition("-")[0].lower())
    return 0.0 if formula is None else min(1.0, max(0.0, formula.ease(text) / 100))


@cache
def _formulas() -> Mapping[str, _Formula]:
    data: dict[str, Any] = tomllib.loads(  # Any: TOML
        files("generators.copy").joinpath("data/readability.toml").read_text(encoding="utf-8")
    )
    return {language: _read(table) for language, table in data.items()}


def _read(table: Mapping[str, Any]) -> _Formula:  # Any: TOML
    vowels, endings = table["vowels"], table["silent"]
    return _Formula(
        base=table["base"],
        per_word=table["per_word"],
        per_syllable=table["per_syllable"],
        vowels=re.compile(f"[{vowels}]+"),
        silent=re.compile(rf"(?<=[^{vowels}])(?:{endings})$" if endings else r"(?!)"),
    )
