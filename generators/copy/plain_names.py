"""Takes a title apart in any language: the name, its maker, the variant, and the word for the kind of thing."""

import re
from collections.abc import Iterator
from itertools import dropwhile, takewhile

from adloom.checks.words import HAN
from adloom.core.products import Product
from generators.copy.facts import Names
from generators.copy.measures import amount_pattern
from generators.copy.vocabulary import Vocabulary
from generators.copy.wording import capitalised, closed

_TAIL = re.compile(r"\s*(?:,(?!\d)|[|(（｜，]|\s[-–—/]\s).*$")  # "Jacke, blau", not "0,75 l"
_BANNER = re.compile(r"^\s*【[^】]*】")  # what a shop shouts before the name
_ROOMY = 24  #: letters: what is longer takes a headline's room; "Amsterdam" alone is no bicycle
_SHARED = 4  #: letters of a noun that its plural shares


def read_plain_names(product: Product, vocabulary: Vocabulary) -> Names:
    """The ways to call *product*: its title without variant, size and maker, and its noun where a word list tells."""
    shown = _BANNER.sub("", product.title).strip() or product.title.strip()
    title = _without_brand(_calm(shown, vocabulary), product.brand, vocabulary)
    name = _without_tail(_TAIL.sub("", title).strip() or title, vocabulary)
    noun = _noun(name, product.category, vocabulary)
    has_model = vocabulary.has_capital_nouns or vocabulary.is_head_first
    model = _model(name, noun, vocabulary) if has_model else ""
    short = f"{noun} {model}" if model else name
    if not vocabulary.is_spaced:
        name, short = _unspaced(name, noun, vocabulary)
    return Names(
        title=title,
        name=name,
        short=short,
        model=model
        if vocabulary.has_capital_nouns and len(short) > _ROOMY and not _is_kind(model, product.description)
        else "",
        kind=(name.partition(f" {model}")[0] if model else name) if noun and vocabulary.is_head_first else noun,
        noun=noun,
        brand=product.brand,
        plural=False,
    )


def _calm(title: str, vocabulary: Vocabulary) -> str:
    """*title* without shouting; short words may be acronyms, but not those that the language is known to have.

    >>> _calm("KOCHMESSER SOLIS GTX", Vocabulary()), _calm("SAC À DOS FJELL", Vocabulary(nouns=("sac à dos",)))
    ('Kochmesser Solis GTX', 'Sac à dos Fjell')
    """
    if not title.isupper():
        return title
    known = {word for noun in vocabulary.nouns for word in noun.split()} | vocabulary.trailing
    common = frozenset[str]() if vocabulary.has_capital_nouns else known
    words = (word.lower() if word.lower() in common else _spell(word) for word in title.split(" "))
    return capitalised(" ".join(words))


def _spell(word: str) -> str:
    return re.sub(r"[^\W\d_]{4,}", lambda part: part[0].capitalize(), word)


def _model(name: str, noun: str, vocabulary: Vocabulary) -> str:
    """What stands behind the *noun* with capitals or digits: the "Fels GTX" of "Herren Wanderschuh Fels GTX 28 cm".

    Where heads come first, what describes the noun stands between: "Chaussures basses Fels GTX".
    """
    after = f" {name} ".partition(f" {noun} ")[2]
    words = amount_pattern(vocabulary.units).sub("| ", after).split()
    if vocabulary.is_head_first:
        words = list(dropwhile(lambda word: not word[0].isupper() or word.lower() in vocabulary.proper, words))
    model = list(takewhile(lambda word: word[0].isupper() or word[0].isdigit(), words))
    if vocabulary.is_head_first and len(model) < len(words) and model[-1].isdigit():
        model.pop()  # "Escabeau Hemma 3 marches"
    return "" if model and model[0].lower() in vocabulary.variants else " ".join(model)


def _unspaced(name: str, noun: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """*name* with the model behind its *noun* and without, where no spaces divide words; what follows is a variant."""
    end = name.find(noun) + len(noun) if noun else len(name)
    after = amount_pattern(vocabulary.units).sub("、", name[end:]).split()
    model = [*takewhile(lambda word: word.isascii() and word.lower() not in vocabulary.variants, after)]
    short = closed(name[:end])
    return (f"{short} {' '.join(model)}" if model and model[0][0].isalpha() else short), short


def _is_kind(model: str, description: str) -> bool:
    """Whether the text makes other words of *model*, as it does of nouns: "Ringelblume", "Ringelblumenextrakt"."""
    words = re.findall(r"[\w-]+", description.lower())
    return any(word.startswith(model.lower()[:-1]) and len(word) > len(model) + 1 for word in words)


def _without_brand(title: str, brand: str, vocabulary: Vocabulary) -> str:
    """*title* without its maker at either end, with the word that stands before it: "Jacke von Nordly"."""
    if not brand:
        return title
    makers = "|".join(map(re.escape, sorted(vocabulary.makers))) or r"(?!)"
    own, edge = re.escape(brand), r"(?!\w)" if vocabulary.is_spaced else ""
    patterns = (rf"^{own}{edge}[\s:–—-]*", rf"\s+(?:(?:{makers})\s+)?{own}(?!\w)", rf"\s*[|–—-]\s*{own}\s*$")
    for pattern in patterns:
        shorter = re.sub(pattern, "", title, count=1, flags=re.IGNORECASE).strip()
        if shorter and shorter != title:
            return shorter
    return title


def _without_tail(name: str, vocabulary: Vocabulary) -> str:
    """*name* without a size or a variant at its end: "Trinkflasche Nordkap 0,75 l", "Wanderschuh Fels Herren"."""
    gap = r"\s+" if vocabulary.is_spaced else r"\s*"
    size = re.compile(rf"{gap}(?:{amount_pattern(vocabulary.units).pattern})$", re.IGNORECASE)
    before = ""
    while name != before:
        before = name
        name = size.sub("", name)
        head, _, last = name.rpartition(" ")
        if head and last.lower() in vocabulary.variants | vocabulary.qualities:
            name = head
    return name


def _noun(name: str, category: str, vocabulary: Vocabulary) -> str:
    """The word of *name* for the kind of thing: the shop's category repeats it, or the data file lists it."""
    words = [word for word in name.split() if not (vocabulary.has_capital_nouns and word[0].islower())]
    leaf = re.split(r"[>/|]", category)[-1].strip().lower()
    if not vocabulary.is_spaced:
        told = leaf and _ends_word(leaf, vocabulary).search(name.lower())
        return name[slice(*told.span())] if told else next(_listed(words, vocabulary), "")
    if vocabulary.is_head_first:
        return _head(name, leaf, vocabulary)
    same = (word for word in words if any(_is_form(word.lower(), other) for other in re.findall(r"[\w-]+", leaf)))
    return next(same, next(_listed(words, vocabulary), ""))


def _ends_word(noun: str, vocabulary: Vocabulary) -> re.Pattern[str]:
    """*noun* where a word ends with it: the 鞋 of "登山鞋 男款" and of "登山鞋男款", not of "鞋垫"."""
    after = "|".join(re.escape(word) for word in sorted(vocabulary.variants | vocabulary.qualities))
    return re.compile(rf"{re.escape(noun)}(?=[^{HAN}]|$|{after})")


def _head(name: str, leaf: str, vocabulary: Vocabulary) -> str:
    """The noun that *name* begins with, as the data file lists it or the shop's category: "Sac à dos", "Lampe"."""
    listed = [noun for noun in vocabulary.nouns if re.match(rf"{re.escape(noun)}(?![\w-])", name, re.IGNORECASE)]
    first = name.split()[0]
    if listed or any(_is_form(first.lower(), other) for other in re.findall(r"[\w-]+", leaf)):
        return name[: len(max(listed, key=len, default=first))]
    return ""


def _listed(words: list[str], vocabulary: Vocabulary) -> Iterator[str]:
    nouns = [word for word in words if vocabulary.nouns and word.lower().endswith(vocabulary.nouns)]
    return (word for word in nouns if vocabulary.is_spaced or not word[0].isdigit())  # 30包 is an amount


def _is_form(word: str, other: str) -> bool:
    """Whether *word* is the noun *other* or a compound of it, whose ending may be a plural's: "flaschen"."""
    stems = (other[: len(other) - cut] for cut in range(3))
    return any(len(stem) >= _SHARED and word.endswith(stem) for stem in stems)
