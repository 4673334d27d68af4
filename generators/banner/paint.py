"""The composer: draws a layout.  Forms are drawn large and scaled down; type at its own size, for sharp stems."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from generators.banner.fonts import advance, font, word_space
from generators.banner.geometry import Box
from generators.banner.layout import Form, Layout, Picture, Plate, Run, Treatment
from generators.banner.palette import RGB
from generators.banner.photo import Photo

SMOOTH = 4  #: forms are drawn this many times larger, then scaled down
MAX_ENLARGEMENT = 2.6  #: a photo is not blown up beyond this
FADE_SHARE = 0.30  #: of the panel, where a photo runs out into the ground


@dataclass(frozen=True)
class Painting:
    """The finished *image*; *under*: the same before any type; *product*: its coverage (mode L); *extent*: its box."""

    image: Image.Image
    under: Image.Image
    product: Image.Image
    extent: Box | None


def paint(layout: Layout, photo: Photo | None, logo: Image.Image | None) -> Painting:
    """Draw *layout*: ground, forms, product, plates, then type and logo."""
    image = _ground(layout)
    for form in layout.forms:
        if form.kind == "panel":
            image.paste(form.fill, form.box.pixels())
        else:
            image.paste(form.fill, mask=_form_mask(form, layout.size))
    product, extent = Image.new("L", layout.size, 0), None
    if layout.picture is not None and photo is not None:
        product, extent = _draw_product(image, layout, layout.picture, photo)
    for plate in layout.plates:
        _draw_plate(image, plate)
    under = image.copy()
    draw = ImageDraw.Draw(image)
    for run in layout.runs:
        _draw_run(draw, run)
    if layout.logo is not None and logo is not None:
        _draw_logo(image, layout.logo, logo)
    return Painting(image, under, product, extent)


def _ground(layout: Layout) -> Image.Image:
    """A quiet diagonal gradient."""
    width, height = layout.size
    x, y = (
        np.linspace(0, 0.35, width, dtype=np.float32)[None, :],
        np.linspace(0, 0.65, height, dtype=np.float32)[:, None],
    )
    channels = []
    for start, end in zip(layout.scheme.ground, layout.scheme.ground_end, strict=True):
        channels.append(Image.fromarray(((start + 0.5 + (end - start) * y) + (end - start) * x).astype(np.uint8)))
    return Image.merge("RGB", channels)


def _form_mask(form: Form, size: tuple[int, int]) -> Image.Image:
    left, top, right, bottom = Box(0, 0, *size).pixels()
    box = form.box
    x0, y0 = max(left, int(box.left) - 1), max(top, int(box.top) - 1)
    x1, y1 = min(right, int(box.right) + 2), min(bottom, int(box.bottom) + 2)
    mask = Image.new("L", size, 0)
    if x1 <= x0 or y1 <= y0:
        return mask
    large = Image.new("L", ((x1 - x0) * SMOOTH, (y1 - y0) * SMOOTH), 0)
    edges = [(v - o) * SMOOTH for v, o in ((box.left, x0), (box.top, y0), (box.right, x0), (box.bottom, y0))]
    _fill_form(ImageDraw.Draw(large), form.kind, (edges[0], edges[1], edges[2], edges[3]))
    mask.paste(large.resize((x1 - x0, y1 - y0), Image.Resampling.BOX), (x0, y0))
    return mask


def _fill_form(draw: ImageDraw.ImageDraw, kind: str, edges: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = edges
    width = right - left
    if kind == "circle":
        draw.ellipse(edges, fill=255)
    elif kind == "arch":
        draw.rounded_rectangle(edges, radius=width / 2, fill=255, corners=(True, True, False, False))
    else:
        draw.rounded_rectangle(edges, radius=0.07 * min(width, bottom - top), fill=255)


def _draw_product(image: Image.Image, layout: Layout, picture: Picture, photo: Photo) -> tuple[Image.Image, Box]:
    if picture.treatment in (Treatment.PANEL, Treatment.FADE):
        return _draw_panel(image, picture, photo)
    return _draw_free(image, picture, photo)


def _draw_free(image: Image.Image, picture: Picture, photo: Photo) -> tuple[Image.Image, Box]:
    """The product without its backdrop, as large as its room allows."""
    left, top, right, bottom = photo.focus
    scale = min(picture.room.width / (right - left), picture.room.height / (bottom - top), MAX_ENLARGEMENT)
    size = (max(1, round(photo.image.width * scale)), max(1, round(photo.image.height * scale)))
    x = round(picture.room.centre[0] - (left + right) / 2 * scale)
    y = round(picture.room.centre[1] - (top + bottom) / 2 * scale)
    extent = Box(x + left * scale, y + top * scale, x + right * scale, y + bottom * scale)
    if picture.treatment is Treatment.STUDIO and photo.shade is not None:
        shade = _scaled(photo.shade, size)
        _multiply(image, shade, (x, y), within=picture.panel)
        if photo.matte is None:
            assert photo.body is not None  # comes with every shade
            image.paste(shade.point(lambda level: round(level * 0.985)), (x, y), _scaled_mask(photo.body, size))
            dark = shade.convert("L").point(lambda level: 255 if level < 140 else 0)
            return _on_canvas(dark, image.size, (x, y)), extent
    assert photo.matte is not None  # the planner chooses a cut-out only where there is a matte
    matte = _scaled_mask(photo.matte, size)
    if picture.treatment is Treatment.CUTOUT:
        _contact_shadow(image, extent)
    image.paste(_scaled(photo.image, size), (x, y), matte)
    return _on_canvas(matte, image.size, (x, y)), extent


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if size == image.size:
        return image
    if size[0] <= 1.25 * image.width:
        return image.resize(size, Image.Resampling.LANCZOS)
    crisp = image.filter(ImageFilter.UnsharpMask(radius=1.0, percent=60, threshold=2))  # before: there are fewer pixels
    return crisp.resize(size, Image.Resampling.BICUBIC)


def _scaled_mask(mask: Image.Image, size: tuple[int, int]) -> Image.Image:
    return mask if size == mask.size else mask.resize(size, Image.Resampling.BICUBIC)


def _multiply(image: Image.Image, shade: Image.Image, at: tuple[int, int], *, within: Box) -> None:
    """Bring product and shadow onto a light ground; a shadow ends where its panel does."""
    left, top, right, bottom = within.pixels()
    left, top = max(left, at[0], 0), max(top, at[1], 0)
    right, bottom = min(right, at[0] + shade.width, image.width), min(bottom, at[1] + shade.height, image.height)
    if right <= left or bottom <= top:
        return
    part = shade.crop((left - at[0], top - at[1], right - at[0], bottom - at[1]))
    image.paste(ImageChops.multiply(image.crop((left, top, right, bottom)), part), (left, top))


def _on_canvas(mask: Image.Image, size: tuple[int, int], at: tuple[int, int]) -> Image.Image:
    sheet = Image.new("L", size, 0)
    sheet.paste(mask, at)
    return sheet


def _contact_shadow(image: Image.Image, extent: Box) -> None:
    """A soft ellipse where the product meets the ground: without it a cut-out floats."""
    height = max(4.0, 0.075 * min(extent.width, extent.height))
    mask = Image.new("L", image.size, 0)
    box = Box(
        extent.left + 0.06 * extent.width,
        extent.bottom - 1.1 * height,
        extent.right - 0.06 * extent.width,
        extent.bottom + 0.5 * height,
    )
    ImageDraw.Draw(mask).ellipse((box.left, box.top, box.right, box.bottom), fill=120)
    image.paste((0, 0, 0), mask=mask.filter(ImageFilter.GaussianBlur(height * 0.6)))


def _draw_panel(image: Image.Image, picture: Picture, photo: Photo) -> tuple[Image.Image, Box]:
    """The photo as it is, filling its panel; a plain backdrop is continued where the photo ends."""
    panel = Box(*picture.panel.pixels())
    scale, x, y = _window(picture, panel, photo)
    size = (round(panel.width), round(panel.height))
    filled = _fill_panel(photo, scale, (x - panel.left, y - panel.top), size)
    mask = _fade_mask(size, picture.fade) if picture.treatment is Treatment.FADE else None
    image.paste(filled, (round(panel.left), round(panel.top)), mask)
    left, top, right, bottom = (v * scale for v in photo.focus)
    extent = Box(x + left, y + top, x + right, y + bottom)
    product = Image.new("L", image.size, 0)
    ImageDraw.Draw(product).rectangle(extent.pixels(), fill=255)
    return product, extent


def _window(picture: Picture, panel: Box, photo: Photo) -> tuple[float, float, float]:
    """Scale of the photo and where its corner goes, so that the product fills its room and the photo its panel."""
    left, top, right, bottom = photo.focus
    room = picture.room
    fit = min(room.width / (right - left), room.height / (bottom - top)) * 0.98
    cover = max(panel.width / photo.image.width, panel.height / photo.image.height)
    scale = min(fit, MAX_ENLARGEMENT) if photo.plain else max(cover, min(fit, cover * 1.15))
    x, y = room.centre[0] - (left + right) / 2 * scale, room.centre[1] - (top + bottom) / 2 * scale
    if photo.image.width * scale >= panel.width - 0.5:
        x = min(panel.left, max(panel.right - photo.image.width * scale, x))
    if photo.image.height * scale >= panel.height - 0.5:
        y = min(panel.top, max(panel.bottom - photo.image.height * scale, y))
    return scale, x, y


def _fill_panel(photo: Photo, scale: float, at: tuple[float, float], size: tuple[int, int]) -> Image.Image:
    scaled = _scaled(photo.image, (max(1, round(photo.image.width * scale)), max(1, round(photo.image.height * scale))))
    x, y = round(at[0]), round(at[1])
    pads = [max(0, x), max(0, y), max(0, size[0] - x - scaled.width), max(0, size[1] - y - scaled.height)]
    window = (max(0, -x), max(0, -y), min(scaled.width, size[0] - x), min(scaled.height, size[1] - y))
    kept = np.asarray(scaled.crop(window))
    if not any(pads):
        return Image.fromarray(kept)
    full = Image.fromarray(np.pad(kept, ((pads[1], pads[3]), (pads[0], pads[2]), (0, 0)), mode="edge"))
    soft = full.filter(ImageFilter.GaussianBlur(max(6.0, max(pads) / 5)))
    inner = Image.new("L", full.size, 0)
    feather = max(4, round(0.03 * min(kept.shape[:2])))
    edges = [pads[0] + feather * (pads[0] > 0), pads[1] + feather * (pads[1] > 0)]
    edges += [full.width - pads[2] - feather * (pads[2] > 0), full.height - pads[3] - feather * (pads[3] > 0)]
    ImageDraw.Draw(inner).rectangle((edges[0], edges[1], edges[2], edges[3]), fill=255)
    soft.paste(full, mask=inner.filter(ImageFilter.GaussianBlur(feather / 2)))
    return soft


def _fade_mask(size: tuple[int, int], side: str) -> Image.Image:
    along = size[0] if side in ("left", "right") else size[1]
    ramp = np.clip(np.arange(along) / max(1.0, FADE_SHARE * along), 0, 1)
    ramp = ramp * ramp * (3 - 2 * ramp)
    if side in ("right", "bottom"):
        ramp = ramp[::-1]
    sheet = np.tile(ramp[None, :], (size[1], 1)) if side in ("left", "right") else np.tile(ramp[:, None], (1, size[0]))
    return Image.fromarray((sheet * 255).astype(np.uint8))


def _draw_plate(image: Image.Image, plate: Plate) -> None:
    left, top, right, bottom = plate.box.pixels()
    size = (right - left, bottom - top)
    mask = Image.new("L", (size[0] * SMOOTH, size[1] * SMOOTH), 0)
    radius = min(plate.radius, min(size) / 2) * SMOOTH
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius=radius, fill=255)
    image.paste(plate.fill, (left, top), mask.resize(size, Image.Resampling.BOX))


def _draw_run(draw: ImageDraw.ImageDraw, run: Run) -> None:
    x, baseline = round(run.x), round(run.baseline)
    start = float(x)
    for word in run.text.split():
        draw.text((round(start), baseline), word, fill=run.colour, font=font(run.style, run.size), anchor="ls")
        start += advance(word, run.style, run.size) + word_space(run.style, run.size)
    if run.struck:
        middle = baseline - run.box.height * 0.48
        thick = max(1, round(run.size * 0.075))
        draw.rectangle((x - 1, round(middle), round(run.box.right) + 1, round(middle) + thick - 1), fill=run.colour)


def _draw_logo(image: Image.Image, box: Box, logo: Image.Image) -> None:
    left, top, right, bottom = box.pixels()
    scaled = logo.resize((max(1, right - left), max(1, bottom - top)), Image.Resampling.LANCZOS)
    image.paste(scaled, (left, top), scaled.getchannel("A") if scaled.mode == "RGBA" else None)


__all__ = ["RGB", "Painting", "paint"]
