"""The evaluator sees what is wrong, and the encoder keeps its limits."""

from dataclasses import replace
from io import BytesIO
from itertools import islice

import numpy as np
import pytest
from PIL import Image

from adloom.channels import Slot, parse_target
from generators.banner.content import Content
from generators.banner.encode import SOURCE_TYPE, FileTooLarge, encode
from generators.banner.evaluate import judge, misplaced
from generators.banner.geometry import Box
from generators.banner.layout import Layout
from generators.banner.paint import paint
from generators.banner.palette import schemes
from generators.banner.photo import Photo, open_photo, study
from generators.banner.plan import propose
from generators.banner.scene import Scene
from tests.generators.banner_requests import plain_photo

SLOT = parse_target("iab_fixed:300x250")[1][0]
CONTENT = Content("Leather Boots", price="$109.99", cta="Shop now", brand="Daybird")


@pytest.fixture(scope="module")
def photo() -> Photo:
    return study(open_photo(plain_photo()))


@pytest.fixture
def layout(photo: Photo) -> Layout:
    """A faultless one."""
    proposals = propose(Scene(SLOT, CONTENT, photo), schemes(None, (31, 77, 63)), np.random.default_rng(1))
    return next(found for found in proposals if not judge(found, paint(found, photo, None), None).faults)


def faults(layout: Layout, photo: Photo) -> tuple[str, ...]:
    return judge(layout, paint(layout, photo, None), None).faults


def test_text_like_its_ground_is_seen(layout: Layout, photo: Photo) -> None:
    pale = tuple(replace(run, colour=layout.scheme.ground) for run in layout.runs)
    assert "contrast" in faults(replace(layout, runs=pale), photo)


def test_contrast_is_measured_on_the_pixels_not_on_the_scheme(layout: Layout, photo: Photo) -> None:
    x, y = layout.picture.room.centre if layout.picture else (0, 0)
    moved = tuple(run.moved(x - run.x, y - run.baseline) for run in layout.runs if run.role == "headline")
    assert "contrast" in faults(replace(layout, runs=tuple(replace(run, colour=(125, 35, 35)) for run in moved)), photo)


def test_text_outside_the_safe_area_is_seen(layout: Layout, photo: Photo) -> None:
    off = replace(layout, runs=tuple(run.moved(-40, 0) for run in layout.runs))
    assert misplaced(off)
    assert "overflow" in faults(off, photo)


def test_text_on_text_is_seen(layout: Layout, photo: Photo) -> None:
    headline = next(run for run in layout.runs if run.role == "headline")
    price = next(run for run in layout.runs if run.role == "price")
    onto = price.moved(headline.x - price.x, headline.baseline - price.baseline)
    both = replace(layout, runs=(*layout.runs, replace(onto, role="old_price")))
    assert misplaced(both)
    assert "overlap" in faults(both, photo)


def test_text_on_the_product_is_seen(layout: Layout, photo: Photo) -> None:
    assert layout.picture is not None
    x, y = layout.picture.room.centre
    plate = next(plate for plate in layout.plates if plate.role == "cta_plate")
    over = replace(plate, role="sticker_plate").moved(x - plate.box.centre[0], y - plate.box.centre[1])
    assert "hidden" in faults(replace(layout, plates=(*layout.plates, over)), photo)


def test_a_product_beyond_the_edge_is_seen(layout: Layout, photo: Photo) -> None:
    assert layout.picture is not None
    gone = replace(layout.picture, room=layout.picture.room.moved(400, 0))
    assert "outside" in faults(replace(layout, picture=gone), photo)


def test_a_logo_like_its_ground_is_seen(layout: Layout, photo: Photo) -> None:
    logo = Image.new("RGBA", (80, 20), (*layout.scheme.ground, 255))
    with_logo = replace(layout, logo=Box(16, 16, 96, 36), runs=tuple(r for r in layout.runs if r.role != "brand"))
    assert "logo_contrast" in judge(with_logo, paint(with_logo, photo, logo), logo).faults


def test_a_storys_words_stand_where_no_interface_covers_them(photo: Photo) -> None:
    story = parse_target("meta_story_reels:vertical")[1][0]
    zone = story.safe_zone
    proposals = propose(Scene(story, CONTENT, photo), schemes(None, (31, 77, 63)), np.random.default_rng(1))
    for found in islice(proposals, 4):
        boxes = [*(run.box for run in found.runs), *(plate.box for plate in found.plates)]
        assert min(box.top for box in boxes) >= 0.14 * 1920 == zone.top * story.height_px
        assert max(box.bottom for box in boxes) <= 0.65 * 1920
        assert min(box.left for box in boxes) >= 0.06 * 1080


def test_a_dark_logo_gets_a_plate_on_a_dark_ground(photo: Photo) -> None:
    logo = Image.new("RGBA", (400, 100), (20, 60, 50, 255))
    content = replace(CONTENT, logo=logo, logo_colour=(20, 60, 50))
    for scheme in schemes(None, (31, 77, 63)):
        found = next(propose(Scene(SLOT, content, photo), (scheme,), np.random.default_rng(1)))
        assert any(plate.role == "logo_plate" for plate in found.plates) is not scheme.light
        assert "logo_contrast" not in judge(found, paint(found, photo, logo), logo).faults


def noise(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(3).integers(0, 255, (height, width, 3), dtype=np.uint8))


def slot(max_bytes: int, *formats: str, size: tuple[int, int] = (300, 250)) -> Slot:
    return Slot(name="s", width_px=size[0], height_px=size[1], max_bytes=max_bytes, formats=formats)


def test_quality_falls_until_the_file_fits() -> None:
    free, tight = encode(noise(300, 250), slot(10**6, "jpg")), encode(noise(300, 250), slot(80_000, "jpg"))
    assert len(tight.data) <= 80_000 < len(free.data)
    assert tight.quality < free.quality


def test_what_cannot_fit_is_an_error_not_a_smear() -> None:
    with pytest.raises(FileTooLarge):
        encode(noise(300, 250), slot(9_000, "jpg", "png"))


@pytest.mark.parametrize("name", ["jpg", "png"])
def test_both_formats_carry_the_label(name: str) -> None:
    data = encode(Image.new("RGB", (300, 250), "teal"), slot(10**6, name)).data
    assert SOURCE_TYPE.encode() in data
    assert Image.open(BytesIO(data)).format == {"jpg": "JPEG", "png": "PNG"}[name]


def test_flat_colours_become_the_smaller_file() -> None:
    assert encode(Image.new("RGB", (300, 250), "teal"), slot(10**6, "jpg", "png")).media_type == "image/png"
