"""What follows when items become final or ready: children, descendants, their jobs' counters.

Every service that ends items does it through here, under locks that were taken in one order: items, shares, jobs,
outbox.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from adloom.core.lanes import Lane
from adloom.core.states import FINAL, ItemState, check_move
from models.queries import attempts, items, jobs
from services.outbox import announce
from services.ready import Arrival, rank

PARENT_FAILED = "parent-failed"
MADE = ("variants", "notes", "provenance")  #: the columns of what was made


@dataclass
class Ledger:
    """The changes of one transaction, gathered and then written at once.

    *rows* are the items it has locked: those it was asked about and all their descendants.
    """

    rows: Mapping[UUID, Any]  # Any: rows of `items.lock`
    now: datetime
    has_below: bool  #: something depends on them
    changes: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    moved: list[tuple[Any, ItemState]] = field(default_factory=list)  #: rows and where they go
    attempts: list[tuple[Any, ...]] = field(default_factory=list)  #: leases that end, as rows of `attempts.write`
    made: list[tuple[Any, ...]] = field(default_factory=list)  #: items that were made: id and the values of `MADE`

    def succeed(self, row: Any, made: tuple[Any, ...]) -> None:
        """`move` for what most leases come to: a leased item was made; *made* are the values of `MADE`."""
        self.made.append((row.id, *made))
        self.moved.append((row, ItemState.SUCCEEDED))
        self._end(row, "succeeded", tidy=True)

    def move(
        self,
        item_id: UUID,
        state: ItemState,
        *,
        outcome: str = "",
        tidy: bool = False,
        **more: Any,  # Any: column values
    ) -> None:
        """Take an item to *state*, closing its attempt with *outcome* if it was leased; its fence rises.

        *tidy*: its worker says that nothing in the store is left to collect.  Whoever ends a lease of someone else's
        cannot know.
        """
        row = self.rows[item_id]
        check_move(row.state, state)
        if row.state == ItemState.LEASED:
            self._end(row, outcome, tidy=tidy)
        self.moved.append((row, state))
        self.changes[item_id] = {
            "id": item_id,
            **items.settle(state, self.now),
            "fence": items.RAISE,
            **more,
        }

    def _end(self, row: Any, outcome: str, *, tidy: bool) -> None:
        began = row.leased_at or self.now  # a process of the release before left it out
        litter_at = None if tidy else self.now
        self.attempts.append((row.id, row.fence, row.worker, row.batch_size or 1, began, self.now, outcome, litter_at))

    def ended(self, state: ItemState) -> list[UUID]:
        """The items that this transaction takes to *state*."""
        return [row.id for row, to in self.moved if to is state]


def open_ledger(session: Session, item_ids: Collection[UUID], *, now: datetime) -> Ledger:
    """Lock *item_ids* and everything that depends on them, in the order of their ids."""
    below = items.descendants(session, item_ids)
    return Ledger(items.lock(session, {*item_ids, *below}), now, bool(below))


def hold_ledger(session: Session, held: Mapping[UUID, Any], *, now: datetime) -> Ledger:  # Any: services.acquire.Held
    """Lock what a worker holds, and what depends on it; without the items whose fence has moved on."""
    if any(item.has_children for item in held.values()):
        below = items.descendants(session, held)
        locked = items.lock(session, {*held, *below})
        moved_on = {item_id for item_id, item in held.items() if locked[item_id].fence != item.fence}
        rows = {item_id: row for item_id, row in locked.items() if item_id not in moved_on}
        return Ledger(rows, now, bool(below))
    lost = items.moved_on(session, held)
    return Ledger({item: row for item, row in held.items() if item not in lost} if lost else held, now, has_below=False)


def close_ledger(session: Session, ledger: Ledger) -> frozenset[Lane]:
    """Write everything down: children that became ready, descendants of failures, attempts, jobs.

    Returns the lanes that have new work.
    """
    _fail_descendants(session, ledger)
    lanes = _release_children(session, ledger)
    succeeded = {**items.settle(ItemState.SUCCEEDED, ledger.now), "fence": items.RAISE}
    items.write_alike(session, ("id", *MADE), ledger.made, constants=succeeded)
    items.write(session, ledger.changes.values())
    attempts.write(session, ledger.attempts)
    _count(session, ledger)
    return lanes


def queue(session: Session, ledger: Ledger, item_ids: Sequence[UUID]) -> frozenset[Lane]:
    """Make blocked items ready: the first time they are ranked, after that they keep their place."""
    rows = [ledger.rows[item_id] for item_id in item_ids]
    fresh = [Arrival(row.id, row.lane, row.priority, row.owner, row.cost) for row in rows if row.attempts == 0]
    ranks = rank(session, fresh)
    for row in rows:
        more = {"fair_rank": ranks[row.id]} if row.id in ranks else {}
        change = {"id": row.id, "state": ItemState.QUEUED, **more}
        ledger.changes[row.id] = {**ledger.changes.get(row.id, {}), **change}
    return frozenset(row.lane for row in rows)


def never_leased(ledger: Ledger) -> list[Arrival]:
    """Ready items that no worker has ever held: should they leave the lane, their shares go back."""
    return [
        Arrival(row.id, row.lane, row.priority, row.owner, row.cost)
        for row in ledger.rows.values()
        if row.state == ItemState.QUEUED and row.attempts == 0
    ]


def _fail_descendants(session: Session, ledger: Ledger) -> None:
    """Whatever depends on an item that will never succeed fails with it, in the same transaction."""
    frontier = ledger.ended(ItemState.FAILED) + ledger.ended(ItemState.CANCELLED)
    while frontier:
        found = items.children_of(session, frontier) if ledger.has_below else []
        frontier = []
        for _, child in found:
            if child not in ledger.changes and ledger.rows[child].state not in FINAL:
                ledger.move(
                    child,
                    ItemState.FAILED,
                    error_code=PARENT_FAILED,
                    error_message="An item that this one needs did not succeed.",
                    error_retryable=False,
                )
                frontier.append(child)


def _release_children(session: Session, ledger: Ledger) -> frozenset[Lane]:
    """Count parents down; a child with none left, whose hour has come, becomes ready."""
    succeeded = ledger.ended(ItemState.SUCCEEDED)
    if not succeeded or not ledger.has_below:
        return frozenset()
    done = Counter(child for _, child in items.children_of(session, succeeded))
    ready = []
    for child, count in sorted(done.items()):
        row = ledger.rows[child]
        if row.state != ItemState.BLOCKED or child in ledger.changes:
            continue
        left = row.parents_left - count
        ledger.changes[child] = {"id": child, "parents_left": left}
        if left == 0 and (row.run_at is None or row.run_at <= ledger.now):
            ready.append(child)
    return queue(session, ledger, ready)


def _count(session: Session, ledger: Ledger) -> None:
    """Move the counters of the jobs whose items became final; jobs in the order of their ids."""
    totals: dict[UUID, Counter[str]] = defaultdict(Counter)
    for row, state in ledger.moved:
        if state in FINAL:
            totals[row.job_id][state] += 1
    to_tell = [
        job_id
        for job_id, ended in sorted(totals.items())
        if jobs.settle(
            session,
            job_id,
            succeeded=ended[ItemState.SUCCEEDED],
            failed=ended[ItemState.FAILED],
            cancelled=ended[ItemState.CANCELLED],
            now=ledger.now,
        )
    ]
    announce(session, to_tell, now=ledger.now)
