"""Channel files: what is in those that come along, and what happens to those that people write."""

import re
from pathlib import Path

import pytest

from adloom.channels import (
    Channel,
    SafeZone,
    Slot,
    TextField,
    copy_fields,
    creative_texts,
    list_channels,
    load_channel,
    parse_target,
    read_channels,
)
from adloom.core.brief import Brief
from adloom.core.errors import BadConfiguration, UnknownChannel

GUIDE = Path(__file__).parents[2] / "docs" / "add-a-channel.md"
CHANNELS = pytest.mark.parametrize("channel", list_channels(), ids=lambda channel: channel.id)


def write(folder: Path, text: str, name: str = "shop_window.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def example() -> str:
    """The channel file that the guide shows."""
    found = re.search(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


CHANNEL_IDS = """
amazon_sponsored_brands apple_app_store chatgpt_ads dv360_optimized email google_demand_gen google_display_uploaded
google_merchant_feed google_play google_pmax google_rda google_rsa iab_fixed instagram_feed linkedin_carousel
linkedin_message_ad linkedin_single_image linkedin_text_ad meta_carousel meta_feed meta_story_reels
microsoft_audience_responsive microsoft_rsa oceanengine_feed pinterest_pin product_description push quiz sms
snapchat_single support_reply taobao_tmall tiktok_infeed_image x_image xiaohongshu_note
"""


def test_the_channels_are_there() -> None:
    assert [channel.id for channel in list_channels()] == CHANNEL_IDS.split()


@pytest.mark.parametrize(
    ("target", "limits"),
    [
        ("google_rsa", {"headline": (30, 3, 15), "description": (90, 2, 4)}),
        ("meta_feed", {"primary_text": (2200, 0, 5), "headline": (255, 0, 5), "description": (255, 0, 5)}),
        ("meta_story_reels", {"primary_text": (2200, 0, 5), "headline": (255, 0, 5)}),
        (
            "linkedin_single_image",
            {"introductory_text": (3000, 1, 1), "headline": (200, 1, 1), "description": (300, 0, 1)},
        ),
        ("iab_fixed", {}),
        ("x_image", {"post_text": (280, 1, 1), "website_card_title": (70, 0, 1)}),
        ("tiktok_infeed_image", {"ad_text": (100, 1, 1)}),
        ("sms", {"body": (160, 1, 1)}),
        (
            "email",
            {"subject": (None, 1, 1), "preheader": (None, 0, 1), "body": (None, 0, 1), "button": (None, 0, 1)},
        ),
        ("taobao_tmall", {"item_title": (60, 1, 1), "zhitongche_creative_title": (60, 0, 1)}),
    ],
)
def test_limits_are_those_that_the_platforms_publish(target: str, limits: dict[str, tuple[int, int, int]]) -> None:
    fields = copy_fields(load_channel(target), ())
    assert {field.name: (field.max_length, field.min_items, field.max_items) for field in fields} == limits


def test_the_fixed_sizes_are_those_of_the_portfolio() -> None:
    _, slots = parse_target("iab_fixed")
    assert {slot.name: slot.max_bytes for slot in slots} == {
        "970x250": 250_000,
        "300x50": 50_000,
        "320x50": 50_000,
        "728x90": 150_000,
        "970x90": 200_000,
        "300x1050": 250_000,
        "160x600": 150_000,
        "300x250": 150_000,
        "120x60": 50_000,
        "640x1136": 300_000,
        "750x1334": 300_000,
        "1080x1920": 300_000,
    }
    assert all(slot.name == f"{slot.width_px}x{slot.height_px}" for slot in slots)


def test_a_story_keeps_the_platforms_own_margins_free() -> None:
    _, (slot,) = parse_target("meta_story_reels:vertical")
    assert slot.safe_zone == SafeZone(top=0.14, bottom=0.35, side=0.06)


@CHANNELS
def test_every_figure_names_its_source_or_says_that_it_has_none(channel: Channel) -> None:
    entries: list[TextField | Slot] = [*channel.texts, *channel.slots, *channel.uploads]
    for entry in entries:
        assert bool(entry.sources) == (entry.verification != "unverified"), entry.name


@CHANNELS
def test_every_creative_has_words(channel: Channel) -> None:
    for slot in channel.slots:
        assert [field.name for field in slot.texts] == ["creative_headline", "creative_cta"]


def test_a_target_is_a_channel_or_one_slot_of_it() -> None:
    channel, slots = parse_target("iab_fixed:300x250")
    assert (channel.id, [slot.name for slot in slots]) == ("iab_fixed", ["300x250"])
    assert parse_target("google_rsa") == (load_channel("google_rsa"), ())
    assert parse_target("meta_feed")[1] == load_channel("meta_feed").slots


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("google_rs", "google_rsa"),
        ("meta-feed", "meta_feed"),
        ("iab_fixed:300x25", "300x250"),
        ("iab_fixed:iab_300x250", "300x250"),
        ("Meta_feed:sqare", "meta_feed"),
    ],
)
def test_an_unknown_target_suggests_the_nearest(target: str, meant: str) -> None:
    with pytest.raises(UnknownChannel, match=f"Did you mean '{meant}'"):
        parse_target(target)


@pytest.mark.parametrize("target", ["", "zzz", "google_rsa:", "google_rsa:square", "iab_fixed:", "../secret"])
def test_an_unknown_target_names_what_there_is(target: str) -> None:
    with pytest.raises(UnknownChannel, match="Known: "):
        parse_target(target)


def test_words_shared_by_several_creatives_fit_the_tightest() -> None:
    channel = load_channel("iab_fixed")
    slots = [parse_target(f"iab_fixed:{name}")[1][0] for name in ("728x90", "300x250", "320x50")]
    limits = {field.name: field.max_length for field in copy_fields(channel, slots)}
    assert limits == {"creative_headline": 22, "creative_cta": 12}


def test_logos_and_photographs_go_up_as_they_are() -> None:
    channel, slots = parse_target("google_pmax")
    assert slots == ()
    assert {slot.name for slot in channel.uploads} >= {"landscape", "square", "logo_square"}


@pytest.mark.parametrize(
    ("field", "aim"),
    [
        (TextField("a", max_length=30), 30),
        (TextField("a", max_length=255, recommended_length=40), 40),
        (TextField("a", recommended_length=50), 50),
    ],
)
def test_a_text_aims_at_what_is_shown(field: TextField, aim: int) -> None:
    assert field.aim == aim


def test_nobody_writes_urls_paths_or_names() -> None:
    written = {field.name for channel in list_channels() for field in copy_fields(channel, channel.slots)}
    assert written.isdisjoint(
        {"final_url", "path1", "path2", "ad_name", "link", "business_name", "brand_name", "payload"}
    )


@pytest.mark.parametrize(
    ("width", "height", "headline"),
    [(300, 250, 28), (728, 90, 30), (320, 50, 22), (1080, 1080, 40), (1080, 1350, 40), (1080, 1920, 34), (120, 60, 14)],
)
def test_a_creative_carries_what_its_shape_can_show(width: int, height: int, headline: int) -> None:
    fields = {field.name: field for field in creative_texts(width, height)}
    assert fields["creative_headline"].max_length == headline
    assert fields["creative_cta"].aim <= 16


def test_the_guides_example_is_a_channel(tmp_path: Path) -> None:
    [channel] = read_channels(write(tmp_path, example()))
    assert channel.id == "shop_window"
    assert [field.name for field in channel.texts] == ["headline", "story", "link"]
    assert [slot.name for slot in channel.slots] == ["poster"]
    assert [field.name for field in copy_fields(channel, channel.slots)] == [
        "headline",
        "story",
        "creative_headline",
        "creative_cta",
    ]
    assert channel.texts[0].sources == ("https://window.example/specs (2026-11; official page)",)


def test_a_file_may_say_what_stands_on_its_creatives(tmp_path: Path) -> None:
    text = example() + '\n[[slots.texts]]\nname = "creative_headline"\nmax_length = 12\nunit = "chars"\n'
    [channel] = read_channels(write(tmp_path, text))
    assert [(field.name, field.max_length) for field in channel.slots[0].texts] == [("creative_headline", 12)]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("max_length = 40\n", "max_lenght = 40\n", "max_lenght"),
        ("max_length = 40\n", "max_length = 0\n", "max_length"),
        ("max_length = 40\n", "", "headline: neither max_length nor recommended_length"),
        ('unit = "chars"', 'unit = "char"', "Did you mean 'chars'"),
        ('"no_emoji"', '"no_emojis"', "Did you mean 'no_emoji'"),
        ('name = "story"', 'name = "headline"', "'headline' is there twice"),
        ("min_items = 1", "min_items = 9", "headline"),
        ("top = 0.1", "top = 10", "top"),
        ('sources = ["window"]', 'sources = ["windows"]', "Did you mean 'window'"),
        ("formats = [", "formats = 3 # [", "formats"),
        ("rules = ", "ruels = ", "ruels"),
        ("platform = ", "platform ", "shop_window.toml"),
        ('name = "story"', 'name = "story"\nfollows = "headlin"', "Did you mean 'headline'"),
        ('name = "story"', 'name = "story"\nfollows = "link"', "story follows 'link', which leads nothing"),
        ('name = "story"', 'name = "story"\nrole = "Body Text"', "role"),
        ("notes = ", 'needs = ["mesage"]\nnotes = ', "A brief has no 'mesage'. Did you mean 'message'"),
        ("notes = ", "is_add = false\nnotes = ", "is_add"),
    ],
)
def test_a_wrong_file_is_an_error_that_says_where(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in example()
    write(tmp_path, example().replace(old, new))
    with pytest.raises(BadConfiguration, match=re.escape(complaint)) as caught:
        read_channels(tmp_path)
    assert "shop_window.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "empty.toml"),
        ('name = "N"\nplatform = "p"\n', "Shop Window.toml"),
        ('name = "N"\nplatform = "p"\ntexts = "headline"\n', "window.toml"),
        ('name = "N"\nplatform = "p"\nsources = 3\n', "window.toml"),
        ('name = "N"\nplatform = "p"\ntexts = [{ sources = 3 }]\n', "window.toml"),
    ],
)
def test_what_is_no_channel_at_all_is_an_error_too(tmp_path: Path, text: str, name: str) -> None:
    with pytest.raises(BadConfiguration, match=name):
        read_channels(write(tmp_path, text, name=name))


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "notes", name="notes.txt")
    assert read_channels(tmp_path) == ()


@pytest.mark.parametrize(("brief", "lacking"), [(Brief(), ("message",)), (Brief(message="Is it blue?"), ())])
def test_a_channel_says_what_it_needs_of_the_brief(brief: Brief, lacking: tuple[str, ...]) -> None:
    assert load_channel("support_reply").lacking(brief) == lacking
    assert load_channel("google_rsa").lacking(brief) == ()


@pytest.mark.parametrize(("role", "is_headline"), [("subject", True), ("title", True), ("body", False), (None, False)])
def test_subjects_and_titles_are_headlines(role: str | None, is_headline: bool) -> None:
    assert TextField("line", 30, role=role).is_headline == is_headline
