"""Nothing, after a while: measures the queue itself."""

import time
from collections.abc import Iterator, Sequence

from adloom.core.drafts import Draft, Drafts, Outcome, Source
from adloom.core.specs import NoopSpec
from generators.base import Request, Step
from generators.registry import GeneratorSettings

SLICE_SECONDS = 0.05


class Noop:
    """Yields its spec's payload after its spec's seconds."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._settings = settings

    def load(self, weights: str, device: str) -> None:
        """Nothing to load."""

    def generate(self, requests: Sequence[Request[NoopSpec]], *, step: Step) -> Iterator[Outcome]:
        """Sleep, then yield the payload back."""
        for request in requests:
            until = time.monotonic() + request.spec.seconds
            dropped = step()
            while request.id not in dropped and time.monotonic() < until:
                time.sleep(min(SLICE_SECONDS, max(0.0, until - time.monotonic())))
                dropped = step()
            if request.id not in dropped:
                yield Drafts(request.id, (Draft("noop", Source.TEMPLATE, text=request.spec.payload),))
