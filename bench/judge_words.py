"""The judge's own words: what it knows of English, how it parts a text, and which words it takes for one."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parent / "data"
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_](?:\w|[&'’](?=\w))*|\s-(?=\d)|[^\w\s]")
_ENDINGS = (("ies", "y"), ("s", ""), ("ing", ""), ("ed", ""), ("ably", "able"), ("ly", ""))
_DOUBLING = ("ing", "ed")  #: "cutting"
_SHORTEST = 3  #: letters that an ending leaves


class Token(NamedTuple):
    """A word, a number or a mark.  A hyphen is a mark; *joined*: it stands in a word, as those of "two-way" do."""

    text: str
    low: str
    joined: bool  #: nothing stands between it and the token before

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def is_number(self) -> bool:
        return self.text[0].isdecimal()


class Words:
    """The lists of the data file, by what the judge does with them."""

    def __init__(self, data: dict[str, Any]) -> None:  # Any: TOML
        words, verbs, nouns, numbers = data["words"], data["verbs"], data["nouns"], data["numbers"]
        self.limits: dict[str, dict[str, int]] = data["limits"]
        self.articles = frozenset(words["articles"].split())
        self.determiners = self.articles | set(words["determiners"].split())
        self.conjunctions = frozenset(words["conjunctions"].split())
        self.prepositions = frozenset(words["prepositions"].split())
        self.particles = frozenset(tuple(pair.split()) for pair in verbs["particles"].split("|"))
        self.auxiliaries = frozenset(words["auxiliaries"].split())
        self.function = self.determiners | self.conjunctions | self.prepositions | self.auxiliaries
        self.function |= {*words["pronouns"].split(), *words["others"].split()}
        self.free = frozenset(map(stem, f"{words['calls']} {words['neutral']}".split()))  #: stems
        self.verbs = frozenset(map(stem, f"{words['calls']} {verbs['base']}".split()))  #: stems
        self.never_nouns = frozenset(verbs["never_nouns"].split())
        self.negators = frozenset(data["negation"]["negators"].split())
        self.idioms: list[str] = data["negation"]["idioms"]
        self.singular = frozenset(nouns["singular"].split())
        self.plural = frozenset(nouns["plural"].split())
        self.goods = frozenset(nouns["goods"].split())
        self.materials = frozenset(nouns["materials"].split())
        self.number_words = _pairs(numbers["words"])
        self.units = _pairs(numbers["units"])
        self.currencies = _pairs(numbers["currencies"])
        self.same = _pairs(data["spelling"]["same"])
        self.brands: list[str] = data["brands"]["names"]

    def is_free(self, word: str) -> bool:
        """Whether any advertisement may say *word*, in lower case, of any product."""
        return word in self.function or stem(word) in self.free

    def is_verb(self, word: str) -> bool:
        return word in self.auxiliaries or stem(word) in self.verbs

    def is_plural(self, noun: str) -> bool:
        if noun in self.plural or noun in self.singular:
            return noun in self.plural
        return noun.endswith("s") and not noun.endswith(("ss", "us", "is"))


def tokens(text: str) -> list[Token]:
    """*text* in parts, in reading order.

    >>> [token.text for token in tokens("Fits the 45L two-way bag.")]
    ['Fits', 'the', '45', 'L', 'two', '-', 'way', 'bag', '.']
    """
    found, end = [], -1
    for match in _TOKEN.finditer(text):
        word = match.group().strip()
        low = word.lower().replace("’", "'").removesuffix("'s")
        is_joined = match.start() == end and not match.group()[0].isspace()
        found.append(Token(word, load_words().same.get(low, low), is_joined))
        end = match.end()
    return found


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """One name for all inflections of *word*, which is in lower case.

    >>> stem("shoes"), stem("cutting"), stem("carries"), stem("comfortably"), stem("rated")
    ('sho', 'cut', 'carry', 'comfortabl', 'rat')
    """
    for ending, instead in _ENDINGS:
        base = word.removesuffix(ending)
        if base != word and len(base) >= _SHORTEST and not word.endswith("ss"):
            doubled = ending in _DOUBLING and base[-1] == base[-2]
            word = base[:-1] if doubled else base + instead
            break
    return word.removesuffix("e") if len(word) > _SHORTEST else word


@cache
def load_words() -> Words:
    """Read the data file."""
    return Words(tomllib.loads((DATA / "judge.toml").read_text(encoding="utf-8")))


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())
