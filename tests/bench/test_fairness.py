"""The simulation behind the fairness figures neither loses nor invents work, and fair rank protects small jobs."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from bench.fairness import draw, make_jobs, slowdowns, summary
from bench.orders import ORDERS, FairRank, Job, simulate


@pytest.mark.parametrize("order", ORDERS)
def test_a_single_worker_is_never_idle_while_something_waits(order: str) -> None:
    jobs = make_jobs(500, seed=1, owners=20, workers=1)
    busy_until = 0.0
    for job in jobs:
        busy_until = max(busy_until, job.arrives) + job.items * job.cost

    ends = simulate(jobs, ORDERS[order](), workers=1)

    assert max(ends) == pytest.approx(busy_until)


@pytest.mark.parametrize("order", ORDERS)
def test_every_job_ends_and_none_before_it_can(order: str) -> None:
    jobs = make_jobs(500, seed=2, owners=20, workers=10)

    ends = simulate(jobs, ORDERS[order](), workers=10)

    assert slowdowns(jobs, ends, workers=10).min() >= 1 - 1e-9


def test_five_items_do_not_wait_for_a_thousand() -> None:
    large, small = Job(owner=1, arrives=0, items=1_000, cost=1), Job(owner=2, arrives=10, items=5, cost=1)

    ends = simulate([large, small], FairRank(), workers=1)

    assert ends == [1_005, 22]  # turn about, from the item that is running at second 10


def test_fair_rank_is_better_for_small_jobs_than_first_in_first_out(tmp_path: Path) -> None:
    jobs = make_jobs(4_000, seed=3, owners=1_000, workers=20)
    sizes = np.array([job.items for job in jobs])
    slow = {name: slowdowns(jobs, simulate(jobs, order(), workers=20), workers=20) for name, order in ORDERS.items()}
    said = {name: summary(sizes, values) for name, values in slow.items()}

    assert said["fair_rank"]["small_p99"] < said["fifo"]["small_p99"] / 2
    assert said["fair_rank"]["small_p99"] < said["round_robin"]["small_p99"]
    mpl.use("Agg")
    draw(sizes, slow, tmp_path / "fairness.png")
    assert (tmp_path / "fairness.png").stat().st_size > 10_000
