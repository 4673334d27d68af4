"""Assets: the files that items have become."""

import mimetypes
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from api.again import RepeatingRoute
from api.dependencies import Owner, PartsDep
from api.openapi import PROBLEMS, binary
from services.views import find_asset

router = APIRouter(prefix="/v1/assets", tags=["assets"], responses=PROBLEMS, route_class=RepeatingRoute)


@router.get("/{asset_id}", response_class=Response, responses=binary("The file.", "image/jpeg", "image/png"))
def get(
    asset_id: UUID, owner: Owner, parts: PartsDep, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """A file's bytes.  They never change: keep them as long as you like."""
    with parts.database.sessions.read() as session:
        asset = find_asset(session, asset_id, owner=owner)
    headers = {
        "ETag": f'"{asset.sha256}"',
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Disposition": f'attachment; filename="{asset.id}{mimetypes.guess_extension(asset.media_type) or ""}"',
    }
    if if_none_match is not None and headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(parts.store.get(asset.key), media_type=asset.media_type, headers=headers)
