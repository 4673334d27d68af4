"""Send webhooks: a loop beside the sweeper's, so that a slow receiver keeps no lease waiting.

Any number of senders may run: a delivery is taken before it is sent, and the loop alone talks to the database.  What is
sent and not written down, because the process died in between, is sent again under the same id.
"""

import queue
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from adloom.core.settings import Settings
from models import Database, DatabaseTrouble
from models.queries import deliveries
from services.outbox import Message, Told, Underway, conclude, take_due, webhook_reach
from services.signing import sign_headers, webhook_secret
from storage import Answer, GuardedPoster, Poster

log = structlog.get_logger()

PLACES = 8  #: attempts at once
LOOK_SECONDS = 1.0  #: how soon after its end a job is told of
LEAVE_SECONDS = 5.0  #: what attempts under way are given at the end; the others are made again


class Sender:
    """Takes what is due, sends each in a thread of its own, and writes down what came of it."""

    def __init__(
        self,
        database: Database,
        poster: Poster,
        *,
        pepper: bytes,
        jitter: random.Random,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._database = database
        self._poster = poster
        self._pepper = pepper
        self._jitter = jitter
        self._clock = clock
        self._look_seconds = look_seconds
        self._underway = Underway()
        self._free = PLACES
        self._answers: queue.SimpleQueue[tuple[Message, Answer]] = queue.SimpleQueue()

    def run(self, stop: threading.Event) -> None:
        """Send what is due until *stop*; then wait a little for the answers that are still to come."""
        while not stop.is_set():
            self._guarded(self.send_due)
            self._guarded(lambda: self.write_down(self._look_seconds))
        until = time.monotonic() + LEAVE_SECONDS
        while self._free < PLACES and time.monotonic() < until:
            self._guarded(lambda: self.write_down(min(self._look_seconds, LEAVE_SECONDS)))

    def send_due(self) -> None:
        """Begin as many attempts as are due and have a place."""
        if not self._free:
            return
        with self._database.sessions.read() as session:  # looking must not take SQLite's write lock
            if not deliveries.is_due(session, now=self._database.now(session)):
                return
        underway = Underway(self._underway.hosts.copy(), self._underway.owners.copy())
        with self._database.sessions.begin() as session:
            messages = take_due(session, underway, places=self._free, now=self._database.now(session))
        self._underway = underway  # only now: the transaction may have failed
        for message in messages:
            self._free -= 1
            threading.Thread(target=self._send, args=(message,), name="webhook", daemon=True).start()

    def write_down(self, seconds: float) -> None:
        """Wait up to *seconds* for an answer, and write it down."""
        try:
            message, answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            return
        try:
            with self._database.sessions.begin() as session:
                told = conclude(session, message, answer, jitter=self._jitter, now=self._database.now(session))
        except DatabaseTrouble:
            self._answers.put((message, answer))  # it keeps its place until the database is back
            raise
        self._free += 1
        self._underway.add(message, -1)
        _log(message, told)

    def _send(self, message: Message) -> None:
        try:
            secret = webhook_secret(self._pepper, message.owner)
            headers = sign_headers(secret, message.id, message.body, now=self._clock())
            answer = self._poster.post(message.url, message.body, headers)
        except Exception as error:  # whatever it is, it must not cost a place
            answer = Answer(trouble=type(error).__name__)
        self._answers.put((message, answer))

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # the database may be back at the next look
            log.warning("webhooks.failed", error=type(error).__name__, detail=str(error)[:200])
            time.sleep(self._look_seconds)


def start_sender(settings: Settings, database: Database, stop: threading.Event) -> threading.Thread | None:
    """A sender that runs until *stop*, if this platform sends webhooks."""
    reach = webhook_reach(settings.webhooks)
    if reach is None:
        return None
    pepper = settings.api_key_pepper.get_secret_value().encode()
    sender = Sender(database, GuardedPoster(reach), pepper=pepper, jitter=random.Random())
    thread = threading.Thread(target=sender.run, args=(stop,), name="webhooks", daemon=True)
    thread.start()
    return thread


def _log(message: Message, told: Told) -> None:
    """Ids, the host and the outcome: an address's path and query may hold what is nobody's business."""
    facts = {
        "delivery_id": str(message.id),
        "job_id": str(message.job_id),
        "host": message.host,
        "outcome": told.outcome,
    }
    if told.delivered:
        log.info("webhook.delivered", **facts)
    else:
        again = told.next_at.isoformat() if told.next_at else None
        log.warning("webhook.failed", tries=message.tries + 1, next_at=again, **facts)
