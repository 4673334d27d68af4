"""``banner.compose``: one product, one brand, one slot: a finished creative."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import PIL
from PIL import Image

from adloom.channels import Slot, parse_target
from adloom.core.drafts import Draft, Drafts, Failure, Outcome, Source
from adloom.core.errors import BadImage, UnknownChannel
from adloom.core.specs import BannerSpec
from generators.banner.content import contents
from generators.banner.encode import Encoded, FileTooLarge, encode
from generators.banner.evaluate import Verdict, judge, misplaced
from generators.banner.fonts import FAMILIES, missing
from generators.banner.layout import Layout
from generators.banner.paint import Painting, paint
from generators.banner.palette import primary_colour, schemes
from generators.banner.photo import Photo, open_photo, study
from generators.banner.plan import propose
from generators.banner.scene import Scene
from generators.base import Request, Step
from generators.registry import GeneratorSettings

MAX_PROPOSALS = 5  #: drawn, measured and found good; the best wins
MAX_SHARP = 2.0  #: times its own size: beyond it, a photo looks soft
VARIETY = 0.10  #: how far chance may lift a proposal's score: near equals take turns from product to product


class Unmakeable(Exception):
    """This request cannot become a creative; *code* and message go to its owner."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Proposal:
    """A layout, drawn and judged."""

    layout: Layout
    painting: Painting
    verdict: Verdict


class BannerCompose:
    """Plans several layouts, draws them, measures them, and keeps the best."""

    def __init__(self, settings: GeneratorSettings | None = None) -> None:
        self._settings = settings  # nothing in them concerns the composer: it needs no weights and no device

    def load(self, weights: str, device: str) -> None:
        """Nothing to load: fonts are read when they are first used."""

    def generate(self, requests: Sequence[Request[Any]], *, step: Step) -> Iterator[Outcome]:
        """Yield one creative, or why there is none, per request."""
        for request in requests:
            if request.id in step():
                continue
            try:
                yield _compose(request)
            except Unmakeable as problem:
                yield Failure(request.id, problem.code, str(problem))


def _compose(request: Request[BannerSpec]) -> Drafts:
    spec = request.spec
    slot = _slot(spec)
    photo = _photo(request)
    logo = _logo(request)
    random = request.stream()
    primary = primary_colour(
        spec.brand,
        photo.image if photo else None,
        photo.matte if photo else None,
        key=spec.product.brand or spec.product.id,
    )
    best, count = _best(request, slot, photo, logo, random=random, palette=schemes(spec.brand, primary))
    try:
        encoded = encode(best.painting.image, slot)
    except FileTooLarge as problem:
        raise Unmakeable("file_too_large", f"{problem} ({slot.max_bytes or 0:,} bytes)") from None
    return _drafts(request, slot, best, encoded, _more(photo, best, count))


def _best(
    request: Request[BannerSpec],
    slot: Slot,
    photo: Photo | None,
    logo: Image.Image | None,
    *,
    random: np.random.Generator,
    palette: Any,
) -> tuple[Proposal, int]:
    """The first headline that some layout holds, in the layout that measures best."""
    candidates = list(contents(request, logo=logo))
    if not candidates:
        raise Unmakeable("texts_missing", "Give the creative a creative_headline, or let it depend on a copy item.")
    unshowable = ""
    for content in candidates:
        unshowable = missing("".join(content.texts().values()), "Inter")
        if unshowable:
            continue
        proposals = _proposals(Scene(slot, content, photo), palette, random)
        if proposals:
            return max(proposals, key=lambda proposal: proposal.verdict.score), len(proposals)
    if unshowable:
        raise Unmakeable("glyphs_missing", f"The creative's fonts cannot show: {unshowable[:40]}")
    raise Unmakeable(
        "text_does_not_fit",
        f"No layout of {slot.width_px} x {slot.height_px} holds these texts at a readable size: "
        f"{'; '.join(candidates[0].texts())[:120]}. Shorten them or choose a larger slot.",
    )


def _proposals(scene: Scene, palette: Any, random: np.random.Generator) -> list[Proposal]:
    good: list[Proposal] = []
    for layout in propose(scene, palette, random):
        if len(good) == MAX_PROPOSALS:
            break
        if misplaced(layout):
            continue
        painting = paint(layout, scene.photo, scene.content.logo)
        verdict = judge(layout, painting, scene.content.logo)
        luck = VARIETY * float(random.random())
        if not verdict.faults:
            good.append(Proposal(layout, painting, Verdict(verdict.measures, (), verdict.score + luck)))
    return good


def _slot(spec: BannerSpec) -> Slot:
    try:
        return parse_target(f"{spec.channel}:{spec.slot}")[1][0]
    except UnknownChannel as problem:
        raise Unmakeable("unknown_channel", str(problem)[:300]) from None


def _photo(request: Request[BannerSpec]) -> Photo | None:
    spec = request.spec
    if not spec.photo:
        return None
    try:
        return _studied(request.files[spec.photo])
    except BadImage as problem:
        raise Unmakeable(
            "image_corrupt",
            f"The photo of {spec.product.title[:80]!r} ({spec.product.id}) cannot be used: {problem}. "
            "Upload it again as a JPEG, PNG or WebP.",
        ) from None


@lru_cache(maxsize=8)
def _studied(data: bytes) -> Photo:
    """Remembered: the slots of one product stand next to each other in the queue."""
    return study(open_photo(data))


def _logo(request: Request[BannerSpec]) -> Image.Image | None:
    brand = request.spec.brand
    if brand is None or not brand.logo:
        return None
    try:
        logo = open_photo(request.files[brand.logo])
    except BadImage as problem:
        raise Unmakeable(
            "image_corrupt", f"The logo of {brand.name[:80]!r} cannot be used: {problem}. Upload it again as a PNG."
        ) from None
    box = logo.getchannel("A").getbbox() if logo.mode == "RGBA" else None
    return logo.crop(box) if box else logo


def _more(photo: Photo | None, best: Proposal, proposals: int) -> dict[str, Any]:
    if photo is None or best.painting.extent is None:
        return {"proposals": proposals, "photo": {}, "enlarged": 0.0}
    enlarged = best.painting.extent.width / (photo.focus[2] - photo.focus[0])
    return {"proposals": proposals, "photo": photo.measured, "enlarged": round(enlarged, 2)}


def _drafts(
    request: Request[BannerSpec],
    slot: Slot,
    best: Proposal,
    encoded: Encoded,
    more: Mapping[str, Any],
) -> Drafts:
    picture = best.layout.picture
    details = {
        "width": slot.width_px,
        "height": slot.height_px,
        "layout": best.layout.name,
        "treatment": picture.treatment.value if picture is not None else "none",
        "texts": {run.role: _said(best.layout, run.role) for run in best.layout.runs},
        "quality": encoded.quality,
        **best.verdict.measures,
        **more,
    }
    draft = Draft(
        field=slot.name,
        source=Source.COMPOSED,
        data=encoded.data,
        media_type=encoded.media_type,
        score=round(best.verdict.score, 4),
        details=details,
    )
    notes = tuple(_notes(request.spec, best, more["enlarged"]))
    return Drafts(request.id, (draft,), notes, {"pillow": PIL.__version__})


def _notes(spec: BannerSpec, best: Proposal, enlarged: float) -> Iterator[str]:
    """What would make this creative better."""
    if enlarged > MAX_SHARP:
        yield f"A larger photo would be sharper: this one is shown at {enlarged:.1f} times its size."
    wanted = spec.brand.font if spec.brand is not None else ""
    if wanted and wanted.casefold() not in (family.casefold() for family in FAMILIES):
        yield f"The composer has no font {wanted[:40]!r}; it has {' and '.join(FAMILIES)}."
    if not any(run.role == "cta" for run in best.layout.runs):
        yield "Give the brief a call_to_action: this creative has no button."


def _said(layout: Layout, role: str) -> str:
    return " ".join(run.text for run in layout.runs if run.role == role)
