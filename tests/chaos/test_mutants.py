"""The suite can fail: each guard of the queue, taken out, turns a fault red."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from tests.chaos.conftest import Rigs
from tests.chaos.packages import Mutation
from tests.chaos.report import Row, write_row
from tests.chaos.rig import Plan, Rig
from tests.chaos.test_faults_of_clients import test_f31_a_row_that_someone_holds_is_passed_by as locked_head
from tests.chaos.test_faults_of_generators import test_f24_poison_takes_nobody_along as poison
from tests.chaos.test_faults_of_workers import test_f03_a_worker_that_wakes_after_its_lease_changes_nothing as pause
from tests.chaos.test_faults_of_workers import test_f27_a_rolling_restart_costs_nobody_anything as rolling_restart
from tests.chaos.test_faults_of_workers import test_items_that_take_longer_than_a_lease_are_made_once as long_items
from tests.test_architecture import sources


@dataclass(frozen=True)
class Mutant:
    """A product without one of its guards, and the fault that shows it."""

    name: str
    mutations: Sequence[Mutation]
    fault: Callable[[Rig], None]


ITEMS, RECORD, RENEWALS = "models.queries.items", "services.record", "worker.renewals"

MUTANTS = [
    Mutant(
        "no fence",
        [
            Mutation(
                ITEMS,
                "sa.type_coerce(Item.id, sa.String), Item.fence)",
                "sa.type_coerce(Item.id, sa.String), Item.fence).where(_state(ItemState.LEASED))",
            ),
            Mutation(ITEMS, " and sum([row[1] for row in rows]) == sum([item.fence for item in held.values()]):", ":"),
            Mutation(ITEMS, "if still.get(item_id) != item.fence}", "if item_id not in still}"),
        ],
        pause,
    ),
    Mutant(
        "no heartbeat", [Mutation(RENEWALS, "                self._renew(each)", "                pass")], long_items
    ),
    Mutant(
        "no SKIP LOCKED",
        [
            Mutation(ITEMS, ".with_for_update(skip_locked=True)  # locked", ".with_for_update()  # locked"),
            Mutation(
                ITEMS,
                "        .limit(at_most)\n        .with_for_update(skip_locked=True)",
                "        .limit(at_most)\n        .with_for_update()",
            ),
        ],
        locked_head,
    ),
    Mutant(
        "suspects not alone",
        [
            Mutation(ITEMS, "sa.case((head.c.suspect, 1), ", "sa.case("),
            Mutation(ITEMS, "sa.and_(sa.not_(Item.suspect), sa.not_(alone))", "sa.or_(alone, sa.not_(alone))"),
        ],
        poison,
    ),
    Mutant(
        "drains counted as errors",
        [
            Mutation(
                RECORD,
                'outcome="released", tidy=True)\n        return _Page',
                'outcome="released", errors=ledger.rows[item_id].errors + 1)\n        return _Page',
            )
        ],
        rolling_restart,
    ),
]

mutants = pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)


@mutants
def test_what_a_mutant_lacks_stands_once_in_the_product(mutant: Mutant) -> None:
    for mutation in mutant.mutations:
        assert sources()[mutation.module].read_text().count(mutation.old) == 1


@pytest.mark.chaos
@mutants
def test_a_mutant_is_found(mutant: Mutant, rigs: Rigs) -> None:
    servers = rigs.get(Plan(workers=3, mutations=mutant.mutations))
    try:
        with pytest.raises((AssertionError, TimeoutError, pytest.fail.Exception)) as caught:
            mutant.fault(servers)
        _report(mutant, servers, str(caught.value))
    finally:
        servers.is_dirty = True


def _report(mutant: Mutant, servers: Rig, reason: str) -> None:
    first = next(line for line in [*reason.splitlines()[1:], reason] if line.strip())
    row = Row(
        fault="mutant",
        on=mutant.name,
        done=f"the product without its guard: {mutant.name}",
        times=1,
        checked=mutant.fault.__name__,
        p50=None,
        most=None,
        promised=None,
        target=None,
        start=None,
        unscaled=None,
        items=0,
        verdict=f"found: {first[:120]}",
    )
    write_row(row)
