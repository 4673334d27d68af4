"""What the planner works with: the canvas, its shape, its margins, and how large type must be on it."""

import math
from dataclasses import dataclass
from enum import StrEnum

from adloom.channels import Slot
from generators.banner.content import Content
from generators.banner.geometry import Box
from generators.banner.photo import Photo


class Shape(StrEnum):
    """A class of aspect ratios that one set of archetypes serves."""

    STRIP = "strip"  #: 728x90, 970x90, 320x50
    BILLBOARD = "billboard"  #: 970x250
    LANDSCAPE = "landscape"  #: 1200x628
    RECTANGLE = "rectangle"  #: 300x250
    SQUARE = "square"
    PORTRAIT = "portrait"  #: 4:5
    STORY = "story"  #: 9:16
    TOWER = "tower"  #: 160x600, 300x600, 300x1050


_BY_RATIO = (
    (3.0, Shape.BILLBOARD),
    (1.4, Shape.LANDSCAPE),
    (1.1, Shape.RECTANGLE),
    (0.9, Shape.SQUARE),
    (0.66, Shape.PORTRAIT),
    (0.0, Shape.STORY),
)

_HEADLINE: dict[Shape, tuple[float, float]] = {  # least and most, as shares of the shorter side
    Shape.STRIP: (0.165, 0.32),
    Shape.BILLBOARD: (0.105, 0.21),
    Shape.LANDSCAPE: (0.064, 0.125),
    Shape.RECTANGLE: (0.068, 0.125),
    Shape.SQUARE: (0.050, 0.105),
    Shape.PORTRAIT: (0.050, 0.105),
    Shape.STORY: (0.052, 0.098),
    Shape.TOWER: (0.080, 0.175),
}


@dataclass(frozen=True)
class Scene:
    """One creative to plan."""

    slot: Slot
    content: Content
    photo: Photo | None

    @property
    def width(self) -> int:
        return self.slot.width_px

    @property
    def height(self) -> int:
        return self.slot.height_px

    @property
    def side(self) -> int:
        return min(self.width, self.height)

    @property
    def canvas(self) -> Box:
        return Box(0, 0, self.width, self.height)

    @property
    def shape(self) -> Shape:
        ratio = self.width / self.height
        if self.height <= 100 or ratio >= 5:
            return Shape.STRIP
        if ratio <= 0.5 and self.width <= 400:
            return Shape.TOWER
        return next(shape for least, shape in _BY_RATIO if ratio >= least)

    @property
    def density(self) -> float:
        """Pixels of the file per pixel that a reader sees: large creatives are shown scaled down, on a telephone."""
        return 1.0 if self.side < 500 else max(1.0, math.sqrt(self.width * self.height) / 430)

    @property
    def margin(self) -> float:
        share = {Shape.STRIP: 0.12, Shape.TOWER: 0.085, Shape.BILLBOARD: 0.10}.get(self.shape, 0.066)
        return float(max(6 if self.shape is Shape.STRIP else 12, round(share * self.side)))

    @property
    def safe(self) -> Box:
        """Where text, logo and product stand: inside the margins, and outside what the platform covers."""
        zone = self.slot.safe_zone
        side = max(self.margin, zone.side * self.width)
        top, bottom = max(self.margin, zone.top * self.height), max(self.margin, zone.bottom * self.height)
        return Box(side, math.ceil(top), self.width - side, math.floor(self.height - bottom))

    @property
    def stage(self) -> Box:
        """Where the product may stand: closer to the edge than type, and some way into the zone below a story."""
        margin, zone = 0.55 * self.margin, self.slot.safe_zone
        side, top, bottom = zone.side * self.width, zone.top * self.height, 0.58 * zone.bottom * self.height
        return Box(
            max(margin, side), max(margin, top), self.width - max(margin, side), self.height - max(margin, bottom)
        )

    @property
    def headline_px(self) -> tuple[float, float]:
        """The least and the most that a headline may measure."""
        least, most = _HEADLINE[self.shape]
        return max(13.0, least * self.side), max(14.0, most * self.side)

    def least_px(self, seen: float) -> float:
        """The size in the file of type that a reader sees at *seen* pixels."""
        return seen * self.density
