"""From files to a submitted job: feed, photos, brand and brief go up, a campaign comes back as a job."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import ValidationError
from rich.progress import track

from adloom.channels import parse_target
from adloom.cli.files import read_inside, read_model
from adloom.cli.screen import count, notes, say, shown, warn
from adloom.client import Client
from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.errors import BadConfiguration, BadFeed, BadImage, NotFound, TooLarge
from adloom.core.products import slug
from adloom.views import JSON, FeedView, JobView

_ROWS_SHOWN = 20  #: a broken export has thousands of broken rows, and the first ones tell why


@dataclass(frozen=True)
class Campaign:
    """What a run asks for, as read from the user's files; everything that can be checked without a platform, is."""

    feed: Path
    channels: tuple[str, ...]
    brand: Brand | None
    brand_folder: Path
    brief: Brief | None
    limit: int | None
    seed: int | None
    copy_kind: str
    weights: str

    @property
    def needs_images(self) -> bool:
        """True if some channel takes creatives, and so photos."""
        return any(slots for _, slots in map(parse_target, self.channels))


@dataclass(frozen=True)
class Wishes:
    """The options of a run that shape its campaign."""

    feed: Path
    channels: Sequence[str]
    brand: Path | None = None
    brief: Path | None = None
    languages: Sequence[str] = ()
    limit: int | None = None
    seed: int | None = None
    copy_kind: str = "copy.lm"
    weights: str = ""


def read_campaign(wishes: Wishes) -> Campaign:
    """Read and check what *wishes* name, before anything is started.

    Raises:
        UnknownChannel: no such channel or slot.
        Invalid: the brand or the brief is not what it should be; names file and field.
        BadConfiguration: a language is none.
    """
    for target in wishes.channels:
        parse_target(target)
    return Campaign(
        feed=wishes.feed,
        channels=tuple(dict.fromkeys(wishes.channels)),
        brand=read_model(wishes.brand, Brand) if wishes.brand else None,
        brand_folder=wishes.brand.parent if wishes.brand else Path(),
        brief=_read_brief(wishes),
        limit=wishes.limit,
        seed=wishes.seed,
        copy_kind=wishes.copy_kind,
        weights=wishes.weights,
    )


def _read_brief(wishes: Wishes) -> Brief | None:
    """The brief in its file; the languages of the command line hold instead of its own."""
    brief = read_model(wishes.brief, Brief) if wishes.brief else None
    if not wishes.languages:
        return brief
    languages = tuple(dict.fromkeys(wishes.languages))
    try:
        return Brief.model_validate({**(brief or Brief()).model_dump(), "language": "", "languages": languages})
    except ValidationError as error:
        given = ", ".join(languages)
        raise BadConfiguration(f"--language takes up to ten tags such as de or zh-Hans, not {given}.") from error


def prepare(client: Client, campaign: Campaign) -> JSON:
    """Upload the feed, its photos and the brand; return the request that submits the campaign.

    Raises:
        BadFeed: the file is no feed, or not one of its rows can be used.
    """
    feed = client.upload_feed(campaign.feed.name, campaign.feed.read_bytes())
    report_rows(campaign.feed, feed)
    if not feed["products"]:
        raise BadFeed(f"{shown(campaign.feed)} holds no product that can be used.")
    if campaign.needs_images:
        upload_photos(client, feed["id"], campaign)
    request: JSON = {"feed": feed["id"], "channels": campaign.channels, "copy": campaign.copy_kind}
    if campaign.brand:
        request["brand"] = upload_brand(client, campaign.brand, campaign.brand_folder)
    if campaign.brief:
        request["brief"] = campaign.brief.model_dump(mode="json")
    if campaign.limit:
        request["limit"] = campaign.limit
    if campaign.weights:
        request["weights"] = campaign.weights
    seeded = {} if campaign.seed is None else {"seed": campaign.seed}
    name = (campaign.brief.name if campaign.brief else "") or campaign.feed.stem
    return {"name": name[:200], "campaign": request, **seeded}


def report_rows(path: Path, feed: FeedView) -> None:
    """Say how many products a feed holds, and which of its rows could not be used."""
    say(f"{shown(path)}: {count(feed['products'], 'product')}.")
    for error in feed["errors"][:_ROWS_SHOWN]:
        field = f", {error['field']}" if error["field"] else ""
        warn(f"{shown(path)}, line {error['line']}{field}: {error['message']}")
    if len(feed["errors"]) > _ROWS_SHOWN:
        warn(f"… and {count(len(feed['errors']) - _ROWS_SHOWN, 'more row error')}.")


def upload_photos(client: Client, feed_id: str, campaign: Campaign) -> None:
    """Upload the photos of the products that the campaign takes; say which are missing or broken, and go on."""
    owners = photo_owners(islice(client.products(feed_id), campaign.limit))
    needed = [
        image["reference"]
        for image in client.feed_images(feed_id)
        if image["state"] == "needed" and image["reference"] in owners
    ]
    console = notes()
    quiet = not console.is_terminal  # it would leave an empty line
    for reference in track(needed, "Uploading photos", console=console, transient=True, disable=quiet):
        try:
            client.upload_image(feed_id, reference, read_inside(campaign.feed.parent, reference))
        except (NotFound, BadImage, TooLarge) as error:
            warn(f"No photo for product {owners[reference]}, image {reference}: {error}")


def photo_owners(products: Iterable[JSON]) -> dict[str, str]:
    """Which product each image reference belongs to: the first one that names it."""
    owners: dict[str, str] = {}
    for product in products:
        for reference in (product.get("image"), *(product.get("more_images") or ())):
            if reference:
                owners.setdefault(reference, product["id"])
    return owners


def upload_brand(client: Client, brand: Brand, folder: Path) -> str:
    """Store the brand with its logo, a path relative to *folder*; return the name that campaigns call it by."""
    name = slug(brand.name)
    client.put_brand(name, brand.model_copy(update={"logo": ""}))
    if brand.logo:
        try:
            client.put_logo(name, read_inside(folder, brand.logo))
        except (NotFound, BadImage, TooLarge) as error:
            warn(f"No logo for {brand.name}: {error}")
    return name


def submit(client: Client, campaign: Campaign) -> JobView:
    """Prepare and submit the campaign."""
    return client.submit(prepare(client, campaign))
