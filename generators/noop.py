"""Makes nothing: measures the queue itself."""

import time
from collections.abc import Iterator, Sequence

from adloom.core.drafts import Draft, Drafts, Outcome, Source
from adloom.core.specs import NoopSpec
from generators.base import Request, Step
from generators.registry import GeneratorSettings

_NAP_SECONDS = 0.05


class Noop:
    """Waits as long as each spec says and returns its payload."""

    def __init__(self, settings: GeneratorSettings) -> None:
        del settings

    def load(self, weights: str, device: str) -> None:
        """Nothing to load."""

    def generate(self, requests: Sequence[Request[NoopSpec]], *, step: Step) -> Iterator[Outcome]:
        """Yield one outcome per request that nobody dropped, each after its own wait."""
        for request in requests:
            if _wait(request, step):
                draft = Draft("noop", Source.TEMPLATE, text=request.spec.payload)
                yield Drafts(request.id, (draft,))


def _wait(request: Request[NoopSpec], step: Step) -> bool:
    """Sleep in naps, so that a drain or a cancel is heard; False when the request is dropped."""
    end = time.monotonic() + request.spec.seconds
    while True:
        dropped = step()
        if dropped and request.id in dropped:
            return False
        left = end - time.monotonic()
        if left <= 0:
            return True
        time.sleep(min(_NAP_SECONDS, left))
