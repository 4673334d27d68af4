"""Items: one spec each, and what was made of it."""

from uuid import UUID

from fastapi import APIRouter

from api.again import RepeatingRoute
from api.dependencies import Owner, PartsDep
from api.openapi import PROBLEMS
from api.views import ItemView
from services.views import find_item
from services.waiting import why_waiting

router = APIRouter(prefix="/v1/items", tags=["items"], responses=PROBLEMS, route_class=RepeatingRoute)


@router.get("/{item_id}")
def get(item_id: UUID, owner: Owner, parts: PartsDep) -> ItemView:
    """An item with its variants, with the error that it ended in, or with what it waits for."""
    with parts.database.sessions.read() as session:
        item = find_item(session, item_id, owner=owner)
        return ItemView.of(item, why_waiting(session, item, now=parts.database.now(session)))
