"""Run a generator over requests so that one bad item never takes its neighbours down."""

from collections.abc import Generator as Yields
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import structlog

from adloom.core.drafts import Failure, Outcome
from generators.base import DeviceLost, Generator, OutOfMemory, Request, Stopping
from worker.renewals import Progress

log = structlog.get_logger()


def generate(generator: Generator, requests: Sequence[Request[Any]], step: Progress) -> Iterator[Outcome]:
    """Yield an outcome for each of *requests* that was not dropped meanwhile.

    Out of memory halves what is left; so does any other error, until the item that causes it stands alone and gets
    the error for itself.  Outcomes yielded before it stand.

    Raises:
        Stopping: this process has to let go of its work now.
        DeviceLost: nothing can be made in this process any more: to go on would put the blame on every item there is.
    """
    waiting = {request.id: request for request in requests if not step.dropped or request.id not in step.dropped}
    if not waiting:
        return
    error = yield from _attempt(generator, waiting, step)
    left = [request for request in waiting.values() if request.id not in step.dropped]
    if error is None or not left:
        return
    if len(left) == 1 and len(requests) == 1:
        yield _blame(left[0].id, error)
        return
    middle = max(1, len(left) // 2)
    for half in (left[:middle], left[middle:]):  # outside the except block: its traceback would pin tensors
        yield from generate(generator, half, step)


def _attempt(
    generator: Generator, waiting: dict[UUID, Request[Any]], step: Progress
) -> Yields[Outcome, None, Exception | None]:
    """Yield outcomes, removing their requests from *waiting*; returns the error that ended it, if any."""
    try:
        for outcome in generator.generate(list(waiting.values()), step=step):
            if waiting.pop(outcome.request, None) is not None:
                yield outcome
    except (Stopping, DeviceLost):
        raise
    except Exception as error:
        log.warning("generator.failed", error=type(error).__name__, items=len(waiting), exc_info=True)
        if breaks_device(error):
            raise DeviceLost from error
        return error
    return MissingOutcome() if waiting else None


def breaks_device(error: Exception) -> bool:
    """Whether *error* is one of CUDA's after which every call fails: illegal access, a device-side assert, ECC."""
    names = {kind.__name__ for kind in type(error).__mro__}  # torch is not imported here
    return "AcceleratorError" in names or (isinstance(error, RuntimeError) and str(error).startswith("CUDA error"))


class MissingOutcome(Exception):
    """The generator ended without an outcome for a request."""


def _blame(item_id: UUID, error: Exception) -> Failure:
    if isinstance(error, OutOfMemory):
        return Failure(item_id, "resource-exceeded", "It does not fit this device's memory even alone.")
    return Failure(item_id, "internal-error", "The generator failed unexpectedly on this item.", retryable=True)
