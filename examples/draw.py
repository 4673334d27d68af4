"""Draw the example catalogue's pictures and logo: ``python examples/draw.py`` rewrites ``images/`` and ``logo.png``.

Everything is computed: solids of revolution with one light from the upper left, on a soft backdrop.
Coordinates are shares of the picture's side, y down.
"""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDE = 1800  #: drawn at this size, saved at half of it: smooth edges
HERE = Path(__file__).parent

RGB = tuple[int, int, int]
Points = Sequence[tuple[float, float]]


def backdrop(top: RGB, bottom: RGB) -> Image.Image:
    """A studio sweep: a vertical gradient."""
    mix = np.linspace(0, 1, SIDE)[:, None, None] ** 1.3
    pixels = np.array(top) + (np.array(bottom) - np.array(top)) * mix
    return Image.fromarray(np.broadcast_to(pixels, (SIDE, SIDE, 3)).astype(np.uint8))


def shadow(image: Image.Image, x: float, y: float, width: float, height: float, *, strength: float = 0.34) -> None:
    """A contact shadow: a dark core and a wide soft one, thrown to the right."""
    for spread, share in ((1.0, 0.55), (0.55, 1.0)):
        mask = Image.new("L", image.size, 0)
        w, h = width * spread * 1.12, height * spread
        box = [
            (x + 0.05 * spread - w / 2) * SIDE,
            (y - h / 2) * SIDE,
            (x + 0.05 * spread + w / 2) * SIDE,
            (y + h / 2) * SIDE,
        ]
        ImageDraw.Draw(mask).ellipse(box, fill=int(255 * strength * share))
        image.paste((28, 26, 32), mask=mask.filter(ImageFilter.GaussianBlur(0.016 * SIDE * (0.5 + spread))))


def polygon(points: Points) -> Image.Image:
    """A mask of the shape through *points*."""
    mask = Image.new("L", (SIDE, SIDE), 0)
    ImageDraw.Draw(mask).polygon([(x * SIDE, y * SIDE) for x, y in points], fill=255)
    return mask


def ellipse(x: float, y: float, width: float, height: float) -> Image.Image:
    """A mask of an ellipse around (x, y)."""
    mask = Image.new("L", (SIDE, SIDE), 0)
    box = [(x - width / 2) * SIDE, (y - height / 2) * SIDE, (x + width / 2) * SIDE, (y + height / 2) * SIDE]
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    return mask


def outline(x: float, profile: Points, *, bulge: float = 0.0) -> Image.Image:
    """The mask of a solid of revolution around the axis *x*: *profile* lists (radius, y), smoothed between the points.

    *bulge*: how far its round foot dips below the last y, as a share of the radius.
    """
    radii, ys = (np.array(values) for values in zip(*profile, strict=True))
    y = np.linspace(ys[0], ys[-1], 600)
    radius = np.interp(y, ys, radii)
    kernel = np.hanning(47)
    padded = np.pad(radius, 23, mode="edge")
    radius = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    turn = np.linspace(0, np.pi, 80)
    foot = [(x + radius[-1] * np.cos(t), y[-1] + bulge * radius[-1] * np.sin(t)) for t in turn]
    side = list(zip(x + radius, y, strict=True))
    return polygon([*side, *foot, *[(2 * x - px, py) for px, py in reversed(side)]])


def shade(mask: Image.Image, colour: RGB, *, gloss: float = 0.35, sharp: float = 0.12) -> Image.Image:
    """Light on a round body: per row, dark rims, a highlight left of the middle, a faint rim light on the right."""
    solid = np.asarray(mask) > 127
    columns = np.arange(SIDE)
    left = np.where(solid.any(axis=1), solid.argmax(axis=1), 0)[:, None]
    right = np.where(solid.any(axis=1), SIDE - solid[:, ::-1].argmax(axis=1), SIDE)[:, None]
    across = np.clip(
        (columns[None, :] - left) / np.maximum(1, right - left) * 2 - 1, -1, 1
    )  # (H, W) -1 left .. 1 right
    body = 0.50 + 0.56 * np.sqrt(np.clip(1 - (across + 0.22) ** 2 / 1.55, 0, 1))
    shine = gloss * np.exp(-(((across + 0.50) / sharp) ** 2)) + 0.3 * gloss * np.exp(-(((across - 0.86) / 0.06) ** 2))
    pixels = np.array(colour, dtype=np.float64) * body[..., None] + 255 * shine[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def lathe(
    image: Image.Image,
    x: float,
    profile: Points,
    colour: RGB,
    *,
    gloss: float = 0.35,
    sharp: float = 0.12,
    bulge: float = 0.16,
) -> Image.Image:
    """Draw a shaded solid of revolution; its mask comes back."""
    mask = outline(x, profile, bulge=bulge)
    image.paste(shade(mask, colour, gloss=gloss, sharp=sharp), mask=mask)
    return mask


def gradient(start: RGB, end: RGB, *, across: bool = False) -> Image.Image:
    """A sheet that runs from *start* (top or left) to *end*."""
    mix = np.linspace(0, 1, SIDE)
    mix = mix[None, :, None] if across else mix[:, None, None]
    pixels = np.array(start) + (np.array(end) - np.array(start)) * mix
    return Image.fromarray(np.broadcast_to(pixels, (SIDE, SIDE, 3)).astype(np.uint8))


def grain(
    image: Image.Image, mask: Image.Image, *, amount: float, seed: int, stretch: tuple[int, int] = (1, 1)
) -> None:
    """Texture under *mask*: noise, drawn out by *stretch* (wood is long across, linen is square)."""
    random = np.random.default_rng(seed)
    coarse = random.normal(0, 1, (SIDE // stretch[1] + 1, SIDE // stretch[0] + 1)).astype(np.float32)
    sheet = np.asarray(Image.fromarray(coarse).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
    pixels = np.asarray(image, dtype=np.float32) * (1 + amount * sheet[..., None])
    image.paste(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), mask=mask)


def ring(image: Image.Image, x: float, y: float, width: float, height: float, thick: float, colour: RGB) -> None:
    """A handle: a loop with a lit upper left and a dark lower right."""
    for inset, light in ((0.0, 0.62), (0.16, 0.86), (0.34, 1.05), (0.52, 1.2)):
        mask = Image.new("L", image.size, 0)
        draw = ImageDraw.Draw(mask)
        edge = inset * thick / 2
        outer = [
            (x - width / 2 + edge) * SIDE,
            (y - height / 2 + edge) * SIDE,
            (x + width / 2 - edge) * SIDE,
            (y + height / 2 - edge) * SIDE,
        ]
        inner = thick - edge
        hole = [
            (x - width / 2 + inner) * SIDE,
            (y - height / 2 + inner) * SIDE,
            (x + width / 2 - inner) * SIDE,
            (y + height / 2 - inner) * SIDE,
        ]
        draw.rounded_rectangle(outer, radius=0.48 * min(width, height) * SIDE, fill=255)
        draw.rounded_rectangle(hole, radius=0.40 * min(width, height) * SIDE, fill=0)
        fill = tuple(min(255, round(channel * light)) for channel in colour)
        image.paste(fill, mask=mask.filter(ImageFilter.GaussianBlur(1 + 6 * inset)))


def bottle() -> Image.Image:
    """An insulated steel bottle with a loop on its lid."""
    image, x, green = backdrop((244, 245, 243), (226, 229, 225)), 0.5, (38, 92, 74)
    shadow(image, x, 0.905, 0.34, 0.06)
    ring(image, x, 0.145, 0.135, 0.125, 0.026, (52, 54, 56))
    lathe(image, x, [(0.064, 0.165), (0.070, 0.172), (0.070, 0.243)], (58, 60, 62), gloss=0.22)
    lathe(image, x, [(0.062, 0.24), (0.062, 0.268)], (196, 200, 203), gloss=0.5)
    profile = [
        (0.066, 0.262),
        (0.072, 0.285),
        (0.105, 0.33),
        (0.131, 0.39),
        (0.136, 0.44),
        (0.136, 0.86),
        (0.130, 0.882),
    ]
    mask = lathe(image, x, profile, green, gloss=0.30, sharp=0.10)
    grain(image, mask, amount=0.018, seed=1)
    lathe(image, x, [(0.129, 0.868), (0.126, 0.892)], (186, 190, 193), gloss=0.45)
    mark(image, x - 0.01, 0.62, 0.055, (214, 226, 216))
    return image


def mug() -> Image.Image:
    """A stoneware mug, glazed above, raw clay below."""
    image, x = backdrop((246, 243, 238), (232, 226, 217)), 0.46
    shadow(image, x + 0.02, 0.795, 0.56, 0.09)
    ring(image, 0.705, 0.50, 0.25, 0.33, 0.058, (70, 104, 128))
    profile = [(0.225, 0.265), (0.228, 0.36), (0.226, 0.56), (0.214, 0.70), (0.190, 0.76)]
    mask = lathe(image, x, profile, (82, 120, 146), gloss=0.30, sharp=0.16)
    grain(image, mask, amount=0.05, seed=2, stretch=(3, 3))
    clay = Image.new("L", image.size, 0)
    ImageDraw.Draw(clay).polygon([(0, 0.655 * SIDE), *wave(0.655, 0.012), (SIDE, SIDE), (0, SIDE)], fill=255)
    both = Image.composite(clay, Image.new("L", image.size, 0), mask)
    image.paste(shade(mask, (201, 172, 140), gloss=0.06, sharp=0.3), mask=both)
    grain(image, both, amount=0.05, seed=3, stretch=(2, 2))
    image.paste((106, 146, 170), mask=ellipse(x, 0.265, 0.452, 0.118))
    image.paste(gradient((40, 66, 86), (96, 136, 160), across=True), mask=ellipse(x, 0.269, 0.416, 0.094))
    return image


def wave(y: float, height: float) -> list[tuple[float, float]]:
    """The lower edge of a glaze: it runs."""
    x = np.linspace(0, 1, 200)
    drops = y + height * (np.sin(x * 23) * 0.6 + np.sin(x * 51 + 1) * 0.4)
    return [(px * SIDE, py * SIDE) for px, py in zip(x, drops, strict=True)]


def lamp() -> Image.Image:
    """A table lamp: linen shade, brass stem, oak foot."""
    image, x = backdrop((248, 242, 233), (234, 225, 212)), 0.5
    shadow(image, x, 0.892, 0.40, 0.07, strength=0.28)
    foot = lathe(
        image, x, [(0.095, 0.80), (0.135, 0.82), (0.150, 0.85), (0.150, 0.872)], (188, 139, 90), gloss=0.12, sharp=0.25
    )
    grain(image, foot, amount=0.07, seed=4, stretch=(60, 5))
    lathe(image, x, [(0.013, 0.47), (0.013, 0.815)], (198, 158, 84), gloss=0.55, bulge=0.3)
    image.paste((214, 172, 124), mask=ellipse(x, 0.805, 0.19, 0.028))
    lathe(image, x, [(0.020, 0.79), (0.026, 0.808)], (198, 158, 84), gloss=0.5)
    profile = [(0.150, 0.115), (0.262, 0.485)]
    mask = outline(x, profile, bulge=0.12)
    image.paste(shade(mask, (236, 221, 193), gloss=0.0), mask=mask)
    glow = Image.new("L", image.size, 0)
    ImageDraw.Draw(glow).ellipse([0.33 * SIDE, 0.2 * SIDE, 0.67 * SIDE, 0.56 * SIDE], fill=170)
    glow = glow.filter(ImageFilter.GaussianBlur(0.07 * SIDE))
    image.paste((255, 238, 200), mask=Image.composite(glow, Image.new("L", image.size, 0), mask))
    grain(image, mask, amount=0.022, seed=5, stretch=(3, 9))
    grain(image, mask, amount=0.022, seed=6, stretch=(9, 3))
    image.paste((205, 186, 152), mask=ellipse(x, 0.117, 0.30, 0.040))
    image.paste((255, 244, 214), mask=ellipse(x, 0.120, 0.278, 0.030))
    return image


def candle() -> Image.Image:
    """A candle in an amber glass with a paper label."""
    image, x = backdrop((245, 241, 236), (229, 221, 212)), 0.5
    shadow(image, x, 0.845, 0.50, 0.08)
    profile = [(0.212, 0.345), (0.216, 0.36), (0.216, 0.79), (0.206, 0.822)]
    mask = lathe(image, x, profile, (150, 82, 30), gloss=0.0, bulge=0.15)
    inside = outline(x, [(0.200, 0.44), (0.200, 0.78)], bulge=0.15)
    image.paste(shade(inside, (196, 122, 58), gloss=0.0), mask=inside)
    image.paste((122, 64, 24), mask=ellipse(x, 0.348, 0.424, 0.104))
    image.paste(gradient((84, 40, 12), (160, 92, 40), across=True), mask=ellipse(x, 0.352, 0.396, 0.084))
    image.paste((246, 228, 196), mask=ellipse(x, 0.400, 0.372, 0.080))
    flame(image, x, 0.352)
    image.paste((255, 226, 190), mask=highlight(mask).point(lambda level: int(level * 0.55)))
    label = outline(x, [(0.216, 0.555), (0.216, 0.725)], bulge=0.15)
    cut = polygon([(0.335, 0.5), (0.665, 0.5), (0.665, 0.9), (0.335, 0.9)])
    label = Image.composite(label, Image.new("L", image.size, 0), cut)
    image.paste(shade(mask, (244, 236, 222), gloss=0.0), mask=label)
    mark(image, x, 0.625, 0.05, (120, 66, 30))
    draw = ImageDraw.Draw(image)
    for width, y in ((0.15, 0.692), (0.09, 0.715)):
        draw.rounded_rectangle(
            [(x - width / 2) * SIDE, y * SIDE, (x + width / 2) * SIDE, (y + 0.009) * SIDE], 8, fill=(150, 108, 74)
        )
    return image


def highlight(mask: Image.Image) -> Image.Image:
    """The streak that glass throws back, inside *mask*."""
    streak = polygon([(0.345, 0.40), (0.368, 0.40), (0.368, 0.78), (0.345, 0.78)]).filter(ImageFilter.GaussianBlur(12))
    return Image.composite(streak, Image.new("L", mask.size, 0), mask)


def flame(image: Image.Image, x: float, y: float) -> None:
    """Wick and flame."""
    image.paste(
        (60, 44, 34), mask=polygon([(x - 0.004, y), (x + 0.004, y), (x + 0.003, y + 0.05), (x - 0.003, y + 0.05)])
    )
    turn = np.linspace(0, 2 * np.pi, 120)
    for scale, colour in ((1.0, (255, 178, 66)), (0.62, (255, 240, 190))):
        points = [
            (
                x + 0.024 * scale * np.sin(t) * (1 - 0.45 * np.cos(t)),
                y + 0.012 - 0.055 * scale * (1 + np.cos(t)) + 0.05 * scale * 0.4,
            )
            for t in turn
        ]
        image.paste(colour, mask=polygon(points).filter(ImageFilter.GaussianBlur(3)))


def notebook() -> Image.Image:
    """A linen notebook with an elastic band and a ribbon, seen from above, slightly turned."""
    image = backdrop((243, 243, 245), (228, 229, 233))
    book = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(book)
    left, top, right, bottom = (round(share * SIDE) for share in (0.275, 0.135, 0.735, 0.835))
    draw.rounded_rectangle((left + 16, top + 16, right + 14, bottom + 18), 30, fill=(236, 231, 220, 255))
    for line in range(5):
        draw.line((left + 40, bottom + 3 + 3 * line, right, bottom + 3 + 3 * line), fill=(206, 200, 188, 255), width=1)
    draw.polygon(
        [(560, bottom), (598, bottom), (598, bottom + 92), (579, bottom + 74), (560, bottom + 92)],
        fill=(196, 90, 60, 255),
    )
    cover = Image.new("L", (SIDE, SIDE), 0)
    ImageDraw.Draw(cover).rounded_rectangle((left, top, right, bottom), 30, fill=255)
    cloth = gradient((58, 74, 112), (44, 57, 92))
    grain(cloth, Image.new("L", cloth.size, 255), amount=0.055, seed=7, stretch=(2, 7))
    grain(cloth, Image.new("L", cloth.size, 255), amount=0.055, seed=8, stretch=(7, 2))
    book.paste(cloth, mask=cover)
    dark = ImageDraw.Draw(book)
    dark.rectangle((left + 62, top + 2, left + 68, bottom - 2), fill=(34, 44, 72, 255))
    dark.rectangle((left + 68, top + 2, left + 71, bottom - 2), fill=(82, 98, 136, 255))
    dark.rectangle((right - 118, top - 2, right - 92, bottom + 4), fill=(24, 31, 52, 255))
    dark.rectangle((right - 118, top - 2, right - 113, bottom + 4), fill=(62, 74, 108, 255))
    mark(book, 0.485, 0.42, 0.075, (212, 188, 128))
    turned = book.rotate(-7, resample=Image.Resampling.BICUBIC)
    cast = Image.new("L", (SIDE, SIDE), 0)
    cast.paste(turned.getchannel("A").point(lambda level: int(level * 0.42)), (26, 40))
    image.paste((34, 34, 44), mask=cast.filter(ImageFilter.GaussianBlur(26)))
    image.paste(turned, mask=turned.getchannel("A"))
    return image


def clock() -> Image.Image:
    """A wall clock with a beech rim."""
    image, x, y = backdrop((244, 246, 248), (231, 234, 238)), 0.5, 0.49
    cast = ellipse(x + 0.018, y + 0.032, 0.72, 0.72).point(lambda level: int(level * 0.4))
    image.paste((40, 40, 50), mask=cast.filter(ImageFilter.GaussianBlur(36)))
    wood = gradient((222, 182, 136), (186, 142, 96))
    grain(wood, Image.new("L", wood.size, 255), amount=0.05, seed=9, stretch=(80, 4))
    image.paste(wood, mask=ellipse(x, y, 0.72, 0.72))
    image.paste((150, 110, 72), mask=ellipse(x, y, 0.632, 0.632))
    image.paste(gradient((232, 232, 230), (252, 251, 248)), mask=ellipse(x + 0.001, y + 0.002, 0.616, 0.616))
    rim = ellipse(x, y, 0.616, 0.616)
    inner = ellipse(x + 0.008, y + 0.014, 0.616, 0.616)
    arc = Image.composite(Image.new("L", image.size, 0), rim, inner).point(lambda level: int(level * 0.30))
    image.paste((60, 52, 46), mask=arc.filter(ImageFilter.GaussianBlur(9)))
    for hour in range(12):
        long = 0.045 if hour % 3 == 0 else 0.026
        hand(image, x, y, hour * 30, 0.282, 0.282 - long, 0.011 if hour % 3 == 0 else 0.007, (44, 48, 56))
    for angle, length, width, colour in (
        (305, 0.165, 0.016, (44, 48, 56)),
        (52, 0.235, 0.011, (44, 48, 56)),
        (180, 0.25, 0.004, (196, 90, 60)),
    ):
        hand(image, x, y, angle, length, -0.045, width, colour)
    image.paste((196, 90, 60), mask=ellipse(x, y, 0.032, 0.032))
    image.paste((250, 248, 244), mask=ellipse(x, y, 0.012, 0.012))
    return image


def hand(
    image: Image.Image, x: float, y: float, angle: float, far: float, near: float, width: float, colour: RGB
) -> None:
    """A bar on the dial from *near* to *far* along *angle* (degrees from twelve)."""
    turn = np.radians(angle)
    along, across = (np.sin(turn), -np.cos(turn)), (np.cos(turn), np.sin(turn))
    corners = [(near, -1), (far, -1), (far, 1), (near, 1)]
    image.paste(
        colour,
        mask=polygon(
            [
                (x + d * along[0] + s * width / 2 * across[0], y + d * along[1] + s * width / 2 * across[1])
                for d, s in corners
            ]
        ),
    )


def mark(image: Image.Image, x: float, y: float, size: float, colour: RGB) -> None:
    """The shop's mark, a fern leaf, printed in one *colour*."""
    mask = leaf(round(size * 2 * SIDE))
    sheet = Image.new("RGBA" if image.mode == "RGBA" else "RGB", mask.size, colour)
    image.paste(sheet, (round(x * SIDE) - mask.width // 2, round(y * SIDE) - mask.height // 2), mask)


def leaf(side: int) -> Image.Image:
    """A mask: a stem with six pairs of leaflets that shrink towards its tip."""
    large = Image.new("L", (side * 4, side * 4), 0)
    draw = ImageDraw.Draw(large)
    unit = side * 4
    draw.line((0.5 * unit, 0.96 * unit, 0.5 * unit, 0.10 * unit), fill=255, width=max(2, round(0.030 * unit)))
    for number in range(6):
        y, length = 0.80 - 0.122 * number, 0.44 * (1 - number / 6.8)
        for side_of_stem in (-1, 1):
            tip = (0.5 + side_of_stem * length, y - 0.62 * length)
            draw.polygon([(px * unit, py * unit) for px, py in leaflet((0.5, y), tip, 0.105)], fill=255)
    return large.resize((side, side), Image.Resampling.LANCZOS)


def leaflet(root: tuple[float, float], tip: tuple[float, float], plump: float) -> list[tuple[float, float]]:
    """A pointed oval from *root* to *tip*."""
    t = np.linspace(0, np.pi, 40)
    along = np.array(tip) - np.array(root)
    normal = np.array([-along[1], along[0]])
    upper = [tuple(np.array(root) + along * (1 - np.cos(a)) / 2 + normal * plump * np.sin(a)) for a in t]
    lower = [tuple(np.array(root) + along * (1 - np.cos(a)) / 2 - normal * plump * np.sin(a)) for a in t[::-1]]
    return [*upper, *lower]


def logo() -> Image.Image:
    """Mark and name, on nothing."""
    green, height = (31, 77, 63), 240
    font = ImageFont.truetype(str(files("fontpkg_archivo") / "files" / "Archivo[wdth,wght].ttf"), 150)
    font.set_variation_by_axes([760.0, 108.0])
    width = round(font.getlength("Fernhill")) + 250
    image = Image.new("RGBA", (width, height), (*green, 0))
    image.paste((*green, 255), (0, 12), leaf(216))
    sheet = Image.new("L", image.size, 0)
    ImageDraw.Draw(sheet).text((226, 172), "Fernhill", fill=255, font=font, anchor="ls")
    image.paste((*green, 255), mask=sheet)
    return image.crop(image.getchannel("A").getbbox())


PICTURES = {
    "bottle.jpg": bottle,
    "mug.jpg": mug,
    "lamp.jpg": lamp,
    "candle.jpg": candle,
    "notebook.jpg": notebook,
    "clock.jpg": clock,
}


def main() -> None:
    """Write every picture, and the logo."""
    (HERE / "images").mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        half = draw().resize((SIDE // 2, SIDE // 2), Image.Resampling.LANCZOS)
        half.save(HERE / "images" / name, quality=90, subsampling="4:4:4", optimize=True)
    logo().save(HERE / "logo.png", optimize=True)


if __name__ == "__main__":
    main()
