"""Three orders in which waiting items are served, and a simulation that serves them."""

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.fair import ranks


@dataclass(frozen=True)
class Job:
    """*items* of *owner*, each of which takes a worker *cost* seconds; they become ready at *arrives*."""

    owner: int
    arrives: float
    items: int
    cost: float


class Order(Protocol):
    """Which item is next."""

    def add(self, number: int, job: Job) -> None:
        """All items of a job become ready."""

    def take(self) -> int | None:
        """The number of the job whose item is next; None: nothing waits."""


class FirstInFirstOut:
    """In the order of their arrival."""

    def __init__(self) -> None:
        self._waiting: deque[list[int]] = deque()  # [job, items left]

    def add(self, number: int, job: Job) -> None:
        """To the end of the line."""
        self._waiting.append([number, job.items])

    def take(self) -> int | None:
        """From its beginning."""
        if not self._waiting:
            return None
        head = self._waiting[0]
        head[1] -= 1
        if not head[1]:
            self._waiting.popleft()
        return head[0]


class RoundRobin:
    """One item of each owner in turn, whatever it costs."""

    def __init__(self) -> None:
        self._lines: dict[int, FirstInFirstOut] = defaultdict(FirstInFirstOut)
        self._left: dict[int, int] = defaultdict(int)
        self._turns: deque[int] = deque()

    def add(self, number: int, job: Job) -> None:
        """To the end of its owner's line."""
        if not self._left[job.owner]:
            self._turns.append(job.owner)
        self._left[job.owner] += job.items
        self._lines[job.owner].add(number, job)

    def take(self) -> int | None:
        """From the line of the owner whose turn it is."""
        if not self._turns:
            return None
        owner = self._turns.popleft()
        self._left[owner] -= 1
        if self._left[owner]:
            self._turns.append(owner)
        return self._lines[owner].take()


class FairRank:
    """By the rank that the platform gives items when they become ready."""

    def __init__(self) -> None:
        self._heads: list[tuple[float, int]] = []  # the rank of each waiting job's next item, and the job
        self._rest: dict[int, Iterator[float]] = {}
        self._finish: dict[int, float] = defaultdict(float)
        self._highest = 0.0

    def add(self, number: int, job: Job) -> None:
        """Each item gets its rank once, now."""
        clock = self._heads[0][0] if self._heads else self._highest
        given = list(ranks([job.cost] * job.items, clock=clock, finish=self._finish[job.owner]))
        self._finish[job.owner] = given[-1]
        self._highest = max(self._highest, given[-1])
        self._rest[number] = iter(given)
        self._put_next(number)

    def take(self) -> int | None:
        """The lowest rank."""
        if not self._heads:
            return None
        _, number = heapq.heappop(self._heads)
        self._put_next(number)
        return number

    def _put_next(self, number: int) -> None:
        rank = next(self._rest[number], None)
        if rank is None:
            del self._rest[number]
        else:
            heapq.heappush(self._heads, (rank, number))


ORDERS: Mapping[str, Callable[[], Order]] = {
    "fifo": FirstInFirstOut,
    "round_robin": RoundRobin,
    "fair_rank": FairRank,
}


def simulate(jobs: Sequence[Job], order: Order, *, workers: int) -> list[float]:
    """When each of *jobs*, in the order of their arrival, has its last item done.  No worker idles while one waits."""
    left = [job.items for job in jobs]
    ends = [0.0] * len(jobs)
    running: list[tuple[float, int]] = []  # when a worker is free again, and the job of its item
    arrived, now = 0, 0.0
    while arrived < len(jobs) or running:
        next_arrival = jobs[arrived].arrives if arrived < len(jobs) else float("inf")
        if running and running[0][0] <= next_arrival:
            now, number = heapq.heappop(running)
            left[number] -= 1
            if not left[number]:
                ends[number] = now
        else:
            now = next_arrival
            order.add(arrived, jobs[arrived])
            arrived += 1
        while len(running) < workers and (taken := order.take()) is not None:
            heapq.heappush(running, (now + jobs[taken].cost, taken))
    return ends
