"""Names and addresses in exports: templates with {placeholders}, landing pages with UTM parameters."""

import re
from collections.abc import Mapping
from datetime import date
from string import Formatter
from urllib.parse import quote, quote_plus, unquote_plus, urlsplit, urlunsplit

from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.errors import Invalid
from adloom.core.products import Product

MAX_NAME = 255  #: of a campaign or an ad group, in characters
_IN_PATH = "/:@!$&'()*+,;=~%{}"  #: what an address may keep as it is
_IN_QUERY = _IN_PATH + "?"


def fill(template: str, *, product: Product, brief: Brief, brand: Brand | None, today: date) -> str:
    """*template* with its placeholders filled: {brief}, {brand}, {category}, {title}, {product_id}, {date}, {audience},
    {language}.

    A brief without a name goes by its brand's, or "Adloom".  The result is one line of at most `MAX_NAME` characters
    that no spreadsheet takes for a formula; it is never empty.

    Raises:
        Invalid: an unknown placeholder, or a brace that does not close.
    """
    name = _fill(template, _names(product, brief, brand, today))
    name = re.sub(r"\s+", " ", name).strip().lstrip("=+-@＝＋－＠ ")
    return name[:MAX_NAME].strip() or product.id


def name_campaign(product: Product, brief: Brief, brand: Brand | None, today: date) -> str:
    """The campaign's name; it tells the languages of a brief apart, as a platform aims at one per campaign."""
    template = _telling(brief.campaign_name, "{language}", needed=bool(brief.languages))
    return fill(template, product=product, brief=brief, brand=brand, today=today)


def name_ad_group(product: Product, brief: Brief, brand: Brand | None, today: date) -> str:
    """The ad group's name; it tells the audiences of a brief apart."""
    template = _telling(brief.ad_group_name, "{audience}", needed=brief.own_audience is not None)
    return fill(template, product=product, brief=brief, brand=brand, today=today)


def _telling(template: str, placeholder: str, *, needed: bool) -> str:
    return f"{template} | {placeholder}" if needed and placeholder not in template else template


def final_url(product: Product, brief: Brief, *, campaign: str) -> str:
    """The product's landing page (else the brief's) with the brief's UTM parameters; empty when there is neither.

    Parameters that the page already has stay as they are, in their order; one of the same name is replaced.  Values may
    use {campaign} and {product_id}; doubled braces give the ad platform's own: ``{{keyword}}`` becomes ``{keyword}``.

    Raises:
        Invalid: the page is no web address, or a value has an unknown placeholder.
    """
    page = product.link or brief.landing_url
    if not page:
        return ""
    try:
        parts = urlsplit(page.strip())
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    except ValueError as error:  # what "idna" raises is one, too
        raise Invalid(f"{page[:80]!r} is no web address. Correct the link of {product.id!r}.") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Invalid(f"{page[:80]!r} is no web address. Begin the link of {product.id!r} with https://.")
    query = _merged(parts.query, _utm(brief, product, campaign))
    path = quote(parts.path, safe=_IN_PATH)
    return urlunsplit((parts.scheme, host, path, query, quote(parts.fragment, safe=_IN_QUERY)))


def _names(product: Product, brief: Brief, brand: Brand | None, today: date) -> Mapping[str, str]:
    return {
        "brief": brief.name or (brand.name if brand else "Adloom"),
        "brand": brand.name if brand else product.brand,
        "category": product.category.rpartition(">")[2].strip(),
        "title": product.title,
        "product_id": product.id,
        "date": today.isoformat(),
        "audience": brief.audience,
        "language": brief.language,
    }


def _utm(brief: Brief, product: Product, campaign: str) -> Mapping[str, str]:
    values = {"campaign": campaign, "product_id": product.id}
    return {name: _fill(template, values) for name, template in brief.utm.items()}


def _fill(template: str, values: Mapping[str, str]) -> str:
    try:
        pieces = list(Formatter().parse(template))
    except ValueError as error:
        raise Invalid(
            f"The template {template[:80]!r} has a brace that does not pair. Write {{title}}, or {{{{ for a brace."
        ) from error
    for _, name, form, conversion in pieces:
        if name is not None and (name not in values or form or conversion):
            known = ", ".join(f"{{{known}}}" for known in values)
            raise Invalid(f"The template {template[:80]!r} has no meaning for {{{name}}}. It may use {known}.")
    return "".join(text + (values[name] if name is not None else "") for text, name, _, _ in pieces)


def _merged(query: str, utm: Mapping[str, str]) -> str:
    kept = [pair for pair in query.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in utm]
    added = [f"{quote_plus(name)}={quote(value, safe='{}')}" for name, value in utm.items()]
    return "&".join([*(quote(pair, safe=_IN_QUERY) for pair in kept), *added])
