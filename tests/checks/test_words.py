"""Words are known by their stems, whatever a language does to their ends."""

import pytest

from adloom.checks.lexicon import Lexicon, load_lexicon
from adloom.checks.words import can_divide, edges


def _lexicon(language: str) -> Lexicon:
    lexicon = load_lexicon(language)
    assert lexicon is not None
    return lexicon


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "boot boots"),
        ("en", "carry carries carrying"),
        ("de", "Schuh Schuhe Schuhen Schuhs"),
        ("de", "Rad Räder Rädern Rads"),
        ("de", "griffig griffige griffiger griffigen griffiges griffigem"),
        ("de", "Größe Größen"),
        ("de", "wärmt Wärme warm warmes"),
        ("fr", "léger légère légers légères"),
        ("fr", "imperméable imperméables"),
        ("fr", "original originaux"),
        ("fr", "doux douce douces"),
        ("fr", "sportif sportive sportives"),
        ("fr", "bon bonne bonnes"),
        ("es", "ligero ligera ligeros ligeras"),
        ("es", "color colores"),
        ("es", "luz luces"),
        ("es", "algodón algodon"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, words: str) -> None:
    assert len({_lexicon(language).tokenizer.stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "leicht", "leichteste"),
        ("de", "Wasser", "was"),
        ("de", "Leder", "Leine"),
        ("fr", "cuir", "cuivre"),
        ("es", "lana", "lata"),
        ("en", "class", "clasp"),
    ],
)
def test_other_words_do_not(language: str, one: str, other: str) -> None:
    assert _lexicon(language).tokenizer.stem(one) != _lexicon(language).tokenizer.stem(other)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("fr", "L'eau d’été n'est pas", ["L", "eau", "d", "été", "n", "est", "pas"]),
        ("fr", "aujourd'hui", ["aujourd'hui"]),
        ("en", "it's a dog's day", ["it's", "a", "dog's", "day"]),
        ("de", "Akku-Bohrschrauber 18V", ["Akku-Bohrschrauber", "18", "V"]),
        ("zh", "内置GPS的Torvald手表", ["GPS", "Torvald"]),
    ],
)
def test_an_apostrophe_parts_words_where_the_language_elides(language: str, text: str, words: list[str]) -> None:
    tokens = _lexicon(language).tokenizer.tokens(text)
    assert [token.text for token in tokens] == words
    assert all(text[token.start : token.end] == token.text for token in tokens)


def test_a_word_shows_at_its_edges_what_it_may_be_made_of() -> None:
    found = {*edges("lederstiefel", 3)}
    assert {"leder", "stiefel", "lederstiefel"} <= found
    assert not {"led", "fel", "erst"} & found
    assert "eisen" not in {*edges("reisen", 3)}


@pytest.mark.parametrize(
    ("word", "divides"),
    [
        ("winterstiefel", True),
        ("kindersitz", True),
        ("rettungsring", True),
        ("stiefelwinterkinder", True),
        ("sommerstiefel", False),
        ("winterx", False),
        ("winters", False),
    ],
)
def test_a_compound_divides_into_known_parts(word: str, divides: bool) -> None:
    known = {"winter", "stiefel", "kind", "kinder", "sitz", "rettung", "ring"}
    assert can_divide(word, known.__contains__, ("s", "er")) == divides
