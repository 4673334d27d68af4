"""The planner: proposals for a creative, from archetypes for its shape, in an order that its random stream decides."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product as combinations

import numpy as np

from generators.banner.geometry import Box
from generators.banner.layout import Form, Layout, Picture, Treatment
from generators.banner.palette import Scheme
from generators.banner.parts import LEVELS, copy_column
from generators.banner.scene import Scene, Shape
from generators.banner.stack import Column, Piece, Setting, set_column
from generators.banner.strip import strip_layout

MAX_PROPOSALS = 6  #: drawn and measured; the best wins
COMFORT = 0.35  #: of the headline's range: below it, something optional is left out


@dataclass(frozen=True)
class Frame:
    """An archetype's geometry: the column for the words, the room for the product, its panel on the canvas."""

    name: str
    words: Box
    room: Box
    panel: Box
    fade: str  #: the panel's side that meets the words
    centred: bool = False
    anchor: float = 0.5
    sandwich: bool = False  #: headline above the product, price and button below


def propose(scene: Scene, schemes: tuple[Scheme, ...], random: np.random.Generator) -> list[Layout]:
    """Up to `MAX_PROPOSALS` layouts that hold every text, of different archetypes and schemes; none where none fits."""
    found: list[Layout] = []
    taken: dict[str, int] = {}
    plans = list(_plans(scene, schemes))
    for index in random.permutation(len(plans)):
        family, plan = plans[int(index)]
        if taken.get(family, 0) >= 2:
            continue
        layout = plan(random)
        if layout is not None:
            found.append(layout)
            taken[family] = taken.get(family, 0) + 1
        if len(found) == MAX_PROPOSALS:
            break
    return found


Plan = Callable[[np.random.Generator], Layout | None]


def _plans(scene: Scene, schemes: tuple[Scheme, ...]) -> Iterator[tuple[str, Plan]]:
    frames = list(_frames(scene))
    for scheme, treatment in combinations(schemes, _treatments(scene)):
        if treatment is Treatment.STUDIO and not scheme.light:
            continue
        if scene.shape is Shape.STRIP:
            for variant in range(3):
                yield f"strip{variant}/{treatment}", _strip_plan(scene, scheme, treatment, variant)
            continue
        for frame in frames:
            yield f"{frame.name}/{treatment}", _frame_plan(scene, scheme, treatment, frame)


def _strip_plan(scene: Scene, scheme: Scheme, treatment: Treatment | None, variant: int) -> Plan:
    return lambda random: strip_layout(scene, scheme, treatment, variant)


def _frame_plan(scene: Scene, scheme: Scheme, treatment: Treatment | None, frame: Frame) -> Plan:
    return lambda random: _compose(scene, scheme, treatment, frame, random)


def _treatments(scene: Scene) -> tuple[Treatment | None, ...]:
    """What the photo is good for, by what was measured in it."""
    photo = scene.photo
    if photo is None:
        return (None,)
    if photo.matte is not None and photo.free:
        return (Treatment.CUTOUT, Treatment.STUDIO) if photo.shade is not None else (Treatment.CUTOUT,)
    if photo.free:
        return (Treatment.STUDIO,)
    return (Treatment.PANEL,) if photo.plain or scene.shape is Shape.STRIP else (Treatment.PANEL, Treatment.FADE)


def _frames(scene: Scene) -> Iterator[Frame]:
    if scene.photo is None:
        yield Frame("words", scene.safe, scene.safe, scene.canvas, "", centred=False)
        yield Frame("words-centred", scene.safe, scene.safe, scene.canvas, "", centred=True)
        return
    makers = {
        Shape.BILLBOARD: (_beside(0.56), _beside(0.56, flip=True)),
        Shape.LANDSCAPE: (_beside(0.50), _beside(0.50, flip=True)),
        Shape.RECTANGLE: (_beside(0.54), _beside(0.54, flip=True), _between(0.47)),
        Shape.SQUARE: (_above(0.54), _above(0.54, centred=True), _between(0.52)),
        Shape.PORTRAIT: (_above(0.57), _above(0.57, centred=True), _between(0.54)),
        Shape.STORY: (_above(0.52), _above(0.52, centred=True), _between(0.48)),
        Shape.TOWER: (_above(0.42), _above(0.42, centred=True), _between(0.40)),
        Shape.STRIP: (),
    }
    for make in makers[scene.shape]:
        yield make(scene)


def _beside(share: float, *, flip: bool = False) -> Callable[[Scene], Frame]:
    """Words on one side, with *share* of the width; the product on the other."""

    def make(scene: Scene) -> Frame:
        safe, gap = scene.safe, scene.margin * 0.8
        cut = round(scene.width * (1 - share if flip else share))
        left, right = Box(safe.left, safe.top, cut - gap / 2, safe.bottom), Box(cut + gap / 2, safe.top, safe.right, safe.bottom)
        if flip:
            return Frame("beside-right", right, left, Box(0, 0, cut, scene.height), "right")
        return Frame("beside-left", left, right, Box(cut, 0, scene.width, scene.height), "left")

    return make


def _above(share: float, *, centred: bool = False) -> Callable[[Scene], Frame]:
    """The product above, with *share* of the height; the words below."""

    def make(scene: Scene) -> Frame:
        safe, gap = scene.safe, scene.margin * 0.8
        cut = round(safe.top + safe.height * share)
        room = Box(safe.left, safe.top, safe.right, cut - gap / 2)
        words = Box(safe.left, cut + gap / 2, safe.right, safe.bottom)
        return Frame("above-centred" if centred else "above", words, room, Box(0, 0, scene.width, cut), "bottom", centred)

    return make


def _between(share: float) -> Callable[[Scene], Frame]:
    """The headline above, the product between, price and button below; *share* of the height for the product."""

    def make(scene: Scene) -> Frame:
        safe = scene.safe
        return Frame("between", safe, Box(safe.left, 0, safe.right, safe.height * share), scene.canvas, "", sandwich=True)

    return make


def _compose(
    scene: Scene, scheme: Scheme, treatment: Treatment | None, frame: Frame, random: np.random.Generator
) -> Layout | None:
    if frame.sandwich:
        return _sandwich(scene, scheme, treatment, frame, random)
    found = _fit(scene, scheme, frame)
    if found is None:
        return None
    setting, level = found
    forms = _forms(scene, scheme, treatment, frame.room, frame.panel, random)
    return _layout(scene, scheme, _picture(treatment, frame.room, frame), forms, setting.pieces, (frame.name, setting.scale, level))


def _fit(scene: Scene, scheme: Scheme, frame: Frame) -> tuple[Setting, int] | None:
    """The words at the largest size; what is optional goes where it would make the headline small."""
    low, high = scene.headline_px
    best: tuple[Setting, int] | None = None
    for level in range(len(LEVELS)):
        column = copy_column(scene, scheme, frame.words, level, centred=frame.centred, anchor=frame.anchor)
        setting = set_column(column, low=low, high=high)
        if setting is None:
            continue
        if best is None or setting.scale > best[0].scale * 1.12:
            best = (setting, level)
        if setting.scale >= low + COMFORT * (high - low):
            break
    return best


def _sandwich(
    scene: Scene, scheme: Scheme, treatment: Treatment | None, frame: Frame, random: np.random.Generator
) -> Layout | None:
    """Words above and below; the product gets what remains, and at least its share."""
    if treatment in (Treatment.PANEL, Treatment.FADE, None):
        return None
    low, high = scene.headline_px
    best: tuple[Setting, int] | None = None
    for level in range(len(LEVELS)):
        column = copy_column(scene, scheme, frame.words, level, sandwich=True)
        column = Column(column.box.inset(0), column.body, column.head, column.foot, 0.0)
        setting = _split(column, frame.room.height, low, high)
        if setting is not None:
            best = (setting, level)
            break
    if best is None:
        return None
    setting, level = best
    head, body, foot = setting.pieces
    gap = scene.margin * 0.6
    top = max((run.box.bottom for run in (*head.runs, *body.runs)), default=scene.safe.top)
    bottom = min((plate.box.top for plate in foot.plates), default=scene.safe.bottom)
    bottom = min([bottom, *(run.box.top for run in foot.runs)])
    room = Box(scene.safe.left, top + gap, scene.safe.right, bottom - gap)
    forms = _forms(scene, scheme, treatment, room, scene.canvas, random)
    picture = _picture(treatment, room, frame)
    return _layout(scene, scheme, picture, forms, setting.pieces, (frame.name, setting.scale, level))


def _split(column: Column, room: float, low: float, high: float) -> Setting | None:
    """Set a sandwich: the column without the product's room must hold everything."""
    shorter = Column(
        Box(column.box.left, column.box.top, column.box.right, column.box.bottom - room),
        column.body, column.head, column.foot, 0.0,
    )  # fmt: skip
    setting = set_column(shorter, low=low, high=high)
    if setting is None:
        return None
    head, body, foot = setting.pieces
    return Setting(setting.scale, (head, body, foot.moved(0, room)))


def _picture(treatment: Treatment | None, room: Box, frame: Frame) -> Picture | None:
    if treatment is None:
        return None
    return Picture(treatment, room, frame.panel, frame.fade)


def _forms(
    scene: Scene, scheme: Scheme, treatment: Treatment | None, room: Box, panel: Box, random: np.random.Generator
) -> tuple[Form, ...]:
    """One quiet form that gives the product a place to stand."""
    kind = ("circle", "arch", "slab", "panel", "none")[int(random.integers(5))]
    if treatment in (Treatment.PANEL, Treatment.FADE):
        return ()
    if treatment is None:
        span = 0.9 * max(scene.width, scene.height)
        corner = (scene.width * 1.02, scene.height * 1.0)
        return (Form("circle", Box(corner[0] - span / 2, corner[1] - span / 2, corner[0] + span / 2, corner[1] + span / 2), scheme.shape),)
    x, y = room.centre
    if kind == "circle":
        radius = 0.47 * min(room.width, room.height)
        return (Form("circle", Box(x - radius, y - radius, x + radius, y + radius), scheme.shape),)
    if kind == "arch":
        width = min(room.width * 0.86, room.height * 0.80)
        return (Form("arch", Box(x - width / 2, room.top + 0.04 * room.height, x + width / 2, room.bottom), scheme.shape),)
    if kind == "slab":
        return (Form("slab", room.inset(0.02 * room.width, 0.03 * room.height), scheme.shape),)
    if kind == "panel" and panel != scene.canvas:
        return (Form("panel", panel, scheme.shape),)
    return ()


def _layout(
    scene: Scene,
    scheme: Scheme,
    picture: Picture | None,
    forms: tuple[Form, ...],
    pieces: tuple[Piece, ...],
    merits: tuple[str, float, int],
) -> Layout:
    name, scale, level = merits
    low, high = scene.headline_px
    treatment = picture.treatment if picture is not None else "words"
    form = forms[0].kind if forms else "plain"
    return Layout(
        name=f"{scene.shape}/{name}/{treatment}/{form}/{scheme.name}",
        size=(scene.width, scene.height),
        safe=scene.safe,
        scheme=scheme,
        picture=picture,
        runs=tuple(run for piece in pieces for run in piece.runs),
        plates=tuple(plate for piece in pieces for plate in piece.plates),
        forms=forms,
        logo=next((piece.logo for piece in pieces if piece.logo is not None), None),
        merits={"headline": (scale - low) / max(1e-6, high - low), "level": float(level)},
    )
