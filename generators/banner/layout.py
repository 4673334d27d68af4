"""A proposal: everything on a creative, placed, before a pixel is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from generators.banner.fonts import Style
from generators.banner.geometry import Box
from generators.banner.palette import RGB, Scheme


class Treatment(StrEnum):
    """How the product photo comes onto the creative."""

    CUTOUT = "cutout"  #: the product alone, by its matte, on any ground
    STUDIO = "studio"  #: product and natural shadow, multiplied onto a light ground
    PANEL = "panel"  #: the photo as it is, filling a panel or a frame
    FADE = "fade"  #: the photo as it is, running out into the ground


@dataclass(frozen=True)
class Run:
    """One line of text, or a part of one: *x* and *baseline* of its start."""

    role: str
    text: str
    x: float
    baseline: float
    style: Style
    size: float
    colour: RGB
    box: Box  #: from the top of its capitals to its baseline
    struck: bool = False

    def moved(self, x: float, y: float) -> "Run":
        return Run(
            self.role, self.text, self.x + x, self.baseline + y, self.style, self.size, self.colour,
            self.box.moved(x, y), self.struck,
        )  # fmt: skip


@dataclass(frozen=True)
class Plate:
    """A filled form with round corners, under a text."""

    role: str
    box: Box
    radius: float
    fill: RGB

    def moved(self, x: float, y: float) -> "Plate":
        return Plate(self.role, self.box.moved(x, y), self.radius, self.fill)


@dataclass(frozen=True)
class Form:
    """A decorative form behind everything: "circle", "arch", "slab", "panel"; *box* may leave the canvas."""

    kind: str
    box: Box
    fill: RGB


@dataclass(frozen=True)
class Picture:
    """Where the product stands: *room* is for the product itself, *panel* is what its photo may fill."""

    treatment: Treatment
    room: Box
    panel: Box
    fade: str = ""  #: the side on which a `FADE` runs out: left, right, top, bottom


@dataclass(frozen=True)
class Layout:
    """One proposal for a creative of *size* pixels; text and logo keep inside *safe*."""

    name: str
    size: tuple[int, int]
    safe: Box
    scheme: Scheme
    picture: Picture | None
    runs: tuple[Run, ...]
    plates: tuple[Plate, ...] = ()
    forms: tuple[Form, ...] = ()
    logo: Box | None = None
    merits: Mapping[str, float] = field(default_factory=dict)  #: what the planner knows: headline size, roles left out
