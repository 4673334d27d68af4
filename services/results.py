"""What a job has made so far, put together for its exports: texts by product and channel, files with telling names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from adloom.channels import Channel, TextField, copy_fields, load_channel
from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.errors import NotFound
from adloom.core.kinds import Kind
from adloom.core.products import Product, slug
from adloom.core.specs import BannerSpec, CopySpec, Spec
from adloom.core.states import ItemState
from models import Item, Job
from models.queries import views
from services.images import is_upload

JSON = dict[str, Any]  # Any: JSON

SHARED_FIELDS = frozenset(
    {"creative_cta"}
)  #: a button says the same on many products' creatives; that is no repetition

_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}


@dataclass(frozen=True)
class Facts:
    """An item, apart from what it made.  *product_id* and *target* (channel[:slot]) are empty for other kinds."""

    id: UUID
    position: int
    custom_id: str
    kind: str
    product_id: str
    target: str
    state: ItemState
    attempts: int
    provenance: JSON
    notes: Sequence[str]
    error_code: str | None
    error_message: str | None


@dataclass(frozen=True)
class Text:
    """One text of an item, and the field whose limits it keeps."""

    number: int
    field: TextField
    text: str
    source: str
    score: float
    details: JSON


@dataclass(frozen=True)
class Copy:
    """The texts of one product on one channel for one audience, best first within each field.

    *repeated*: how many were left out because an earlier product of the job has the same line.
    """

    facts: Facts
    product: Product
    channel: Channel
    brief: Brief
    brand: Brand | None
    language: str
    texts: Sequence[Text]
    repeated: int

    def of(self, field: str) -> tuple[str, ...]:
        """The texts of one field."""
        return tuple(text.text for text in self.texts if text.field.name == field)


@dataclass(frozen=True)
class Creative:
    """One finished creative and where its bytes lie."""

    facts: Facts
    product: Product
    channel: Channel
    slot: str
    file_name: str
    key: str
    media_type: str
    sha256: str
    size_bytes: int
    source: str
    details: JSON


@dataclass(frozen=True)
class Results:
    """What a job has made so far.

    *items* are all of its items, made or not, and *products* all of its products by id, both in the job's order;
    *photos* says which of the owner's uploads a product's creatives were given.
    """

    job_id: UUID
    name: str
    state: str
    seed: int
    created_at: datetime
    finished_at: datetime | None
    items: Sequence[Facts]
    products: Mapping[str, Product]
    photos: Mapping[str, str]
    copies: Sequence[Copy]
    creatives: Sequence[Creative]


def collect(session: Session, job_id: UUID, *, owner: str, kinds: Mapping[str, Kind]) -> Results:
    """Everything that the owner's job has made until now.

    Raises:
        NotFound: *owner* has no such job.
    """
    job = views.job(session, job_id, owner=owner)
    if job is None:
        raise NotFound
    items = views.items(session, job_id, owner=owner, state=None, after=-1, limit=None)
    made = [(item, _spec(item, kinds)) for item in items]
    return _results(job, made, views.asset_keys(session, job_id, owner=owner))


def _results(job: Job, made: Sequence[tuple[Item, Spec | None]], keys: Mapping[UUID, str]) -> Results:
    specs = [spec for _, spec in made if isinstance(spec, CopySpec | BannerSpec)]
    products: dict[str, Product] = {}
    for spec in specs:
        products.setdefault(spec.product.id, spec.product)
    lines, names = _Lines(), _Names(products.values())
    facts = {item.id: _facts(item, spec) for item, spec in made}
    done = [(item, spec) for item, spec in made if item.state is ItemState.SUCCEEDED]
    return Results(
        job_id=job.id,
        name=job.name,
        state=job.state.value,
        seed=job.seed,
        created_at=job.created_at,
        finished_at=job.finished_at,
        items=list(facts.values()),
        products=products,
        photos={
            spec.product.id: spec.photo
            for spec in specs
            if isinstance(spec, BannerSpec) and is_upload(spec.photo, job.owner)  # a bare reference may spell any key
        },
        copies=[_copy(item, facts[item.id], spec, lines) for item, spec in done if isinstance(spec, CopySpec)],
        creatives=[
            creative
            for item, spec in done
            if isinstance(spec, BannerSpec)
            for creative in _creatives(item, facts[item.id], spec, names, keys)
        ],
    )


def _spec(item: Item, kinds: Mapping[str, Kind]) -> Spec | None:
    """What was asked for; None where the kind is not installed any more."""
    kind = kinds.get(item.kind)
    return kind.spec.model_validate(item.spec) if kind else None


def _facts(item: Item, spec: Spec | None) -> Facts:
    return Facts(
        id=item.id,
        position=item.position,
        custom_id=item.custom_id,
        kind=item.kind,
        product_id=spec.product.id if isinstance(spec, CopySpec | BannerSpec) else "",
        target=_target(spec),
        state=item.state,
        attempts=item.attempts,
        provenance=item.provenance or {},
        notes=item.notes or (),
        error_code=item.error_code,
        error_message=item.error_message,
    )


def _target(spec: Spec | None) -> str:
    if isinstance(spec, BannerSpec):
        return f"{spec.channel}:{spec.slot}"
    return spec.channel if isinstance(spec, CopySpec) else ""


def _copy(item: Item, facts: Facts, spec: CopySpec, lines: "_Lines") -> Copy:
    channel = load_channel(spec.channel)
    slots = [slot for slot in channel.slots if slot.name in spec.slots]
    fields = {field.name: field for field in copy_fields(channel, slots)}
    texts = [
        Text(
            number=variant["number"],
            field=fields[variant["field"]],
            text=variant["text"],
            source=variant["source"],
            score=variant["score"],
            details=variant["details"],
        )
        for variant in item.variants or ()
        if variant["field"] in fields
    ]
    own = _whole([text for text in texts if lines.claim(text, channel, spec.product)])
    repeated = len(texts) - len(own)
    return Copy(facts, spec.product, channel, spec.brief, spec.brand, spec.language, own, repeated)


def _whole(texts: Sequence[Text]) -> list[Text]:
    """*texts* without those whose leading text is left out: an answer says nothing without its question."""
    kept = {(text.field.name, text.details.get("group")) for text in texts}
    return [text for text in texts if not text.field.follows or (text.field.follows, text.details.get("group")) in kept]


def _creatives(
    item: Item, facts: Facts, spec: BannerSpec, names: "_Names", keys: Mapping[UUID, str]
) -> Iterator[Creative]:
    for variant in item.variants or ():
        asset = variant["asset"]
        if not asset:
            continue
        yield Creative(
            facts=facts,
            product=spec.product,
            channel=load_channel(spec.channel),
            slot=spec.slot,
            file_name=names.file(spec, _EXTENSIONS.get(asset["media_type"], "bin")),
            key=keys[UUID(asset["id"])],
            media_type=asset["media_type"],
            sha256=asset["sha256"],
            size_bytes=asset["size_bytes"],
            source=variant["source"],
            details=variant["details"],
        )


class _Lines:
    """Who said it first: two products that advertise with the same line compete with each other."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str, str], str] = {}

    def claim(self, text: Text, channel: Channel, product: Product) -> bool:
        """Whether this line is the product's own on this channel and field."""
        if text.field.name in SHARED_FIELDS or text.field.follows:  # the same answer to another question
            return True
        line = (channel.id, text.field.name, text.text.casefold())
        return self._first.setdefault(line, product.id) == product.id


class _Names:
    """Names of files that say what is in them.  They depend on the job alone, not on what is finished yet."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._slugs: dict[str, str] = {}
        self._taken: set[str] = set()
        taken: set[str] = set()
        for product in products:
            self._slugs[product.id] = _free(slug(product.title), slug(product.id), taken)

    def file(self, spec: BannerSpec, extension: str) -> str:
        """A name that no other file of the job has."""
        stem = "_".join([self._slugs[spec.product.id], spec.channel, spec.slot, *spec.brief.labels])
        return f"{_free(stem, '', self._taken)}.{extension}"


def _free(stem: str, other: str, taken: set[str]) -> str:
    """*stem*, or with *other* behind it where that is taken, or with a number; it is taken from here on."""
    longer = f"{stem}-{other}" if other else stem
    candidates = chain((stem, longer), (f"{longer}-{n}" for n in count(2)))
    name = next(name for name in candidates if name not in taken)
    taken.add(name)
    return name
