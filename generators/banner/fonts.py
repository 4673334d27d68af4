"""The typefaces: Archivo to be seen, Inter to be read.  Both come from packages under the Open Font License."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from fontTools.ttLib import TTFont
from PIL import ImageFont

_FILES = {
    "Archivo": ("fontpkg_archivo", "Archivo[wdth,wght].ttf"),
    "Inter": ("fontpkg_inter", "Inter[opsz,wght].ttf"),
}
FAMILIES = tuple(_FILES)


@dataclass(frozen=True)
class Style:
    """A cut of a family: *weight* 100..900; *width* 62..125, where the family has it."""

    family: str
    weight: int
    width: int = 100


@lru_cache(maxsize=1024)
def font(style: Style, size: float) -> ImageFont.FreeTypeFont:
    """*style* at *size* pixels."""
    face = ImageFont.truetype(_path(style.family), size, layout_engine=ImageFont.Layout.RAQM)
    axes = [style.weight, style.width] if style.family == "Archivo" else [min(32.0, max(14.0, size)), style.weight]
    face.set_variation_by_axes([float(value) for value in axes])
    return face


@lru_cache(maxsize=16384)
def advance(text: str, style: Style, size: float) -> float:
    """How far *text* runs, in pixels, with `word_space` between its words."""
    words = text.split()
    return sum(float(font(style, size).getlength(word)) for word in words) + (len(words) - 1) * word_space(style, size)


@lru_cache(maxsize=1024)
def word_space(style: Style, size: float) -> float:
    """The space between words: at least a quarter of the size, because Archivo's own closes up when set small."""
    return max(0.25 * size, float(font(style, size).getlength(" ")))


@lru_cache(maxsize=1024)
def cap_height(style: Style, size: float) -> float:
    """Height of a capital above the baseline, in pixels: what the eye takes as the height of a line."""
    return float(-font(style, size).getbbox("H", anchor="ls")[1])


def missing(text: str, family: str) -> str:
    """The characters of *text* that *family* cannot show, in order of appearance."""
    known = _characters(family)
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and ord(c) not in known))


@lru_cache(maxsize=8)
def _characters(family: str) -> frozenset[int]:
    with TTFont(_path(family), lazy=True) as face:
        return frozenset(face.getBestCmap())


@lru_cache(maxsize=8)
def _path(family: str) -> str:
    package, name = _FILES[family]
    return str(files(package) / "files" / name)
