"""A Hypothesis state machine on the queue's real services and a real database, beside the model of `queue_model`.

After every rule the whole database is compared with the model; at the end the queue is driven until nothing moves, and
every item must have ended.  One rule may call several services, as a worker does in one transaction.
"""

import sys
from datetime import timedelta

import sqlalchemy as sa
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from adloom.core.lanes import Lane
from adloom.core.states import FINAL
from models import Base, Database
from tests.queue_deeds import Deeds
from tests.queue_moves import (
    LANES,
    WORKERS,
    AcquireTwice,
    Late,
    Move,
    Operate,
    OwnerActs,
    Submit,
    TimePasses,
    Work,
    moves,
    submits,
)


class QueueMachine(Deeds, RuleBasedStateMachine):
    """Everything that may happen to a queue, in any order."""

    overlapping: bool  #: two transactions may write at once

    @initialize(first=submits)
    def start(self, first: Submit) -> None:
        with self.sessions.begin() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(sa.delete(table))
        self.do_submit(first)

    @rule(move=moves)
    def step(self, move: Move) -> None:
        match move:
            case Submit():
                self.do_submit(move)
            case Work():
                self.do_work(move)
            case AcquireTwice() if self.overlapping:
                self.do_acquire_twice(move)
            case Late() if self.batches:
                self.do_late(move, self.batches[move.batch % len(self.batches)])
            case TimePasses():
                self.do_time_passes(move)
            case OwnerActs():
                jobs = list(self.model.jobs.values())
                self.do_owner_acts(jobs[move.job % len(jobs)], move)
            case Operate():
                self.do_operate(move.lane, pauses=move.pauses)

    @invariant()
    def the_database_is_as_the_model_says(self) -> None:
        self.check()

    def teardown(self) -> None:
        if sys.exc_info()[0] is None:  # else the first fault would be hidden by those that follow from it
            self._drive_to_the_end()

    def _drive_to_the_end(self) -> None:
        """Sweep and work until nothing moves; nothing may be stuck."""
        for lane in LANES:
            self.do_operate(lane, pauses=False)
        for number, job in enumerate(self.model.jobs.values()):
            if job.paused:
                self.do_owner_acts(job, OwnerActs(number, "resume", dies=False))
        self.do_sweep_cancelled()
        self.do_sweep_paused()
        for _ in range(20):
            if all(item.state in FINAL for item in self.model.items.values()):
                break
            self.now += timedelta(seconds=700)
            for sweep in (self.do_sweep_deadlines, self.do_sweep_expired, self.do_sweep_due):
                sweep()
            for lane in LANES:
                self._drain(lane)
        self.check()
        stuck = [item for item in self.model.items.values() if item.state not in FINAL]
        assert not stuck, f"stuck: {stuck}"

    def _drain(self, lane: Lane) -> None:
        while True:
            with self.sessions.begin() as session:
                batch = self.do_acquire(session, WORKERS[0], lane, 50, None)
            if batch is None:
                break
            self.do_end(
                batch, ["made"] if len(self.batches) % 3 else ["permanent", "made"]
            )  # so that some parents fail
        self.check()


def machine_on(database: Database) -> type[QueueMachine]:
    """The machine, on *database*, which it empties before every example."""
    overlapping = database.engine.dialect.name == "postgresql"
    return type("QueueMachineOn", (QueueMachine,), {"database": database, "overlapping": overlapping})
