"""Items: one spec each, and what was made of it."""

from uuid import UUID

from fastapi import APIRouter

from api.dependencies import Owner, PartsDep
from api.openapi import PROBLEMS
from api.views import ItemView
from services.views import find_item

router = APIRouter(prefix="/v1/items", tags=["items"], responses=PROBLEMS)


@router.get("/{item_id}")
def get(item_id: UUID, owner: Owner, parts: PartsDep) -> ItemView:
    """An item with its variants, or with the error that it ended in."""
    with parts.database.sessions.read() as session:
        return ItemView.of(find_item(session, item_id, owner=owner))
