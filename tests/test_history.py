"""The history check lets good histories pass and names what is wrong with bad ones."""

import json
from pathlib import Path

import pytest

from tests.history import Record, check_history, read_history


def op(op: str, began: float, ended: float, *, client: int = 1, phase: str = "ok", **said: object) -> list[Record]:
    """An operation's two lines."""
    begun: Record = {"op": op, "phase": "invoke", "at": began, "client": client}
    known: Record = {"op": op, "phase": phase, "at": ended, "client": client}
    known.update(said)  # type: ignore[typeddict-item]
    return [begun, known]


def submit(began: float, ended: float, *, key: str = "k", job: str | None = "j", **more: object) -> list[Record]:
    return op("submit", began, ended, key=key, job=job, **more)  # type: ignore[arg-type]


def poll(began: float, ended: float, state: str, *, client: int = 1, job: str = "j", **counts: int) -> list[Record]:
    return op("poll", began, ended, client=client, job=job, state=state, counts=counts)


DONE = poll(90, 91, "succeeded", succeeded=3)
GOOD: dict[str, list[Record]] = {
    "plain": [*submit(0, 1), *poll(2, 3, "running", queued=2, succeeded=1), *DONE],
    "submitted twice under one key": [*submit(0, 1), *submit(2, 3), *DONE],
    "a submit nobody knows about": [*submit(0, 30, job=None, phase="info", client=2), *submit(31, 32), *DONE],
    "a submit that never came back": [*submit(0, 1, key="lost", client=2)[:1], *submit(0, 1), *DONE],
    "a refused submit": [*submit(0, 1, key="no", job=None, phase="fail"), *submit(2, 3), *DONE],
    "overlapping polls that see each other's past": [
        *submit(0, 1),
        *poll(2, 9, "running", client=1, succeeded=1, queued=2),
        *poll(3, 4, "running", client=2, succeeded=2, queued=1),
        *DONE,
    ],
    "a poll nobody knows about": [*submit(0, 1), *op("poll", 2, 9, phase="info", job="j"), *DONE],
    "cancelled while a worker held one": [
        *submit(0, 1),
        *poll(2, 3, "running", leased=1, queued=2),
        *op("cancel", 4, 5, job="j"),
        *poll(6, 7, "running", leased=1, cancelled=2),
        *poll(8, 9, "cancelled", succeeded=1, cancelled=2),
    ],
    "polls that began before the cancel was answered": [
        *submit(0, 1),
        *op("cancel", 2, 9, job="j", client=2),
        *poll(3, 4, "running", leased=1, queued=2),
        *poll(5, 6, "running", leased=2, queued=1),
        *poll(10, 11, "cancelled", succeeded=2, cancelled=1),
    ],
    "a failed cancel": [*submit(0, 1), *op("cancel", 2, 3, job="j", phase="fail"), *DONE],
}


@pytest.mark.parametrize("records", GOOD.values(), ids=GOOD)
def test_a_good_history_passes(records: list[Record]) -> None:
    assert check_history(records) == []


BAD: dict[str, tuple[str, list[Record]]] = {
    "had 2 items succeeded, then fewer": (
        "an item that had succeeded did not any more",
        [*submit(0, 1), *poll(2, 3, "running", succeeded=2, queued=1), *poll(4, 5, "running", succeeded=1, queued=2)],
    ),
    "left its final state": (
        "a job ended twice",
        [*submit(0, 1), *DONE, *poll(92, 93, "partial", failed=1, succeeded=2)],
    ),
    "was final, then its items changed": (
        "its items went on",
        [*submit(0, 1), *poll(2, 3, "partial", succeeded=2, failed=1), *poll(4, 5, "partial", succeeded=1, failed=2)],
    ),
    "has not ended": ("a job was stuck", [*submit(0, 1), *poll(2, 3, "running", queued=3)]),
    "nobody saw it again": ("a job was lost", submit(0, 1)),
    "key k made job j, then job i": ("one key, two jobs", [*submit(0, 1), *submit(2, 3, job="i"), *DONE]),
    "was the answer to k and to l": ("two keys, one job", [*submit(0, 1), *submit(2, 3, key="l"), *DONE]),
    "then more began": (
        "work began after the cancel was answered",
        [
            *submit(0, 1),
            *op("cancel", 2, 3, job="j"),
            *poll(4, 5, "running", leased=1, queued=2),
            *poll(6, 7, "running", leased=1, succeeded=1, queued=1),
            *poll(8, 9, "cancelled", succeeded=1, cancelled=2),
        ],
    ),
    "had 3 items, then 4": (
        "an item was doubled",
        [*submit(0, 1), *poll(2, 3, "running", queued=3), *poll(4, 5, "succeeded", succeeded=4)],
    ),
    "is succeeded while 1 of its items are not final": (
        "a job ended before its items",
        [*submit(0, 1), *poll(2, 3, "succeeded", succeeded=2, leased=1)],
    ),
    "is running while 0 of its items are not final": (
        "a job did not end with its items",
        [*submit(0, 1), *poll(2, 3, "running", succeeded=3)],
    ),
    "has ended as succeeded, its items as partial": (
        "a failure was passed over",
        [*submit(0, 1), *poll(2, 3, "succeeded", succeeded=2, failed=1)],
    ),
    "not known any more": ("a job was forgotten", [*submit(0, 1), *DONE, *poll(92, 93, "missing")]),
    "ends what it never began": ("no history", [*submit(0, 1)[1:], *DONE]),
    "with something under way": ("no history", [*submit(0, 1)[:1], *submit(2, 3), *DONE]),
}


@pytest.mark.parametrize(("said", "told"), BAD.items(), ids=BAD)
def test_a_bad_history_is_named(said: str, told: tuple[str, list[Record]]) -> None:
    assert any(said in violation for violation in check_history(told[1])), told[0]


def test_clients_write_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    lines = [*DONE, *submit(0, 1)]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")

    assert check_history(read_history(path)) == []
