"""What clients saw, judged afterwards: nothing lost, nothing doubled, no read that goes backwards.

Clients write down every operation twice, when they begin it and when they know more::

    {"op": "submit", "phase": "invoke", "at": 0.10, "client": 1, "key": "k1"}
    {"op": "submit", "phase": "ok", "at": 0.15, "client": 1, "key": "k1", "job": "0199…"}
    {"op": "poll", "phase": "ok", "at": 0.30, "client": 2, "job": "0199…", "state": "running", "counts": {"leased": 3}}

*op*: submit, poll, cancel.  *phase*: ``ok``, it was done; ``fail``, it was refused and changed nothing; ``info``,
nobody knows (a time-out): it may have happened, at any time since, or not.  *at*: seconds of one monotonic clock.
*counts*: items by state.  A job that the platform does not know any more is a poll that is ``ok`` with a state that no
job has.  A client has one operation under way at a time.  The method is Jepsen's: https://jepsen.io/consistency
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from adloom.core.states import FINAL, FINAL_JOB, ItemState, JobState, job_state


class Record(TypedDict, total=False):
    """One line of a history."""

    op: str
    phase: str
    at: float
    client: int
    key: str | None
    job: str | None
    state: str | None
    counts: Mapping[str, int] | None


@dataclass
class Operation:
    """An invocation and what came of it."""

    op: str
    client: int
    began: float
    ended: float
    phase: str
    key: str | None
    job: str | None
    state: str
    counts: Mapping[str, int]
    before: "Seen" = field(default_factory=lambda: Seen())  #: what had been seen of the job when it began

    def __str__(self) -> str:
        said = f"{self.op} by client {self.client} from {self.began:g} to {self.ended:g} s"
        return f"{said}: {self.state} {dict(self.counts)}" if self.op == "poll" else said


@dataclass(frozen=True)
class Seen:
    """What polls of one job that have ended had seen."""

    done: Mapping[str, int] = field(default_factory=dict)  #: the most items in each final state
    final: Operation | None = None
    cancelled: bool = False  #: a cancel was answered
    started: int | None = None  #: after that: the fewest items that were leased or had succeeded


def read_history(path: Path) -> list[Record]:
    """A history from a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def check_history(records: Iterable[Record]) -> list[str]:
    """Every way in which what clients saw is not what the platform promises; empty where all is well."""
    wrong: list[str] = []
    operations = list(_pair(sorted(records, key=lambda record: record["at"]), wrong))
    _look_back(operations)
    polls = [operation for operation in operations if operation.op == "poll" and operation.phase == "ok"]
    for poll in polls:
        wrong.extend(_odd_in_itself(poll))
        wrong.extend(_backwards(poll))
    wrong.extend(_changed_totals(polls))
    wrong.extend(_mixed_keys(operations))
    wrong.extend(_unfinished(operations, polls))
    return wrong


def _pair(records: Iterable[Record], wrong: list[str]) -> Iterator[Operation]:
    """Operations in the order of their ends; what never ended is unknown."""
    open_: dict[int, Record] = {}
    for record in records:
        client = record["client"]
        if record["phase"] == "invoke":
            if client in open_:
                wrong.append(f"not a history: client {client} begins at {record['at']:g} s with something under way")
            open_[client] = record
            continue
        begun = open_.pop(client, None)
        if begun is None or begun["op"] != record["op"]:
            wrong.append(f"not a history: client {client} ends what it never began at {record['at']:g} s")
            continue
        yield _operation(begun, record)
    for begun in open_.values():
        yield _operation(begun, {**begun, "phase": "info"})


def _operation(begun: Record, ended: Record) -> Operation:
    return Operation(
        op=ended["op"],
        client=ended["client"],
        began=begun["at"],
        ended=float("inf") if ended["phase"] == "info" else ended["at"],
        phase=ended["phase"],
        key=ended.get("key") or begun.get("key"),
        job=ended.get("job") or begun.get("job"),
        state=ended.get("state") or "",
        counts=ended.get("counts") or {},
    )


def _look_back(operations: list[Operation]) -> None:
    """Tell every operation what had been seen of its job by those that ended before it began."""
    seen: dict[str | None, Seen] = {}
    moments = [(operation.began, 1, n) for n, operation in enumerate(operations)]
    moments += [(operation.ended, 0, n) for n, operation in enumerate(operations) if operation.phase == "ok"]
    for _, is_start, n in sorted(moments, key=lambda moment: (moment[0], -moment[1])):  # at one instant: at once
        operation = operations[n]
        if is_start:
            operation.before = seen.get(operation.job, Seen())
        else:
            seen[operation.job] = _add(seen.get(operation.job, Seen()), operation)


def _add(seen: Seen, operation: Operation) -> Seen:
    if operation.op == "cancel":
        return Seen(seen.done, seen.final, cancelled=True, started=seen.started)
    if operation.op != "poll":
        return seen
    done = {state.value: max(seen.done.get(state, 0), operation.counts.get(state, 0)) for state in FINAL}
    final = seen.final or (operation if operation.state in FINAL_JOB else None)
    started = seen.started
    if operation.before.cancelled and operation.counts:
        started = min(_started(operation), _started(operation) if started is None else started)
    return Seen(done, final, seen.cancelled, started)


def _started(poll: Operation) -> int:
    return poll.counts.get(ItemState.SUCCEEDED, 0) + poll.counts.get(ItemState.LEASED, 0)


def _odd_in_itself(poll: Operation) -> Iterator[str]:
    """A state that no job has, or that its items do not bear out."""
    if poll.state not in set(JobState):
        yield f"job {poll.job} is not known any more, or in no state that a job has: {poll}"
        return
    if not poll.counts:
        return
    waiting = _total(poll) - sum(poll.counts.get(state, 0) for state in FINAL)
    if (poll.state == JobState.RUNNING) != (waiting > 0):
        yield f"job {poll.job} is {poll.state} while {waiting} of its items are not final: {poll}"
    elif poll.state != JobState.RUNNING:
        succeeded, failed = poll.counts.get(ItemState.SUCCEEDED, 0), poll.counts.get(ItemState.FAILED, 0)
        expected = job_state(succeeded=succeeded, failed=failed, cancelled=poll.state == JobState.CANCELLED)
        if poll.state != expected:
            yield f"job {poll.job} has ended as {poll.state}, its items as {expected}: {poll}"


def _total(poll: Operation) -> int:
    return poll.counts.get("total", sum(poll.counts.values()))


def _backwards(poll: Operation) -> Iterator[str]:
    """A later read that saw less than an earlier one."""
    before = poll.before
    if poll.counts:
        for state, most in before.done.items():
            if poll.counts.get(state, 0) < most:
                yield f"job {poll.job} had {most} items {state}, then fewer: {poll}"
    if before.final and poll.state != before.final.state:
        yield f"job {poll.job} left its final state: {before.final}; then {poll}"
    if before.final and poll.counts and before.final.counts and dict(poll.counts) != dict(before.final.counts):
        yield f"job {poll.job} was final, then its items changed: {before.final}; then {poll}"
    if before.started is not None and poll.counts and _started(poll) > before.started:
        yield f"job {poll.job} was cancelled with {before.started} items leased or succeeded, then more began: {poll}"


def _changed_totals(polls: Iterable[Operation]) -> Iterator[str]:
    first: dict[str | None, Operation] = {}
    for poll in polls:
        if poll.counts and _total(poll) != _total(first.setdefault(poll.job, poll)):
            yield f"job {poll.job} had {_total(first[poll.job])} items, then {_total(poll)}: {poll}"


def _mixed_keys(operations: Iterable[Operation]) -> Iterator[str]:
    """A key that made two jobs, or a job that came of two requests."""
    job_of: dict[str, str | None] = {}
    made_by: dict[str | None, str] = {}
    for n, operation in enumerate(operations):
        if operation.op != "submit" or operation.phase != "ok":
            continue
        request = operation.key or f"request {n}, without a key"
        job = job_of.setdefault(request, operation.job)
        if job != operation.job:
            yield f"key {request} made job {job}, then job {operation.job}: {operation}"
        elif made_by.setdefault(job, request) != request:
            yield f"job {job} was the answer to {made_by[job]} and to {request}: {operation}"


def _unfinished(operations: Iterable[Operation], polls: Iterable[Operation]) -> Iterator[str]:
    """A job that was accepted, and whose last poll did not find it ended."""
    last: dict[str | None, Operation] = {}
    for poll in polls:
        last[poll.job] = max(poll, last.get(poll.job, poll), key=lambda one: one.began)
    accepted = {operation.job for operation in operations if operation.op == "submit" and operation.phase == "ok"}
    for job in sorted(map(str, accepted)):
        if job not in last:
            yield f"job {job} was accepted, and nobody saw it again"
        elif last[job].state not in FINAL_JOB:
            yield f"job {job} was accepted and has not ended: {last[job]}"
