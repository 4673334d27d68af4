"""Clients that submit, poll and cancel while the platform is broken, try again, and write down what they saw."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from adloom.core.states import FINAL_JOB

POLL_SECONDS = 0.25
RETRY_SECONDS = 0.2
TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Answer:
    """One answer of the API.  *is_problem*: an error as problem+json, as all errors should be."""

    at: float
    seconds: float
    op: str
    status: int
    is_problem: bool
    retry_after: str


class History:
    """What the clients did and saw, as JSON lines: op, phase (invoke, ok, fail, info), monotonic time, client."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def note(self, op: str, phase: str, client: int, **more: Any) -> None:  # Any: JSON
        """Write one record."""
        record = {"op": op, "phase": phase, "at": time.monotonic(), "client": client, **more}
        with self._lock, self.path.open("a") as file:
            file.write(json.dumps(record) + "\n")

    def records(self) -> list[dict[str, Any]]:  # Any: JSON
        """All records, oldest first."""
        return [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.exists() else []


@dataclass(frozen=True)
class Order:
    """One job to be: its key, its items, and after how many seconds its client withdraws it, if at all."""

    key: str
    items: Sequence[Mapping[str, Any]]  # Any: specs
    cancel_after: float | None = None


class Load:
    """Runs orders over a few clients at once.  Every attempt is a new connection with the same key."""

    def __init__(self, url: str, key: str, history: History, *, webhook: str, clients: int = 3) -> None:
        self._url, self.history, self._clients = url, history, clients
        self._webhook = webhook
        self._headers = {"Authorization": f"Bearer {key}"}
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._stopped, self._enough = threading.Event(), threading.Event()
        self.accepted: dict[str, str] = {}  #: key -> job
        self.wanted: dict[str, int] = {}  #: key -> number of items
        self.final: dict[str, dict[str, Any]] = {}  #: key -> the job as it ended  # Any: JSON
        self.cancelled: dict[str, float] = {}  #: job -> when the API had confirmed that it is withdrawn
        self.answers: list[Answer] = []
        self.troubles: list[str] = []  #: what no client should meet
        self.clashes: list[str] = []  #: keys for which the API named two jobs

    def start(self, orders: Iterable[Order], *, endless: bool = False) -> None:
        """Begin to work off *orders*; *endless* ones until there are `enough`.  Returns at once."""
        waiting = iter(orders)
        self._enough.clear()
        for number in range(len(self._threads), len(self._threads) + self._clients):
            thread = threading.Thread(target=self._client, args=(number, waiting, endless), daemon=True)
            self._threads.append(thread)
            thread.start()

    def enough(self) -> None:
        """Begin no more of the endless orders; those that were begun are seen through."""
        self._enough.set()

    def wait(self, seconds: float) -> bool:
        """Wait until every order has ended; False when that took more than *seconds*."""
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Let the clients go."""
        self._enough.set()
        self._stopped.set()
        self.wait(TIMEOUT_SECONDS + 5)

    def submit(self, order: Order, client: int = 99) -> str:
        """Submit one order, as often as it takes, and return its job."""
        self.wanted[order.key] = len(order.items)
        body = {"items": list(order.items), "seed": 1, "webhook_url": self._webhook}
        headers = {"Idempotency-Key": order.key}
        job = self._ask("submit", client, "POST", "/v1/jobs", {"key": order.key}, json=body, headers=headers)
        with self._lock:
            if self.accepted.setdefault(order.key, job["id"]) != job["id"]:
                self.clashes.append(order.key)
        return str(job["id"])

    def poll(self, job: str, client: int = 99) -> dict[str, Any]:  # Any: JSON
        """The job as it stands."""
        return self._ask("poll", client, "GET", f"/v1/jobs/{job}", {"job": job})

    def cancel(self, job: str, client: int = 99) -> None:
        """Withdraw a job."""
        self._ask("cancel", client, "POST", f"/v1/jobs/{job}/cancel", {"job": job})
        with self._lock:
            self.cancelled[job] = time.monotonic()

    def ask_once(self, op: str, method: str, path: str, **more: Any) -> int:  # Any: what httpx takes
        """Ask once and return the status, 599 where there was no answer."""
        try:
            return self._send(op, method, path, **more).status_code
        except httpx2.RequestError:
            return 599

    def _client(self, number: int, waiting: Iterator[Order], endless: bool) -> None:
        chance = random.Random(number)
        while not self._stopped.is_set() and not (endless and self._enough.is_set()):
            with self._lock:
                order = next(waiting, None)
            if order is None:
                return
            try:
                self._see_through(order, number, chance)
            except Gone:
                return
            except Exception as error:
                with self._lock:
                    self.troubles.append(f"I11: a client met {type(error).__name__}: {error}")
                return

    def _see_through(self, order: Order, client: int, chance: random.Random) -> None:
        job = self.submit(order, client)
        begun = time.monotonic()
        while True:
            is_time = order.cancel_after is not None and time.monotonic() - begun >= order.cancel_after
            if is_time and job not in self.cancelled:
                self.cancel(job, client)
            seen = self.poll(job, client)
            if seen["state"] in FINAL_JOB:
                with self._lock:
                    self.final[order.key] = seen
                return
            time.sleep(POLL_SECONDS * chance.uniform(0.5, 1.5))

    def _ask(
        self, op: str, client: int, method: str, path: str, about: Mapping[str, str], **more: Any
    ) -> dict[str, Any]:  # Any: what httpx takes, JSON
        """Ask until there is an answer that decides; raises `Gone` when the load is stopped before."""
        while not self._stopped.is_set():
            self.history.note(op, "invoke", client, **about)
            try:
                answer = self._send(op, method, path, **more)
            except httpx2.ConnectError:
                self.history.note(op, "fail", client, **about)  # nothing was sent
            except httpx2.RequestError as error:
                self.history.note(op, "info", client, **about, error=type(error).__name__)
            else:
                if answer.status_code < 300:
                    return self._note_ok(op, client, about, answer.json())
                self.history.note(op, "info" if answer.status_code >= 500 else "fail", client, **about)
                if answer.status_code < 500 and answer.status_code != 429:
                    raise AssertionError(f"{op} was answered {answer.status_code}: {answer.text[:300]}")
            time.sleep(RETRY_SECONDS)
        raise Gone

    def _note_ok(self, op: str, client: int, about: Mapping[str, str], job: dict[str, Any]) -> dict[str, Any]:
        seen = {"job": job["id"], "state": job["state"], "counts": job["counts"], "total": job["total"]}
        self.history.note(op, "ok", client, **{**about, **seen})
        return job

    def _send(self, op: str, method: str, path: str, **more: Any) -> httpx2.Response:  # Any: what httpx takes
        headers = {**self._headers, **more.pop("headers", {})}
        begun = time.monotonic()
        with httpx2.Client(base_url=self._url, timeout=TIMEOUT_SECONDS, trust_env=False, verify=False) as http:
            answer = http.request(method, path, headers=headers, **more)
        kind = answer.headers.get("Content-Type", "")
        is_problem = answer.status_code >= 400 and kind.startswith("application/problem+json")
        noted = Answer(
            begun,
            time.monotonic() - begun,
            op,
            answer.status_code,
            is_problem,
            answer.headers.get("Retry-After", ""),
        )
        with self._lock:
            self.answers.append(noted)
        return answer


class Gone(Exception):
    """The load was stopped before there was an answer."""


def fakes(number: int, **spec: Any) -> list[dict[str, Any]]:  # Any: fields of FakeSpec
    """*number* items for the fake GPU."""
    return [{"kind": "fake", "spec": dict(spec)} for _ in range(number)]


def orders(name: str, make: Callable[[int], Sequence[Mapping[str, Any]]]) -> Iterator[Order]:  # Any: JSON
    """Orders without end, with keys that begin with *name*; ``make(n)`` gives the items of the *n*-th."""
    run = uuid4().hex[:8]
    return (Order(f"{name}-{run}-{number}", make(number)) for number in count())
