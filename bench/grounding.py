"""How well `adloom.checks.grounding` tells true lines from false, on labelled cases in five languages, and how fast.

``python -m bench.grounding [--mistakes tuned]``: a table for people, then one JSON line.
"""

import argparse
import csv
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from adloom.checks import Severity
from adloom.checks.grounding import read_ground
from adloom.core.brief import Brief
from adloom.core.products import Product

CASES = Path(__file__).parents[1] / "tests" / "checks" / "grounding_cases.tsv"
SPLITS = ("tuned", "held")
_OK = "ok"
_TIMED = 1000  #: texts


@dataclass(frozen=True)
class Case:
    """One line, the product it is about, and what a person says of it: ok, or the rule that it breaks."""

    language: str
    split: str  #: tuned, or held back while the lexicons were written
    product: Product
    brief: Brief
    text: str
    verdict: str

    def rules(self) -> list[str]:
        """The rules that the check says the line breaks."""
        found = read_ground(self.product, self.brief, None, self.language).check(self.text)
        return [finding.rule for finding in found if finding.severity == Severity.ERROR]


@dataclass(frozen=True)
class Score:
    """Shares of 1.  *precision*: of the lines that were refused, those that are wrong; *recall*: of the wrong lines,
    those that were refused; *exact_*: the same where the person's rule is among the refusal's."""

    language: str
    split: str
    lines: int
    wrong: int
    precision: float
    recall: float
    exact_precision: float
    exact_recall: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.grounding", description=main.__doc__)
    parser.add_argument("--mistakes", choices=SPLITS, help="list the lines of this part that are judged otherwise")
    options = parser.parse_args()
    judged = judge(read_cases())
    scores = score_all(judged)
    print(f"{'':14}{'lines':>7}{'wrong':>7}{'precision':>11}{'recall':>8}{'exact precision':>17}{'exact recall':>14}")
    for one in scores:
        shares = f"{one.precision:>11}{one.recall:>8}{one.exact_precision:>17}{one.exact_recall:>14}"
        print(f"{one.language + ' ' + one.split:14}{one.lines:>7}{one.wrong:>7}{shares}")
    for case, rules in judged:
        if case.split == options.mistakes and not _agrees(case, rules):
            print(f"{case.language} {case.verdict:26} {case.text!r}: {', '.join(rules) or _OK}")
    print(json.dumps({"scores": [asdict(one) for one in scores], "texts_per_second": texts_per_second()}))


def read_cases(path: Path = CASES) -> list[Case]:
    """The labelled lines."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_case(row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def judge(cases: Iterable[Case]) -> list[tuple[Case, list[str]]]:
    """Each case and the rules that the check says it breaks."""
    return [(case, case.rules()) for case in cases]


def score_all(judged: Sequence[tuple[Case, list[str]]]) -> list[Score]:
    """A score for each language and part, and for all languages together."""
    languages = [*dict.fromkeys(case.language for case, _ in judged)]
    return [
        score([(case, rules) for case, rules in judged if case.language in chosen and case.split in splits], name, part)
        for name, chosen in (*((one, (one,)) for one in languages), ("all", tuple(languages)))
        for part, splits in (*((one, (one,)) for one in SPLITS), ("all", SPLITS))
    ]


def score(judged: Sequence[tuple[Case, list[str]]], language: str, split: str) -> Score:
    """How the check's verdicts compare with the person's."""
    wrong = sum(case.verdict != _OK for case, _ in judged)
    refused = sum(bool(rules) for _, rules in judged)
    both = sum(bool(rules) and case.verdict != _OK for case, rules in judged)
    exact = sum(case.verdict in rules for case, rules in judged)
    return Score(
        language,
        split,
        lines=len(judged),
        wrong=wrong,
        precision=_share(both, refused),
        recall=_share(both, wrong),
        exact_precision=_share(exact, refused),
        exact_recall=_share(exact, wrong),
    )


def texts_per_second() -> int:
    """How many English texts of one product are checked in a second, its ground prepared once."""
    cases = [case for case in read_cases() if case.language == "en"]
    ground = read_ground(cases[0].product, cases[0].brief, None, "en")
    texts = [cases[n % len(cases)].text for n in range(_TIMED)]
    started = time.perf_counter()
    for text in texts:
        ground.check(text)
    return round(_TIMED / (time.perf_counter() - started))


def _case(row: dict[str, str]) -> Case:
    title, description, attributes = row["row"].split(" | ", 2)
    spoken = {"language": row["language"], **json.loads(attributes)}
    product = Product(id="case", title=title, description=description, **spoken)
    brief = Brief.model_validate_json(row["brief"] or "{}")
    return Case(row["language"], row["split"], product, brief, row["text"], row["verdict"])


def _agrees(case: Case, rules: Sequence[str]) -> bool:
    return case.verdict in rules or (case.verdict == _OK and not rules)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 1.0


if __name__ == "__main__":
    main()
