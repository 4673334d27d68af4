"""Item requests: what a caller writes per item, checked against its kind, with a pointer to every fault."""

import graphlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from adloom.channels import Channel, list_channels
from adloom.core.errors import Invalid, Problem, WeightsNotAllowed
from adloom.core.kinds import Kind
from adloom.core.specs import BannerSpec, CopySpec, Spec
from services.images import may_load
from services.pointers import MAX_PROBLEMS, pointer, problems_in, suggestion
from services.submit import ItemRequest

JSON = dict[str, Any]  # Any: JSON


@dataclass(frozen=True)
class ItemDraft:
    """One item as the caller wrote it; *depends_on* names other items of the job by their custom ids."""

    kind: str
    spec: JSON
    custom_id: str
    metadata: JSON
    depends_on: Sequence[str]
    priority: int = 0
    run_at: datetime | None = None


@dataclass(frozen=True)
class Rules:
    """What requests are checked against: the kinds there are, who asks, how much at once, and the default weights."""

    kinds: Mapping[str, Kind]
    owner: str
    max_items: int
    resolve_weights: Callable[[str, str], str]  #: (kind, the name a spec gives or "") -> the version to use

    def check_count(self, items: int, *at: str) -> None:
        """Refuse a job that is too large; *at* is what makes it so."""
        if items > self.max_items:
            detail = f"This makes {items:,} items; a job may have at most {self.max_items:,} (ADLOOM_MAX_JOB_ITEMS)."
            raise Invalid(detail, problems=[Problem(pointer(*at), "too-many-items", detail)])

    def fix_weights(self, kind: str, spec: Spec) -> Spec:
        """*spec* with its weights fixed to a version, so that a job's second half uses what its first half used."""
        if not isinstance(spec, CopySpec):
            return spec
        return spec.model_copy(update={"weights": self.resolve_weights(kind, spec.weights)})


def read_items(drafts: Sequence[ItemDraft], rules: Rules) -> list[ItemRequest]:
    """The items of a job, validated and frozen.

    Raises:
        Invalid: something is wrong; every fault is told, up to `MAX_PROBLEMS`.
    """
    rules.check_count(len(drafts), "items")
    problems: list[Problem] = []
    specs: list[tuple[Kind, Spec] | None] = []
    for position, draft in enumerate(drafts):
        read = _read_spec(draft, position, rules)
        if isinstance(read, list):
            problems += read
        specs.append(read if isinstance(read, tuple) else None)
        if len(problems) > MAX_PROBLEMS:
            break  # enough to work on
    positions = _positions(drafts, problems)
    parents = _parents(drafts, positions, problems)
    if problems:
        raise Invalid("The job has faults; 'errors' says where.", problems=problems)
    return [
        ItemRequest(kind, spec, draft.custom_id, draft.metadata, depends_on, draft.priority, draft.run_at)
        for draft, (kind, spec), depends_on in zip(drafts, filter(None, specs), parents, strict=True)
    ]


def _read_spec(draft: ItemDraft, position: int, rules: Rules) -> tuple[Kind, Spec] | list[Problem]:
    at = ("items", position)
    kind = rules.kinds.get(draft.kind)
    if kind is None:
        hint = suggestion(draft.kind, rules.kinds)
        return [Problem(pointer(*at, "kind"), "unknown-kind", f"There is no such kind. {hint}")]
    try:
        spec = kind.spec.model_validate(draft.spec)
    except ValidationError as error:
        return problems_in(draft.spec, error.errors(include_url=False, include_input=False), prefix=(*at, "spec"))
    problems = [*_channel_problems(spec, (*at, "spec")), *_file_problems(spec, (*at, "spec"), rules.owner)]
    if problems:
        return problems
    try:
        return kind, rules.fix_weights(kind.name, spec)
    except WeightsNotAllowed as error:
        return [Problem(pointer(*at, "spec", "weights"), error.code, str(error))]


def _channel_problems(spec: Spec, at: Sequence[str | int]) -> Iterator[Problem]:
    """A channel or slot that does not exist."""
    if not isinstance(spec, CopySpec | BannerSpec):
        return
    channels: dict[str, Channel] = {channel.id: channel for channel in list_channels()}
    if spec.channel not in channels:
        hint = suggestion(spec.channel, channels)
        yield Problem(pointer(*at, "channel"), "unknown-channel", f"There is no such channel. {hint}")
        return
    slots = {slot.name for slot in channels[spec.channel].slots}
    named = enumerate(spec.slots) if isinstance(spec, CopySpec) else ((None, spec.slot),)
    for n, slot in named:
        if slot not in slots:
            where = pointer(*at, "slot") if n is None else pointer(*at, "slots", n)
            yield Problem(where, "unknown-slot", f"{spec.channel} has no such slot. {suggestion(slot, slots)}")


def _file_problems(spec: Spec, at: Sequence[str | int], owner: str) -> Iterator[Problem]:
    """A photo or logo that is neither an address nor an upload of the owner's own."""
    for name in spec.files():
        if not may_load(name, owner):
            fields = () if not isinstance(spec, BannerSpec) else ("photo",) if name == spec.photo else ("brand", "logo")
            yield Problem(pointer(*at, *fields), "unknown-image", _UNKNOWN_IMAGE)


_UNKNOWN_IMAGE = "Give a URL, or the key of an image that you have uploaded to a feed or a brand."


def _positions(drafts: Sequence[ItemDraft], problems: list[Problem]) -> dict[str, int]:
    """Where each custom id stands; a second one is a problem."""
    positions: dict[str, int] = {}
    for position, draft in enumerate(drafts):
        if not draft.custom_id:
            continue
        if (first := positions.setdefault(draft.custom_id, position)) != position:
            detail = f"Item {first} has the same custom_id; each needs its own."
            problems.append(Problem(pointer("items", position, "custom_id"), "duplicate-custom-id", detail))
    return positions


def _parents(
    drafts: Sequence[ItemDraft], positions: Mapping[str, int], problems: list[Problem]
) -> list[tuple[int, ...]]:
    """The positions that each item depends on; an unknown name or a cycle is a problem."""
    parents: list[tuple[int, ...]] = []
    for position, draft in enumerate(drafts):
        for n, name in enumerate(draft.depends_on):
            if name not in positions:
                at = pointer("items", position, "depends_on", n)
                detail = f"No item of this job has this custom_id. {suggestion(name, positions)}"
                problems.append(Problem(at, "unknown-item", detail))
        found = (positions[name] for name in draft.depends_on if name in positions)
        parents.append(tuple(dict.fromkeys(found)))
    try:
        graphlib.TopologicalSorter(dict(enumerate(parents))).prepare()
    except graphlib.CycleError as error:
        cycle: list[int] = error.args[1]
        detail = f"Items {' ← '.join(map(str, cycle[:10]))} wait for each other."
        problems.append(Problem(pointer("items", cycle[0], "depends_on"), "cycle", detail))
    return parents
