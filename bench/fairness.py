"""``python -m bench.fairness``: who waits for whom, when many owners share few workers.

A simulation by events: 1,000 owners, 100 workers, jobs that arrive at random at 85 % load, their sizes heavy-tailed
(Pareto), their items cheap or dear.  The same jobs in three orders: first in first out, round-robin over owners, and by
the queue's own fair rank (`services.fair`, the rule that the platform runs).  A job's slowdown is the time it took over
the time it would have taken on idle workers.
"""

import argparse
import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from bench.orders import ORDERS, Job, simulate

OWNERS, WORKERS, LOAD = 1_000, 100, 0.85
TAIL, LARGEST = (
    1.2,
    20_000,
)  #: Pareto's shape, and where it is cut: 1 job in 16 has 10 items or more, 1 in 1,000 has 300
COSTS, SHARES = (1.0, 4.0, 16.0), (0.6, 0.3, 0.1)  #: seconds an item takes, the same for all items of a job
SMALL = 10  #: items of a small job, at most
SIZES = (1, 2, 4, 11, 31, 101, 301, 1_001, LARGEST + 1)  #: where the plot's groups of job sizes begin
NAMES = {"fifo": "first in, first out", "round_robin": "round-robin over owners", "fair_rank": "Adloom's fair rank"}
COLOURS = {"fifo": "#b0472e", "round_robin": "#7a7f87", "fair_rank": "#1f6f8b"}


def make_jobs(number: int, seed: int, *, owners: int = OWNERS, workers: int = WORKERS) -> list[Job]:
    """*number* jobs in the order of their arrival, as many as keep *workers* busy for `LOAD` of the time."""
    random = np.random.default_rng(seed)
    sizes = np.minimum(np.ceil(random.pareto(TAIL, number) + 1e-9), LARGEST).astype(int)
    costs = random.choice(COSTS, number, p=SHARES)
    horizon = float((sizes * costs).sum()) / workers / LOAD
    arrivals = np.sort(random.uniform(0, horizon, number))  # a Poisson process, given how many arrive
    by = random.integers(0, owners, number)
    return [
        Job(int(owner), float(at), int(size), float(cost))
        for owner, at, size, cost in zip(by, arrivals, sizes, costs, strict=True)
    ]


def slowdowns(jobs: Sequence[Job], ends: Sequence[float], *, workers: int = WORKERS) -> np.ndarray:
    """How many times as long each job took as on idle workers."""
    return np.array(
        [(end - job.arrives) / (-(-job.items // workers) * job.cost) for job, end in zip(jobs, ends, strict=True)]
    )


def measure(number: int, seeds: Sequence[int]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The sizes of all jobs of all seeds, and per order their slowdowns.  The first tenth only warms up."""
    sizes: list[np.ndarray] = []
    found: dict[str, list[np.ndarray]] = {name: [] for name in ORDERS}
    for seed in seeds:
        jobs = make_jobs(number, seed)
        warm = number // 10
        sizes.append(np.array([job.items for job in jobs[warm:]]))
        for name, order in ORDERS.items():
            found[name].append(slowdowns(jobs, simulate(jobs, order(), workers=WORKERS))[warm:])
    return np.concatenate(sizes), {name: np.concatenate(values) for name, values in found.items()}


def summary(sizes: np.ndarray, slow: np.ndarray) -> dict[str, float]:
    """Median and 99th percentile, of all jobs and of small ones."""
    small = slow[sizes <= SMALL]
    quantiles = {"p50": 50, "p99": 99}
    said = {name: float(np.percentile(slow, quantile)) for name, quantile in quantiles.items()}
    said |= {f"small_{name}": float(np.percentile(small, quantile)) for name, quantile in quantiles.items()}
    return {name: round(value, 2) for name, value in said.items()}


def draw(sizes: np.ndarray, slow: dict[str, np.ndarray], path: Path) -> None:
    """The 99th percentile of the slowdown by job size, one line per order."""
    figure, axes = plt.subplots(figsize=(8, 4.8), layout="constrained")
    for name, values in slow.items():
        points = [
            (np.sqrt(low * (high - 1)), np.percentile(values[(sizes >= low) & (sizes < high)], 99))
            for low, high in itertools.pairwise(SIZES)
            if ((sizes >= low) & (sizes < high)).sum() >= 100
        ]
        at, worst = zip(*points, strict=True)
        axes.plot(at, worst, marker="o", color=COLOURS[name], linewidth=2, label=NAMES[name])
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="items in the job",
        ylabel="99th percentile of the slowdown\n(1 = as quick as on idle workers)",
    )
    axes.set_title(f"How long jobs take: {OWNERS:,} owners on {WORKERS} workers at {LOAD:.0%} load", loc="left", pad=12)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.grid(visible=True, which="major", color="#e4e6e9")
    axes.set_ylim(bottom=1)
    axes.legend(loc="lower right", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=160)
    plt.close(figure)


def print_table(said: dict[str, dict[str, float]]) -> None:
    """The same numbers for people."""
    print(f"{'slowdown':26}{'p50':>8}{'p99':>9}{'small p50':>11}{'small p99':>11}")
    for name, numbers in said.items():
        row = "".join(f"{value:>{width},.2f}" for value, width in zip(numbers.values(), (8, 9, 11, 11), strict=True))
        print(f"{NAMES[name]:26}{row}")


def main() -> None:
    """Print one line of JSON and a table; save the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=20_000, help="for each seed")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--plot", type=Path, default=Path("out/fairness.png"))
    arguments = parser.parse_args()
    plt.switch_backend("Agg")
    sizes, slow = measure(arguments.jobs, arguments.seeds)
    said = {name: summary(sizes, values) for name, values in slow.items()}
    small = round(float((sizes <= SMALL).mean()), 3)
    print(json.dumps({"jobs": len(sizes), "seeds": arguments.seeds, "small_jobs": small, "slowdown": said}))
    print_table(said)
    draw(sizes, slow, arguments.plot)
    print(f"plot: {arguments.plot}")


if __name__ == "__main__":
    main()
