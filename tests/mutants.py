"""The queue with one line broken, again and again: whoever looks after it must notice each.

Only here is product code patched.  A mutant that no longer finds its line fails loudly: an attribute that is gone
raises, and a rewritten statement must have been seen.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis.stateful import run_state_machine_as_test

import models.queries.items
import services.record
import services.settle
import services.sweep
from adloom.core.states import ItemState
from models import Database, Session
from services.settle import Ledger, open_ledger
from tests.queue_machine import machine_on
from tests.queue_profiles import hunting
from tests.queue_races import second_worker_before_the_first_commits, sweep_during_a_renewal
from tests.queue_scripts import run_script

Patch = Callable[[pytest.MonkeyPatch, Database], None]


def _machine(database: Database) -> None:
    run_state_machine_as_test(machine_on(database), settings=hunting(examples=40, steps=30))


def _script(name: str) -> Callable[[Database], None]:
    return partial(run_script, name=name)


@dataclass(frozen=True)
class Mutant:
    """One broken line, and who must notice on which database."""

    name: str
    patch: Patch
    on: str = "sqlite"
    noticed_by: Callable[[Database], None] = _machine


def _set(target: Any, name: str, value: Any) -> Patch:  # Any: a module, and what stands in it
    return lambda patching, database: patching.setattr(target, name, value)


def _move(change: Callable[[dict[str, Any], Any, str], None]) -> Patch:  # Any: column values, a row
    """`Ledger.move`, whose change is changed once more."""
    original = Ledger.move

    def move(self: Ledger, item_id: Any, state: ItemState, *, outcome: str = "", **more: Any) -> None:
        original(self, item_id, state, outcome=outcome, **more)
        change(self.changes[item_id], self.rows[item_id], outcome)

    return _set(services.settle.Ledger, "move", move)


def _keep_fence(of: str) -> Patch:
    def keep(change: dict[str, Any], row: Any, outcome: str) -> None:  # Any: column values, a row
        if outcome == of:
            change["fence"] = row.fence

    return _move(keep)


def _count_drains(change: dict[str, Any], row: Any, outcome: str) -> None:  # Any: column values, a row
    if outcome == "released":
        change["errors"] = row.errors + 1


def _acquire_says(pattern: str, instead: str, *, times: int = 0) -> Patch:
    """The statement that leases, rewritten on its way to the database."""

    def patch(patching: pytest.MonkeyPatch, database: Database) -> None:
        del patching  # the engine is closed with the test

        @sa.event.listens_for(database.engine, "before_cursor_execute", retval=True)
        def rewrite(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> tuple[str, Any]:
            if "head" in statement and "lease_expires_at" in statement and "UPDATE items" in statement:
                statement, found = re.subn(pattern, instead, statement, count=times)
                assert found, f"the statement that leases no longer says {pattern}"
            return statement, parameters

    return patch


def _renew_nothing(session: Session, held: Any, *, until: Any) -> set[Any]:  # Any: as the original
    return set(held)


def _nothing_follows(session: Session, ledger: Ledger) -> None:
    return


def _say_nothing(session: Session, ended: Any, *, now: Any) -> None:  # Any: as the original
    return


MUTANTS = [
    Mutant("no fence check in record", _set(services.record, "hold_ledger", open_ledger)),
    Mutant("fences not compared", _set(models.queries.items, "moved_on", lambda session, held: set())),
    Mutant("no heartbeat", _set(models.queries.items, "renew", _renew_nothing)),
    Mutant(
        "no SKIP LOCKED",
        _acquire_says(" SKIP LOCKED", ""),
        on="postgresql",
        noticed_by=second_worker_before_the_first_commits,
    ),
    Mutant(
        "head not locked",
        _acquire_says("FOR UPDATE SKIP LOCKED", "", times=1),
        on="postgresql",
        noticed_by=second_worker_before_the_first_commits,
    ),
    Mutant("suspects not alone", _acquire_says(r"\b(head|items)\.suspect\b", "(1 = 0)")),
    Mutant(
        "withdrawn jobs leased",
        _acquire_says(r"(?<!\.)\bcancelled_at IS NOT NULL", "(1 = 0)"),
        noticed_by=_script("withdrawn by a process that died"),
    ),
    Mutant(
        "paused jobs leased",
        _acquire_says(r"(?<!\.)\bpaused_at IS NOT NULL", "(1 = 0)"),
        noticed_by=_script("paused by a process that died"),
    ),
    Mutant(
        "paused lanes leased",
        _acquire_says(r"\blane_states\.paused_at IS NOT NULL", "(1 = 0)"),
        noticed_by=_script("a paused lane"),
    ),
    Mutant("jobs end without a word", _set(services.settle, "announce", _say_nothing)),
    Mutant("drains counted as errors", _move(_count_drains)),
    Mutant("cancel keeps the fence", _keep_fence("cancelled")),
    Mutant("sweep keeps the fence", _keep_fence("lost")),
    Mutant(
        "descendants of failures wait for ever",
        _set(services.settle, "_fail_descendants", _nothing_follows),
        noticed_by=_script("a parent that fails"),
    ),
    Mutant(
        "sweep does not look again under the lock",
        _set(services.sweep, "_is_expired", lambda row, before: True),
        on="postgresql",
        noticed_by=sweep_during_a_renewal,
    ),
]
