"""French rows become French texts, in the row's own forms."""

import re

import pytest

from adloom.channels import copy_fields, fits, load_channel
from adloom.checks.grounding import check_grounding
from adloom.core.brief import Brief, Offer
from adloom.core.drafts import Drafts, Source
from adloom.core.products import Product
from generators.copy.extract import read_sheet
from generators.copy.facts import FactKind
from generators.copy.template import write
from tests.generators.copy.french_rows import GOURDE, LAMPE, ROBE, ROWS, SAC, TORCHON
from tests.generators.copy_requests import copy_request, made, texts_of

ENGLISH = re.compile(r"\b(?:the|with|for|from|made|shop|your|it|has|and|by)\b", re.IGNORECASE)
ADDRESS = re.compile(r"\b(?:tu|toi|ton|ta|tes|vous|vos|votre|[a-zé]+ez)\b", re.IGNORECASE)


def described(description: str, title: str = "Sac à dos Fjell", **row: object) -> Product:
    """A row that has little more than its *description*."""
    fixed = {"id": "D", "title": title, "description": description, "language": "fr", "category": "Sacs à dos"}
    return Product.model_validate(fixed | row)


def read(product: Product, kind: FactKind, link: str = "") -> list[str]:
    """The facts of one *kind* that followed *link*."""
    return [fact.text for fact in read_sheet(product, Brief(), "fr").of(kind) if fact.link == link]


def advertised(product: Product, channel: str = "google_rsa", *, seed: int = 7, offer: str = "") -> Drafts:
    """What `copy.template` makes of *product* in French."""
    brief = Brief(offer=Offer(text=offer)) if offer else Brief()
    return made(write(copy_request(product, channel=channel, language="fr", seed=seed, brief=brief)))


def every_text(channel: str, *, seeds: int = 3) -> list[str]:
    """All texts of all rows on *channel*."""
    return [d.text for row in ROWS for seed in range(seeds) for d in advertised(row, channel, seed=seed).drafts]


@pytest.mark.parametrize(
    ("description", "kind", "link", "expected"),
    [
        ("Livré avec une housse.", "feature", "with", ["housse"]),
        ("Avec sangles et crochets.", "feature", "with", ["sangles et crochets"]),
        ("Avec une ceinture rembourrée et deux poches.", "feature", "with", ["ceinture rembourrée", "deux poches"]),
        ("Doté d'un rabat, d'une ceinture et de sangles.", "feature", "with", ["rabat", "ceinture", "sangles"]),
        ("Il est doté d’un rabat.", "feature", "with", ["rabat"]),
        ("Avec un fond en mousse aérée et un rabat.", "feature", "with", ["fond en mousse aérée", "rabat"]),
        ("Avec une poche pour ordinateur qui se ferme.", "feature", "with", ["poche pour ordinateur"]),
        ("Avec l'anse, portez-le à la main.", "feature", "with", []),
        ("Avec en prime une poche.", "feature", "with", []),
        ("Avec ses deux poches, il est pratique.", "feature", "with", []),
        ("En balade avec bébé.", "feature", "with", []),
        ("Avec un rabat, idéal pour la ville.", "feature", "with", ["rabat"]),
        ("Ne pas laver avec de la lessive.", "feature", "with", []),
        ("Il est fabriqué en nylon recyclé.", "material", "made", ["nylon recyclé"]),
        ("Sac à dos en coton ciré pour la ville.", "material", "made", ["coton ciré"]),
        ("Fabriqué en France.", "material", "made", []),
        ("En ville comme en montagne.", "material", "made", []),
        ("Ses sangles sont en cuir.", "material", "made", []),
        ("Idéal pour la randonnée et le voyage.", "use", "for", ["la randonnée et le voyage"]),
        ("Conçu pour la randonnée en montagne.", "use", "for", ["la randonnée en montagne"]),
        ("Conçu pour une randonnée d'hiver.", "use", "for", ["une randonnée d'hiver"]),
        ("La poche pour ordinateur est doublée.", "use", "for", []),
        ("Parfait pour vous.", "use", "for", []),
        ("Il n'est pas conçu pour la plongée.", "use", "for", []),
        ("Disponible en vert foncé.", "colour", "in", ["vert foncé"]),
        ("Disponible en ligne.", "colour", "in", []),
        ("Coupe ajustée.", "fit", "fit", ["ajustée"]),
    ],
)
def test_a_phrase_is_read_without_its_article(description: str, kind: str, link: str, expected: list[str]) -> None:
    assert read(described(description), FactKind(kind), link) == expected


@pytest.mark.parametrize(
    ("highlight", "kind", "link", "expected"),
    [
        ("Bouchon étanche", "feature", "", "bouchon étanche"),
        ("Bluetooth 5.3", "feature", "", "Bluetooth 5.3"),
        ("Fjell Pro inclus", "feature", "", "Fjell Pro inclus"),
        ("Imperméable", "quality", "", "imperméable"),
        ("Sans BPA", "feature", "without", "BPA"),
        ("Passe au lave-vaisselle", "statement", "", "passe au lave-vaisselle"),
        ("Compatible avec Android", "statement", "", "compatible avec Android"),
    ],
)
def test_a_highlight_stands_as_it_would_in_a_sentence(highlight: str, kind: str, link: str, expected: str) -> None:
    row = described("", highlights=[highlight])
    assert [(f.kind, f.link, f.text) for f in read_sheet(row, Brief(), "fr").facts] == [(kind, link, expected)]


@pytest.mark.parametrize("highlight", ["Sans effort", "Livraison gratuite", "Notre coup de cœur"])
def test_what_no_advertisement_may_take_is_no_fact(highlight: str) -> None:
    assert read_sheet(described("", highlights=[highlight]), Brief(), "fr").facts == ()


@pytest.mark.parametrize(
    ("sentence", "links"),
    [
        ("Le sac à dos Fjell protège vos affaires.", ["named"]),
        ("Il se porte toute la journée.", ["it"]),
        ("Sa grande ouverture simplifie le rangement.", ["it"]),
        ("Grâce à deux sangles, il tient en place.", ["it"]),
        ("Le rabat résiste à -20 °C. Le fond est renforcé.", ["", ""]),
        ("Le rabat se ferme par aimant.", [""]),
        ("Cela change tout au quotidien.", []),
        ("Nous livrons en deux jours ouvrés.", []),
        ("Lavez le sac à la main.", []),
        ("Vous cherchez un sac à dos léger ?", []),
        ("Le rabat « magnétique » se ferme seul.", []),
    ],
)
def test_a_sentence_that_stands_alone_is_a_statement(sentence: str, links: list[str]) -> None:
    found = read_sheet(described(sentence), Brief(), "fr").of(FactKind.STATEMENT)
    assert [fact.link for fact in found] == links


def test_a_phrase_may_hold_the_small_words_of_the_name() -> None:
    bowl = described("Avec une anse en bois.", "Bol en grès", category="Bols")
    assert read(bowl, FactKind.FEATURE, "with") == ["anse en bois"]


def test_a_sentence_may_name_the_product_at_length() -> None:
    named = [fact.text for fact in read_sheet(GOURDE, Brief(), "fr").of(FactKind.STATEMENT) if fact.link == "named"]
    assert [text[:36] for text in named] == ["la gourde isotherme Nordkap de Fjord"]


def test_columns_lose_the_capital_that_only_opens_them() -> None:
    row = described("", material="Coton biologique, Lin", color="Bleu nuit", details={"Hauteur": "40 cm"})
    told = {(fact.kind.value, fact.text) for fact in read_sheet(row, Brief(), "fr").facts}
    assert told == {("material", "coton biologique et lin"), ("colour", "bleu nuit"), ("measure", "hauteur 40 cm")}


def test_a_list_of_percentages_follows_its_label_alone() -> None:
    assert read(described("", material="98 % coton, 2 % élasthanne"), FactKind.MATERIAL, "made") == []
    assert read(described("", material="100 % coton"), FactKind.MATERIAL, "made") == ["100 % coton"]


@pytest.mark.parametrize(
    ("title", "category", "names"),
    [
        (
            "Gourde isotherme Nordkap 0,75 l",
            "Gourdes",
            ["Gourde isotherme Nordkap", "Gourde Nordkap", "Gourde isotherme", "Gourde"],
        ),
        ("Sac à dos Fjell 30 l, gris", "", ["Sac à dos Fjell", "Sac à dos Fjell", "Sac à dos", "Sac à dos"]),
        ("SAC À DOS FJELL GTX", "", ["Sac à dos Fjell GTX", "Sac à dos Fjell GTX", "Sac à dos", "Sac à dos"]),
        ("Robe longue Elba à fleurs femme", "", ["Robe longue Elba à fleurs", "Robe Elba", "Robe longue", "Robe"]),
        (
            "Escabeau pliant Hemma 3 marches",
            "",
            ["Escabeau pliant Hemma 3 marches", "Escabeau Hemma", "Escabeau pliant", "Escabeau"],
        ),
        (
            "Bibliothèque Lund 2",
            "Bibliothèques",
            ["Bibliothèque Lund 2", "Bibliothèque Lund 2", "Bibliothèque", "Bibliothèque"],
        ),
        ("Tapis de yoga", "Sport > Yoga", ["Tapis de yoga", "Tapis de yoga", "Tapis de yoga", "Tapis de yoga"]),
        (
            "Enceinte Bluetooth mini Galet",
            "Enceintes",
            ["Enceinte Bluetooth mini Galet", "Enceinte Galet", "Enceinte Bluetooth mini", "Enceinte"],
        ),
        ("Merveille", "", ["Merveille", "Merveille", "", ""]),
    ],
)
def test_a_title_is_taken_apart(title: str, category: str, names: list[str]) -> None:
    read = read_sheet(described("", title, category=category), Brief(), "fr").names
    assert [read.name, read.short, read.kind, read.noun] == names


@pytest.mark.parametrize("channel", ["google_rsa", "meta_feed", "google_pmax", "linkedin_single_image", "push"])
@pytest.mark.parametrize("product", ROWS, ids=lambda row: row.title)
def test_every_text_fits_stands_in_the_row_and_is_french(product: Product, channel: str) -> None:
    fields = {field.name: field for field in copy_fields(load_channel(channel), ())}
    drafts = advertised(product, channel).drafts
    assert product is TORCHON or {draft.field for draft in drafts} == set(fields)
    for draft in drafts:
        assert fits(draft.text, fields[draft.field])
        assert check_grounding(draft.text, product=product, brief=Brief(), brand=None, language="fr") == []
        assert not ENGLISH.search(draft.text)
        assert draft.source == Source.TEMPLATE


@pytest.mark.parametrize(("product", "least"), [(GOURDE, 8), (ROBE, 8), (SAC, 6), (LAMPE, 3), (TORCHON, 3)])
def test_a_richer_row_gives_more_headlines(product: Product, least: int) -> None:
    for seed in range(3):
        headlines = texts_of(advertised(product, seed=seed), "headline")
        assert len(set(headlines)) == len(headlines) >= least


def test_frames_speak_to_nobody() -> None:
    texts = every_text("meta_feed")
    assert any("À commander en ligne" in text for text in texts)
    assert [text for text in texts if ADDRESS.search(text)] == []


def test_high_marks_have_the_space_that_every_platform_has() -> None:
    texts = every_text("meta_feed")
    assert any(" : " in text for text in texts)
    for text in texts:
        assert not re.search(r"(?<! )[:;!?]|[\u00a0\u202f]", text)


def test_only_the_first_word_of_a_headline_gets_a_capital() -> None:
    made_of = [advertised(GOURDE, "meta_feed", seed=seed) for seed in range(3)]
    headlines = [text for drafts in made_of for text in texts_of(drafts, "headline")]
    capitals = {word for text in headlines for word in re.findall(r"\b[A-ZÀÉÈÎ]\w+", text[1:])}
    assert capitals <= {"Gourde", "Nordkap", "Fjordline", "BPA"}
    assert all(text[0].isupper() for text in headlines)


def test_prices_and_offers_are_written_as_the_french_write_them() -> None:
    offer = "-20 % sur toutes les gourdes"
    texts = " ".join(draft.text for seed in range(4) for draft in advertised(GOURDE, offer=offer, seed=seed).drafts)
    assert "24,99 €" in texts
    assert offer in texts


def test_a_sentence_with_a_pronoun_follows_the_name_at_once() -> None:
    texts = [*every_text("meta_story_reels"), *every_text("meta_feed")]
    assert any(re.search(r"\. (?:Il|Elle|Son) ", text) for text in texts)
    for text in texts:
        before, found, _ = re.sub(r"(?:Il|Elle|Sa|Son) ", "\0", text).partition("\0")
        assert not found or before.count(". ") == 1


def test_nothing_follows_a_call() -> None:
    for text in every_text("meta_feed"):
        assert not re.search(r"À (?:commander|découvrir|retrouver) en ligne[^.:]*\. ", text)
