"""Do a judge's verdicts hold?  Garbage that was planted on purpose, among honest lines about the same products."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from adloom.core.brief import Brief
from adloom.core.products import Product
from adloom.core.specs import CopySpec
from adloom.feeds import read_feed
from bench.judge import Judge, Line
from bench.judge_row import read_row
from generators.base import Request
from generators.copy.plan import is_free_line, plan_request

DATA = Path(__file__).parent / "data"
SPLITS = {"tuned": ("tuned",), "held": ("held",), "all": ("tuned", "held")}
_OK = "ok"
_CHANNEL = "google_rsa"

Verdict = Callable[["Case"], str]  #: why the case is refused; empty where it may run


@dataclass(frozen=True)
class Case:
    """A line about a product of the bench's own, and what a person says is wrong with it: ok, or in one word."""

    split: str  #: tuned, or held back while the judge was written
    product: str
    field: str
    fault: str
    text: str


@dataclass(frozen=True)
class Score:
    """Shares of 1, of one split: garbage that was refused, honest lines that were not."""

    judge: str
    split: str
    refused: float
    accepted: float


def read_cases(path: Path = DATA / "planted.tsv") -> list[Case]:
    """The planted lines."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Case(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def read_products(path: Path = DATA / "planted_products.tsv") -> dict[str, Product]:
    """What the planted lines are about, by id."""
    return {product.id: product for product in read_feed(path.read_bytes(), name=path.name).products}


def score(cases: Sequence[Case], verdicts: Mapping[str, Verdict]) -> list[Score]:
    """How each of *verdicts*, by name, does on each split and on both together."""
    return [_score(name, split, cases, verdict) for name, verdict in verdicts.items() for split in SPLITS]


def mistakes(cases: Sequence[Case], verdicts: Mapping[str, Verdict]) -> Iterator[tuple[str, Case, str]]:
    """Every case that one of *verdicts* decides otherwise than the person who planted it: by whom, and why."""
    for name, verdict in verdicts.items():
        for case in cases:
            why = verdict(case)
            if bool(why) == (case.fault == _OK):
                yield name, case, why


def verdicts_of(products: Mapping[str, Product]) -> dict[str, Verdict]:
    """The bench's own judge, the library's checks, and what a line has to pass that a network wrote freely."""
    judge = Judge(_CHANNEL)
    rows = {name: read_row(product, Brief(), None) for name, product in products.items()}
    specs = {name: CopySpec(product=product, channel=_CHANNEL) for name, product in products.items()}
    plans = {name: plan_request(Request(UUID(int=0), spec, seed=0, position=0)) for name, spec in specs.items()}
    fields = {(name, field.field.name): field for name, plan in plans.items() for field in plan.fields}

    def by_judge(case: Case) -> str:
        found = judge.faults(Line(case.product, case.field, case.text, rows[case.product]))
        return "; ".join(f"{fault.part}: {fault.why}" for fault in found)

    def by_checks(case: Case) -> str:
        may_run = plans[case.product].may_run(case.text, fields[case.product, case.field])
        return "" if may_run else "refused"

    def by_free_line(case: Case) -> str:
        may_run = is_free_line(case.text, plans[case.product], fields[case.product, case.field])
        return "" if may_run else "refused"

    return {"judge": by_judge, "checks": by_checks, "checks of free lines": by_free_line}


def show(scores: Sequence[Score]) -> list[dict[str, object]]:
    """Print *scores* as a table, and return them for the line of JSON."""
    print(f"{'planted':28}{'refused':>10}{'honest accepted':>18}")
    for one in scores:
        print(f"{one.judge + ', ' + one.split:28}{one.refused:>10}{one.accepted:>18}")
    return [asdict(one) for one in scores]


def _score(name: str, split: str, cases: Sequence[Case], verdict: Verdict) -> Score:
    own = [case for case in cases if case.split in SPLITS[split]]
    garbage, honest = [c for c in own if c.fault != _OK], [c for c in own if c.fault == _OK]
    refused = sum(bool(verdict(case)) for case in garbage) / len(garbage)
    return Score(name, split, round(refused, 3), round(sum(not verdict(case) for case in honest) / len(honest), 3))
