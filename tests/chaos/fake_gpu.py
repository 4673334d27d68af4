"""A generator that behaves as GPUs do: slow, out of memory, crashed, hung, or broken until its process is replaced.

The suite installs it as a third party's package into the processes it starts.  What a spec's *script* says happens
when its turn comes; what happens is written to a witness file, line by line, for the tests to read.
"""

import ctypes
import json
import os
import select
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from adloom.core.drafts import Continue, Draft, Drafts, Outcome, Source
from adloom.core.kinds import Kind
from adloom.core.lanes import Lane
from adloom.core.specs import Spec
from generators.base import OutOfMemory, Request, Step

NAP_SECONDS = 0.02
MEGABYTE = 1 << 20


class FakeSpec(Spec):
    """What the fake is to do with one item."""

    seconds: float = 0.0  #: how long a forward pass takes
    script: str = ""  #: oom:K, exit, raise, hang:S, hang-gil:S, sticky, continue:N, hog:MB; empty: nothing special
    once: str = ""  #: a name: the script is followed only the first time that anyone comes here
    group: str = ""  #: items of one group share micro-batches
    weights: str = ""  #: a file that must be there when the weights are loaded
    asset: bool = True  #: make a file; else a text
    note: str = ""  #: means nothing


KIND = Kind(
    "fake", "A GPU that is none", Lane.COPY, FakeSpec, lambda spec: f"{spec.group}:{spec.weights}", lambda spec: 1.0, 8
)


class FakeGpu:
    """Follows the script of each item."""

    def __init__(self, settings: object) -> None:
        del settings
        self._broken = False

    def load(self, weights: str, device: str) -> None:
        """Fail as torch would where the file of the weights is missing."""
        del device
        path = weights.partition(":")[2]
        if path:
            Path(path).read_bytes()

    def generate(self, requests: Sequence[Request[FakeSpec]], *, step: Step) -> Iterator[Outcome]:
        """Yield one outcome per request that nobody dropped."""
        testify("forward", items=[str(request.id) for request in requests])
        self._check_device()
        self._check_memory(requests)
        for request in requests:
            if request.id in step():
                testify("dropped", item=str(request.id))
                continue
            testify("start", item=str(request.id))
            yield from self._follow(request, step)

    def _check_device(self) -> None:
        if self._broken:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")

    def _check_memory(self, requests: Sequence[Request[FakeSpec]]) -> None:
        limits = [int(each.spec.script[4:]) for each in requests if each.spec.script.startswith("oom:")]
        if limits and len(requests) > min(limits):
            raise OutOfMemory

    def _follow(self, request: Request[FakeSpec], step: Step) -> Iterator[Outcome]:
        deed, _, argument = request.spec.script.partition(":")
        if deed and _is_turn(request.spec.once):
            if deed == "continue" and int(request.checkpoint or 0) < int(argument):
                yield Continue(request.id, str(int(request.checkpoint or 0) + 1))
                return
            self._misbehave(deed, argument)
        if _work(request, step):
            yield Drafts(request.id, (_draft(request),))
        else:
            testify("dropped", item=str(request.id))

    def _misbehave(self, deed: str, argument: str) -> None:
        match deed:
            case "exit":
                os._exit(1)
            case "raise":
                raise RuntimeError("this item cannot be made")
            case "hang":
                ctypes.CDLL(None).sleep(int(argument))
            case "hang-gil":
                ctypes.PyDLL(None).sleep(int(argument))
            case "sticky":
                self._broken = True
                self._check_device()
            case "hog":
                hog = bytearray(int(argument) * MEGABYTE)
                hog[:: os.sysconf("SC_PAGE_SIZE")] = b"x" * len(hog[:: os.sysconf("SC_PAGE_SIZE")])
                time.sleep(1)


def _work(request: Request[FakeSpec], step: Step) -> bool:
    """Take the time that the spec says; False where the request is dropped meanwhile."""
    end = time.monotonic() + request.spec.seconds
    while time.monotonic() < end:
        if request.id in step():
            return False
        select.select([], [], [], NAP_SECONDS)  # faketime spoils time.sleep when it changes the clock
    return True


def _draft(request: Request[FakeSpec]) -> Draft:
    """Never the same bytes twice: an object that belongs to another attempt can then be told."""
    data = os.urandom(256)
    if request.spec.asset:
        return Draft("file", Source.GENERATED, data=data, media_type="application/octet-stream")
    return Draft("text", Source.TEMPLATE, text=data.hex()[:32])


def _is_turn(once: str) -> bool:
    if not once:
        return True
    try:
        os.close(os.open(Path(os.environ["CHAOS_WITNESS"]).with_name(f"once-{once}"), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def testify(event: str, **more: Any) -> None:  # Any: JSON
    """Write a line to the witness file, whole or not at all."""
    line = json.dumps({"event": event, "at": time.monotonic(), "pid": os.getpid(), **more}) + "\n"
    file = os.open(os.environ["CHAOS_WITNESS"], os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o644)
    try:
        os.write(file, line.encode())
    finally:
        os.close(file)
