"""The comparison counts what the judge says, and a blind sample hides whose a text is until it is labelled."""

import csv
from pathlib import Path

import pytest

from adloom.core.brief import Brief
from adloom.core.drafts import Source
from adloom.core.products import Product
from bench import blind
from bench.copy import summarise
from bench.judge import Fault, Line, Part
from bench.judge_row import read_row

TENT = Product(id="T1", title="Nightjar Tent", brand="Tarnfell", description="Sleeps two.")
ROW = read_row(TENT, Brief(), None)


def _line(text: str, product: str = "T1") -> Line:
    return Line(product, "headline", text, ROW)


def test_a_text_with_several_faults_counts_once_in_each_part() -> None:
    wrong = [Fault(Part.GROUNDED, "x"), Fault(Part.GROUNDED, "y"), Fault(Part.RULES, "z")]
    judged = [(_line("Warm Tent"), Source.FREE, wrong), (_line("Nightjar Tent"), Source.GUIDED, [])]

    found = summarise(judged, products=1, seconds=4.0)

    assert (found.texts, found.per_product, found.texts_per_second) == (2, 2.0, 0.5)
    assert (found.inside_limits, found.inside_rules, found.grounded, found.valid) == (1.0, 0.5, 0.5, 0.5)
    assert (found.free, found.guided, found.template) == (0.5, 0.5, 0.0)


def test_a_line_on_four_products_is_counted_and_one_on_three_is_not() -> None:
    common = [(_line("Sleeps two", product), Source.GUIDED, list[Fault]()) for product in "ABCD"]
    assert summarise(common, products=4, seconds=1.0).lines_on_many == 1
    assert summarise(common[:3], products=3, seconds=1.0).lines_on_many == 0


def test_no_texts_are_no_error() -> None:
    assert summarise([], products=2, seconds=0.0).texts_per_second == 0.0


def _write_sample(folder: Path) -> Path:
    human, sample = folder / "human.tsv", folder / "sample.tsv"
    human.write_text("product\tfield\ttext\nT1\theadline\tSleep Out, Stay Dry\n", encoding="utf-8")
    lines = [_line(f"Nightjar Tent {n}") for n in range(5)]
    blind.write(sample, lines, human=human, products={"T1": TENT}, sample=3)
    return sample


def _label(sample: Path, label: str) -> Path:
    labels = sample.with_name("labels.tsv")
    head, *rows = sample.read_text(encoding="utf-8").splitlines()
    labels.write_text("\n".join([head, *(row + label for row in rows)]) + "\n", encoding="utf-8")
    return labels


def test_a_blind_sample_shows_row_and_text_and_not_whose_it_is(tmp_path: Path) -> None:
    sample = _write_sample(tmp_path)
    rows = list(csv.DictReader(sample.read_text(encoding="utf-8").splitlines(), delimiter="\t"))

    assert {row["title"] for row in rows} == {"Nightjar Tent"}
    assert len(rows) == 4
    assert "adloom" not in sample.read_text(encoding="utf-8")
    assert "human" not in sample.read_text(encoding="utf-8")


def test_labels_are_counted_by_side(tmp_path: Path) -> None:
    sample = _write_sample(tmp_path)
    assert blind.score(_label(sample, "yes"), blind.key_of(sample)) == {"adloom": 1.0, "human": 1.0}
    assert blind.score(_label(sample, "No "), blind.key_of(sample)) == {"adloom": 0.0, "human": 0.0}


def test_a_text_without_a_label_is_not_counted_silently(tmp_path: Path) -> None:
    sample = _write_sample(tmp_path)
    with pytest.raises(ValueError, match="neither yes nor no"):
        blind.score(sample, blind.key_of(sample))
