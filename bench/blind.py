"""Texts of both sides, shuffled, for a person to label without knowing whose they are."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

from adloom.core.products import Product
from bench.judge import Line

SIDES = ("adloom", "human")
_YES, _NO = "yes", "no"


def write(
    path: Path,
    lines: Sequence[Line],
    *,
    human: Path,
    products: Mapping[str, Product],
    sample: int,
    seed: int = 1,
) -> None:
    """Write *sample* of *lines* among those of the file *human* to *path*, with the rows they are about, and a key.

    The key stands beside *path* with the ending ".key.tsv"; the person who labels gets only *path*, and writes yes
    (would run as it is) or no into its last column.

    Raises:
        KeyError: *human* has a line about a product that is none of *products*.
    """
    random = Random(seed)
    ours = random.sample([*lines], min(sample, len(lines)))
    both = [("adloom", line.product, line.field, line.text) for line in ours]
    both += [("human", row["product"], row["field"], row["text"]) for row in _read(human)]
    random.shuffle(both)
    blind, key = list[list[object]](), list[list[object]]()
    for number, (side, product, field, text) in enumerate(both, start=1):
        about = products[product]
        price = f"{about.price.amount} {about.price.currency}" if about.price else ""
        blind.append([number, about.title, about.brand, price, about.description, field, text, ""])
        key.append([number, side, product])
    _write(path, ["number", "title", "brand", "price", "description", "field", "text", "would_run"], blind)
    _write(key_of(path), ["number", "side", "product"], key)


def key_of(path: Path) -> Path:
    """Where the key to the sample at *path* stands."""
    return path.with_suffix(".key.tsv")


def score(labels: Path, key: Path) -> dict[str, float]:
    """The share of each side's texts that the file *labels* says would run, by the file *key*.

    Raises:
        ValueError: a text has another label than yes or no.
    """
    sides = {row["number"]: row["side"] for row in _read(key)}
    run, all_ = Counter[str](), Counter[str]()
    for row in _read(labels):
        label = row["would_run"].strip().lower()
        if label not in (_YES, _NO):
            raise ValueError(f"text {row['number']} is labelled {label!r}, neither {_YES} nor {_NO}")
        all_[sides[row["number"]]] += 1
        run[sides[row["number"]]] += label == _YES
    return {side: round(run[side] / all_[side], 3) for side in SIDES if all_[side]}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    lines = ["\t".join(str(cell).replace("\t", " ").replace("\n", " ") for cell in row) for row in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
