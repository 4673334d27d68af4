"""Where a worker's parts are measured: wrappers that leave the parts themselves as they are."""

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from adloom.core.drafts import Continue, Failure, Outcome
from generators.base import Generator, Request, Step
from metrics import WorkMetrics
from services.acquire import MicroBatch
from services.record import Made, Result
from storage import ObjectStore, Stored


def outcomes(
    batch: MicroBatch, results: Sequence[Result], *, left_out: Collection[UUID], released: Collection[UUID]
) -> Mapping[tuple[str, str], int]:
    """How the leases of *batch* ended, counted by (outcome, code); what is in none of the arguments was dropped."""
    others = [result for result in results if left_out or not isinstance(result, Made)]
    counted = Counter(_outcome(result, left_out) for result in others)
    counted["succeeded", ""] += len(results) - len(others)
    counted["released", ""] += len(released)
    counted["dropped", ""] += len(batch.items) - len(results) - len(released)  # a generator yields each once at most
    return +counted


def _outcome(result: Result, left_out: Collection[UUID]) -> tuple[str, str]:
    if result.request in left_out:
        return "left_out", ""
    if isinstance(result, Failure):
        return "failed", result.code
    return ("continued", "") if isinstance(result, Continue) else ("succeeded", "")


class TimedStore:
    """A store whose calls are measured."""

    def __init__(self, store: ObjectStore, metrics: WorkMetrics) -> None:
        self._store = store
        self._metrics = metrics

    def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        """As the store does."""
        with self._metrics.store("put"):
            return self._store.put(key, data, media_type=media_type)

    def get(self, key: str) -> bytes:
        """As the store does."""
        with self._metrics.store("get"):
            return self._store.get(key)

    def exists(self, key: str) -> bool:
        """As the store does."""
        with self._metrics.store("exists"):
            return self._store.exists(key)

    def delete(self, key: str) -> None:
        """As the store does."""
        with self._metrics.store("delete"):
            self._store.delete(key)

    def list(self, folder: str) -> list[str]:
        """As the store does."""
        with self._metrics.store("list"):
            return self._store.list(folder)


class TimedGenerator:
    """A generator of *kind* whose loads and calls are measured."""

    def __init__(self, kind: str, generator: Generator, metrics: WorkMetrics) -> None:
        self._kind = kind
        self._generator = generator
        self._metrics = metrics

    def load(self, weights: str, device: str) -> None:
        """As the generator does."""
        with self._metrics.loading(self._kind):
            self._generator.load(weights, device)

    def generate(self, requests: Sequence[Request[Any]], *, step: Step) -> Iterator[Outcome]:
        """As the generator does; the time between two outcomes, in which the caller stores one, does not count."""
        spent = 0.0
        outcomes = iter(self._generator.generate(requests, step=step))
        try:
            while True:
                resumed = time.perf_counter()
                try:
                    outcome = next(outcomes)
                except StopIteration:
                    return
                finally:
                    spent += time.perf_counter() - resumed
                yield outcome
        finally:
            self._metrics.generated(self._kind, spent)
