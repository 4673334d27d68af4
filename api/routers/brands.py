"""Brands: the kits that an owner keeps under names of its own."""

from fastapi import APIRouter

from adloom.core.brand import Brand
from api.again import RepeatingRoute
from api.dependencies import AskedPage, BrandName, Owner, PartsDep, RawBody
from api.openapi import PROBLEMS, raw_body
from api.views import BrandView, PageView
from services.brands import attach_logo, find_brand, list_brands, put_brand
from services.images import store_image

router = APIRouter(prefix="/v1/brands", tags=["brands"], responses=PROBLEMS, route_class=RepeatingRoute)


@router.get("")
def list_all(owner: Owner, parts: PartsDep, asked: AskedPage) -> PageView[BrandView]:
    """Your brands, by name."""
    pager = parts.pager(owner, "brands", asked)
    with parts.database.sessions.read() as session:
        page = list_brands(session, pager)
        return PageView(data=[BrandView.of(stored) for stored in page.rows], next_cursor=page.next_cursor)


@router.get("/{name}")
def get(name: BrandName, owner: Owner, parts: PartsDep) -> BrandView:
    """A brand kit."""
    with parts.database.sessions.read() as session:
        return BrandView.of(find_brand(session, owner=owner, name=name))


@router.put("/{name}")
def put(name: BrandName, brand: Brand, owner: Owner, parts: PartsDep) -> BrandView:
    """Create or replace a brand kit.  An uploaded logo stays, unless the kit names another one."""
    with parts.database.sessions.begin() as session:
        stored = put_brand(session, brand, owner=owner, name=name, now=parts.database.now(session))
        return BrandView.of(stored)


@router.put("/{name}/logo", openapi_extra=raw_body("A JPEG, PNG or WebP.", "image/jpeg", "image/png", "image/webp"))
def put_logo(name: BrandName, owner: Owner, parts: PartsDep, body: RawBody) -> BrandView:
    """Upload a brand's logo, in place of the one it had."""
    with parts.database.sessions.read() as session:
        find_brand(session, owner=owner, name=name)  # before any byte is looked at, let alone kept
    image = store_image(parts.store, owner, body)
    with parts.database.sessions.begin() as session:
        stored = find_brand(session, owner=owner, name=name)
        attach_logo(stored, image, now=parts.database.now(session))
        return BrandView.of(stored)
