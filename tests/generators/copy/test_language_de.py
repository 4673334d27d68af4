"""German rows become German texts, in the row's own forms."""

import re

import numpy as np
import pytest

from adloom.channels import copy_fields, fits, load_channel
from adloom.checks.grounding import check_grounding
from adloom.core.brief import Brief, Offer
from adloom.core.drafts import Drafts, Source
from adloom.core.products import Product
from generators.copy.extract import read_sheet
from generators.copy.facts import FactKind
from generators.copy.frames import compose
from generators.copy.template import write
from tests.generators.copy.german_rows import BAG, FLASK, LAMP, POOR
from tests.generators.copy_requests import copy_request, made, texts_of

ROWS = [FLASK, BAG, LAMP, POOR]
ENGLISH = re.compile(r"\b(?:the|with|for|from|made|shop|your|it|has|and|by)\b", re.IGNORECASE)
#: articles that a frame would have to choose by gender, and what speaks to the reader
INFLECTED = re.compile(r"\b(?:dein|deine|Ihr|Ihre|du|Sie)\b")


def described(description: str, title: str = "Rucksack Fjell", **row: object) -> Product:
    """A row that has little more than its *description*."""
    fixed = {"id": "D", "title": title, "description": description, "language": "de", "category": "Taschen"}
    return Product.model_validate(fixed | row)


def read(product: Product, kind: FactKind, link: str = "") -> list[str]:
    """The facts of one *kind* that followed *link*."""
    return [fact.text for fact in read_sheet(product, Brief(), "de").of(kind) if fact.link == link]


def advertised(product: Product, channel: str = "google_rsa", *, seed: int = 7, brief: Brief | None = None) -> Drafts:
    """What `copy.template` makes of *product* in German."""
    request = copy_request(product, seed=seed, channel=channel, language="de", brief=brief or Brief())
    return made(write(request))


@pytest.mark.parametrize(
    ("description", "kind", "link", "expected"),
    [
        ("Kommt mit gepolstertem Hüftgurt.", "feature", "with", ["gepolstertem Hüftgurt"]),
        ("Kommt mit Regenhülle und zwei Seitentaschen.", "feature", "with", ["Regenhülle", "zwei Seitentaschen"]),
        ("Mit Deckel, Griff und Riemen.", "feature", "with", ["Deckel", "Griff", "Riemen"]),
        ("Mit Deckel, der fest schließt.", "feature", "with", ["Deckel"]),
        ("Mit Fleece gefüttert und leicht.", "feature", "with", ["Fleece"]),
        ("Bietet ein Fach mit Platz für zwei Laptops.", "feature", "with", []),
        ("Ein Rucksack mit Fach für Laptops.", "feature", "with", ["Fach für Laptops"]),
        ("Ein Rucksack mit Fach für Laptops.", "use", "for", []),
        ("Mit warmem Wasser reinigen.", "feature", "with", []),
        ("Unterwegs mit Baby.", "feature", "with", []),
        ("Nicht mit Bleichmittel reinigen.", "feature", "with", []),
        ("Das ist kein Rucksack mit Akku.", "feature", "with", []),
        ("Mit dem Rucksack Fjell bleibt alles trocken.", "feature", "with", []),
        ("Er ist aus recyceltem Nylon gefertigt.", "material", "made", ["recyceltem Nylon"]),
        ("Der Rucksack besteht aus Wolle und Leinen.", "material", "made", ["Wolle und Leinen"]),
        ("Ein Rucksack mit Griffen aus Leder.", "material", "made", []),
        ("Außen robust, das Futter ist aus Fleece.", "material", "made", []),
        ("Für lange Touren und kurze Wege.", "use", "for", ["lange Touren und kurze Wege"]),
        ("Ein Rucksack für Kinder ab 3 Jahren.", "use", "for", ["Kinder ab 3 Jahren"]),
        ("Nicht für Kinder unter 3 Jahren geeignet.", "use", "for", []),
        ("Erhältlich in Dunkelgrün.", "colour", "in", ["Dunkelgrün"]),
        ("In Schweden erdacht.", "colour", "in", []),
    ],
)
def test_a_phrase_is_read_in_the_form_it_has(description: str, kind: str, link: str, expected: list[str]) -> None:
    assert read(described(description), FactKind(kind), link) == expected


@pytest.mark.parametrize(
    ("highlight", "kind", "expected"),
    [
        ("Gepolsterter Hüftgurt", "feature", "gepolsterter Hüftgurt"),
        ("Beine aus Eiche", "feature", "Beine aus Eiche"),
        ("40 Stunden Akkulaufzeit", "feature", "40 Stunden Akkulaufzeit"),
        ("Wartungsarme 7-Gang-Schaltung", "feature", "wartungsarme 7-Gang-Schaltung"),
        ("Wasserdicht", "quality", "wasserdicht"),
        ("Handgegossen", "quality", "handgegossen"),
        ("BPA-frei", "quality", "BPA-frei"),
        ("Zieht schnell ein", "statement", "Zieht schnell ein"),
        ("Hält 24 Stunden kalt", "statement", "Hält 24 Stunden kalt"),
        ("Höhe: 24 cm", "measure", "24 cm hoch"),
    ],
)
def test_a_highlight_says_what_it_is_by_its_form(highlight: str, kind: str, expected: str) -> None:
    assert read(described("", highlights=(highlight,)), FactKind(kind)) == [expected]


@pytest.mark.parametrize("highlight", ["Ohne Weichmacher", "Gratis Versand", "Nicht für den Trockner"])
def test_what_denies_or_speaks_of_the_shop_is_no_fact(highlight: str) -> None:
    assert read_sheet(described("", highlights=(highlight,)), Brief(), "de").facts == ()


@pytest.mark.parametrize(
    ("sentence", "links"),
    [
        ("Der Hüftgurt ist gepolstert und lässt sich abnehmen.", [""]),
        ("Er bleibt auch bei starkem Regen trocken.", ["it"]),
        ("Der Rucksack Fjell fasst alles für eine Woche.", ["named"]),
        ("Dadurch sitzt er immer bequem am Rücken.", []),
        ("Wir versenden jeden Rucksack am selben Tag.", []),
        ("Suchen Sie einen leichten Begleiter?", []),
        ("Er passt.", []),
    ],
)
def test_a_sentence_that_stands_alone_is_a_statement(sentence: str, links: list[str]) -> None:
    found = read_sheet(described(sentence), Brief(), "de").of(FactKind.STATEMENT)
    assert [fact.link for fact in found] == links


@pytest.mark.parametrize("product", ROWS, ids=lambda row: row.title)
def test_every_fact_says_where_it_stands(product: Product) -> None:
    for fact in read_sheet(product, Brief(), "de").facts:
        if fact.source == "description":
            assert product.description[slice(*fact.span)] == fact.text


@pytest.mark.parametrize(
    ("title", "brand", "category", "name", "short", "noun"),
    [
        ("Kanne Fjell 0,75 l", "Fjordline", "Tee > Kannen", "Kanne Fjell", "Kanne Fjell", "Kanne"),
        ("Nordly Jacke Sund | Blau", "Nordly", "", "Jacke Sund", "Jacke Sund", "Jacke"),
        ("Jacke Sund von Nordly", "Nordly", "", "Jacke Sund", "Jacke Sund", "Jacke"),
        ("Herren Schuh Fels, Anthrazit", "", "Schuhe", "Herren Schuh Fels", "Schuh Fels", "Schuh"),
        ("Kleid Elba mit Print", "", "Damen > Kleider", "Kleid Elba mit Print", "Kleid Elba", "Kleid"),
        ("Holzeisenbahn (35 Teile)", "Tannenhof", "Eisenbahnen", "Holzeisenbahn", "Holzeisenbahn", "Holzeisenbahn"),
        ("MESSER SOLIS 20 CM", "Klinge", "", "Messer Solis", "Messer Solis", "Messer"),
        ("Bike Bergen 28 Zoll Damen-Rad", "", "Bikes", "Bike Bergen 28 Zoll Damen-Rad", "Bike Bergen", "Bike"),
        ("Shirt Herren Basic", "", "Shirts", "Shirt Herren Basic", "Shirt Herren Basic", "Shirt"),
        ("Wunderding", "", "", "Wunderding", "Wunderding", ""),
    ],
)
def test_a_title_is_taken_apart(title: str, brand: str, category: str, name: str, short: str, noun: str) -> None:
    names = read_sheet(described("", title, brand=brand, category=category), Brief(), "de").names
    assert (names.name, names.short, names.noun) == (name, short, noun)


@pytest.mark.parametrize("channel", ["google_rsa", "meta_feed", "google_pmax", "linkedin_single_image", "push"])
@pytest.mark.parametrize("product", ROWS, ids=lambda row: row.title)
def test_every_text_fits_stands_in_the_row_and_is_german(product: Product, channel: str) -> None:
    fields = {field.name: field for field in copy_fields(load_channel(channel), ())}
    drafts = advertised(product, channel).drafts
    assert product is POOR or {draft.field for draft in drafts} == set(fields)
    for draft in drafts:
        assert fits(draft.text, fields[draft.field])
        assert check_grounding(draft.text, product=product, brief=Brief(), brand=None, language="de") == []
        assert not ENGLISH.search(draft.text)
        assert draft.source == Source.TEMPLATE


@pytest.mark.parametrize(("product", "least"), [(FLASK, 8), (BAG, 8), (LAMP, 3), (POOR, 3)])
def test_a_richer_row_gives_more_headlines(product: Product, least: int) -> None:
    headlines = texts_of(advertised(product), "headline")
    assert len(set(headlines)) == len(headlines) >= least


def test_frames_speak_to_nobody() -> None:
    for product in ROWS:
        for draft in advertised(product, "meta_feed").drafts:
            told = " ".join(fact["text"] for fact in draft.details["facts"])
            assert set(INFLECTED.findall(draft.text)) <= set(INFLECTED.findall(told))


def test_only_the_first_word_of_a_headline_gets_a_capital() -> None:
    headlines = texts_of(advertised(FLASK, "meta_feed"), "headline")
    assert any(": spülmaschinenfest" in text or " mit breiter" in text for text in headlines)
    assert all(text[0].isupper() for text in headlines)


def test_prices_and_offers_are_written_as_germans_write_them() -> None:
    brief = Brief(offer=Offer(text="20 % auf alle Flaschen"))
    texts = " ".join(draft.text for seed in range(3) for draft in advertised(FLASK, brief=brief, seed=seed).drafts)
    assert "24,99 €" in texts
    assert "20 % auf alle Flaschen" in texts


def test_a_sentence_with_a_pronoun_follows_the_name_at_once() -> None:
    random = np.random.default_rng(1)
    texts = [one.text for one in compose(read_sheet(BAG, Brief(), "de"), random, shortest=90, longest=400, wanted=60)]
    placed = [text.split(". ").index(part) for text in texts for part in text.split(". ") if part.startswith("Sie ")]
    assert placed
    assert set(placed) == {1}


def test_nothing_follows_a_call() -> None:
    texts = [d.text for row in ROWS for seed in range(2) for d in advertised(row, "meta_feed", seed=seed).drafts]
    assert any("Jetzt für" in text for text in texts)
    for text in texts:
        assert not re.search(r"\. Jetzt [^.]*\. ", text)


MARKERS = {"feature": "mit", "material": "aus", "use": "für"}


@pytest.mark.parametrize("product", [FLASK, BAG, LAMP], ids=lambda row: row.title)
def test_a_phrase_stands_behind_the_word_it_followed_and_no_other_does(product: Product) -> None:
    """ "mit breiter Trageschlaufe" and "auslaufsicherer Schraubverschluss", never the other way about."""
    bound = {(fact.kind.value, fact.text): fact.is_bound for fact in read_sheet(product, Brief(), "de").facts}
    for draft in advertised(product, "meta_feed").drafts:
        for fact in draft.details["facts"]:
            kind, text = fact["kind"], fact["text"]
            if kind in MARKERS:
                said = re.search(rf"\b(?:{MARKERS[kind]}|und) {re.escape(text)}", draft.text, re.IGNORECASE)
                after = re.search(rf"\b{MARKERS[kind]} {re.escape(text)}", draft.text, re.IGNORECASE)
                assert said if bound[kind, text] else kind != "feature" or not after


def test_a_sentence_of_the_row_may_repeat_itself() -> None:
    texts = [draft.text for seed in range(3) for draft in advertised(FLASK, seed=seed).drafts]
    assert any("24 Stunden kalt und 12 Stunden heiß." in text for text in texts)


def test_no_sentence_begins_with_the_word_that_the_last_one_has() -> None:
    texts = [d.text for row in ROWS for seed in range(3) for d in advertised(row, "meta_feed", seed=seed).drafts]
    assert not [text for text in texts if re.search(r"\b[Mm]it [^.]*\. Mit ", text)]


def test_no_word_is_said_again_in_a_compound() -> None:
    jacket = described("Aus Wolle.", "Damenjacke Sund", gender="female", brand="Nordly")
    assert read(jacket, FactKind.AUDIENCE, "for") == ["Damen"]
    assert not [draft.text for draft in advertised(jacket).drafts if "für Damen" in draft.text]


def test_the_rows_own_audience_is_said_in_place_of_the_feeds_code() -> None:
    train = described("Eine Bahn für Kinder ab 3 Jahren.", "Bahn", age_group="kids")
    assert read(train, FactKind.AUDIENCE, "for") == []
    assert read(train, FactKind.USE, "for") == ["Kinder ab 3 Jahren"]
