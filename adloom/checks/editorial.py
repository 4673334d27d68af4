"""Whether a text, or an ad of several, keeps its channel's rules and avoids the words its brief and brand forbid."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from adloom.channels import RULES, Channel, TextField
from adloom.checks.ads import Ad
from adloom.checks.dynamic import shown_on
from adloom.checks.findings import Finding, Severity
from adloom.checks.language import check_language
from adloom.checks.law import check_law
from adloom.checks.limits import check_counts, check_length
from adloom.checks.matching import NOWHERE, Span, find_names, find_term, is_inside
from adloom.checks.rules import AD_RULES, OF_ONE_FIELD, TEXT_RULES
from adloom.checks.setting import Setting
from adloom.core.brand import Brand
from adloom.core.brief import Brief

_LAWS = {"cn_ad_law": "cn"}  #: rules that are a market's law
_ALWAYS = ("no_newline", "no_duplicate_assets")  #: whatever rules a channel names


def check_text(
    text: str,
    *,
    field: TextField,
    channel: Channel,
    brand: Brand | None,
    brief: Brief,
    names: Collection[str] = (),
) -> list[Finding]:
    """What keeps one *text* from being published in *field* of *channel*; in the order of the text.

    *names* may stand exactly as they are, whatever the rules say of capitals and symbols, as the brand's own name and
    terms may: a product's title, a maker's name.
    """
    shown = shown_on(channel, text)
    setting = Setting(field, brief.language.casefold(), sender=brand.name if brand else "")
    own = [*names, *_own_names(brand, brief)]
    found = [
        *check_length(shown.text, field),
        *(check_language(shown.text, brief.language, own) if field.written else ()),
        *_breaches(shown.text, setting, channel, own),
        *_unwanted(shown.text, brand, brief),
        *_unlawful(shown.text, channel, brand, brief),
    ]
    return sorted((replace(one, span=shown.written(one.span)) for one in found), key=lambda one: one.span)


def check_ad(
    texts: Mapping[str, Sequence[str]], *, channel: Channel, brand: Brand | None, brief: Brief
) -> list[Finding]:
    """What keeps *texts*, by field, from being one ad of *channel* although each may be fine alone.

    A span is a place in the text that the detail quotes.
    """
    ad = Ad(texts, channel, _own_names(brand, brief))
    broken = [
        _finding(rule, what, span)
        for rule in dict.fromkeys([*channel.rules, *_ALWAYS])
        if rule in AD_RULES
        for what, span in AD_RULES[rule](ad)
    ]
    return [*check_counts(texts, channel.texts), *broken]


def _breaches(text: str, setting: Setting, channel: Channel, names: Collection[str]) -> Iterator[Finding]:
    """What breaks the rules of *channel*, outside of *names*."""
    named = find_names(names, text)
    rules = [rule for rule in channel.rules if setting.field.written or rule in OF_ONE_FIELD]  # a URL has its own style
    for rule in dict.fromkeys([*rules, *_ALWAYS]):
        for span in TEXT_RULES[rule](text, setting) if rule in TEXT_RULES else ():
            if span == NOWHERE or not is_inside(span, named):  # what is missing is in no name
                found = text[slice(*span)].strip()
                yield _finding(rule, f"Found: {found}" if found else "", span)


def _finding(rule: str, what: str, span: Span) -> Finding:
    return Finding(rule, Severity(RULES[rule].severity), f"{RULES[rule].says} {what}".rstrip(), span)


def _own_names(brand: Brand | None, brief: Brief) -> list[str]:
    """Names and terms that stand as their owner writes them."""
    code = [brief.offer.code] if brief.offer else []
    return [*code, *((brand.name, *brand.always_caps, *brand.approved_terms) if brand else ())]


def _unlawful(text: str, channel: Channel, brand: Brand | None, brief: Brief) -> Iterator[Finding]:
    """What the law of the channel's and the brief's markets forbids, or wants proved, but in the brand's own names."""
    markets = {_LAWS[rule] for rule in channel.rules if rule in _LAWS}.union(brief.markets)
    named = find_names(_own_names(brand, brief), text) if markets else []
    for found in check_law(text, markets=sorted(markets), claims=brief.allowed_claims) if markets else ():
        if not is_inside(found.span, named):
            yield found


def _unwanted(text: str, brand: Brand | None, brief: Brief) -> Iterator[Finding]:
    """Words that the brief or the brand does not want to see."""
    lists = [("forbidden_word", "The brief forbids", brief.forbidden_words)]
    if brand:
        lists.append(("banned_word", "The brand bans", brand.banned_words))
        lists.append(("competitor_name", "This is a competitor's name:", brand.competitor_names))
    for rule, says, terms in lists:
        for term in terms:
            for span in find_term(term, text):
                yield Finding(rule, Severity.ERROR, f"{says} {term!r}.", span)
