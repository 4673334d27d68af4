"""The words of a creative as parts of a column, by level: what is optional goes first, what is required never."""

from dataclasses import dataclass, replace

from generators.banner.content import Content
from generators.banner.fonts import Style, missing
from generators.banner.geometry import Box
from generators.banner.palette import Scheme, contrast
from generators.banner.scene import Scene, Shape
from generators.banner.stack import Column, Either, Label, Logo, Part, Price, Row, Words

LEVELS: tuple[frozenset[str], ...] = (  # roles left out, from the richest creative to the barest
    frozenset(),
    frozenset({"name"}),
    frozenset({"name", "old_price"}),
    frozenset({"name", "old_price", "second"}),  # second: the price, where there is an offer as well
    frozenset({"name", "old_price", "second", "brand"}),
)
LOGO_READS = 3.0  #: contrast of the logo's mean colour with the ground; below it, the logo gets a plate
SHORT_OFFER = 24  #: characters that a chip may hold


@dataclass(frozen=True)
class Faces:
    """The styles of one creative: the display family where it has every character, else the text family."""

    display: str
    text: str
    narrow: int

    def headline(self) -> Style:
        return Style(self.display, 800, self.narrow)

    def strong(self) -> Style:
        return Style(self.display, 700, self.narrow)

    def label(self) -> Style:
        return Style(self.text, 650)

    def plain(self) -> Style:
        return Style(self.text, 450)


def faces(content: Content, scene: Scene) -> Faces:
    """Styles that can show all of *content*; wide set in wide slots, narrow in towers and strips."""
    said = "".join(content.texts().values())
    display = content.family if not missing(said, content.family) else "Inter"
    narrow = {Shape.TOWER: 90, Shape.STRIP: 96 if scene.width >= 600 else 84}.get(scene.shape, 100)
    return Faces(display, "Inter", narrow)


def copy_column(
    scene: Scene, scheme: Scheme, box: Box, level: int, *, centred: bool = False, anchor: float = 0.5, form: str = ""
) -> Column:
    """The whole column.

    *form* "sandwich": the body ends with the headline and the rest is its foot; "kicker": the brand stands directly
    above the headline instead of at the column's top.
    """
    sandwich = form == "sandwich"
    without = LEVELS[level]
    kit = Kit(scene, scheme, faces(scene.content, scene), without, centred, spread=sandwich)
    head = kit.brand()
    top, deal = [*kit.chip(), *kit.headline(), *kit.name()], kit.deal()
    if sandwich:
        return Column(box, top, head, [*deal, *kit.disclaimer()], 0.0, centred)
    if form == "kicker":
        return Column(box, [*head, *top, *deal], [], kit.disclaimer(), anchor, centred)
    return Column(box, [*top, *deal], head, kit.disclaimer(), anchor, centred)


@dataclass(frozen=True)
class Kit:
    """Makes the parts of one creative: one method per role, none or one or two parts each."""

    scene: Scene
    scheme: Scheme
    faces: Faces
    without: frozenset[str]
    centred: bool = False
    spread: bool = False  #: the button at the far end of the price's line

    def brand(self) -> list[Part]:
        content, scene = self.scene.content, self.scene
        if "brand" in self.without:
            return []
        if content.logo is not None:
            plate = None if contrast(content.logo_colour, self.scheme.ground) >= LOGO_READS else self.scheme.stage
            return [Logo(content.logo.width / content.logo.height, _logo_px(scene), self.centred, plate)]
        if not content.brand:
            return []
        size = max(scene.least_px(11.5), _logo_px(scene) * 0.52)
        style = Style(self.faces.display, 750, 112 if scene.shape is not Shape.TOWER else 96)
        return [Words("brand", content.brand, style, self.scheme.ink, 0.0, size, 2, 1.1, self.centred)]

    def chip(self) -> list[Part]:
        offer = self.scene.content.offer
        if not offer:
            return []
        least = self.scene.least_px(11)
        lines = Words("offer", offer, self.faces.label(), self.scheme.price, 0.46, least, 3, 1.3, self.centred, 0.75)
        if len(offer) > SHORT_OFFER:
            return [lines]
        plate = Label(
            "offer", offer, self.faces.label(), self.scheme.chip_ink, self.scheme.chip,
            0.42, least, padding=(0.75, 0.52), round=0.45, centred=self.centred, gap=0.75,
        )  # fmt: skip
        return [Either(((plate,), (lines,)))]

    def headline(self) -> list[Part]:
        lines = {Shape.TOWER: 5, Shape.BILLBOARD: 2}.get(
            self.scene.shape, 3 if len(self.scene.content.headline) <= 30 else 4
        )
        least = self.scene.headline_px[0]
        text = self.scene.content.headline
        return [
            Words("headline", text, self.faces.headline(), self.scheme.ink, 1.0, least, lines, 1.1, self.centred, 0.62)
        ]

    def name(self) -> list[Part]:
        name, least = self.scene.content.name, self.scene.least_px(11.5)
        if not name or "name" in self.without:
            return []
        return [Words("name", name, self.faces.plain(), self.scheme.muted, 0.44, least, 2, 1.3, self.centred, 0.46)]

    def deal(self) -> list[Part]:
        """Price and button, on one line where they fit, else one above the other."""
        price, button = self.price(), self.button()
        if price is None or button is None:
            return [part for part in (price, button) if part is not None]
        if self.scene.shape is Shape.TOWER:
            return [price, button]
        row = Row(replace(price, centred=False), replace(button, centred=False), 0.9, self.spread, self.centred)
        return [Either(((row,), (price, button)))]

    def price(self) -> Price | None:
        content, scheme = self.scene.content, self.scheme
        if not content.price or "price" in self.without or (content.offer and "second" in self.without):
            return None
        old = "" if "old_price" in self.without and content.offer else content.old_price
        least = self.scene.least_px(14)
        return Price(
            content.price, old, self.faces.strong(), Style("Inter", 500), scheme.price, scheme.muted,
            0.74, least, self.centred, 0.8,
        )  # fmt: skip

    def button(self) -> Label | None:
        if not self.scene.content.cta:
            return None
        return Label(
            "cta", self.scene.content.cta, self.faces.label(), self.scheme.button_ink, self.scheme.button,
            0.46, self.scene.least_px(12), self.scene.least_px(19), centred=self.centred, gap=0.85,
            wide=self.scene.shape is Shape.TOWER and self.scene.width < 200,
        )  # fmt: skip

    def disclaimer(self) -> list[Part]:
        text = self.scene.content.disclaimer
        if not text:
            return []
        least = self.scene.least_px(10)
        return [Words("disclaimer", text, self.faces.plain(), self.scheme.muted, 0.0, least, 4, 1.3, self.centred, 0.9)]


def _logo_px(scene: Scene) -> float:
    share = {Shape.STRIP: 0.34, Shape.BILLBOARD: 0.15, Shape.TOWER: 0.16, Shape.RECTANGLE: 0.105}.get(
        scene.shape, 0.062
    )
    return max(16.0, share * scene.side)
