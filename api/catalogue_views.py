"""What the API answers about channels and kinds: what there is to choose from."""

from typing import Annotated, Self

from pydantic import Field

from adloom.channels import Channel
from adloom.core.kinds import Kind
from adloom.core.lanes import Lane
from api.views import JSON, View


class TextFieldView(View):
    """One text of an ad, with its limits; *unit* is how the platform counts."""

    name: str
    max_length: int | None
    unit: str
    min_items: int
    max_items: int
    required: bool
    hard_limit: bool
    recommended_length: int | None
    min_length: int
    one_within: int | None
    role: str | None
    follows: str
    note: str


class SafeZoneView(View):
    """Fractions of the height (top, bottom) and the width (side) that must stay free."""

    top: float
    bottom: float
    side: float


class SlotView(View):
    """One size of picture, with the words that are drawn on it."""

    name: str
    width_px: int
    height_px: int
    max_bytes: int | None
    formats: list[str]
    safe_zone: SafeZoneView
    texts: list[TextFieldView]


class ChannelView(View):
    """What an ad placement, or another kind of text, accepts.  *needs* are fields that the brief has to fill."""

    id: Annotated[str, Field(examples=["google_rsa"])]
    platform: str
    name: str
    is_ad: bool
    needs: list[str]
    texts: list[TextFieldView]
    slots: list[SlotView]
    uploads: list[SlotView]
    rules: list[str]

    @classmethod
    def of(cls, channel: Channel) -> Self:
        """The view of a channel."""
        return cls.model_validate(channel, from_attributes=True)


class KindView(View):
    """What can be made.  *spec* is the JSON schema of its specs."""

    name: Annotated[str, Field(examples=["copy.lm"])]
    title: str
    lane: Lane
    micro_batch: int
    spec: JSON

    @classmethod
    def of(cls, kind: Kind) -> Self:
        """The view of a kind."""
        schema = kind.spec.model_json_schema()
        return cls(name=kind.name, title=kind.title, lane=kind.lane, micro_batch=kind.micro_batch, spec=schema)
