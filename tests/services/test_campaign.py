"""A campaign becomes items."""

import pytest

from adloom.core.brand import Brand
from adloom.core.brief import Audience, Brief
from adloom.core.errors import Invalid
from adloom.core.kinds import BUILT_IN
from adloom.core.products import Product
from adloom.core.specs import BannerSpec, CopySpec
from services.campaign import Campaign, count_items, expand, read_targets
from services.feeds import NO_PHOTOS, Photos
from services.specs import Rules
from services.submit import ItemRequest

KINDS = {kind.name: kind for kind in BUILT_IN}
RULES = Rules(KINDS, "ada", 100, lambda kind, name: name or "tiny@1")
BOOTS = Product(id="1", title="Boots", image="images/1.png", language="de")
ROPE = Product(id="2", title="Rope")
PLAIN = Brief()


def items(
    channels: list[str], *products: Product, brief: Brief = PLAIN, photos: Photos = NO_PHOTOS
) -> list[ItemRequest]:
    targets = read_targets(channels)
    return expand(Campaign(products, targets, brief, Brand(name="B"), "copy.lm", photos=photos), RULES)


def test_creatives_wait_for_the_copy_of_their_own_product_and_channel() -> None:
    requests = items(["google_rsa", "iab_fixed:300x250", "iab_fixed:728x90"], BOOTS, ROPE)
    assert [(request.custom_id, request.depends_on) for request in requests] == [
        ("1/google_rsa", ()),
        ("1/iab_fixed", ()),
        ("1/iab_fixed:300x250", (1,)),
        ("1/iab_fixed:728x90", (1,)),
        ("2/google_rsa", ()),
        ("2/iab_fixed", ()),
        ("2/iab_fixed:300x250", (5,)),
        ("2/iab_fixed:728x90", (5,)),
    ]


def test_a_channels_smallest_button_does_not_limit_its_largest_billboard() -> None:
    requests = items(["iab_fixed"], BOOTS)
    copies = [request.spec for request in requests if isinstance(request.spec, CopySpec)]
    with_small = next(spec for spec in copies if "120x60" in spec.slots)

    assert with_small.slots == ("120x60",)
    assert len({request.custom_id for request in requests}) == len(requests)
    assert sum(len(spec.slots) for spec in copies) == 12


def test_slots_named_one_by_one_share_one_copy_whose_limits_fit_them_all() -> None:
    requests = items(["iab_fixed:300x250", "google_rsa", "iab_fixed:728x90", "iab_fixed:300x250"], BOOTS)
    copies = [request.spec for request in requests if isinstance(request.spec, CopySpec)]
    assert [(spec.channel, spec.slots) for spec in copies] == [("iab_fixed", ("300x250", "728x90")), ("google_rsa", ())]


def test_a_channel_without_a_slot_means_all_of_its_slots() -> None:
    requests = items(["iab_fixed"], BOOTS)
    assert len(requests) == count_items(1, read_targets(["iab_fixed"]), PLAIN) > 3


def test_copy_is_in_the_briefs_language_else_in_the_products() -> None:
    assert [request.spec.language for request in items(["google_rsa"], BOOTS, ROPE)] == ["de", "en"]  # type: ignore[attr-defined]
    spoken = items(["google_rsa"], BOOTS, brief=Brief(language="fr"))
    assert [request.spec.language for request in spoken] == ["fr"]  # type: ignore[attr-defined]


HIKERS, PARENTS = Audience(name="Weekend hikers"), Audience(name="Parents", values=("light",))


def test_each_audience_and_language_has_items_of_its_own() -> None:
    brief = Brief(audiences=(HIKERS, PARENTS), languages=("de", "fr-CA"))
    requests = items(["iab_fixed:300x250"], BOOTS, brief=brief)
    assert [(request.custom_id, request.depends_on) for request in requests] == [
        ("1/iab_fixed@weekend-hikers@de", ()),
        ("1/iab_fixed:300x250@weekend-hikers@de", (0,)),
        ("1/iab_fixed@weekend-hikers@fr-CA", ()),
        ("1/iab_fixed:300x250@weekend-hikers@fr-CA", (2,)),
        ("1/iab_fixed@parents@de", ()),
        ("1/iab_fixed:300x250@parents@de", (4,)),
        ("1/iab_fixed@parents@fr-CA", ()),
        ("1/iab_fixed:300x250@parents@fr-CA", (6,)),
    ]
    assert len(requests) == count_items(1, read_targets(["iab_fixed:300x250"]), brief)


def test_an_items_brief_says_whose_it_is_and_knows_the_others() -> None:
    brief = Brief(audiences=(HIKERS, PARENTS), languages=("de", "fr"))
    specs = [request.spec for request in items(["google_rsa"], BOOTS, brief=brief)]
    copies = [spec for spec in specs if isinstance(spec, CopySpec)]
    assert [(spec.brief.own_audience, spec.language) for spec in copies] == [
        (HIKERS, "de"),
        (HIKERS, "fr"),
        (PARENTS, "de"),
        (PARENTS, "fr"),
    ]
    assert {spec.brief.audiences for spec in copies} == {(HIKERS, PARENTS)}


def test_a_brief_that_names_one_of_its_audiences_is_for_that_one() -> None:
    brief = Brief(audience="Parents", audiences=(HIKERS, PARENTS))
    assert [request.custom_id for request in items(["google_rsa"], BOOTS, brief=brief)] == ["1/google_rsa@parents"]


def test_weights_are_fixed_when_the_job_is_made() -> None:
    assert items(["google_rsa"], BOOTS)[0].spec.weights == "tiny@1"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("image", "keys", "photo"),
    [
        ("images/1.png", {"images/1.png": "uploads/ada/abc"}, "uploads/ada/abc"),
        ("images/1.png", {}, "images/1.png"),
        ("https://cdn.example/1.png", {}, "https://cdn.example/1.png"),
        ("", {}, ""),
    ],
)
def test_a_photo_is_an_upload_an_address_a_bare_reference_or_none(image: str, keys: dict[str, str], photo: str) -> None:
    product = BOOTS.model_copy(update={"image": image})
    (_, banner) = items(["iab_fixed:300x250"], product, photos=Photos(keys))
    assert isinstance(banner.spec, BannerSpec)
    assert banner.spec.photo == photo


def test_every_unknown_channel_is_told() -> None:
    with pytest.raises(Invalid) as caught:
        read_targets(["googel_rsa", "iab_fixed:300x250", "iab_fixed:1x1"])
    assert [problem.pointer for problem in caught.value.problems] == ["/campaign/channels/0", "/campaign/channels/2"]
    assert "google_rsa" in caught.value.problems[0].detail


def test_products_with_one_id_are_refused() -> None:
    with pytest.raises(Invalid):
        items(["google_rsa"], BOOTS, BOOTS)
