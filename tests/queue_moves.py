"""What clients, workers, owners, time and sweepers may do to a queue, as data; and how Hypothesis draws it.

One rule draws one move, so that their shares are ours: Hypothesis would leave half of many rules out of every example,
and a queue without workers, or without work, shows little.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from adloom.core.lanes import Lane

WORKERS = (uuid4(), uuid4(), uuid4())
LANES = (Lane.COPY, Lane.BANNER)
MICRO_BATCH = {"narrow": 3, "wide": 50}  #: batch key -> items that its kind allows in a micro-batch


@dataclass(frozen=True)
class Wish:
    """One item of a submit.  *back*: its parents stand so many places before it: chains and diamonds."""

    lane: Lane
    key: str
    priority: int
    back: frozenset[int]
    run_in: int | None  #: seconds


@dataclass(frozen=True)
class Submit:
    """A client submits, perhaps under a key that it has used before, perhaps something else than before."""

    wishes: tuple[Wish, ...]
    owner: str = "ada"
    key: str | None = None
    fingerprint: str = "f"
    ends_in: int | None = None  #: seconds to its deadline
    webhook_url: str = ""


@dataclass(frozen=True)
class Work:
    """A worker acquires, perhaps begins and perhaps records: else it is heard of later, or never."""

    worker: UUID
    lanes: tuple[Lane, ...]  #: where to look first
    limit: int
    prefer: str | None
    begins: str  #: "at once", in the transaction that acquires; "later"; "never"
    endings: tuple[str, ...]  #: what becomes of the items, over and over; empty: nothing is recorded


@dataclass(frozen=True)
class AcquireTwice:
    """Two workers acquire, the second before the first has committed."""

    lane: Lane
    limit: int


@dataclass(frozen=True)
class Late:
    """The worker of any batch that was ever held does something: it may be long given up for dead, or done."""

    batch: int
    deed: str
    endings: tuple[str, ...]


@dataclass(frozen=True)
class TimePasses:
    """The clock goes on, and some sweeps run."""

    seconds: int
    sweeps: tuple[str, ...]


@dataclass(frozen=True)
class OwnerActs:
    """The owner of some job cancels, pauses or resumes it; or the process that does it dies half-way."""

    job: int
    deed: str
    dies: bool


@dataclass(frozen=True)
class Operate:
    """An operator pauses a lane, or resumes it."""

    lane: Lane
    pauses: bool


Move = Submit | Work | AcquireTwice | Late | TimePasses | OwnerActs | Operate

_any = st.integers(0, 20)
_wishes = st.builds(
    Wish,
    lane=st.sampled_from([Lane.COPY, Lane.COPY, Lane.COPY, Lane.BANNER]),
    key=st.sampled_from(sorted(MICRO_BATCH)),
    priority=st.sampled_from([0, 0, 0, 1]),
    back=st.sampled_from([frozenset(), frozenset(), *map(frozenset, ({1}, {2}, {1, 2}, {1, 3}))]),
    run_in=st.sampled_from([None] * 6 + [30, 600]),
)
_mixed = st.sampled_from(["made", "retry", "permanent", "blameless", "continue", "release", "silence"])
_some = st.lists(_mixed, min_size=1, max_size=4).map(tuple)
_endings = st.one_of(st.just(("made",)), st.just(("permanent", "made")), _some)

submits = st.builds(
    Submit,
    wishes=st.integers(1, 6).flatmap(lambda number: st.lists(_wishes, min_size=number, max_size=number)).map(tuple),
    owner=st.sampled_from(["ada", "bob", "eve"]),
    key=st.sampled_from([None, None, "k"]),
    fingerprint=st.sampled_from(["f", "f", "g"]),
    ends_in=st.sampled_from([None] * 6 + [60, 900]),
    webhook_url=st.sampled_from(["", "https://hooks.example/adloom"]),
)
_works = st.builds(
    Work,
    worker=st.sampled_from(WORKERS),
    lanes=st.sampled_from([LANES, LANES, LANES, LANES[::-1]]),
    limit=st.sampled_from([1, 2, 8, 8]),
    prefer=st.sampled_from([None, None, None, "noop|narrow", "noop|wide"]),
    begins=st.sampled_from(["later", "at once", "never"]),
    endings=st.one_of(st.just(()), _some, _endings),
)
_lates = st.builds(
    Late,
    batch=_any,
    deed=st.sampled_from(["record", "record", "crash", "crash", "renew", "lose the connection", "begin", "release"]),
    endings=_endings,
)
_times = st.builds(
    TimePasses,
    seconds=st.sampled_from([0, 1, 61, 70, 70, 700]),
    sweeps=st.lists(
        st.sampled_from(["expired", "due", "cancelled", "paused", "deadlines"]), max_size=4, unique=True
    ).map(tuple),
)
_owners = st.builds(
    OwnerActs, job=_any, deed=st.sampled_from(["pause", "pause", "resume", "resume", "cancel"]), dies=st.booleans()
)
_operators = st.builds(Operate, lane=st.sampled_from(LANES), pauses=st.booleans())


_twice = st.builds(AcquireTwice, lane=st.sampled_from(LANES), limit=st.sampled_from([1, 2, 8]))

_shares: list[tuple[st.SearchStrategy[Any], int]] = [  # Any: of one move each
    (_works, 8),
    (_lates, 4),
    (_times, 4),
    (submits, 2),
    (_twice, 1),
    (_owners, 3),
    (_operators, 1),
]
_shared = [strategy for strategy, share in _shares for _ in range(share)]
moves: st.SearchStrategy[Move] = st.integers(0, len(_shared) - 1).flatmap(_shared.__getitem__)
