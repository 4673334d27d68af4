"""A campaign becomes a job's items: products × channels × audiences × languages, each copy with its creatives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from adloom.channels import Channel, Slot, parse_target
from adloom.channels.export_names import fill, final_url
from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.errors import Invalid, NotFound, Problem, UnknownChannel, WeightsNotAllowed
from adloom.core.products import Product
from adloom.core.specs import BannerSpec, CopySpec
from services.brands import resolve_brand
from services.feeds import NO_PHOTOS, Photos, load_products
from services.pointers import pointer
from services.specs import Rules
from services.submit import ItemRequest

BANNER = "banner.compose"
SIMILAR_ROOM = 0.75  #: slots share their words when the tightest has at least this share of the roomiest's limit


@dataclass(frozen=True)
class CampaignRequest:
    """A campaign as its owner asks for it: *feed* or *products*, channels by name, a brand by name or as a kit."""

    feed: UUID | None
    products: Sequence[Product] | None
    limit: int | None
    channels: Sequence[str]
    brief: Brief
    brand: str | Brand | None
    copy_kind: str
    weights: str


@dataclass(frozen=True)
class Target:
    """One channel, and those of its slots that creatives are wanted for.

    Its slots share one copy item, so their limits are alike: else a channel's smallest button would set the limits for
    its largest billboard.
    """

    channel: Channel
    slots: tuple[Slot, ...]
    copy_name: str = ""  #: tells the copy items of one product and channel apart


@dataclass(frozen=True)
class Campaign:
    """Products × targets under one brief and brand.  *copy_kind* writes; *photos* says where the images lie."""

    products: Sequence[Product]
    targets: Sequence[Target]
    brief: Brief
    brand: Brand | None
    copy_kind: str
    weights: str = ""
    photos: Photos = NO_PHOTOS


def plan_campaign(session: Session, request: CampaignRequest, rules: Rules) -> list[ItemRequest]:
    """The items of the campaign that *request* asks for.

    Raises:
        Invalid: a channel, slot, feed or brand does not exist, there are no products, or too many items would come out.
    """
    targets = read_targets(request.channels)
    products, photos = _products(session, request, rules.owner)
    if not products:
        raise _invalid("no-products", "There are no products to advertise: every row of the feed has an error.", "feed")
    rules.check_count(count_items(len(products), targets, request.brief), "campaign")
    brand = resolve_brand(session, request.brand, owner=rules.owner, at=("campaign", "brand"))
    _check_templates(request.brief, products[0])
    _check_needs(request.brief, targets)
    _check_weights(request, rules)
    campaign = Campaign(products, targets, request.brief, brand, request.copy_kind, request.weights, photos)
    return expand(campaign, rules)


def _products(session: Session, request: CampaignRequest, owner: str) -> tuple[Sequence[Product], Photos]:
    if request.feed is None:
        return (request.products or ())[: request.limit], NO_PHOTOS
    try:
        return load_products(session, request.feed, owner=owner, limit=request.limit)
    except NotFound:
        raise _invalid("unknown-feed", "You have uploaded no feed with this id.", "feed") from None


def _check_weights(request: CampaignRequest, rules: Rules) -> None:
    try:
        rules.resolve_weights(request.copy_kind, request.weights)
    except WeightsNotAllowed as error:
        problem = Problem(pointer("campaign", "weights"), error.code, str(error))
        raise WeightsNotAllowed(str(error), problems=[problem]) from None


def _check_templates(brief: Brief, product: Product) -> None:
    """Refuse a template that exports could not fill: the job would be made before anyone finds out."""
    plain = Product(id=product.id, title=product.title, link="https://shop.example/")
    for field in ("campaign_name", "ad_group_name"):
        try:
            fill(getattr(brief, field), product=plain, brief=brief, brand=None, today=date.min)
        except Invalid as error:
            raise _invalid("bad-template", str(error), "brief", field) from None
    try:
        final_url(plain, brief, campaign="")
    except Invalid as error:
        raise _invalid("bad-template", str(error), "brief", "utm") from None


def _check_needs(brief: Brief, targets: Sequence[Target]) -> None:
    """Refuse a channel that has nothing to write about: a reply without a message."""
    for channel in (target.channel for target in targets):
        for name in channel.lacking(brief):
            raise _invalid("missing", f"{channel.id} needs the brief's {name}.", "brief", name)


def _invalid(code: str, detail: str, *at: str) -> Invalid:
    return Invalid(detail, problems=[Problem(pointer("campaign", *at), code, detail)])


def read_targets(names: Sequence[str]) -> list[Target]:
    """The targets that a request names; slots of one channel that are named one by one become one target.

    Raises:
        Invalid: a channel or a slot does not exist; every one of them is told.
    """
    slots: dict[str, dict[str, Slot]] = {}
    channels: dict[str, Channel] = {}
    problems: list[Problem] = []
    for n, name in enumerate(names):
        try:
            channel, named = parse_target(name)
        except UnknownChannel as error:
            problems.append(Problem(pointer("campaign", "channels", n), error.code, str(error)))
            continue
        channels[channel.id] = channel
        slots.setdefault(channel.id, {}).update({slot.name: slot for slot in named})
    if problems:
        raise UnknownChannel(problems[0].detail, problems=problems)
    return [target for channel in channels.values() for target in _by_room(channel, tuple(slots[channel.id].values()))]


def _by_room(channel: Channel, slots: tuple[Slot, ...]) -> Iterator[Target]:
    """One target for a channel with texts of its own; else one per group of slots with about as much room."""
    if channel.texts or not slots:
        yield Target(channel, slots)
        return
    groups: list[list[Slot]] = []
    for slot in sorted(slots, key=_room, reverse=True):
        if groups and _room(slot) >= SIMILAR_ROOM * _room(groups[-1][0]):
            groups[-1].append(slot)
        else:
            groups.append([slot])
    for number, group in enumerate(groups):
        names = "+".join(slot.name for slot in group)
        alike = tuple(slot for slot in slots if slot in group)  # as they were asked for
        yield Target(channel, alike, copy_name=f":{names}/copy" if number else "")


def _room(slot: Slot) -> int:
    """The longest headline that a creative of this slot can carry."""
    return max((field.aim for field in slot.texts), default=0)


def count_items(products: int, targets: Sequence[Target], brief: Brief) -> int:
    """How many items a campaign for so many products becomes."""
    return products * len(brief.split()) * sum(1 + len(target.slots) for target in targets)


def expand(campaign: Campaign, rules: Rules) -> list[ItemRequest]:
    """The campaign's items: per product, channel, audience and language its copy, then one creative per slot, which
    waits for that copy.

    Raises:
        Invalid: two products share an id.
    """
    _check_ids(campaign.products)
    requests: list[ItemRequest] = []
    variants = [replace(campaign, brief=brief) for brief in campaign.brief.split()]
    for product in campaign.products:
        for target in campaign.targets:
            for own in variants:
                requests.append(_copy(own, product, target, rules))
                requests.extend(_banners(own, product, target, rules, parent=len(requests) - 1))
    return requests


def _copy(campaign: Campaign, product: Product, target: Target, rules: Rules) -> ItemRequest:
    spec = CopySpec(
        product=product,
        channel=target.channel.id,
        slots=tuple(slot.name for slot in target.slots),
        brief=campaign.brief,
        brand=campaign.brand,
        language=campaign.brief.language or product.language,
        weights=campaign.weights,
    )
    kind = rules.kinds[campaign.copy_kind]
    custom_id = f"{product.id}/{target.channel.id}{target.copy_name}{_labels(campaign.brief)}"
    return ItemRequest(kind, rules.fix_weights(kind.name, spec), custom_id=custom_id)


def _banners(
    campaign: Campaign, product: Product, target: Target, rules: Rules, *, parent: int
) -> Iterator[ItemRequest]:
    for slot in target.slots:
        spec = BannerSpec(
            product=product,
            channel=target.channel.id,
            slot=slot.name,
            brief=campaign.brief,
            brand=campaign.brand,
            photo=campaign.photos.of(
                product
            ),  # a bare reference fails this one creative, and says which image it lacks
        )
        custom_id = f"{product.id}/{target.channel.id}:{slot.name}{_labels(campaign.brief)}"
        yield ItemRequest(rules.kinds[BANNER], spec, custom_id=custom_id, depends_on=(parent,))


def _labels(brief: Brief) -> str:
    return "".join(f"@{label}" for label in brief.labels)


def _check_ids(products: Sequence[Product]) -> None:
    first: dict[str, int] = {}
    problems = []
    for n, product in enumerate(products):
        if (earlier := first.setdefault(product.id, n)) != n:
            detail = f"Product {earlier} has the same id; each needs its own."
            problems.append(Problem(pointer("campaign", "products", n, "id"), "duplicate-product-id", detail))
    if problems:
        raise Invalid("Two products share an id.", problems=problems)
