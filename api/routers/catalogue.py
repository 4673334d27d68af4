"""What there is to choose from: channels and kinds."""

from typing import Annotated

from fastapi import APIRouter, Path

from adloom.channels import list_channels, load_channel
from adloom.core.errors import NotFound, UnknownChannel
from api.again import RepeatingRoute
from api.catalogue_views import ChannelView, KindView
from api.dependencies import Owner, PartsDep
from api.openapi import PROBLEMS
from api.views import PageView

router = APIRouter(prefix="/v1", tags=["catalogue"], responses=PROBLEMS, route_class=RepeatingRoute)


@router.get("/channels")
def channels(owner: Owner) -> PageView[ChannelView]:
    """The ad placements that the platform knows, with their limits."""
    return PageView(data=[ChannelView.of(channel) for channel in list_channels()])


@router.get("/channels/{channel_id}")
def channel(channel_id: Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$")], owner: Owner) -> ChannelView:
    """One ad placement."""
    try:
        return ChannelView.of(load_channel(channel_id))
    except UnknownChannel as error:
        raise NotFound(str(error)) from None


@router.get("/kinds")
def kinds(owner: Owner, parts: PartsDep) -> PageView[KindView]:
    """What can be made, with the JSON schema of each kind's specs."""
    return PageView(data=[KindView.of(kind) for kind in parts.kinds.values()])
