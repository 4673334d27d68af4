"""Spanish rows become Spanish texts, in the row's own forms."""

import re

import pytest

from adloom.channels import copy_fields, fits, load_channel
from adloom.checks.grounding import check_grounding
from adloom.core.brief import Brief, Offer
from adloom.core.drafts import Drafts, Source
from adloom.core.products import Product
from generators.copy.extract import read_sheet
from generators.copy.facts import FactKind
from generators.copy.frames import Candidate
from generators.copy.plan import is_specific, plan_request
from generators.copy.template import write
from tests.generators.copy.spanish_rows import BOTELLA, LAMPARA, MOCHILA, PANO, PANTALON, ROWS
from tests.generators.copy_requests import copy_request, made, texts_of

ENGLISH = re.compile(r"\b(?:the|with|for|from|made|shop|your|it|has|and|by)\b", re.IGNORECASE)
FORMAL = re.compile(r"\b(?:usted|descubra|compre|pida|conozca)\b", re.IGNORECASE)


def described(description: str, title: str = "Mochila Aneto", **row: object) -> Product:
    """A row that has little more than its *description*."""
    fixed = {"id": "D", "title": title, "description": description, "language": "es", "category": "Mochilas"}
    return Product.model_validate(fixed | row)


def read(product: Product, kind: FactKind, link: str = "") -> list[str]:
    """The facts of one *kind* that followed *link*."""
    return [fact.text for fact in read_sheet(product, Brief(), "es").of(kind) if fact.link == link]


def advertised(product: Product, channel: str = "google_rsa", *, seed: int = 7, offer: str = "") -> Drafts:
    """What `copy.template` makes of *product* in Spanish."""
    brief = Brief(offer=Offer(text=offer)) if offer else Brief()
    return made(write(copy_request(product, channel=channel, language="es", seed=seed, brief=brief)))


def every_text(channel: str, *, seeds: int = 3) -> list[str]:
    """All texts of all rows on *channel*."""
    return [d.text for row in ROWS for seed in range(seeds) for d in advertised(row, channel, seed=seed).drafts]


@pytest.mark.parametrize(
    ("description", "kind", "link", "expected"),
    [
        ("Con un cinturón acolchado y dos bolsillos.", "feature", "with", ["cinturón acolchado", "dos bolsillos"]),
        (
            "Tiene bolsillos de malla y correas de hombro.",
            "feature",
            "with",
            ["bolsillos de malla", "correas de hombro"],
        ),
        ("Dispone de un bolsillo y de una funda.", "feature", "with", ["bolsillo", "funda"]),
        ("Cuenta con espacio para portátil y una funda.", "feature", "with", ["espacio para portátil", "funda"]),
        ("Incluye funda impermeable.", "feature", "with", ["funda impermeable"]),
        ("Con notas de almendra y manzana.", "feature", "with", ["notas de almendra y manzana"]),
        ("Con la mochila en la mano.", "feature", "with", []),
        ("De paseo con bebé.", "feature", "with", []),
        ("Con dos asas, ideal para la ciudad.", "feature", "with", ["dos asas"]),
        ("Con dos bolsillos laterales y dos traseros.", "feature", "with", ["dos bolsillos laterales"]),
        ("No lavar con lejía.", "feature", "with", []),
        ("Está fabricada en nailon reciclado.", "material", "made", ["nailon reciclado"]),
        ("Es de algodón encerado para la ciudad.", "material", "made", ["algodón encerado"]),
        ("Hecha en España.", "material", "made", []),
        ("En la ciudad y en la montaña.", "material", "made", []),
        ("Sus correas son de cuero.", "material", "made", []),
        ("Ideal para rutas largas y escapadas.", "use", "for", ["rutas largas y escapadas"]),
        ("Pensada para rutas en bicicleta.", "use", "for", ["rutas en bicicleta"]),
        ("El bolsillo para portátil es amplio.", "use", "for", []),
        ("Perfecta para ti.", "use", "for", []),
        ("No es apta para bucear.", "use", "for", []),
        ("Disponible en azul marino.", "colour", "in", ["azul marino"]),
        ("Disponible en línea.", "colour", "in", []),
        ("De corte recto.", "fit", "fit", ["recto"]),
    ],
)
def test_a_phrase_is_read_without_its_article(description: str, kind: str, link: str, expected: list[str]) -> None:
    assert read(described(description), FactKind(kind), link) == expected


@pytest.mark.parametrize(
    ("highlight", "kind", "link", "expected"),
    [
        ("Espalda acolchada", "feature", "", "espalda acolchada"),
        ("Bluetooth 5.3", "feature", "", "Bluetooth 5.3"),
        ("Impermeable", "quality", "", "impermeable"),
        ("Sin BPA", "feature", "without", "BPA"),
        ("Cabe en cualquier maleta", "statement", "", "cabe en cualquier maleta"),
        ("Apta para lavavajillas", "statement", "", "apta para lavavajillas"),
    ],
)
def test_a_highlight_stands_as_it_would_in_a_sentence(highlight: str, kind: str, link: str, expected: str) -> None:
    row = described("", highlights=[highlight])
    assert (kind, link, expected) in [(f.kind, f.link, f.text) for f in read_sheet(row, Brief(), "es").facts]


@pytest.mark.parametrize("highlight", ["Sin esfuerzo", "Envío gratis", "Nuestro favorito"])
def test_what_no_advertisement_may_take_is_no_fact(highlight: str) -> None:
    assert read_sheet(described("", highlights=[highlight]), Brief(), "es").facts == ()


@pytest.mark.parametrize(
    ("sentence", "links"),
    [
        ("La mochila Aneto protege tus cosas.", ["named"]),
        ("Mantiene el agua fría todo el día.", ["it"]),
        ("Su boca grande admite hielo.", ["it"]),
        ("La solapa se cierra con imán.", [""]),
        ("Esto lo cambia todo cada día.", []),
        ("Enviamos en dos días laborables.", []),
        ("Lavar la mochila a mano.", []),
        ("¿Buscas una mochila ligera y cómoda?", []),
        ("Ligera, cómoda y ¡muy resistente!", []),
    ],
)
def test_a_sentence_that_stands_alone_is_a_statement(sentence: str, links: list[str]) -> None:
    found = read_sheet(described(sentence), Brief(), "es").of(FactKind.STATEMENT)
    assert [fact.link for fact in found] == links


def test_columns_lose_the_capital_that_only_opens_them() -> None:
    row = described(
        "", material="Algodón orgánico, Lino", color="Azul noche", details={"Altura": "40 cm", "Uso": "Viajes"}
    )
    told = {(fact.kind.value, fact.text) for fact in read_sheet(row, Brief(), "es").facts}
    expected = {("material", "algodón orgánico y lino"), ("colour", "azul noche"), ("measure", "altura 40 cm")}
    assert told == expected | {("use", "viajes")}


def test_a_list_of_percentages_follows_its_label_alone() -> None:
    assert read(PANTALON, FactKind.MATERIAL, "made") == []
    texts = [d.text for seed in range(8) for d in advertised(PANTALON, "meta_feed", seed=seed).drafts]
    assert any("Material: 98 % algodón y 2 % elastano" in text for text in texts)


@pytest.mark.parametrize(
    ("title", "category", "names"),
    [
        (
            "Botella térmica Nordkap 0,75 l",
            "Botellas",
            ["Botella térmica Nordkap", "Botella Nordkap", "Botella térmica", "Botella"],
        ),
        (
            "Mochila de montaña Aneto 30 L, gris",
            "",
            ["Mochila de montaña Aneto", "Mochila Aneto", "Mochila de montaña", "Mochila"],
        ),
        (
            "TABLA DE CORTAR TURIA",
            "",
            ["Tabla de cortar Turia", "Tabla de cortar Turia", "Tabla de cortar", "Tabla de cortar"],
        ),
        ("Pantalón chino Río hombre", "", ["Pantalón chino Río", "Pantalón Río", "Pantalón chino", "Pantalón"]),
        (
            "Escalera plegable Hemma 3 peldaños",
            "",
            ["Escalera plegable Hemma 3 peldaños", "Escalera Hemma", "Escalera plegable", "Escalera"],
        ),
        (
            "Esterilla de yoga",
            "Deporte > Yoga",
            ["Esterilla de yoga", "Esterilla de yoga", "Esterilla de yoga", "Esterilla de yoga"],
        ),
        ("Maravilla", "", ["Maravilla", "Maravilla", "", ""]),
    ],
)
def test_a_title_is_taken_apart(title: str, category: str, names: list[str]) -> None:
    read = read_sheet(described("", title, category=category), Brief(), "es").names
    assert [read.name, read.short, read.kind, read.noun] == names


@pytest.mark.parametrize("channel", ["google_rsa", "meta_feed", "google_pmax", "linkedin_single_image", "push"])
@pytest.mark.parametrize("product", ROWS, ids=lambda row: row.title)
def test_every_text_fits_stands_in_the_row_and_is_spanish(product: Product, channel: str) -> None:
    fields = {field.name: field for field in copy_fields(load_channel(channel), ())}
    drafts = advertised(product, channel).drafts
    assert product is PANO or {draft.field for draft in drafts} == set(fields)
    for draft in drafts:
        assert fits(draft.text, fields[draft.field])
        assert check_grounding(draft.text, product=product, brief=Brief(), brand=None, language="es") == []
        assert not ENGLISH.search(draft.text)
        assert draft.source == Source.TEMPLATE


@pytest.mark.parametrize(("product", "least"), [(BOTELLA, 8), (MOCHILA, 8), (PANTALON, 8), (LAMPARA, 3), (PANO, 3)])
def test_a_richer_row_gives_more_headlines(product: Product, least: int) -> None:
    for seed in range(3):
        headlines = texts_of(advertised(product, seed=seed), "headline")
        assert len(set(headlines)) == len(headlines) >= least


def test_a_shouted_title_without_a_maker_still_gives_headlines() -> None:
    row = described(
        "", "CAMISETA BÁSICA CUELLO REDONDO", category="", color="Blanco", price={"amount": 15, "currency": "EUR"}
    )
    assert len(texts_of(advertised(row), "headline")) >= 3


def test_the_reader_is_a_tu_and_nobody_shouts() -> None:
    texts = every_text("meta_feed")
    assert any("Descubre más" in text for text in texts)
    assert [text for text in texts if FORMAL.search(text) or set("¡!¿?") & set(text)] == []


def test_only_the_first_word_of_a_headline_gets_a_capital() -> None:
    made_of = [advertised(BOTELLA, "meta_feed", seed=seed) for seed in range(3)]
    headlines = [text for drafts in made_of for text in texts_of(drafts, "headline")]
    capitals = {word for text in headlines for word in re.findall(r"\b[A-ZÁÉÍÓÚ]\w+", text[1:])}
    assert capitals <= {"Botella", "Nordkap", "Fjordline", "BPA"}
    assert all(text[0].isupper() for text in headlines)


def test_prices_and_offers_are_written_as_spaniards_write_them() -> None:
    offer = "-20 % en todas las botellas"
    texts = " ".join(draft.text for seed in range(4) for draft in advertised(BOTELLA, offer=offer, seed=seed).drafts)
    assert "24,99 €" in texts
    assert offer in texts


def test_a_sentence_without_its_subject_follows_the_name_at_once() -> None:
    texts = [*every_text("meta_story_reels"), *every_text("meta_feed")]
    opens = re.compile(r"(?:Está|Lleva|Tiene|Su) ")
    assert any(opens.search(text) for text in texts)
    for text in texts:
        before, found, _ = opens.sub("\0", text).partition("\0")
        assert not found or before.count(". ") == 1


def test_a_text_is_held_against_the_rules_of_its_own_language() -> None:
    row = described("Sale de viaje contigo.")
    plan = plan_request(copy_request(row, channel="amazon_sponsored_brands", language="es"))
    assert plan.may_run("Mochila Aneto: sale de viaje contigo", plan.fields[0])  # no English "sale"
    assert not plan.may_run("Mochila Aneto: rebajas", plan.fields[0])


def test_a_line_with_the_full_name_is_specific() -> None:
    sheet = read_sheet(BOTELLA, Brief(), "es")
    assert is_specific(Candidate("Botella térmica Nordkap", "name", (), ()), sheet)
    assert not is_specific(Candidate("Botella térmica", "name", (), ()), sheet)


def test_no_y_stands_before_its_own_sound() -> None:
    row = described("Con iluminación LED, hilos reforzados, hielera plegable y asa ancha.")
    texts = [d.text for seed in range(6) for d in advertised(row, "meta_feed", seed=seed).drafts]
    assert any(" y hielera" in text for text in texts)
    assert [text for text in texts if re.search(r" y h?i(?!e)", text)] == []


def test_nothing_follows_a_call() -> None:
    for text in every_text("meta_feed"):
        assert not re.search(r"(?:Descubre más|Compra online|Pide online)[^.:]*\. ", text)
