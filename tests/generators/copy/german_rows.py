"""German rows as shops write them: rich, of another trade, medium and poor."""

from adloom.core.products import Money, Product

FLASK = Product(
    id="DE1",
    title="Trinkflasche Nordkap 0,75 l",
    brand="Fjordline",
    category="Sport & Freizeit > Trinkflaschen",
    description=(
        "Die Trinkflasche Nordkap von Fjordline hält Getränke 24 Stunden kalt und 12 Stunden heiß. Sie ist aus "
        "doppelwandigem Edelstahl gefertigt und kommt mit auslaufsicherem Schraubverschluss und breiter Trageschlaufe. "
        "Dank der großen Öffnung passen auch Eiswürfel hinein. Ideal für Wanderungen, Büro und Schule. "
        "Nicht für die Mikrowelle geeignet. Wir liefern kostenlos!"
    ),
    highlights=("Auslaufsicherer Schraubverschluss", "BPA-frei", "Spülmaschinenfest", "Passt in jeden Getränkehalter"),
    details={"Fassungsvermögen": "750 ml", "Höhe": "26 cm", "Gewicht": "380 g"},
    material="Edelstahl",
    color="Dunkelgrün",
    price=Money(amount="24.99", currency="EUR"),
    language="de",
)
BAG = Product(
    id="DE2",
    title="Wickeltasche Lotte, Salbeigrün",
    brand="Kleine Welle",
    category="Baby > Unterwegs > Wickeltaschen",
    description=(
        "Unterwegs mit Baby bleibt alles an seinem Platz. Die Wickeltasche Lotte hat ein großes Hauptfach und kommt "
        "mit gepolsterter Wickelunterlage, zwei Isolierfächern und verstellbarem Schultergurt. Sie besteht aus "
        "gewachster Baumwolle und lässt sich mit zwei Griffen am Kinderwagen befestigen. Für lange Ausflüge und "
        "kurze Wege."
    ),
    highlights=("Wasserabweisend", "Großes Hauptfach", "Sieben Innentaschen"),
    price=Money(amount="129.00", currency="EUR"),
    language="de",
)
LAMP = Product(
    id="DE3",
    title="Tischleuchte Ahrenshoop",
    description="Tischleuchte aus geölter Eiche mit mattem Glasschirm. Für E27-Leuchtmittel.",
    details={"Höhe": "38 cm"},
    price=Money(amount="89.00", currency="EUR"),
    language="de",
)
POOR = Product(id="DE4", title="Geschirrtuch Karo", brand="Leinenhaus", language="de")
