"""Spanish rows as shops write them: rich, of two other trades, medium and poor."""

from adloom.core.products import Money, Product

BOTELLA = Product(
    id="ES1",
    title="Botella térmica Nordkap 0,75 l",
    brand="Fjordline",
    category="Deporte y aire libre > Botellas",
    description=(
        "La botella térmica Nordkap de Fjordline mantiene las bebidas frías 24 horas y calientes 12 horas. Está "
        "fabricada en acero inoxidable de doble pared y cuenta con tapón de rosca hermético y asa ancha. Su boca "
        "grande admite cubitos de hielo. Ideal para excursiones, la oficina y el colegio. No apta para microondas. "
        "¡Enviamos gratis!"
    ),
    highlights=("Tapón de rosca hermético", "Sin BPA", "Apta para lavavajillas", "Cabe en cualquier portabidones"),
    details={"Capacidad": "750 ml", "Altura": "26 cm", "Peso": "380 g"},
    material="Acero inoxidable",
    color="Verde oscuro",
    price=Money(amount="24.99", currency="EUR"),
    language="es",
)
MOCHILA = Product(
    id="ES2",
    title="Mochila de montaña Aneto 30 L, gris antracita",
    brand="Cumbre Alta",
    category="Montaña > Mochilas",
    description=(
        "La mochila Aneto te acompaña en rutas de uno o dos días. Lleva espalda acolchada, cinturón lumbar regulable "
        "y dos bolsillos laterales de malla. Incluye funda impermeable. Está hecha de poliéster reciclado y pesa solo"
        " 900 gramos. Para rutas largas y escapadas de fin de semana."
    ),
    highlights=(
        "Espalda acolchada",
        "Ligera",
        "Transpirable",
        "Compatible con bolsa de hidratación",
        "Cremalleras selladas",
    ),
    details={"Volumen": "30 l"},
    price=Money(amount="89.00", currency="EUR"),
    language="es",
)
PANTALON = Product(
    id="ES3",
    title="Pantalón chino Río hombre",
    brand="Sastrería Luna",
    category="Hombre > Ropa > Pantalones",
    description=(
        "Un pantalón chino de algodón con un toque de elastano. Tiene dos bolsillos laterales y dos traseros con "
        "botón. Corte recto y tiro medio. Lavar a 30 °C."
    ),
    highlights=("Cintura elástica", "Dos bolsillos laterales", "Tejido suave"),
    material="98 % algodón, 2 % elastano",
    color="Azul marino",
    gender="male",
    details={"Corte": "Recto"},
    price=Money(amount="59.95", currency="EUR"),
    language="es",
)
LAMPARA = Product(
    id="ES4",
    title="Lámpara de mesa Menorca",
    description="Lámpara de mesa de roble con pantalla de lino. Para bombillas E27.",
    details={"Altura": "38 cm"},
    price=Money(amount="89.00", currency="EUR"),
    language="es",
)
PANO = Product(id="ES5", title="Paño de cocina Cuadros", brand="Casa Lino", language="es")
ROWS = (BOTELLA, MOCHILA, PANTALON, LAMPARA, PANO)
