"""Everything the platform needs to know of a generator without importing it: lane, spec, batch key, cost, limit.

A third party adds a kind by an entry point in the group ``adloom.kinds`` that names a `Kind`, and its generator by one
of the same name in the group ``adloom.generators``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any

from adloom.core.errors import BadConfiguration
from adloom.core.lanes import Lane
from adloom.core.specs import BannerSpec, CopySpec, NoopSpec, Spec


@dataclass(frozen=True)
class Kind:
    """A generator's torch-free half.

    *batch_key*: items with equal keys may share a micro-batch.  *cost*: relative work of one item, above zero; fairness
    and estimates use it.  *micro_batch*: the most items that are leased together.
    """

    name: str
    title: str
    lane: Lane
    spec: type[Spec]
    batch_key: Callable[[Any], str]  # Any: each kind takes its own spec type
    cost: Callable[[Any], float]
    micro_batch: int


def _copy_key(spec: CopySpec) -> str:
    return spec.weights


def _copy_cost(spec: CopySpec) -> float:
    return 8.0 + len(spec.slots)


def _constant(value: str) -> Callable[[Spec], str]:
    return lambda spec: value


BUILT_IN: tuple[Kind, ...] = (
    Kind("copy.lm", "Ad copy by a causal language model", Lane.COPY, CopySpec, _copy_key, _copy_cost, 8),
    Kind("copy.served", "Ad copy by an OpenAI-compatible server", Lane.COPY, CopySpec, _copy_key, _copy_cost, 16),
    Kind("copy.template", "Deterministic ad copy from facts", Lane.COPY, CopySpec, _constant(""), lambda spec: 1.0, 64),
    Kind(
        "banner.compose",
        "A finished creative: photo, brand, copy",
        Lane.BANNER,
        BannerSpec,
        _constant(""),
        lambda spec: 2.0,
        8,
    ),
    Kind("noop", "Nothing: measures the queue itself", Lane.COPY, NoopSpec, _constant(""), lambda spec: 0.1, 256),
)


def load_kinds() -> Mapping[str, Kind]:
    """The built-in kinds and those of installed third parties, by name.

    Raises:
        BadConfiguration: an entry point is not a `Kind`, or two share a name.
    """
    third_party = (point.load() for point in entry_points(group="adloom.kinds"))
    return _by_name([*BUILT_IN, *third_party])


def _by_name(kinds: Iterable[Kind]) -> dict[str, Kind]:
    known: dict[str, Kind] = {}
    for kind in kinds:
        if not isinstance(kind, Kind):
            raise BadConfiguration(f"The entry point {kind!r} in adloom.kinds is not a Kind.")
        if kind.name in known:
            raise BadConfiguration(f"Two kinds are called {kind.name!r}.")
        known[kind.name] = kind
    return known
