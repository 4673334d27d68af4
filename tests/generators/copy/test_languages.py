"""A language is data files alone; an item in a language that cannot be written says why."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adloom.checks.grounding import read_ground
from adloom.core.brief import Brief
from adloom.core.drafts import Failure, Outcome, Source
from adloom.core.products import Product
from adloom.core.specs import CopySpec
from generators.copy.extract import read_sheet
from generators.copy.frames import Frame, load_frames
from generators.copy.languages import LanguageMismatch, languages, reads_as, require_language
from generators.copy.lm import CopyLM
from generators.copy.style import load_style
from generators.copy.template import write
from generators.copy.vocabulary import Vocabulary, load_vocabulary
from generators.registry import GeneratorSettings
from generators.weights import fetch
from tests.generators.copy.german_rows import FLASK
from tests.generators.copy_requests import PADDLE, copy_request, made, no_drop, texts_of
from tests.tiny import make_tiny_weights

ROOT = Path(__file__).parents[3]
ITALIAN = Path(__file__).parent / "italian"
BAG = {
    "id": "IT1",
    "title": "Borsa Lido",
    "brand": "Ondaverde",
    "description": "La borsa Lido è realizzata in cotone, con tracolla regolabile e due tasche. Per gite al mare.",
    "highlights": ["Fodera idrorepellente"],
    "language": "it",
}
SIXTH = """
import json, sys
from uuid import UUID
from adloom.core.specs import CopySpec
from generators.base import Request
from generators.copy.languages import LanguageMismatch, languages, reads_as, require_language
from generators.copy.template import write

spec = CopySpec(product=json.loads(sys.argv[1]), channel="google_rsa", language="it-IT")
outcome = write(Request(UUID(int=1), spec, 7, 0))
print(json.dumps({"languages": languages(), "texts": [draft.text for draft in outcome.drafts]}))
"""


def test_a_sixth_language_is_three_data_files(tmp_path: Path) -> None:
    for package in ("adloom", "generators"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ITALIAN / "lexicon.it.toml", tmp_path / "adloom/checks/data")
    for name in ("words", "frames"):
        shutil.copy(ITALIAN / f"{name}.it.toml", tmp_path / "generators/copy/data")
    command = [sys.executable, "-c", SIXTH, json.dumps(BAG)]
    told = json.loads(subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout)
    assert "it" in told["languages"]
    assert {"Borsa Lido di Ondaverde", "Borsa Lido con due tasche", "Borsa Lido per gite al mare"} <= {*told["texts"]}
    assert any(text.startswith("Borsa Lido di Ondaverde con") for text in told["texts"])


def test_no_module_of_copy_names_a_language_that_data_files_hold() -> None:
    codes = re.compile(rf"""["'](?:{"|".join(set(languages()) - {"en"})}|zh-\w+)["']""")
    modules = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "generators" / "copy").glob("*.py")}
    assert modules
    assert [name for name, text in modules.items() if codes.search(re.sub(r"(?m)^ +>>> .*", "", text))] == []


@pytest.mark.parametrize("language", languages())
def test_the_data_files_of_a_language_agree(language: str) -> None:
    frames, _ = load_frames(language)
    assert {"headline", "beside", "lead", "tail", "short", "button"} <= {frame.section for frame in frames}
    assert load_style(language).stop
    if language != "en":
        links = {marker.link for marker in load_vocabulary(language).markers} | {"named", "it", "made", "for"}
        assert {link for frame in frames for link in _links(frame)} <= links


@pytest.mark.parametrize("language", languages())
def test_every_word_that_frames_add_is_free_to_any_advertisement(language: str) -> None:
    frames, verbs = load_frames(language)
    bare = Product(id="-", title="-", language=language)
    ground = read_ground(bare, Brief(), None, language)
    added = [re.sub(r"\{\w+\}", " ", frame.text) for frame in frames]
    added += [form for forms in verbs.values() for form in forms]
    found = {
        text: {one.rule for one in ground.check(text)} - {"broken_sentence"} for text in added
    }  # facts are missing
    assert {text: rules for text, rules in found.items() if rules} == {}


def _links(frame: Frame) -> list[str]:
    found = re.findall(r"\{([a-zA-Z]+)_[a-z]+\d?\}", frame.text)
    return [link for link in found if link not in ("a", "whole", "plain")]


def test_a_misspelt_list_of_words_is_an_error() -> None:
    with pytest.raises(ValueError, match="joinerz"):
        Vocabulary.model_validate({"joinerz": "und"})


@pytest.mark.parametrize(
    ("product", "language", "code", "told"),
    [
        (FLASK, "fi", "language-not-supported", "German"),
        (FLASK, "xx-YY", "language-not-supported", "xx-YY"),
        (FLASK, "zh-Hant", "language-not-supported", "copy.served"),
        (FLASK, "../de", "language-not-supported", "German"),
        (PADDLE, "de", "language-mismatch", "in English (en) and copy is wanted in German"),
        (FLASK, "en", "language-mismatch", "in German (de) and copy is wanted in English"),
    ],
)
def test_what_cannot_be_written_says_why(product: Product, language: str, code: str, told: str) -> None:
    outcome = write(copy_request(product, language=language))
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.retryable) == (code, False)
    assert told in outcome.message
    assert len(outcome.message) <= 300


def test_a_row_that_states_nothing_is_in_the_language_it_reads_as() -> None:
    unstated = FLASK.model_copy(update={"language": "en"})
    outcome = made(write(copy_request(unstated, language="de")))
    assert outcome.notes[0] == "The row counts as English and reads as German: state its content_language."
    stated = made(write(copy_request(FLASK, language="de")))
    assert [draft.text for draft in outcome.drafts] == [draft.text for draft in stated.drafts]


@pytest.mark.parametrize(
    ("row", "language"), [(PADDLE, "de"), (PADDLE, "fr"), (PADDLE, "zh"), (FLASK, "fr"), (FLASK, "en")]
)
def test_a_row_does_not_read_as_another_language(row: Product, language: str) -> None:
    assert not reads_as(row, language)


def test_a_row_in_another_script_is_in_another_language() -> None:
    traditional = Product(id="TW", title="保溫杯", language="zh-Hant")
    with pytest.raises(LanguageMismatch):
        require_language(CopySpec(product=traditional, channel="google_rsa", language="zh-Hans"), ["zh"])


def test_a_region_is_its_language() -> None:
    austrian = FLASK.model_copy(update={"language": "de-DE"})
    assert texts_of(write(copy_request(austrian, language="de-AT")), "headline")


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("---\nlanguage: de\n---\n", ("de",)),
        ("---\nlanguage:\n- zh-Hans\n- en\n---\nText\n", ("zh", "en")),
        ("---\nlicense: mit\n---\n", ("en",)),
        ("---\n- a list\n---\n", ("en",)),
        ("---\nlanguage: [de\n---\n", ("en",)),
        ("no metadata", ("en",)),
    ],
)
def test_a_model_card_states_the_languages(card: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(card, encoding="utf-8")
    assert fetch(str(tmp_path), tmp_path).languages == expected


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> CopyLM:
    """A tiny network whose weights state no language."""
    return _writer(tmp_path_factory.mktemp("english"), card="")


@pytest.fixture(scope="module")
def finnish(tmp_path_factory: pytest.TempPathFactory) -> CopyLM:
    """A tiny network whose model card says that it writes Finnish and German."""
    return _writer(tmp_path_factory.mktemp("finnish"), card="---\nlanguage:\n- fi\n- de\n---\n# Tiny\n")


def _writer(folder: Path, card: str) -> CopyLM:
    weights = make_tiny_weights(folder / "weights")
    if card:
        (weights / "README.md").write_text(card, encoding="utf-8")
    writer = CopyLM(GeneratorSettings(cache=folder, threads=1))
    writer.load(str(weights), "cpu")
    return writer


def _write(writer: CopyLM, product: Product, language: str) -> Outcome:
    (outcome,) = writer.generate([copy_request(product, language=language)], step=no_drop)
    return outcome


def test_weights_that_do_not_write_a_language_rank_what_the_row_says(english: CopyLM) -> None:
    outcome = made(_write(english, FLASK, "de"))
    assert len(texts_of(outcome, "headline")) >= 8
    assert {draft.source for draft in outcome.drafts} == {Source.GUIDED}
    assert outcome.notes[0] == "These weights do not write German: texts are built from the row's facts."
    assert outcome.provenance["free_tried"] == 0


def test_weights_that_write_a_language_are_asked_for_lines_of_their_own(finnish: CopyLM) -> None:
    outcome = made(_write(finnish, FLASK, "de"))
    assert outcome.provenance["free_tried"] == 2
    assert not any("do not write" in note for note in outcome.notes)


def test_english_is_no_language_of_weights_that_state_others(finnish: CopyLM) -> None:
    outcome = made(_write(finnish, PADDLE, "en"))
    assert outcome.provenance["free_tried"] == 0
    assert "do not write English" in outcome.notes[0]


def test_a_language_without_data_files_gets_free_lines_or_none(finnish: CopyLM, english: CopyLM) -> None:
    bottle = Product(id="FI", title="Juomapullo Saimaa", brand="Fjordline", language="fi")
    outcome = made(_write(finnish, bottle, "fi"))
    assert outcome.provenance["free_tried"] == 2
    assert {draft.source for draft in outcome.drafts} <= {Source.FREE}
    assert outcome.notes[0].startswith("There are no frames and no lexicon for Finnish")
    refused = _write(english, bottle, "fi")
    assert isinstance(refused, Failure)
    assert refused.code == "language-not-supported"


def test_a_mismatch_is_refused_whatever_the_weights_write(finnish: CopyLM) -> None:
    outcome = _write(finnish, PADDLE, "de")
    assert isinstance(outcome, Failure)
    assert outcome.code == "language-mismatch"


@pytest.mark.parametrize("language", [one for one in languages() if one != "en"])
def test_a_word_keeps_the_signs_that_stand_on_its_letters(language: str) -> None:
    highlight = Product(id="1", title="Solis", highlights=("நிலா",), language=language)
    assert "நிலா" in {fact.text for fact in read_sheet(highlight, Brief(), language).facts}
