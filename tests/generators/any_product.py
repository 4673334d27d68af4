"""Products whose words are of any script, and what must hold of every text about them: whole words and characters."""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

import regex
from hypothesis import strategies as st

from adloom.core.products import Money, Product

_PLAIN = [
    "padded",
    "strap",
    "boots",
    "cotton",
    "grip",
    "Trail",
    "kg",
    "3",
    "0.5",
    "Leather",
    "soft",
    "Anti-Fog",
    "it's",
]
_FOREIGN = [
    *(
        "Łódź",
        "Übergröße",
        "e\u0301lan",
        "cafe\u0301",
        "Ångström",
        "señor",
        "Straße",
        "ﬁne",
        "x\u0323\u0307y",
        "ñ",
        "œuf",
    ),
    *("Шляпа", "и\u0306од", "Ёлка", "Οδός", "ΐχνος", "Ǆep", "İzmir", "ıssız", "ŉ", "წიგნი", "ԱՐԵՎ"),
    *("لَّمبة", "كتاب", "كــتاب", "שׁלום", "\ufb2cלום", "می\u200cخواهم"),
    *("क्षत्रिय", "नमस्ते", "निर्वाण", "क्\u200dष", "நிலா", "স্ত্রী", "กำลัง", "ที่", "ພາສາ"),
    *("한국", "\u1112\u1161\u11ab글", "登山鞋", "真皮鞋面", "かばん", "か\u3099む", "ガラス", "ｶﾞﾗｽ", "Ａ４"),
    *(
        "👩\u200d👩\u200d👧",
        "🏳\ufe0f\u200d🌈",
        "🇩🇪",
        "👍🏽",
        "1\ufe0f\u20e3",
        "❤\ufe0f",
        "🏴\U000e0067\U000e0062\U000e007f",
    ),
]
_GLUE = [" ", " ", " ", " ", ", ", " and ", "-", "/", ". ", "", "’", ": ", " with ", " for ", "\n"]
_PATTERNS = [
    "It features {}, {} and {} for {}.",
    "Made from {}, this {} has {} with {}.",
    "This {} {} keeps {} warm. Its {} is soft.",
    "{} – {}: {} in {}!",
    "{} {} {} {}",
]
_RUNNING = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}]"
)  # scripts that set no spaces between words
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\u200c\u200d]+")

words = st.sampled_from(_FOREIGN) | st.sampled_from(_PLAIN) | st.sampled_from(_FOREIGN)
phrases = st.lists(st.tuples(words, st.sampled_from(_GLUE)), min_size=1, max_size=4).map(
    lambda pairs: "".join(word + glue for word, glue in pairs[:-1]) + pairs[-1][0]
)
sentences = st.tuples(st.sampled_from(_PATTERNS), phrases, phrases, phrases, phrases).map(
    lambda parts: parts[0].format(*parts[1:])
)
descriptions = st.lists(sentences | phrases, max_size=5).map(" ".join)
nothing = st.just("")

products = st.builds(
    Product,
    id=st.just("P1"),
    title=phrases.map(lambda text: text.strip()[:500] or "x"),
    brand=nothing | words,
    description=descriptions,
    highlights=st.lists(phrases, max_size=3).map(tuple),
    color=nothing | phrases,
    material=nothing | phrases,
    details=st.dictionaries(words, phrases, max_size=2),
    price=st.none() | st.just(Money(amount="149.50", currency="EUR")),
)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have frames, by the names of their files."""
    found = files("generators.copy").joinpath("data").iterdir()
    return tuple(sorted(path.name.split(".")[1] for path in found if path.name.startswith("frames.")))


def faults(text: str, product: Product) -> Iterator[str]:
    """What is broken about *text*, made from *product*'s row: half a character, half a word."""
    row = "\n".join(_strings(product.model_dump(mode="json")))
    if any(unicodedata.category(char) in ("Cs", "Cc") and char != "\n" for char in text):
        yield "half of a pair, or a control character"
    known = _clusters(row) | _clusters(_own())
    yield from (f"{cluster!r} is no character of the row" for cluster in sorted(_clusters(text) - known))
    whole = _words(row) | _words(_own())
    for word in sorted(_words(text) - whole):
        if not _RUNNING.search(word) and any(word in other for other in _words(row)):
            yield f"{word!r} is a piece of a word"


def _clusters(text: str) -> set[str]:
    return set(regex.findall(r"\X", _plain(text)))


def _words(text: str) -> set[str]:
    """The words of *text*, decomposed: "cafe" is a piece of "café"."""
    return {unicodedata.normalize("NFD", word) for word in _WORD.findall(_plain(text))}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


@cache
def _own() -> str:
    """Everything that frames and word lists say, and the signs of ASCII."""
    data = files("generators.copy").joinpath("data").iterdir()
    said = [_strings(tomllib.loads(path.read_text(encoding="utf-8"))) for path in data if path.name.endswith(".toml")]
    return "\n".join([*(" ".join(part) for part in said), *map(chr, range(32, 127)), "€", "EUR"])


def _strings(value: object) -> Iterable[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield str(key)
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)
