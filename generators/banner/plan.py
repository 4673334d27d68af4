"""The planner: proposals for a creative, from archetypes for its shape, in an order that its random stream decides."""

from collections.abc import Callable, Iterator
from itertools import product as combinations

import numpy as np

from generators.banner.frames import Frame, frames
from generators.banner.geometry import Box
from generators.banner.layout import Form, Layout, Picture, Treatment
from generators.banner.paint import MAX_ENLARGEMENT
from generators.banner.palette import Scheme
from generators.banner.parts import LEVELS, copy_column
from generators.banner.photo import Photo
from generators.banner.scene import Scene, Shape
from generators.banner.stack import Column, Piece, Setting, set_column
from generators.banner.strip import strip_layout

UNSURE_OUTLINE = 0.35  #: of a pale product looks like its backdrop: a form's edge would show through it
COMFORT = 0.35  #: of the headline's range: below it, something optional is left out


def propose(scene: Scene, schemes: tuple[Scheme, ...], random: np.random.Generator) -> Iterator[Layout]:
    """Layouts that hold every text, in an order that *random* decides; every archetype has its turns."""
    plans = list(_plans(scene, schemes))
    order = [plans[int(index)] for index in random.permutation(len(plans))]
    taken: dict[str, int] = {}
    late: list[Plan] = []
    for family, plan in order:
        if taken.get(family, 0) >= 2:
            late.append(plan)
            continue
        layout = plan(random)
        if layout is not None:
            taken[family] = taken.get(family, 0) + 1
            yield layout
    yield from (layout for layout in (plan(random) for plan in late) if layout is not None)


Plan = Callable[[np.random.Generator], Layout | None]


def _plans(scene: Scene, schemes: tuple[Scheme, ...]) -> Iterator[tuple[str, Plan]]:
    geometries = list(frames(scene))
    for scheme, treatment in combinations(schemes, _treatments(scene)):
        if scene.shape is Shape.STRIP:
            if treatment is Treatment.CUTOUT and scheme.light:
                continue
            for variant in range(3):
                yield f"strip{variant}/{treatment}", _strip_plan(scene, scheme, treatment, variant)
            continue
        for frame in geometries:
            if not _suits(scene, scheme, treatment, frame):
                continue
            yield f"{frame.name}/{treatment}", _frame_plan(scene, scheme, treatment, frame)


def _suits(scene: Scene, scheme: Scheme, treatment: Treatment | None, frame: Frame) -> bool:
    """A shadow needs a light ground: a scheme's own, or a panel.  On light grounds it is better than a cut-out."""
    if treatment is Treatment.STUDIO:
        return scheme.light or frame.panel != scene.canvas
    assert scene.photo is not None or treatment is None
    return treatment is not Treatment.CUTOUT or not scheme.light or scene.photo is None or scene.photo.shade is None


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


def _compose(
    scene: Scene, scheme: Scheme, treatment: Treatment | None, frame: Frame, random: np.random.Generator
) -> Layout | None:
    if frame.form == "sandwich":
        return _sandwich(scene, scheme, treatment, frame, random)
    found = _fit(scene, scheme, frame)
    if found is None:
        return None
    setting, level = found
    forms = _forms(scene, scheme, treatment, frame.room, frame.panel, random)
    picture = _picture(scene, treatment, frame.room, frame, forms)
    return _layout(scene, scheme, picture, forms, setting.pieces, (frame.name, setting.scale, level))


def _fit(scene: Scene, scheme: Scheme, frame: Frame) -> tuple[Setting, int] | None:
    """The words at the largest size; what is optional goes where it would make the headline small."""
    low, high = scene.headline_px
    best: tuple[Setting, int] | None = None
    for level in range(len(LEVELS)):
        if best is not None and "brand" in LEVELS[level]:
            break  # a larger headline is not worth an advertisement without a sender
        column = copy_column(
            scene, scheme, frame.words, level, centred=frame.centred, anchor=frame.anchor, form=frame.form
        )
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
        column = copy_column(scene, scheme, frame.words, level, form="sandwich")
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
    picture = _picture(scene, treatment, room, frame, forms)
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


def _picture(
    scene: Scene, treatment: Treatment | None, room: Box, frame: Frame, forms: tuple[Form, ...]
) -> Picture | None:
    if treatment is None:
        return None
    framed = treatment in (Treatment.PANEL, Treatment.FADE) or any(form.kind == "panel" for form in forms)
    return Picture(treatment, room, frame.panel if framed else scene.canvas, frame.fade)


def _forms(
    scene: Scene, scheme: Scheme, treatment: Treatment | None, room: Box, panel: Box, random: np.random.Generator
) -> tuple[Form, ...]:
    """One quiet form that gives the product a place to stand."""
    kind = ("circle", "arch", "slab", "panel", "none")[int(random.integers(5))]
    if treatment in (Treatment.PANEL, Treatment.FADE):
        return ()
    if treatment is None or scene.photo is None:
        return (
            Form("circle", _around(scene.width, scene.height, 0.95 * max(scene.width, scene.height)), scheme.shape),
        )
    if treatment is Treatment.STUDIO and not scheme.light:
        return (Form("panel", panel, scheme.stage),)
    if kind == "panel":
        return (Form("panel", panel, scheme.shape),) if panel != scene.canvas else ()
    unsure = scene.photo.measured.get("peeled", 0.0) > UNSURE_OUTLINE
    if kind == "none" or unsure or (kind == "arch" and 1.12 * placed(scene.photo, room).width > room.width):
        return ()
    return (Form(kind, _form_box(kind, room, placed(scene.photo, room)), scheme.shape),)


def placed(photo: Photo, room: Box) -> Box:
    """Where the product comes to stand in its *room*."""
    left, top, right, bottom = photo.focus
    scale = min(room.width / (right - left), room.height / (bottom - top), MAX_ENLARGEMENT)
    x, y = room.centre
    width, height = (right - left) * scale, (bottom - top) * scale
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _form_box(kind: str, room: Box, product: Box) -> Box:
    """A form in proportion to the product, which breaks out of it: one that is cut off by it looks like a mistake."""
    x, y = product.centre
    if kind == "circle":
        return _around(x, y, min(0.90 * max(product.width, product.height), room.width, room.height))
    if kind == "arch":
        width = min(room.width, max(1.12 * product.width, 0.62 * product.height))
        return Box(
            x - width / 2, product.top + 0.10 * product.height, x + width / 2, product.bottom + 0.02 * product.height
        )
    width = min(room.width, max(1.12 * product.width, 0.9 * product.height))
    return Box(
        x - width / 2, product.top + 0.22 * product.height, x + width / 2, product.bottom + 0.02 * product.height
    )


def _around(x: float, y: float, span: float) -> Box:
    return Box(x - span / 2, y - span / 2, x + span / 2, y + span / 2)


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
