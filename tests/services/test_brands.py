"""Brand kits in the database."""

from datetime import UTC, datetime

import pytest

from adloom.core.brand import Brand
from adloom.core.errors import Invalid, NotFound
from models import Sessions
from services.brands import attach_logo, brand_of, find_brand, list_brands, put_brand, resolve_brand
from services.cursors import Pager
from services.images import store_image
from storage import open_store
from tests.pictures import picture

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = ("campaign", "brand")


def put(sessions: Sessions, brand: Brand, *, owner: str = "ada", name: str = "mine") -> Brand:
    with sessions.begin() as session:
        return brand_of(put_brand(session, brand, owner=owner, name=name, now=NOON))


def upload_logo(sessions: Sessions, owner: str = "ada") -> str:
    image = store_image(open_store("memory:"), owner, picture())
    with sessions.begin() as session:
        attach_logo(find_brand(session, owner=owner, name="mine"), image, now=NOON)
    return image.key


def resolve(sessions: Sessions, brand: str | Brand | None, *, owner: str = "ada") -> Brand | None:
    with sessions.read() as session:
        return resolve_brand(session, brand, owner=owner, at=AT)


def test_putting_twice_replaces(sessions: Sessions) -> None:
    put(sessions, Brand(name="Old"))
    assert put(sessions, Brand(name="New")).name == "New"
    with sessions.read() as session:
        assert len(list_brands(session, Pager(b"s", "ada", "brands", 9, None)).rows) == 1


def test_a_logo_survives_a_new_kit_until_another_is_named(sessions: Sessions) -> None:
    put(sessions, Brand(name="B", logo="logo.png"))
    key = upload_logo(sessions)
    assert put(sessions, Brand(name="B")).logo == key
    assert put(sessions, Brand(name="B", logo="other.png")).logo == key
    assert put(sessions, Brand(name="B", logo="https://cdn.example/l.png")).logo == "https://cdn.example/l.png"
    assert put(sessions, Brand(name="B", logo=key)).logo == key


def test_a_brand_is_resolved_by_name_or_taken_as_it_is(sessions: Sessions) -> None:
    put(sessions, Brand(name="B"))
    key = upload_logo(sessions)
    assert resolve(sessions, "mine") == Brand(name="B", logo=key)
    assert resolve(sessions, Brand(name="C")) == Brand(name="C")
    assert resolve(sessions, None) is None


@pytest.mark.parametrize(
    ("brand", "code"),
    [
        ("mien", "unknown-brand"),
        (Brand(name="B", logo="logo.png"), "logo-missing"),
        (Brand(name="B", logo="uploads/bob/abc"), "logo-missing"),
    ],
)
def test_what_cannot_be_resolved_is_pointed_at(sessions: Sessions, brand: str | Brand, code: str) -> None:
    put(sessions, Brand(name="B"))
    with pytest.raises(Invalid) as caught:
        resolve(sessions, brand)
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.code) == ("/campaign/brand", code)


def test_another_owner_finds_nothing(sessions: Sessions) -> None:
    put(sessions, Brand(name="B"))
    with sessions.read() as session, pytest.raises(NotFound):
        find_brand(session, owner="bob", name="mine")
    with pytest.raises(Invalid):
        resolve(sessions, "mine", owner="bob")


def test_brands_are_paged_by_name(sessions: Sessions) -> None:
    for name in ("c", "a", "b"):
        put(sessions, Brand(name="B"), name=name)
    with sessions.read() as session:
        first = list_brands(session, Pager(b"s", "ada", "brands", 2, None))
        rest = list_brands(session, Pager(b"s", "ada", "brands", 2, first.next_cursor))
        assert [row.name for row in [*first.rows, *rest.rows]] == ["a", "b", "c"]
