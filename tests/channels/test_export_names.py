"""Names and addresses in exports."""

from datetime import date

import pytest

from adloom.channels.export_names import fill, final_url, name_ad_group, name_campaign
from adloom.core.brand import Brand
from adloom.core.brief import Audience, Brief
from adloom.core.errors import Invalid
from adloom.core.products import Product

BOOTS = Product(
    id="B-1", title="Trail Boots", category="Outdoor > Shoes", brand="North", link="https://shop.example/b-1?size=9#top"
)
TODAY = date(2026, 11, 23)


def named(template: str, *, brief: Brief | None = None, brand: Brand | None = None, product: Product = BOOTS) -> str:
    return fill(template, product=product, brief=brief or Brief(), brand=brand, today=TODAY)


def url(page: str, utm: dict[str, str]) -> str:
    product = BOOTS.model_copy(update={"link": page})
    return final_url(product, Brief(utm=utm), campaign="Autumn Sale")


def test_every_placeholder_has_its_value() -> None:
    template = "{brief}|{brand}|{category}|{title}|{product_id}|{date}|{{x}}"
    brief, brand = Brief(name="Autumn"), Brand(name="Peak")
    assert named(template, brief=brief, brand=brand) == "Autumn|Peak|Shoes|Trail Boots|B-1|2026-11-23|{x}"
    assert named("{brand}") == "North"


AIMED = Brief(audience="Hikers", audiences=(Audience(name="Hikers"),), language="de", languages=("de", "fr"))


@pytest.mark.parametrize(
    ("brief", "campaign", "group"),
    [
        (Brief(audience="anyone", language="de"), "Adloom", "Trail Boots"),
        (AIMED, "Adloom | de", "Trail Boots | Hikers"),
        (
            AIMED.model_copy(update={"campaign_name": "{language}: x", "ad_group_name": "{audience}, {title}"}),
            "de: x",
            "Hikers, Trail Boots",
        ),
    ],
)
def test_names_tell_audiences_and_languages_apart(brief: Brief, campaign: str, group: str) -> None:
    assert name_campaign(BOOTS, brief, None, TODAY) == campaign
    assert name_ad_group(BOOTS, brief, None, TODAY) == group


def test_a_brief_without_a_name_goes_by_its_brand() -> None:
    assert named("{brief}", brand=Brand(name="Peak")) == "Peak"
    assert named("{brief}") == "Adloom"


def test_a_name_is_never_empty_nor_long_nor_a_formula() -> None:
    assert named("{category}", product=Product(id="1", title="x")) == "1"
    assert named("=-{title}") == "Trail Boots"
    assert len(named("x" * 300)) == 255


@pytest.mark.parametrize(
    "template", ["{colour}", "{title.__class__}", "{title!r}", "{title:>9}", "{0}", "{}", "{title", "title}"]
)
def test_an_unknown_placeholder_is_an_error_that_names_the_known(template: str) -> None:
    with pytest.raises(Invalid, match="title"):
        named(template)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("https://s.example", "https://s.example?utm_source=g&utm_campaign=Autumn%20Sale"),
        ("https://s.example/p?size=9", "https://s.example/p?size=9&utm_source=g&utm_campaign=Autumn%20Sale"),
        ("https://s.example/p?a=1&a=2#top", "https://s.example/p?a=1&a=2&utm_source=g&utm_campaign=Autumn%20Sale#top"),
        ("https://s.example/?utm_source=old&b=", "https://s.example/?b=&utm_source=g&utm_campaign=Autumn%20Sale"),
        ("https://s.example/?utm%5Fsource=old", "https://s.example/?utm_source=g&utm_campaign=Autumn%20Sale"),
        (
            "https://s.example/a%20b?q=x%26y+z",
            "https://s.example/a%20b?q=x%26y+z&utm_source=g&utm_campaign=Autumn%20Sale",
        ),
        (
            "https://s.example/blå s?q=ü",
            "https://s.example/bl%C3%A5%20s?q=%C3%BC&utm_source=g&utm_campaign=Autumn%20Sale",
        ),
        ("https://bücher.example/", "https://xn--bcher-kva.example/?utm_source=g&utm_campaign=Autumn%20Sale"),
    ],
)
def test_utm_parameters_are_merged_into_any_page(page: str, expected: str) -> None:
    assert url(page, {"utm_source": "g", "utm_campaign": "{campaign}"}) == expected


def test_a_page_without_utm_stays_as_it_is() -> None:
    assert url("https://s.example/p?x=%2F&y#z", {}) == "https://s.example/p?x=%2F&y#z"


def test_platform_placeholders_pass_through_doubled_braces() -> None:
    assert url("https://s.example/", {"utm_term": "{{keyword}}", "utm_content": "{product_id}"}) == (
        "https://s.example/?utm_term={keyword}&utm_content=B-1"
    )


def test_a_value_cannot_smuggle_a_parameter() -> None:
    assert url("https://s.example/", {"utm_source": "a&b=c#d"}) == "https://s.example/?utm_source=a%26b%3Dc%23d"


def test_without_a_link_the_briefs_page_serves() -> None:
    product = Product(id="1", title="x")
    assert final_url(product, Brief(landing_url="https://s.example/"), campaign="c") == "https://s.example/"
    assert final_url(product, Brief(), campaign="c") == ""


@pytest.mark.parametrize(
    "page", ["www.s.example", "javascript:alert(1)", "https://", "https://[", "https://ü" + "x" * 70 + ".example"]
)
def test_what_is_no_web_address_is_an_error(page: str) -> None:
    with pytest.raises(Invalid, match="B-1"):
        url(page, {})
