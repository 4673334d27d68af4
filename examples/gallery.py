"""``make gallery``: the README's picture, from the demo's banners."""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs/images/banners.jpg"
GAP = 24
WALL = (238, 240, 238)
ROWS = (  # each row: banners by the end of their names, in the order of their products' names
    ("_meta_feed_square", (0, 2, 5), 420),
    ("_iab_fixed_300x250", (1, 3, 4, 5), 258),
    ("_iab_fixed_728x90", (0, 2), 80),
)


def main(folder: Path) -> None:
    """Hang the banners of *folder* and save the picture."""
    rows = [_row(folder, ending, picks, height) for ending, picks, height in ROWS]
    width = max(row.width for row in rows)
    wall = Image.new("RGB", (width + 2 * GAP, sum(row.height + GAP for row in rows) + GAP), WALL)
    top = GAP
    for row in rows:
        wall.paste(row, ((wall.width - row.width) // 2, top))
        top += row.height + GAP
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    wall.save(PICTURE, quality=88, optimize=True)


def _row(folder: Path, ending: str, picks: tuple[int, ...], height: int) -> Image.Image:
    found = sorted(path for path in folder.iterdir() if path.stem.endswith(ending))
    if not found:
        sys.exit(f"{folder} has no banners {ending}: run make demo first.")
    pictures = [Image.open(found[pick]).convert("RGB") for pick in picks]
    scaled = [picture.resize((round(picture.width * height / picture.height), height)) for picture in pictures]
    row = Image.new("RGB", (sum(picture.width + GAP for picture in scaled) - GAP, height), WALL)
    left = 0
    for picture in scaled:
        row.paste(picture, (left, 0))
        left += picture.width + GAP
    return row


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out/demo/banners")
