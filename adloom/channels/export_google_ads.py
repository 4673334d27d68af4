"""google_ads_editor.csv: responsive search ads as Google Ads Editor imports them.

Columns: those of Google's own generator (github.com/google-marketing-solutions/rsa-ai-generator, src/app.ts @93be4cf),
then what Editor accepts beside them; encoding and the rule of one entity per row: support.google.com/google-ads/editor,
answer 57747.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adloom.channels.channel import TextField, fits
from adloom.channels.export_csv import is_formula, write_csv
from adloom.channels.export_names import MAX_NAME
from adloom.channels.load import load_channel

CHANNEL = "google_rsa"
HEADLINES = 15
DESCRIPTIONS = 4
ADS_PER_GROUP = 3
HEADER: tuple[str, ...] = (
    *("Account", "Customer ID", "Campaign", "Ad Group", "Final URL", "Path 1", "Path 2"),
    *(column for n in range(1, HEADLINES + 1) for column in (f"Headline {n}", f"Headline {n} position")),
    *(column for n in range(1, DESCRIPTIONS + 1) for column in (f"Description {n}", f"Description {n} position")),
    *("Campaign Type", "Ad type", "Status", "Comment"),
)


@dataclass(frozen=True)
class SearchAd:
    """One responsive search ad; its texts best first."""

    product_id: str
    campaign: str
    ad_group: str
    final_url: str
    headlines: tuple[str, ...]
    descriptions: tuple[str, ...]
    path1: str = ""
    path2: str = ""


@dataclass(frozen=True)
class LeftOut:
    """What is not in the file, and why: a whole ad, or one *text* of it."""

    product_id: str
    text: str
    reason: str


@dataclass(frozen=True)
class EditorFile:
    """The file, how many ads it holds, and what it does not."""

    content: bytes
    ads: int
    left_out: tuple[LeftOut, ...]


def write_google_ads_editor(ads: Iterable[SearchAd]) -> EditorFile:
    """The file for *ads*, paused, so that nothing runs before a person has seen it.

    Nothing over a limit is written and nothing is cut: a text that Editor would refuse is left out, and so is an ad
    with too few texts or no landing page.  The fourth ad of an ad group goes to a group "name (2)".
    """
    groups = _Groups()
    rows: list[tuple[str, ...]] = []
    left_out: list[LeftOut] = []
    for ad in ads:
        kept, dropped = _publishable(ad)
        left_out += dropped
        if reason := _fault(kept):
            left_out.append(LeftOut(ad.product_id, "", reason))
        else:
            rows.append(_cells(kept, groups.place(kept)))
    return EditorFile(write_csv(HEADER, rows), len(rows), tuple(left_out))


class _Groups:
    """Gives every ad a group with room; Google compares names without regard to case."""

    def __init__(self) -> None:
        self._ads: Counter[tuple[str, str]] = Counter()

    def place(self, ad: SearchAd) -> str:
        for number in range(1, 1 + sum(self._ads.values()) + 1):
            suffix = f" ({number})" if number > 1 else ""
            name = ad.ad_group[: MAX_NAME - len(suffix)].rstrip() + suffix
            key = (ad.campaign.casefold(), name.casefold())
            if self._ads[key] < ADS_PER_GROUP:
                self._ads[key] += 1
                return name
        raise AssertionError("there are more names than ads")


def _publishable(ad: SearchAd) -> tuple[SearchAd, list[LeftOut]]:
    """*ad* with the texts that Editor takes, and the others with their reasons."""
    fields = {field.name: field for field in load_channel(CHANNEL).texts}
    dropped: list[LeftOut] = []
    headlines = tuple(_taken(ad, ad.headlines, fields["headline"], dropped))[:HEADLINES]
    descriptions = tuple(_taken(ad, ad.descriptions, fields["description"], dropped))[:DESCRIPTIONS]
    path1 = next(_taken(ad, [ad.path1] if ad.path1 else [], fields["path1"], dropped), "")
    path2 = next(_taken(ad, [ad.path2] if ad.path2 and path1 else [], fields["path2"], dropped), "")
    kept = SearchAd(ad.product_id, ad.campaign, ad.ad_group, ad.final_url, headlines, descriptions, path1, path2)
    return kept, dropped


def _taken(ad: SearchAd, texts: Sequence[str], field: TextField, dropped: list[LeftOut]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        if reason := _refusal(text, field, seen):
            dropped.append(LeftOut(ad.product_id, text, reason))
        else:
            seen.add(text.casefold())
            yield text


def _refusal(text: str, field: TextField, seen: set[str]) -> str:
    if not text.strip() or text != " ".join(text.split()):
        return f"The {field.name} is empty, or has line breaks or spaces to spare."
    if not fits(text, field):
        return f"The {field.name} is longer than {field.max_length}."
    if text.casefold() in seen:
        return f"The {field.name} stands in this ad already."
    if is_formula(text) or text == "[]":  # an apostrophe before it would be published; "[]" erases in Editor
        return f"The {field.name} begins like a formula, or is a sign to Editor."
    if field.name in ("path1", "path2") and "/" in text:
        return f"The {field.name} has a slash."
    return ""


def _fault(ad: SearchAd) -> str:
    fields = {field.name: field for field in load_channel(CHANNEL).texts}
    if not ad.final_url.startswith(("https://", "http://")):
        return "The product has no link and the brief no landing_url."
    if not fits(ad.final_url, fields["final_url"]):
        return f"The final URL is longer than {fields['final_url'].max_length} characters."
    if not _is_name(ad.campaign) or not _is_name(ad.ad_group):
        return "The campaign and the ad group need names."
    if len(ad.headlines) < fields["headline"].min_items:
        return f"Fewer than {fields['headline'].min_items} headlines can be published."
    if len(ad.descriptions) < fields["description"].min_items:
        return f"Fewer than {fields['description'].min_items} descriptions can be published."
    return ""


def _is_name(text: str) -> bool:
    return bool(text.strip()) and text == " ".join(text.split()) and not is_formula(text)


def _cells(ad: SearchAd, group: str) -> tuple[str, ...]:
    headlines = [*ad.headlines, *[""] * (HEADLINES - len(ad.headlines))]
    descriptions = [*ad.descriptions, *[""] * (DESCRIPTIONS - len(ad.descriptions))]
    pinned_nowhere = [cell for text in [*headlines, *descriptions] for cell in (text, "")]
    named = ("", "", ad.campaign[:MAX_NAME].rstrip(), group, ad.final_url, ad.path1, ad.path2)
    return (
        *named,
        *pinned_nowhere,
        "Search",
        "Responsive search ad",
        "Paused",
        f"AI-generated; product {ad.product_id}",
    )
