"""Archetypes for strips: leaderboards and mobile banners, where everything stands in one row."""

from dataclasses import replace

from generators.banner.geometry import Box
from generators.banner.layout import Form, Layout, Picture, Treatment
from generators.banner.palette import Scheme
from generators.banner.parts import Kit, faces
from generators.banner.scene import Scene
from generators.banner.stack import Column, Either, Label, Part, Piece, Row, Setting, Words, set_column

_WITHOUT = (
    frozenset[str](),
    frozenset({"second"}),
    frozenset({"second", "brand"}),
    frozenset({"second", "brand", "price"}),
)


def strip_layout(scene: Scene, scheme: Scheme, treatment: Treatment | None, variant: int) -> Layout | None:
    """One row: product and words in the order of *variant*, the button at the right end, the brand with it or apart."""
    for level, without in enumerate(_WITHOUT):
        layout = _row(scene, scheme, treatment, variant, level, without)
        if layout is not None:
            return layout
    return None


def _row(
    scene: Scene, scheme: Scheme, treatment: Treatment | None, variant: int, level: int, without: frozenset[str]
) -> Layout | None:
    kit = Kit(scene, scheme, faces(scene.content, scene), without)
    left, right = scene.safe.left, scene.safe.right
    gap = max(8.0, 0.16 * scene.height)
    end = _end(scene, kit, variant)
    if end is None:
        return None
    placed = [end.moved(right - end.width, (scene.height - end.height) / 2)]
    right -= end.width + (gap if end.width else 0)
    if variant == 1 and _wide(scene):
        start = _brand(scene, kit)
        if start is not None:
            placed.append(start.moved(left, (scene.height - start.height) / 2))
            left += start.width + gap
    picture = _place_product(scene, treatment, left=left, right=right, flip=variant == 2)
    if picture is not None:
        left, right = _beside(scene, picture, left, right, gap, flip=variant == 2)
    words = set_column(
        _words(scene, kit, Box(left, scene.safe.top, right, scene.safe.bottom)),
        low=scene.headline_px[0],
        high=scene.headline_px[1],
    )
    if words is None:
        return None
    return _layout(scene, scheme, picture, (*placed, *words.pieces), (variant, words, level))


def _wide(scene: Scene) -> bool:
    return scene.width >= 600


def _brand(scene: Scene, kit: Kit) -> Piece | None:
    parts = kit.brand()
    return parts[0].set(scene.headline_px[0], 0.17 * scene.width) if parts else None


def _end(scene: Scene, kit: Kit, variant: int) -> Piece | None:
    """The right end: the button, and in wide strips the brand above it."""
    button = kit.button()
    if button is None:
        piece: Piece | None = Piece(0, 0)
    else:
        size = min(16.0, max(11.5, 0.155 * scene.height))
        slim = replace(button, padding=(1.0, 0.85) if _wide(scene) else (0.85, 0.75), most_px=size, least_px=size)
        piece = slim.set(scene.headline_px[0], 0.34 * scene.width)
    if piece is None or variant == 1 or not _wide(scene):
        return piece
    brand = _brand(scene, kit)
    return piece if brand is None else _stacked(brand, piece, gap=0.11 * scene.height)


def _stacked(upper: Piece, lower: Piece, *, gap: float) -> Piece:
    width = max(upper.width, lower.width)
    one = upper.moved((width - upper.width) / 2, 0)
    two = lower.moved((width - lower.width) / 2, upper.height + gap)
    return Piece(width, upper.height + gap + lower.height, one.runs + two.runs, one.plates + two.plates, one.logo)


def _place_product(
    scene: Scene, treatment: Treatment | None, *, left: float, right: float, flip: bool
) -> Picture | None:
    if treatment is None:
        return None
    width = (1.45 if _wide(scene) else 1.02) * scene.height
    start = right - width if flip else left
    room = Box(start, 0.05 * scene.height, start + width, 0.95 * scene.height)
    panel = Box(0 if not flip and left <= scene.safe.left else start, 0, start + width, scene.height)
    return Picture(treatment, room, panel)


def _beside(
    scene: Scene, picture: Picture, left: float, right: float, gap: float, *, flip: bool
) -> tuple[float, float]:
    """What the product leaves for the words."""
    return (left, picture.panel.left - gap) if flip else (picture.panel.right + gap, right)


def _words(scene: Scene, kit: Kit, box: Box) -> Column:
    headline = kit.headline()[0]
    assert isinstance(headline, Words)
    lines = 2 if scene.height >= 60 or kit.price() is None else 1
    body: list[Part] = [replace(headline, max_lines=lines, gap=0.0)]
    second = _second(scene, kit)
    return Column(box, [*body, *([second] if second is not None else [])], foot=kit.disclaimer())


def _second(scene: Scene, kit: Kit) -> Part | None:
    """Under the headline: price and offer where both fit, else the offer; in narrow strips brand and price."""
    price, offers = kit.price(), kit.chip()
    if price is not None:
        price = replace(price, gap=0.5, ratio=0.8, least_px=12.5)
    if offers and price is not None:
        return Row(price, _slim(offers[0]), gap=0.5)
    if offers:
        return _slim(offers[0])
    brand = kit.brand()
    if price is None or _wide(scene) or not brand or not isinstance(brand[0], Words):
        return price
    return Row(
        price, replace(brand[0], least_px=11.0, max_lines=1, style=kit.faces.strong(), colour=kit.scheme.muted), gap=0.5
    )


def _slim(offer: Part) -> Part:
    """An offer as small as a strip needs it: on a plate where it is short."""
    if isinstance(offer, Either):
        offer = offer.ways[0][0]
    assert isinstance(offer, Label | Words)
    return replace(offer, least_px=11.5, ratio=0.6, gap=0.5)


def _layout(
    scene: Scene, scheme: Scheme, picture: Picture | None, pieces: tuple[Piece, ...], merits: tuple[int, Setting, int]
) -> Layout:
    variant, words, level = merits
    low, high = scene.headline_px
    treatment = picture.treatment if picture is not None else "words"
    free = picture is not None and picture.treatment in (Treatment.CUTOUT, Treatment.STUDIO)
    fill = scheme.stage if treatment is Treatment.STUDIO else scheme.shape
    plain = variant == 1 and (scheme.light or treatment is Treatment.CUTOUT)
    forms = (Form("panel", picture.panel, fill),) if free and picture is not None and not plain else ()
    return Layout(
        name=f"strip/{variant}/{treatment}/{scheme.name}",
        size=(scene.width, scene.height),
        safe=scene.safe,
        scheme=scheme,
        picture=picture,
        runs=tuple(run for piece in pieces for run in piece.runs),
        plates=tuple(plate for piece in pieces for plate in piece.plates),
        forms=forms,
        logo=next((piece.logo for piece in pieces if piece.logo is not None), None),
        merits={"headline": (words.scale - low) / max(1e-6, high - low), "level": float(level)},
    )
