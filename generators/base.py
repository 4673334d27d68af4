"""The generator contract: a generator is a function."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import msgspec
import numpy as np

from adloom.core.drafts import Outcome
from adloom.core.errors import PlatformError
from adloom.core.specs import Spec

SpecT = TypeVar("SpecT", bound=Spec)


class OutOfMemory(PlatformError):
    """The micro-batch is too large for the device."""

    code = "out-of-memory"


class DeviceLost(PlatformError):
    """The device answers nothing any more until this process is replaced."""

    code = "device-lost"


class Stopping(PlatformError):
    """This process was told to stop; what was not yielded goes back to the queue."""

    code = "stopping"


class Step(Protocol):
    """Called by a generator at every token or denoising step."""

    def __call__(self) -> AbstractSet[UUID]:
        """Tick progress and return the requests to drop: cancelled, or leased to someone else by now.

        Raises:
            Stopping: let it pass.
        """


@dataclass(frozen=True)
class Parent:
    """What an item that this one depends on has yielded: its texts, best first, by field."""

    custom_id: str
    texts: Mapping[str, Sequence[str]]


class Request(msgspec.Struct, Generic[SpecT], frozen=True):
    """One item, as its generator sees it."""

    id: UUID
    spec: SpecT
    seed: int
    position: int
    files: Mapping[str, bytes] = msgspec.field(default_factory=dict)  #: the bytes behind each key that the spec names
    parents: Sequence[Parent] = ()
    checkpoint: str = ""  #: what an earlier `Continue` left

    def stream(self, variant: int = 0) -> np.random.Generator:
        """This request's own random stream for its *variant*-th draft: the same alone and among any neighbours."""
        return np.random.default_rng(np.random.SeedSequence((self.seed, self.position, variant)))


class Generator(Protocol):
    """A generator is a function: specs and seeds in, drafts out.

    Implementations know nothing of jobs, leases, databases or storage.
    """

    def load(self, weights: str, device: str) -> None:
        """Read *weights* (a name with its version) and move them to *device*.  Called once per process and weights."""

    def generate(self, requests: Sequence[Request[Any]], *, step: Step) -> Iterator[Outcome]:
        """Yield one outcome per request, in any order; the same spec and seed give the same draft.

        Raises:
            OutOfMemory: too large for the device; what was yielded stands, the caller halves the rest.
            DeviceLost: the process has to be replaced; torch's own errors of a broken device are understood as well.
            Stopping: passed on from ``step()``; what was not yielded goes back to the queue.
        """
