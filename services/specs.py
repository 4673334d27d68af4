"""Item requests: what a caller writes per item, checked against its kind, with a pointer to every fault."""

import graphlib
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from pydantic import ValidationError

from adloom.channels import Channel, list_channels
from adloom.core.errors import Invalid, Problem, WeightsNotAllowed
from adloom.core.kinds import Kind
from adloom.core.specs import BannerSpec, CopySpec, Spec
from services.images import may_load
from services.pointers import MAX_PROBLEMS, pointer, problems_in, suggestion
from services.submit import ItemRequest

JSON = dict[str, Any]  # Any: JSON


class ItemDraft(msgspec.Struct, forbid_unknown_fields=True):
    """One item as the caller wrote it; *depends_on* names other items of the job by their custom ids."""

    kind: Annotated[str, msgspec.Meta(max_length=60)]
    spec: msgspec.Raw  #: JSON, not yet read
    custom_id: str | None = None
    metadata: JSON = {}
    depends_on: Annotated[list[str], msgspec.Meta(max_length=100)] = []
    priority: Annotated[int, msgspec.Meta(ge=-100, le=100)] | None = None  #: None: the job's
    run_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None  #: None: the job's


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


class JobItems(NamedTuple):
    """A job's items, and the SHA-256 of what was asked for: order of keys and omitted defaults make no difference."""

    requests: list[ItemRequest]
    fingerprint: str


class _Read(NamedTuple):
    kind: Kind
    asked: Spec
    asked_json: str
    spec: Spec  #: with its weights fixed


def read_items(
    drafts: Sequence[ItemDraft], rules: Rules, *, priority: int = 0, run_at: datetime | None = None
) -> JobItems:
    """The items of a job, validated and frozen; *priority* and *run_at* hold where an item has none of its own.

    Raises:
        Invalid: something is wrong; every fault is told, up to `MAX_PROBLEMS`.
    """
    rules.check_count(len(drafts), "items")
    problems: list[Problem] = []
    found: list[_Read] = []
    for position, draft in enumerate(drafts):
        read = _read_spec(draft, position, rules)
        if isinstance(read, _Read):
            found.append(read)
        else:
            problems += read
        if len(problems) > MAX_PROBLEMS:
            break  # enough to work on
    positions = _positions(drafts, problems)
    parents = _parents(drafts, positions, problems)
    if problems:
        raise Invalid("The job has faults; 'errors' says where.", problems=problems)
    digest = hashlib.sha256()
    requests = []
    for draft, read, depends_on in zip(drafts, found, parents, strict=True):
        own = priority if draft.priority is None else draft.priority
        request = ItemRequest(
            read.kind,
            read.spec,
            draft.custom_id or "",
            draft.metadata,
            depends_on,
            own,
            draft.run_at or run_at,
            read.asked_json if read.spec is read.asked else "",
        )
        digest.update(_canonical(request, read.asked_json))
        requests.append(request)
    return JobItems(requests, digest.hexdigest())


def _canonical(request: ItemRequest, asked: str) -> bytes:
    if asked.count("{") > 1:  # keys of inner objects stand as the caller wrote them
        asked = msgspec.json.encode(msgspec.json.decode(asked), order="sorted").decode()
    rest = (request.custom_id, request.labels, request.depends_on, request.priority, request.run_at)
    return msgspec.json.encode((request.kind.name, asked, *rest), order="sorted") + b"\n"


def _read_spec(draft: ItemDraft, position: int, rules: Rules) -> _Read | list[Problem]:
    kind = rules.kinds.get(draft.kind)
    if kind is None:
        hint = suggestion(draft.kind, rules.kinds)
        return [Problem(pointer("items", position, "kind"), "unknown-kind", f"There is no such kind. {hint}")]
    try:
        spec = kind.spec.model_validate_json(bytes(draft.spec))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        return problems_in(json.loads(bytes(draft.spec)), faults, prefix=("items", position, "spec"))
    if problems := [*_problems_of(spec, ("items", position, "spec"), rules.owner)]:
        return problems
    try:
        return _Read(kind, spec, spec.model_dump_json(exclude_defaults=True), rules.fix_weights(kind.name, spec))
    except WeightsNotAllowed as error:
        return [Problem(pointer("items", position, "spec", "weights"), error.code, str(error))]


def _problems_of(spec: Spec, at: Sequence[str | int], owner: str) -> Iterator[Problem]:
    """What no model of a single spec can know."""
    if isinstance(spec, CopySpec | BannerSpec):
        yield from _channel_problems(spec, at)
    for name in spec.files():
        if not may_load(name, owner):
            fields = () if not isinstance(spec, BannerSpec) else ("photo",) if name == spec.photo else ("brand", "logo")
            yield Problem(pointer(*at, *fields), "unknown-image", _UNKNOWN_IMAGE)


def _channel_problems(spec: CopySpec | BannerSpec, at: Sequence[str | int]) -> Iterator[Problem]:
    """A channel or slot that does not exist, or a brief without what the channel needs."""
    channels: dict[str, Channel] = {channel.id: channel for channel in list_channels()}
    if spec.channel not in channels:
        hint = suggestion(spec.channel, channels)
        yield Problem(pointer(*at, "channel"), "unknown-channel", f"There is no such channel. {hint}")
        return
    if isinstance(spec, CopySpec):
        for name in channels[spec.channel].lacking(spec.brief):
            yield Problem(pointer(*at, "brief", name), "missing", f"{spec.channel} needs the brief's {name}.")
    slots = {slot.name for slot in channels[spec.channel].slots}
    named = enumerate(spec.slots) if isinstance(spec, CopySpec) else ((None, spec.slot),)
    for n, slot in named:
        if slot not in slots:
            where = pointer(*at, "slot") if n is None else pointer(*at, "slots", n)
            yield Problem(where, "unknown-slot", f"{spec.channel} has no such slot. {suggestion(slot, slots)}")


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
    if not any([draft.depends_on for draft in drafts]):
        return [()] * len(drafts)
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
