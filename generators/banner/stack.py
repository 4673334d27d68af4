"""Set the elements of a text column: sizes in proportion to one scale, the largest at which all of them fit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from generators.banner.fonts import Style, advance, cap_height
from generators.banner.geometry import Box
from generators.banner.layout import Plate, Run
from generators.banner.palette import RGB
from generators.banner.typeset import largest, paragraph

LOGO_CLEAR = 0.30  #: room around a logo, in its heights


@dataclass(frozen=True)
class Piece:
    """A set element, its top left at (0, 0)."""

    width: float
    height: float
    runs: tuple[Run, ...] = ()
    plates: tuple[Plate, ...] = ()
    logo: Box | None = None
    clear: float = 0.0  #: room that must stay free below it

    def moved(self, x: float, y: float) -> "Piece":
        return replace(
            self,
            runs=tuple(run.moved(x, y) for run in self.runs),
            plates=tuple(plate.moved(x, y) for plate in self.plates),
            logo=self.logo.moved(x, y) if self.logo is not None else None,
        )


class Part(Protocol):
    """An element that can be set at any scale.  *gap* is the room it wants above it, in units of the scale."""

    @property
    def gap(self) -> float: ...

    def set(self, scale: float, width: float) -> Piece | None:
        """The element at *scale* pixels per unit within *width*; None where it does not fit."""


@dataclass(frozen=True)
class Words:
    """A text in lines."""

    role: str
    text: str
    style: Style
    colour: RGB
    ratio: float = 1.0  #: its size, in units of the scale
    least_px: float = 11.0
    max_lines: int = 3
    leading: float = 1.14
    centred: bool = False
    gap: float = 0.0

    def set(self, scale: float, width: float) -> Piece | None:
        size = max(self.least_px, self.ratio * scale)
        block = paragraph(self.text, self.style, size, width=width, max_lines=self.max_lines, leading=self.leading)
        if block is None:
            return None
        runs = []
        for number, (line, length) in enumerate(zip(block.lines, block.widths, strict=True)):
            x = (width - length) / 2 if self.centred else 0.0
            baseline = block.cap + number * block.leading
            box = Box(x, baseline - block.cap, x + length, baseline)
            runs.append(Run(self.role, line, x, baseline, self.style, size, self.colour, box))
        return Piece(width if self.centred else max(block.widths), block.height, tuple(runs))


@dataclass(frozen=True)
class Price:
    """The price to pay and, beside it, the one before, struck."""

    price: str
    old: str
    style: Style
    old_style: Style
    colour: RGB
    old_colour: RGB
    ratio: float = 0.7
    least_px: float = 13.0
    centred: bool = False
    gap: float = 0.0

    def set(self, scale: float, width: float) -> Piece | None:
        size = max(self.least_px, self.ratio * scale)
        runs = [self._run("price", self.price, 0.0, size, size)]
        if self.old:
            small = max(self.least_px * 0.85, size * 0.62)
            runs.append(self._run("old_price", self.old, runs[0].box.right + size * 0.34, size, small))
        total = runs[-1].box.right
        if total > width:
            return None
        piece = Piece(total, cap_height(self.style, size), tuple(runs))
        return replace(piece.moved((width - total) / 2, 0), width=width) if self.centred else piece

    def _run(self, role: str, text: str, x: float, size: float, own: float) -> Run:
        style, colour = (self.style, self.colour) if role == "price" else (self.old_style, self.old_colour)
        baseline = cap_height(self.style, size)
        box = Box(x, baseline - cap_height(style, own), x + advance(text, style, own), baseline)
        return Run(role, text, x, baseline, style, own, colour, box, struck=role == "old_price")


@dataclass(frozen=True)
class Label:
    """One line on a plate: a button, or the chip that carries the offer."""

    role: str
    text: str
    style: Style
    colour: RGB
    fill: RGB
    ratio: float = 0.5
    least_px: float = 11.0
    most_px: float = 1000.0
    padding: tuple[float, float] = (1.25, 0.82)  #: beside and above the capitals, in sizes
    round: float = 1.0  #: 1: a pill; 0: square corners
    centred: bool = False
    wide: bool = False  #: as wide as the column
    gap: float = 0.0

    def set(self, scale: float, width: float) -> Piece | None:
        size = min(self.most_px, max(self.least_px, self.ratio * scale))
        length, cap = advance(self.text, self.style, size), cap_height(self.style, size)
        plate_width, plate_height = length + 2 * self.padding[0] * size, cap + 2 * self.padding[1] * size
        if plate_width > width:
            return None
        if self.wide:
            plate_width = width
        plate = Plate(
            f"{self.role}_plate", Box(0, 0, plate_width, plate_height), self.round * plate_height / 2, self.fill
        )
        x, baseline = (plate_width - length) / 2, (plate_height + cap) / 2
        run = Run(
            self.role,
            self.text,
            x,
            baseline,
            self.style,
            size,
            self.colour,
            Box(x, baseline - cap, x + length, baseline),
        )
        piece = Piece(plate_width, plate_height, (run,), (plate,))
        return replace(piece.moved((width - plate_width) / 2, 0), width=width) if self.centred else piece


@dataclass(frozen=True)
class Logo:
    """The logo at a fixed height, narrower where the column is; on a *plate* where the ground is too like it."""

    aspect: float
    height_px: float
    centred: bool = False
    plate: RGB | None = None
    gap: float = 0.0

    def set(self, scale: float, width: float) -> Piece | None:
        padding = 0.34 if self.plate is not None else 0.0  # of the logo's height: its clear space, on the plate
        height = min(self.height_px, width / (self.aspect + 2 * padding))
        length, inset = height * self.aspect, padding * height
        whole = Box(0, 0, length + 2 * inset, height + 2 * inset)
        plates = (Plate("logo_plate", whole, 0.28 * height, self.plate),) if self.plate is not None else ()
        piece = Piece(whole.width, whole.height, (), plates, whole.inset(inset), LOGO_CLEAR * height)
        return replace(piece.moved((width - whole.width) / 2, 0), width=width) if self.centred else piece


@dataclass(frozen=True)
class Row:
    """Two parts side by side, on one axis; the second at the right edge or next to the first."""

    first: Part
    second: Part
    gap: float = 0.0
    spread: bool = False
    centred: bool = False

    def set(self, scale: float, width: float) -> Piece | None:
        one, two = self.first.set(scale, width), self.second.set(scale, width)
        if one is None or two is None or one.width + two.width + 0.6 * scale > width:
            return None
        height = max(one.height, two.height)
        x = width - two.width if self.spread else one.width + 0.75 * scale
        left, right = one.moved(0, (height - one.height) / 2), two.moved(x, (height - two.height) / 2)
        piece = Piece(
            x + two.width, height, left.runs + right.runs, left.plates + right.plates, left.logo or right.logo
        )
        return replace(piece.moved((width - piece.width) / 2, 0), width=width) if self.centred else piece


@dataclass(frozen=True)
class Either:
    """The first of several ways to set an element that fits; each way is a pile of parts."""

    ways: tuple[tuple[Part, ...], ...]

    @property
    def gap(self) -> float:
        return self.ways[0][0].gap

    def set(self, scale: float, width: float) -> Piece | None:
        pieces = (pile(way, scale, width) for way in self.ways)
        return next((piece for piece in pieces if piece is not None), None)


@dataclass(frozen=True)
class Column:
    """A box and what goes into it: *head* at its top, *body* between, *foot* at its bottom.

    *anchor*: where the body stands in its room, 0 at the top, 1 at the bottom.
    """

    box: Box
    body: Sequence[Part]
    head: Sequence[Part] = ()
    foot: Sequence[Part] = ()
    anchor: float = 0.5
    centred: bool = False


@dataclass(frozen=True)
class Setting:
    """A column that fits, placed; *scale* is the size its headline got."""

    scale: float
    pieces: tuple[Piece, ...]


def set_column(column: Column, *, low: float, high: float) -> Setting | None:
    """Set *column* at the largest scale in *low*..*high* that fits its box; None where nothing does."""
    scale = largest(lambda scale: _place(column, scale) is not None, low, high)
    if scale is None:
        return None
    pieces = _place(column, scale)
    assert pieces is not None  # `largest` has just seen it fit
    return Setting(scale, pieces)


def _place(column: Column, scale: float) -> tuple[Piece, ...] | None:
    groups = [pile(parts, scale, column.box.width) for parts in (column.head, column.body, column.foot)]
    if any(group is None for group in groups):
        return None
    head, body, foot = (group for group in groups if group is not None)
    breath = max(0.7 * scale, head.clear)
    top = column.box.top + (head.height + breath if column.head else 0)
    bottom = column.box.bottom - (foot.height + breath if column.foot else 0)
    room = bottom - top - body.height
    if room < 0:
        return None
    left = column.box.left
    return (
        head.moved(left, column.box.top),
        body.moved(left, top + room * column.anchor),
        foot.moved(left, column.box.bottom - foot.height),
    )


def pile(parts: Sequence[Part], scale: float, width: float) -> Piece | None:
    y, runs, plates, logo, widest, clear = 0.0, list[Run](), list[Plate](), None, 0.0, 0.0
    for number, part in enumerate(parts):
        piece = part.set(scale, width)
        if piece is None:
            return None
        y += max(part.gap * scale, clear) if number else 0.0
        placed = piece.moved(0, y)
        runs += placed.runs
        plates += placed.plates
        logo = logo or placed.logo
        y += piece.height
        widest, clear = max(widest, piece.width), piece.clear
    return Piece(widest, y, tuple(runs), tuple(plates), logo, clear)
