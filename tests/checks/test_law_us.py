"""Claims in the United States: what the FTC wants proved, what it takes for deceptive, and which words are innocent."""

import pytest

from adloom.checks import Severity
from adloom.checks.law import check_law
from tests.checks.laws import found, idle_contexts

MIRACLE, HEALTH, FREE, GUARANTEE = "us_miracle_claim", "us_health_claim", "us_free_offer", "us_guarantee"
BEST, PRICE, URGENCY = "us_superlative_claim", "us_price_claim", "us_urgency"

BREACHES = [
    ("A miracle cream", MIRACLE, "miracle"),
    ("MIRACLES do happen", MIRACLE, "MIRACLES"),
    ("Miraculously soft", MIRACLE, "Miraculously"),
    ("Cures back pain", MIRACLE, "Cures"),
    ("The cure for cold feet", MIRACLE, "cure"),
    ("Cures acne in 3 days", MIRACLE, "Cures"),
    ("Cures within days", MIRACLE, "Cures"),
    ("A fast cure", MIRACLE, "cure"),
    ("Clinically proven relief", HEALTH, "Clinically proven"),
    ("Clinically-tested soles", HEALTH, "Clinically-tested"),
    ("Doctor recommended insoles", HEALTH, "Doctor recommended"),
    ("Recommended by dermatologists", HEALTH, "Recommended by dermatologists"),
    ("FDA approved", HEALTH, "FDA approved"),
    ("An FDA-cleared device", HEALTH, "FDA-cleared"),
    ("Lose 10 lbs this month", HEALTH, "Lose 10 lbs"),
    ("Lose up to 12.5 pounds", HEALTH, "Lose up to 12.5 pounds"),
    ("Lose twenty pounds by July", HEALTH, "Lose twenty pounds"),
    ("Shed twenty-five lbs", HEALTH, "Shed twenty-five lbs"),
    ("Drop two dress sizes", HEALTH, "Drop two dress sizes"),
    ("Losing over ten kilos", HEALTH, "Losing over ten kilos"),
    ("Lose a dozen pounds", HEALTH, "Lose a dozen pounds"),
    ("Ten pounds lighter", HEALTH, "Ten pounds lighter"),
    ("Lose weight fast", HEALTH, "Lose weight fast"),
    ("Lose 10 pounds of fat", HEALTH, "Lose 10 pounds"),
    ("A cream that cures in days", MIRACLE, "cures"),
    ("At no cost to you", FREE, "At no cost"),
    ("Yours at no extra charge", FREE, "at no extra charge"),
    ("No additional cost", FREE, "No additional cost"),
    ("Without any cost", FREE, "Without any cost"),
    ("For zero cost", FREE, "For zero cost"),
    ("A complimentary lamp", FREE, "complimentary"),
    ("Shipping is on us", FREE, "Shipping is on us"),
    ("It costs nothing to try", FREE, "costs nothing"),
    ("Free throw with any sofa", FREE, "Free"),
    ("Free throw pillows", FREE, "Free"),
    ("Free kick scooter", FREE, "Free"),
    ("Free speech therapy", FREE, "Free"),
    ("Free will writing", FREE, "Free"),
    ("Free shipping on boots", FREE, "Free"),
    ("Get it FREE!", FREE, "FREE"),
    ("Get it free.", FREE, "free"),
    ("Sugar? No. Free pens!", FREE, "Free"),
    ("Buy one, get one", FREE, "Buy one, get one"),
    ("Free of charge", FREE, "Free"),
    ("A free hand cream", FREE, "free"),
    ("Free size guide", FREE, "Free"),
    ("Free from $50", FREE, "Free"),
    ("BOGO on socks", FREE, "BOGO"),
    ("2-for-1 socks", FREE, "2-for-1"),
    ("The 1 cent sale", FREE, "1 cent sale"),
    ("Interest-free for a year", FREE, "Interest-free"),
    ("Try it risk-free", GUARANTEE, "risk-free"),
    ("Try it risk free", GUARANTEE, "risk free"),
    ("No obligation", GUARANTEE, "No obligation"),
    ("Dry feet guaranteed", GUARANTEE, "guaranteed"),
    ("Our 30-day guarantee", GUARANTEE, "guarantee"),
    ("Money-back promise", GUARANTEE, "Money-back"),
    ("The #1 boot", BEST, "#1"),
    ("The # 1 boot", BEST, "# 1"),
    ("No. 1 in comfort", BEST, "No. 1"),
    ("№1 in comfort", BEST, "№1"),
    ("The number one boot", BEST, "number one"),
    ("The best boot", BEST, "best"),
    ("Best-selling socks", BEST, "Best-selling"),
    ("The world’s best socks", BEST, "world’s best"),
    ("Lowest prices of the year", BEST, "Lowest prices"),
    ("The cheapest tent", BEST, "cheapest"),
    ("The CRM that works best for dentists", BEST, "best"),
    ("From the best to you", BEST, "best"),
    ("What a best seller", BEST, "best seller"),
    ("Our best price", BEST, "best price"),
    ("Coffee is best here", BEST, "best"),
    ("Looks best on you", BEST, "best"),
    ("Not the best boot", BEST, "best"),
    ("Up to 50% off", PRICE, "Up to 50%"),
    ("Up to $50 off", PRICE, "Up to $50 off"),
    ("50% off with purchase of two", PRICE, "50% off with"),
    ("Save up to 50 %", PRICE, "up to 50 %"),
    ("Was $99, now $49", PRICE, "Was $99, now $49"),
    ("Compared at $120", PRICE, "Compared at $120"),
    ("Was 129, now 79", PRICE, "Was 129, now 79"),
    ("Was 5, now 3", PRICE, "Was 5, now 3"),
    ("Was $5, now 50 cents", PRICE, "Was $5, now 50"),
    ("Was 1.299, now 999", PRICE, "Was 1.299, now 999"),
    ("Half off road bikes", PRICE, "Half off"),
    ("Half-off chairs", PRICE, "Half-off"),
    ("Up to fifty percent off", PRICE, "Up to fifty percent"),
    ("Charged up: up to 80% off", PRICE, "up to 80%"),
    ("Up to 60% humidity sale", PRICE, "Up to 60%"),
    ("Save 40%: space is short", PRICE, "Save 40%"),
    ("Save 40% space heaters", PRICE, "Save 40%"),
    ("Save forty percent", PRICE, "Save forty percent"),
    ("Half-price tents", PRICE, "Half-price"),
    ("Limited time only", URGENCY, "Limited time"),
    ("A limited-time offer", URGENCY, "limited-time"),
    ("Only 3 left", URGENCY, "Only 3 left"),
    ("Only three left", URGENCY, "Only three left"),
    ("Only 1,200 left", URGENCY, "Only 1,200 left"),
    ("Only seven left", URGENCY, "Only seven left"),
    ("Last chance to buy", URGENCY, "Last chance"),
    ("While supplies last", URGENCY, "While supplies last"),
]


@pytest.mark.parametrize(("text", "rule", "words"), BREACHES)
def test_a_claim_is_found(text: str, rule: str, words: str) -> None:
    assert found(text, "us") == [(rule, words)]


INNOCENT = [
    "Freedom to roam", "Carefree days", "Freeze-dried meals", "A gluten-free snack", "Sugar-free gum",
    "Sugar free gum", "Hands-free entry", "A free-standing tent", "Freestanding tent", "Feel free to ask",
    "Free-range eggs", "BPA-free bottle", "BPA‑free bottle", "Free of dyes", "Free from parabens", "Break free",
    "A wrinkle-free shirt", "Free‐wheeling fun", "Free to move all day", "In your free time", "A free-fit shirt",
    "Fully cured, cures hard", "Secure fit", "Curated by guides", "Cured leather", "Resin cures in 24 hours",
    "UV cure resin", "The glue cures overnight", "Best before 2027", "Best by March", "Our best wishes",
    "Feel your best", "Your best friend", "Bestow a gift", "Best practices", "Size #1", "Step no. 1", "#10 envelopes",
    "#1.5 mesh", "No. 12 hook", "Model No. 1", "Up to 45 liters", "Up to 60% humidity", "Only 3 sizes",
    "Left pocket, right pocket", "Limited edition", "The last mile", "Guarantor form", "Lose the laces",
    "Loses 10 grams", "Full UV Protection, Secure Fit", "Waterproof, light and warm", "Wanderer Black Hiking Boots",
    "Explorer 45L Backpack", "Ready for winter?", "A tent for two", "Is it sugar-free? Yes", "Doctor Martens boots",
    "Was it cold? Now it is warm", "Save the date", "Half zip", "50% off", "Buy it online. Get it today",
    "No. Obligation is a word", "Resin that cures in sunlight", "The glue which cures overnight",
    "Cures under UV light", "Drop two pounds from your pack", "Lose 300 g from the frame",
    "Shed 1.5 kg of base weight", "Lose one sock a week", "Free throw practice", "Sink every free throw",
    "Free kicks from 20 yards", "A free agent", "Free verse for beginners", "Catches free radicals",
    "Of your own free will", "Free speech in print", "At no cost to quality", "At no time", "Complimentary remarks",
    "Complementary colours", "It costs nothing to ask", "How best to fold a sheet", "What you do best",
    "As kids like best", "She knows best", "It’s best to wash it cold", "It is best if it rests",
    "Best paired with rye", "Three at best", "Best eaten warm", "Coffee is best black", "Grows best in shade",
    "Works best with hard wheels", "Our club was 5, now 50", "The street was 12, now 120",
    "The family was 3, now 4 members", "Charges up to 80% in half an hour", "Dims up to 10%", "Up to 85% cocoa",
    "Up to 90% recycled", "Save 40% space", "Save up to 30% storage", "Save 20% of your time",
    "Half off-road, half commute", "Up to 5 off-road trails", "Only two left turns", "Only one left shoe", "",
]  # fmt: skip


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_innocent_is_left_alone(text: str) -> None:
    assert found(text, "us") == []


def test_every_context_saves_something() -> None:
    assert idle_contexts("us", INNOCENT) == []


def test_a_cure_is_forbidden_and_a_best_is_to_be_proved() -> None:
    findings = check_law("A miracle: the best", markets=["us"])
    assert [finding.severity for finding in findings] == [Severity.ERROR, Severity.EVIDENCE]


def test_a_claim_proves_what_it_repeats() -> None:
    claims = ["Guaranteed for 2 years", "Clinically proven in 2025"]
    assert found("Dry feet GUARANTEED, clinically-proven", "us", *claims) == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Up to 50% off", "Up to 30% off"),
        ("Up to 5% off", "Up to 5.5% off"),
        ("Up to 15% off", "Up to 1.5% off"),
        ("Free socks", "Freedom to roam"),
    ],
)
def test_another_number_or_another_word_proves_nothing(text: str, claim: str) -> None:
    assert len(found(text, "us", claim)) == 1


def test_a_cure_stays_forbidden_whatever_is_claimed() -> None:
    assert found("Cures pain", "us", "Cures pain") == [("us_miracle_claim", "Cures")]


def test_each_market_has_its_own_law() -> None:
    text = "Free: 最佳, umweltfreundlich"
    assert [finding.rule for finding in check_law(text, markets=["us"])] == [FREE]
    assert [finding.rule for finding in check_law(text, markets=[])] == []
    together = check_law(text, markets={"us", "cn", "eu"})
    assert [finding.rule for finding in together] == [FREE, "cn_absolute_claim", "eu_green_claim"]


def test_a_market_that_is_named_twice_counts_once() -> None:
    assert len(check_law("Free socks", markets=["us", "us"])) == 1
