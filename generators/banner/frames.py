"""The archetypes' geometries: where words and product stand, for each shape of creative."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generators.banner.geometry import Box
from generators.banner.scene import Scene, Shape


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
    form: str = ""  #: see `copy_column`


def frames(scene: Scene) -> Iterator[Frame]:
    if scene.photo is None:
        yield Frame("words", scene.safe, scene.safe, scene.canvas, "", centred=False)
        yield Frame("words-centred", scene.safe, scene.safe, scene.canvas, "", centred=True)
        return
    left, top, right, bottom = scene.photo.focus
    wide = (_above(0.52),) if right - left > 1.15 * (bottom - top) else ()
    slim = (_beside(0.48), _beside(0.48, flip=True)) if right - left < 0.8 * (bottom - top) else ()
    makers = {
        Shape.BILLBOARD: (_beside(0.58), _beside(0.58, flip=True), _beside(0.5), _beside(0.5, flip=True)),
        Shape.LANDSCAPE: (_beside(0.50), _beside(0.50, flip=True), _beside(0.44), _beside(0.44, flip=True)),
        Shape.RECTANGLE: (
            _beside(0.53),
            _beside(0.53, flip=True),
            _beside(0.47),
            _beside(0.47, flip=True),
            _between(0.46),
            *wide,
        ),
        Shape.SQUARE: (_above(0.54), _above(0.54, centred=True), _between(0.50), _above(0.62), *slim),
        Shape.PORTRAIT: (_above(0.57), _above(0.57, centred=True), _between(0.52), _above(0.66)),
        Shape.STORY: (_below(0.54), _below(0.54, centred=True), _below(0.47), _between(0.50)),
        Shape.TOWER: (_above(0.44), _above(0.44, centred=True), _between(0.36), _above(0.52, centred=True)),
        Shape.STRIP: (),
    }
    for make in makers[scene.shape]:
        yield make(scene)


def _beside(share: float, *, flip: bool = False) -> Callable[[Scene], Frame]:
    """Words on one side, with *share* of the width; the product on the other."""

    def make(scene: Scene) -> Frame:
        safe, gap = scene.safe, scene.margin
        cut = round(scene.width * (1 - share if flip else share))
        near, far = (safe.left, safe.right)
        stage = scene.stage
        if flip:
            words, room = (
                Box(cut + gap, safe.top, far, safe.bottom),
                Box(stage.left, stage.top, cut - 0.4 * gap, stage.bottom),
            )
            return Frame("beside-right", words, room, Box(0, 0, cut, scene.height), "right")
        words, room = (
            Box(near, safe.top, cut - 0.75 * gap, safe.bottom),
            Box(cut + 0.4 * gap, stage.top, stage.right, stage.bottom),
        )
        return Frame("beside-left", words, room, Box(cut, 0, scene.width, scene.height), "left")

    return make


def _above(share: float, *, centred: bool = False) -> Callable[[Scene], Frame]:
    """The product above, with *share* of the height; the words below."""

    def make(scene: Scene) -> Frame:
        safe, gap = scene.safe, scene.margin * 0.8
        cut = round(safe.top + safe.height * share)
        room = Box(scene.stage.left, scene.stage.top, scene.stage.right, cut - gap / 2)
        words = Box(safe.left, cut + gap / 2, safe.right, safe.bottom)
        return Frame(
            "above-centred" if centred else "above",
            words,
            room,
            Box(0, 0, scene.width, cut),
            "bottom",
            centred,
            form="kicker",
        )

    return make


def _below(share: float, *, centred: bool = False) -> Callable[[Scene], Frame]:
    """The words above, with *share* of the safe height; the product below, into what a story's interface may cover."""

    def make(scene: Scene) -> Frame:
        safe, stage, gap = scene.safe, scene.stage, scene.margin * 0.5
        cut = round(safe.top + safe.height * share)
        words = Box(safe.left, safe.top, safe.right, cut - gap)
        room = Box(stage.left, cut + gap, stage.right, stage.bottom)
        panel = Box(0, cut, scene.width, scene.height)
        return Frame("below-centred" if centred else "below", words, room, panel, "top", centred, form="kicker")

    return make


def _between(share: float) -> Callable[[Scene], Frame]:
    """The headline above, the product between, price and button below; *share* of the height for the product."""

    def make(scene: Scene) -> Frame:
        safe = scene.safe
        return Frame(
            "between", safe, Box(safe.left, 0, safe.right, safe.height * share), scene.canvas, "", form="sandwich"
        )

    return make
