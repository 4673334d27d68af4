"""Brand kits that an owner keeps, and the logo that each may have."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from adloom.core.brand import Brand
from adloom.core.errors import Invalid, NotFound, Problem
from models import StoredBrand
from models.queries import brands
from services.cursors import Page, Pager
from services.images import StoredImage, is_url, may_load
from services.pointers import pointer, suggestion


def put_brand(session: Session, brand: Brand, *, owner: str, name: str, now: datetime) -> StoredBrand:
    """Create or replace what the owner calls *name*.

    An uploaded logo stays, unless *brand* names an address or another upload of the owner's instead.
    """
    earlier = brands.by_name(session, owner=owner, name=name)
    logo_key = earlier.logo_key if earlier else None
    if is_url(brand.logo):
        logo_key = None
    elif may_load(brand.logo, owner):
        logo_key = brand.logo
    row = {"owner": owner, "name": name, "brand": brand.model_dump(mode="json"), "logo_key": logo_key}
    brands.put(session, {**row, "updated_at": now})
    return find_brand(session, owner=owner, name=name)


def find_brand(session: Session, *, owner: str, name: str) -> StoredBrand:
    """What the owner calls *name*.

    Raises:
        NotFound: *owner* has no such brand.
    """
    stored = brands.by_name(session, owner=owner, name=name)
    if stored is None:
        raise NotFound
    return stored


def list_brands(session: Session, pager: Pager) -> Page[StoredBrand]:
    """A page of the owner's brands, by name."""
    rows = brands.page(session, owner=pager.owner, after=pager.after() or "", limit=pager.limit + 1)
    return pager.page(rows, lambda row: row.name)


def attach_logo(stored: StoredBrand, image: StoredImage, *, now: datetime) -> None:
    """Give a brand its logo, in place of the one it had."""
    stored.logo_key, stored.updated_at = image.key, now


def brand_of(stored: StoredBrand) -> Brand:
    """The brand kit, with its uploaded logo filled in."""
    brand = Brand.model_validate(stored.brand)
    return brand.model_copy(update={"logo": stored.logo_key}) if stored.logo_key else brand


def resolve_brand(session: Session, brand: str | Brand | None, *, owner: str, at: Sequence[str | int]) -> Brand | None:
    """The brand that a request names or brings; *at* is where it stands in the request.

    Raises:
        Invalid: the owner has none of that name, or its logo has not been uploaded.
    """
    if isinstance(brand, str):
        stored = brands.by_name(session, owner=owner, name=brand)
        if stored is None:
            hint = suggestion(brand, brands.names(session, owner=owner))
            raise _invalid(at, "unknown-brand", f"You keep no brand of this name. {hint}")
        brand = brand_of(stored)
    if brand is not None and brand.logo and not may_load(brand.logo, owner):
        raise _invalid(at, "logo-missing", _UPLOAD_LOGO)
    return brand


_UPLOAD_LOGO = (
    "The brand names a logo that has not been uploaded. "
    "PUT the brand to /v1/brands/{name} and the file to /v1/brands/{name}/logo, or leave the logo empty."
)


def _invalid(at: Sequence[str | int], code: str, detail: str) -> Invalid:
    return Invalid(detail, problems=[Problem(pointer(*at), code, detail)])
