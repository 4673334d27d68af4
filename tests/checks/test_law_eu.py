"""Claims in the European Union, in English, German, French and Spanish."""

import pytest

from adloom.checks import Severity
from adloom.checks.law import check_law
from tests.checks.laws import found, idle_contexts

GREEN, PRICE, MEDICAL, HEALTH = "eu_green_claim", "eu_price_reduction", "eu_medical_claim", "eu_health_claim"

BREACHES = [
    ("Eco-friendly boots", GREEN, "Eco-friendly"),
    ("Our eco line", GREEN, "eco"),
    ("Climate neutral since 2020", GREEN, "Climate neutral"),
    ("A carbon-neutral jacket", GREEN, "carbon-neutral"),
    ("Sustainable wool", GREEN, "Sustainable"),
    ("Umweltfreundliche Stiefel", GREEN, "Umweltfreundliche"),
    ("UMWELTFREUNDLICH verpackt", GREEN, "UMWELTFREUNDLICH"),
    ("Klimaneutral verschickt", GREEN, "Klimaneutral"),
    ("Klima\u00adneutrales Zelt", GREEN, "Klima\u00adneutrales"),
    ("CO₂-neutral hergestellt", GREEN, "CO₂-neutral"),
    ("Nachhaltige Wolle", GREEN, "Nachhaltige"),
    ("Ökologisch gefärbt", GREEN, "Ökologisch"),
    ("Biologisch abbaubare Seife", GREEN, "Biologisch abbaubare"),
    ("Une veste écologique", GREEN, "écologique"),
    ("CUIR ECOLOGIQUE", GREEN, "ECOLOGIQUE"),
    ("L’e\u0301cologique malin", GREEN, "e\u0301cologique"),
    ("Sac neutre en carbone", GREEN, "neutre en carbone"),
    ("Respectueuse de l’environnement", GREEN, "Respectueuse de l’environnement"),
    ("Éco-responsable", GREEN, "Éco-responsable"),
    ("Algodón ecológico", GREEN, "ecológico"),
    ("Botas ecologicas", GREEN, "ecologicas"),
    ("Moda sostenible", GREEN, "sostenible"),
    ("Respetuoso con el medio ambiente", GREEN, "Respetuoso con el medio ambiente"),
    ("Neutro en carbono", GREEN, "Neutro en carbono"),
    ("Emissionsfrei nach Lissabon", GREEN, "Emissionsfrei"),
    ("Emissionsneutrale Fahrt", GREEN, "Emissionsneutrale"),
    ("Frei von Emissionen", GREEN, "Frei von Emissionen"),
    ("Zero-emission delivery", GREEN, "Zero-emission"),
    ("Emission-free bikes", GREEN, "Emission-free"),
    ("Zéro émission en ville", GREEN, "Zéro émission"),
    ("Reparto sin emisiones", GREEN, "sin emisiones"),
    ("Ein Tisch von eco", GREEN, "eco"),
    ("Muebles con eco etiqueta", GREEN, "eco"),
    ("El eco-diseño", GREEN, "eco"),
    ("Was €99, now €49", PRICE, "Was €99, now €49"),
    ("20% off all tents", PRICE, "20% off"),
    ("Chairs, -40% until Sunday", PRICE, "40%"),
    ("–40 % auf Zelte", PRICE, "40 %"),
    ("−12,5%", PRICE, "12,5%"),
    ("Zelte (-30%)", PRICE, "30%"),
    ("-40%", PRICE, "40%"),
    ("40 Prozent Rabatt", PRICE, "40 Prozent Rabatt"),
    ("40 % moins cher", PRICE, "40 % moins cher"),
    ("A mitad de precio", PRICE, "A mitad de precio"),
    ("Zum halben Preis", PRICE, "Zum halben Preis"),
    ("49 Euro statt 99", PRICE, "statt 99"),
    ("5 statt 9 Euro", PRICE, "statt 9"),
    ("5 statt 9 Sommerpreis", PRICE, "statt 9"),
    ("49 nur statt 99", PRICE, "statt 99"),
    ("Statt 99 jetzt 49", PRICE, "Statt 99"),
    ("Statt 99 Sommerpreis 49", PRICE, "Statt 99"),
    ("2 Stühle statt 99 €", PRICE, "statt 99"),
    ("49 euros au lieu de 99", PRICE, "au lieu de 99"),
    ("Au lieu de 99 puis 49", PRICE, "Au lieu de 99"),
    ("Two chairs instead of €99", PRICE, "instead of €99"),
    ("49 only instead of 99", PRICE, "instead of 99"),
    ("49 instead of 99 pounds", PRICE, "instead of 99"),
    ("Was 99, now 49", PRICE, "Was 99, now 49"),
    ("20% off grid systems", PRICE, "20% off"),
    ("Statt 99 € nur 49 €", PRICE, "Statt 99"),
    ("Statt UVP 99,90 €", PRICE, "Statt UVP 99,90"),
    ("30 % reduziert", PRICE, "30 % reduziert"),
    ("Früher 1999 €, jetzt 999 €", PRICE, "Früher 1999"),
    ("49 € au lieu de 99 €", PRICE, "au lieu de 99"),
    ("30 % de réduction", PRICE, "30 % de réduction"),
    ("Antes 99 €, ahora 49 €", PRICE, "Antes 99"),
    ("Antes: 1.299,00 €", PRICE, "Antes: 1.299,00"),
    ("20% de descuento", PRICE, "20% de descuento"),
    ("Cures arthritis", MEDICAL, "Cures arthritis"),
    ("Heilt Krankheiten", MEDICAL, "Heilt Krankheiten"),
    ("Guérit le rhume", MEDICAL, "Guérit"),
    ("Un remède miracle", MEDICAL, "remède miracle"),
    ("Cura la artritis", MEDICAL, "Cura la"),
    ("Boosts your immune system", HEALTH, "Boosts your immune system"),
    ("Klinisch getestet", HEALTH, "Klinisch getestet"),
    ("Stärkt das Immunsystem", HEALTH, "Stärkt das Immunsystem"),
    ("Cliniquement prouvé", HEALTH, "Cliniquement prouvé"),
    ("Refuerza tus defensas", HEALTH, "Refuerza tus defensas"),
    ("Refuerza la inmunidad", HEALTH, "Refuerza la inmunidad"),
    ("Renforce les défenses immunitaires", HEALTH, "Renforce les défenses"),
    ("Pour renforcer vos défenses", HEALTH, "renforcer vos défenses"),
    ("Booste l’immunité", HEALTH, "Booste l’immunité"),
    ("Stärkt die Abwehrkräfte", HEALTH, "Stärkt die Abwehrkräfte"),
    ("Unterstützt dein Immunsystem", HEALTH, "Unterstützt dein Immunsystem"),
    ("Supports your immune system", HEALTH, "Supports your immune system"),
    ("Detox-Tee", HEALTH, "Detox"),
    ("A digital detox tea", HEALTH, "detox"),
]


@pytest.mark.parametrize(("text", "rule", "words"), BREACHES)
def test_a_claim_is_found(text: str, rule: str, words: str) -> None:
    assert found(text, "eu") == [(rule, words)]


INNOCENT = [
    "Economy size", "Eco mode saves battery", "Modo eco", "Second-hand", "Recycled polyester",
    "The echo of the hills", "A neutral colour", "Was it cold? It is now", "Now 49 euros", "Instead of laces",
    "Instead of 20 minutes, 5", "Cured ham", "Secure fit", "Unsustainable", "Stattdessen: Wolle", "Statt Leder Filz",
    "In 5 statt 20 Minuten", "Im Umweltpark", "Nachhaltiger Eindruck", "Freundlich und neutral", "Früher Winter",
    "Wasserdichte Wanderschuhe", "Die Wunde heilt", "Leicht, warm und trocken", "Größe 42", "Au lieu de lacets",
    "Un rendez-vous au lieu dit", "Avant 8 heures", "Avant 2020", "Wie früher 1950", "Veste imperméable et chaude",
    "Durable et légère", "Une couleur neutre", "Antes de salir", "Antes 20 minutos", "Botas ligeras",
    "Chaqueta cálida", "Economía de peso", "El cura del pueblo", "Color neutro", "Curaçao blau", "Secura",
    "Umberto Eco: die Romane", "El eco de las montañas", "Una sala sin eco", "A sustainable pace",
    "Zéro émission manquée", "Sin emisiones en directo", "Formaldehyd: Emission gemessen", "Jetzt 3 Taschen statt 2",
    "Zwei Griffe statt bisher 1", "Statt 3 Kabeln eines", "Trois poches au lieu de 2", "Un câble au lieu de 3",
    "Au lieu de 3 câbles", "Dos asas en lugar de 1", "Un seul câble au lieu de 4", "4 statt 2 Räder", "-20 % d’eau",
    "Antes 2 bolsillos, ahora 3", "One charger instead of 3 cables", "Three pockets instead of 2",
    "Instead of 4 people, two", "Reduced from 5 steps", "Our club was 5, now 50", "The street was 12, now 120",
    "100% off-grid kettles", "-30% Zucker", "-30 % de sucres", "-20% weniger Fett", "Steigung: -12 %", "20-40%",
    "20 -40 %", "5 % -10 %", "-40 °C", "-100%", "Modell X-40%", "Digital Detox in der Hütte",
    "Digital-Detox-Wochenende", "Une détox numérique", "Detox your closet", "Renforce les coutures",
    "Renforce vos défenses contre les pirates", "Stärkt das Leder", "Refuerza la costura", "",
]  # fmt: skip


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_innocent_is_left_alone(text: str) -> None:
    assert found(text, "eu") == []


def test_every_context_saves_something() -> None:
    assert idle_contexts("eu", INNOCENT) == []


@pytest.mark.parametrize(
    ("text", "severity"),
    [("Klimaneutral", Severity.EVIDENCE), ("Statt 99 €", Severity.EVIDENCE), ("Wundermittel", Severity.ERROR)],
)
def test_the_law_says_how_bad_it_is(text: str, severity: Severity) -> None:
    assert [finding.severity for finding in check_law(text, markets=["eu"])] == [severity]


def test_a_reduction_is_told_of_the_thirty_days() -> None:
    (finding,) = check_law("Statt 99 €", markets=["eu"])
    assert "30 days" in finding.detail


def test_a_claim_proves_what_it_repeats() -> None:
    claims = ["KLIMANEUTRAL nach ISO 14068", "Statt 99 € (Preis vom 1. März)"]
    assert found("Klimaneutral. 49 € statt 99 €", "eu", *claims) == []


def test_a_sign_is_proved_by_the_same_sign_alone() -> None:
    assert found("-40% auf Zelte", "eu", "-40% (Preis vom 1. März)") == []
    for claim in ("40% Baumwolle", "-45%"):
        assert found("-40% auf Zelte", "eu", claim) == [(PRICE, "40%")]


def test_a_claim_of_another_price_proves_nothing() -> None:
    assert found("49 € statt 99 €", "eu", "Statt 89 €") == [(PRICE, "statt 99")]
