"""``python -m tests.chaos.report``: what the fault suite found, as a table in docs/guarantees.md."""

import dataclasses
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = ROOT / "out" / "chaos.jsonl"  #: kept between runs, so that one fault can be tried again
PAGE = ROOT / "docs" / "guarantees.md"
BEGIN, END = "<!-- chaos: begin -->", "<!-- chaos: end -->"


@dataclass(frozen=True)
class Row:
    """One fault on one set of servers.  Times in seconds; None where there is nothing to measure."""

    fault: str
    on: str
    done: str
    times: int
    checked: str
    p50: float | None
    most: float | None
    promised: float | None
    target: float | None
    start: float | None
    unscaled: float | None
    items: int
    verdict: str


def write_row(row: Row) -> None:
    """Print *row*, and keep it where the whole suite runs."""
    sys.stderr.write(
        f"\n{row.fault} on {row.on}: {row.times} times, {row.items} items, recovery {_seconds(row.p50)} / "
        f"{_seconds(row.most)} of {_seconds(row.target)}: {row.verdict}\n"
    )
    if os.environ.get("CHAOS") == "all":
        ROWS.parent.mkdir(exist_ok=True)
        with ROWS.open("a") as file:
            file.write(json.dumps(dataclasses.asdict(row)) + "\n")


def read_rows() -> list[Row]:
    """The newest row of every fault on every set of servers, in the order of the matrix."""
    newest: dict[tuple[str, str], Row] = {}
    for line in ROWS.read_text().splitlines():
        row = Row(**json.loads(line))
        newest[row.fault, row.on] = row
    return sorted(newest.values(), key=lambda row: (int(re.sub(r"\D", "", row.fault) or 99), row.fault, row.on))


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        "| Fault | On | What was done | Times | Items | Checked | Recovery p50 / max | Promised | Scaled | Verdict |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        scaled = _seconds(row.target) + (f" (a start: {_seconds(row.start)})" if row.start is not None else "")
        scaled += f", of it {_seconds(row.unscaled)} that no timer scales" if row.unscaled else ""
        cells = [row.fault, row.on, row.done, str(row.times), str(row.items), row.checked]
        cells += [f"{_seconds(row.p50)} / {_seconds(row.most)}", _seconds(row.promised), scaled, row.verdict]
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def main() -> int:
    """Write the table into the page; 1 where a fault did not hold."""
    rows = read_rows()
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(rows)}\n\n{END}{after}", encoding="utf-8")
    return int(not all(row.verdict == "held" or row.verdict.startswith("found") for row in rows))  # found: a mutant


if __name__ == "__main__":
    sys.exit(main())
