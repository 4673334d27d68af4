"""French rows as shops write them: rich, of two other trades, medium and poor."""

from adloom.core.products import Money, Product

GOURDE = Product(
    id="FR1",
    title="Gourde isotherme Nordkap 0,75 l",
    brand="Fjordline",
    category="Sports et loisirs > Gourdes",
    description=(
        "La gourde isotherme Nordkap de Fjordline garde les boissons froides 24 heures et chaudes 12 heures. "
        "Fabriquée en acier inoxydable à double paroi, elle est dotée d'un bouchon à vis étanche et d'une anse "
        "rigide. Son large goulot accueille aussi des glaçons. Idéale pour la randonnée, le bureau et l'école. Ne "
        "convient pas au micro-ondes. Nous livrons gratuitement !"
    ),
    highlights=("Bouchon à vis étanche", "Sans BPA", "Passe au lave-vaisselle", "Antidérapante"),
    details={"Contenance": "750 ml", "Hauteur": "26 cm", "Poids": "380 g"},
    material="Acier inoxydable",
    color="Vert foncé",
    price=Money(amount="24.99", currency="EUR"),
    language="fr",
)
SAC = Product(
    id="FR2",
    title="Sac à langer Lotte, vert sauge",
    brand="Petite Vague",
    category="Bébé > Sorties > Sacs à langer",
    description=(
        "En balade avec bébé, tout reste à sa place. Le sac à langer Lotte possède un grand compartiment principal, "
        "deux poches isothermes et une bandoulière réglable. Il est confectionné en coton ciré et se fixe à la "
        "poussette grâce à deux attaches. Pour les longues sorties et les petits trajets."
    ),
    highlights=("Déperlant", "Grand compartiment principal", "Sept poches intérieures", "Matelas à langer inclus"),
    price=Money(amount="129.00", currency="EUR"),
    language="fr",
)
ROBE = Product(
    id="FR3",
    title="Robe longue Elba à manches courtes femme",
    brand="Atelier Mirabelle",
    category="Femme > Vêtements > Robes",
    description=(
        "Une robe fluide en viscose, à porter du matin au soir. Elle se ferme par une rangée de boutons nacrés et "
        "dispose de deux poches latérales. Coupe évasée, longueur mi-mollet. Lavage à 30 °C."
    ),
    highlights=("Deux poches latérales", "Encolure en V", "Taille élastiquée"),
    material="Viscose",
    color="Terracotta",
    gender="female",
    price=Money(amount="79.90", currency="EUR"),
    language="fr",
)
LAMPE = Product(
    id="FR4",
    title="Lampe de table Ouessant",
    description="Lampe de table en chêne huilé avec abat-jour en verre mat. Pour ampoules E27.",
    details={"Hauteur": "38 cm"},
    price=Money(amount="89.00", currency="EUR"),
    language="fr",
)
TORCHON = Product(id="FR5", title="Torchon Karo", brand="Maison Lin", language="fr")
ROWS = (GOURDE, SAC, ROBE, LAMPE, TORCHON)
