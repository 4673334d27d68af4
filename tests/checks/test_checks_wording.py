"""The lists of words: that they are whole, and how they are matched."""

import pytest

from adloom.checks.wording import find_wording, read_topics

EXCUSES = [
    (topic, language, phrase)
    for topic, sections in read_topics().items()
    for language, phrases in sections.get("unless", {}).items()
    for phrase in phrases
]


def found(topic: str, text: str, language: str = "") -> list[str]:
    return [text[slice(*span)] for span in find_wording([topic], text, language)]


@pytest.mark.parametrize("topic", read_topics())
def test_every_topic_is_there_in_every_language(topic: str) -> None:
    assert set(read_topics()[topic]["words"]) == {"en", "de", "fr", "es", "zh"}


@pytest.mark.parametrize(("topic", "language", "phrase"), EXCUSES)
def test_an_excuse_holds_a_word_it_excuses(topic: str, language: str, phrase: str) -> None:
    text = phrase.replace("*", "x")
    parts = [text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1)]
    assert found(topic, text, language) == []
    assert any(found(topic, part, language) for part in parts)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("FREE maps", "en", ["FREE"]),
        ("Ｆｒｅｅ maps", "en", ["Ｆｒｅｅ"]),
        ("Freedom", "en", []),
        ("Carefree", "en", []),
        ("free", "en-GB", ["free"]),
        ("free", "EN", ["free"]),
        ("free", "de", []),
        ("free", "de-AT", []),
        ("free", "DE", []),
        ("free und gratis", "de", ["gratis"]),
        ("free, kostenlos, 免费", "", ["free", "kostenlos", "免费"]),
        ("free, kostenlos", "it", ["free", "kostenlos"]),
        ("sugar-free", "en", []),
        ("sugar-free and free", "en", ["free"]),
        ("ein kostenloses Spiel", "de", ["kostenloses"]),
    ],
)
def test_words_are_found_whole_in_any_case_and_in_their_language(text: str, language: str, words: list[str]) -> None:
    assert found("free", text, language) == words


@pytest.mark.parametrize("text", ["Last chance", "last-chance", "LAST  CHANCE", "Don't miss", "Don’t miss"])
def test_a_phrase_may_be_hyphenated_and_has_either_apostrophe(text: str) -> None:
    assert found("pressure", text, "en") == [text]


def test_of_phrases_that_begin_alike_the_longest_is_found() -> None:
    assert found("contact", "微信号：daybird", "zh") == ["微信号"]


def test_several_topics_are_searched_at_once() -> None:
    spans = [*find_wording(["free", "top"], "Top and free", "en")]
    assert spans == [(8, 12), (0, 3)]
