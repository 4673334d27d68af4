"""Whether a text, or an ad of several, keeps its channel's rules and avoids the words its brief and brand forbid."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from adloom.channels import RULES, Channel, TextField
from adloom.checks.dynamic import as_written, expand
from adloom.checks.findings import Finding, Severity
from adloom.checks.limits import check_counts, check_length
from adloom.checks.matching import Span, find_names, find_term, is_inside
from adloom.checks.rules import TEXT_RULES, exclamations
from adloom.checks.setting import Setting
from adloom.core.brand import Brand
from adloom.core.brief import Brief

_ONE_EXCLAMATION = "max_one_exclamation_per_ad_text"
_NO_DUPLICATES = "no_duplicate_assets"


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
    shown = expand(text) if "dki_default_must_fit" in channel.rules else as_written(text)
    found = [
        *check_length(shown.text, field),
        *_breaches(shown.text, Setting(field, brief.language.casefold()), channel, [*names, *_own_names(brand, brief)]),
        *_unwanted(shown.text, brand, brief),
    ]
    return sorted((replace(one, span=shown.written(one.span)) for one in found), key=lambda one: one.span)


def check_ad(
    texts: Mapping[str, Sequence[str]], *, channel: Channel, brand: Brand | None, brief: Brief
) -> list[Finding]:
    """What keeps *texts*, by field, from being one ad of *channel* although each may be fine alone.

    A span is a place in the text that the detail quotes.
    """
    found = [*check_counts(texts, channel), *_duplicates(texts)]
    if _ONE_EXCLAMATION in channel.rules:
        found += _exclamations(texts, _own_names(brand, brief))
    return found


def _breaches(text: str, setting: Setting, channel: Channel, names: Collection[str]) -> Iterator[Finding]:
    """What breaks the rules of *channel*, outside of *names*."""
    named = find_names(names, text)
    rules = channel.rules if setting.field.written else ()  # a URL has its own punctuation
    for rule in dict.fromkeys([*rules, "no_newline"]):
        for span in TEXT_RULES[rule](text, setting) if rule in TEXT_RULES else ():
            if not is_inside(span, named):
                yield _finding(rule, text, span)


def _finding(rule: str, text: str, span: Span) -> Finding:
    found = text[slice(*span)].strip()
    return Finding(rule, Severity(RULES[rule].severity), RULES[rule].says + (f" Found: {found}" if found else ""), span)


def _own_names(brand: Brand | None, brief: Brief) -> list[str]:
    """Names and terms that stand as their owner writes them."""
    code = [brief.offer.code] if brief.offer else []
    return [*code, *((brand.name, *brand.always_caps, *brand.approved_terms) if brand else ())]


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


def _duplicates(texts: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Texts that say the same as an earlier one; the words on a creative may repeat the ad's and stand apart."""
    seen: dict[tuple[bool, str], str] = {}
    for field, text in _each(texts):
        key = (field.startswith("creative_"), _said(text))
        if key in seen:
            detail = f"{RULES[_NO_DUPLICATES].says} {field} repeats {seen[key]}: {text}"
            yield Finding(_NO_DUPLICATES, Severity(RULES[_NO_DUPLICATES].severity), detail, (0, len(text)))
        seen.setdefault(key, field)


def _said(text: str) -> str:
    """What *text* says, without width, case, spacing and closing marks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".!?。 ")


def _exclamations(texts: Mapping[str, Sequence[str]], names: Collection[str]) -> Iterator[Finding]:
    """Every exclamation mark of the ad after its first."""
    marks = [
        (text, span)
        for _, text in _each(texts)
        for span in exclamations(text)
        if not is_inside(span, find_names(names, text))
    ]
    for text, span in marks[1:]:
        rule = RULES[_ONE_EXCLAMATION]
        yield Finding(_ONE_EXCLAMATION, Severity(rule.severity), f"{rule.says} Found another: {text}", span)


def _each(texts: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    return ((field, text) for field, several in texts.items() for text in several)
