"""A text in the wrong language or script is found; a right one, a name and a loan are not."""

import csv
from pathlib import Path

import pytest

from adloom.channels import load_channel
from adloom.checks import Severity, check_text
from adloom.checks.language import check_language
from adloom.core.brand import Brand
from adloom.core.brief import Brief


def texts(name: str) -> list[tuple[str, str]]:
    """Every text of a corpus, with its language."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["language"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


CORPUS = [*texts("ads_right.tsv"), *texts("ads_wrong.tsv"), *texts("grounding_cases.tsv")]
LONG = 40  #: characters, from which a text has words that tell


def rules(text: str, language: str, *names: str) -> list[str]:
    return [one.rule for one in check_language(text, language, names)]


@pytest.mark.parametrize(
    ("text", "language", "rule"),
    [
        ("Entdecken Sie die neuen Stiefel mit Profil", "en", "wrong_language"),
        ("Discover your new boots for the trail", "de", "wrong_language"),
        ("Découvrez les bottes pour toute la famille", "es", "wrong_language"),
        ("Disfruta de más agarre con estas botas para ti", "fr", "wrong_language"),
        ("Botas de senderismo para toda la familia", "en-GB", "wrong_language"),
        ("Free shipping on all of our boots", "zh-Hans", "wrong_language"),
        ("Free shipping on all of our boots", "ru", "wrong_language"),
        ("Теплые ботинки для всей семьи", "en", "wrong_script"),
        ("轻盈透气网面跑步鞋", "de", "wrong_script"),
        ("軽量トレッキングシューズ", "zh", "wrong_script"),
        ("가볍고 따뜻한 등산화", "ja", "wrong_script"),
        ("حذاء مريح للمدينة", "he", "wrong_script"),
        ("Теплые ботинки", "sr-Latn", "wrong_script"),
    ],
)
def test_another_language_or_script_is_an_error(text: str, language: str, rule: str) -> None:
    (found,) = check_language(text, language)
    assert (found.rule, found.severity, found.span) == (rule, Severity.ERROR, (0, len(text)))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Boots", ""),
        ("Discover your new boots for the trail", "tlh"),  # no file says how it is written
        ("Теплые ботинки", "sr"),  # written in two scripts
        ("Теплые ботинки", "uz-Cyrl"),
        ("Le Creuset", "en"),
        ("Leder-Boots to go", "de"),
        ("Sneakers de luxe, prêt-à-porter", "en"),
        ("Best of Leder: made to measure", "fr"),
        ("iPhone 15 Pro Max", "zh"),
        ("Nike Air Max Plus", "ja"),
        ("轻便登山鞋 | made for you and the trail", "zh"),
        ("軽量シューズ", "ja"),
        ("Scarpe per la montagna con suola in gomma", "it"),
        ("500 µg Vitamin D3", "de"),
    ],
)
def test_what_a_text_of_the_language_may_have_is_no_error(text: str, language: str) -> None:
    assert rules(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "name"), [("小米 watch", "en", "小米"), ("And for All: Mode", "de", "And for All")]
)
def test_a_name_is_in_no_language(text: str, language: str, name: str) -> None:
    assert rules(text, language) != []
    assert rules(text, language, name) == []


def test_no_text_of_the_corpora_is_taken_for_another_language() -> None:
    assert [(text, language) for text, language in CORPUS if rules(text, language)] == []


@pytest.mark.parametrize(
    ("language", "least"), [("de", 0.85), ("en", 0.85), ("fr", 0.8), ("es", 0.8), ("zh", 0.85), ("ru", 0.85)]
)
def test_most_long_texts_of_other_languages_are_found(language: str, least: float) -> None:
    others = [text for text, own in CORPUS if own.partition("-")[0] != language and len(text) > LONG]
    found = [text for text in others if rules(text, language)]
    assert len(found) / len(others) >= least


def test_a_text_is_checked_in_the_briefs_language_apart_from_the_brands_name() -> None:
    channel = load_channel("google_rsa")
    (headline,) = [field for field in channel.texts if field.name == "headline"]
    text = "Warm boots and more for you"

    def found(brief: Brief, name: str = "North") -> set[str]:
        return {
            one.rule for one in check_text(text, field=headline, channel=channel, brand=Brand(name=name), brief=brief)
        }

    assert "wrong_language" in found(Brief(language="de"))
    assert "wrong_language" not in found(Brief(language="en")) | found(Brief()) | found(Brief(language="de"), text)
