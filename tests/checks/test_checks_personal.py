"""An ad does not tell its readers who they are, in any language; it may say for whom a product is."""

import pytest

from tests.checks.breaches import broken

RULE = "meta_personal_attributes"
TOLD = {
    "en": [
        "Tired of being single?",
        "Sick of being overweight?",
        "Are you single?",
        "You have ADHD. So do our founders.",
        "If you have asthma, read on",
        "You've got insomnia and we have tea",
        "Got arthritis?",
        "Do you suffer from migraines?",
        "Pregnant? Our jeans grow with you.",
        "Still unemployed?",
        "Your debts are your neighbours'",
        "Meet other singles nearby",
        "Join other single moms",
        "As a diabetic, you know",
    ],
    "de": [
        "Sind Sie Diabetiker?",
        "Sind Sie schwanger?",
        "Bist du noch Single?",
        "Du bist arbeitslos und suchst etwas Neues",
        "Haben Sie Diabetes?",
        "Leiden Sie unter Schlaflosigkeit?",
        "Wenn du oft Migräne hast",
        "Als Diabetikerin wissen Sie das",
        "Deine Schulden werden kleiner",
        "Mehr Ruhe für Ihr Asthma",
        "Triff andere Singles aus Leipzig",
        "Schwanger? Unsere Jeans wächst mit.",
        "Immer noch arbeitslos?",
        "Falls Sie alleinerziehend sind",
        "Sind Sie über 50?",
    ],
    "fr": [
        "Êtes-vous diabétique ?",
        "Es-tu célibataire ?",
        "Vous êtes au chômage",
        "Avez-vous du diabète ?",
        "Souffrez-vous d'insomnie ?",
        "Vous souffrez de migraines ?",
        "Votre arthrose mérite mieux",
        "Tes dettes s'envolent",
        "Rencontrez d'autres célibataires",
        "Enceinte ? Un jean qui suit.",
        "Marre d'être célibataire ?",
        "Toujours célibataire ?",
    ],
    "es": [
        "¿Eres diabética?",
        "¿Estás en paro?",
        "¿Está usted embarazada?",
        "Si eres soltero, ven",
        "¿Tienes diabetes?",
        "¿Sufres de insomnio?",
        "Tus deudas bajan cada mes",
        "Conoce a otros solteros",
        "¿Embarazada? Un vaquero que crece.",
        "¿Cansada de estar soltera?",
        "¿Sigues soltero?",
        "Vives con artritis y cocinas",
    ],
    "zh": ["您是否负债？", "你怀孕了吗", "您有糖尿病吗", "你是单身吗", "認識其他單身人士"],
}
MAY_BE_SAID = {
    "en": [
        "Socks for diabetics",
        "Your Depression-era quilt",
        "Hear the other singles from the album",
        "Are you single-handedly moving house?",
        "Recipes for people living with diabetes",
        "A walk for cancer research",
        "We got arthritis-friendly jar openers",
        "Are you black-diamond ready?",
        "Dating for singles over 50",
        "Warm socks. Pregnant pauses included.",
        "Do you have a single minute?",
        "Your anxiety-free weekend",
        "You have debts of gratitude to your boots",
        "Black? White? You choose.",
        "Single? Double? An espresso for all.",
    ],
    "de": [
        "Socken für Diabetiker",
        "Umstandsmode für Schwangere",
        "Sind Sie bereit?",
        "Bist du schwindelfrei?",
        "Haben Sie Zeit für Kaffee?",
        "Reisen für Alleinerziehende",
        "Andere Länder, andere Suppen",
        "Hast du Christbäume?",
        "Sind Sie über 50 Stufen außer Atem?",
        "Der Ratgeber zu Diabetes",
        "Ein Abend für Singles",
        "Ihr sucht ein Zelt?",
        "Wenn ihr sucht, findet ihr",
        "Wenn Sie Diabetes verstehen wollen",
    ],
    "fr": [
        "Des chaussettes pour diabétiques",
        "Vêtements de grossesse pour femmes enceintes",
        "Êtes-vous prêt ?",
        "Avez-vous du sel ?",
        "Votre handicap au golf baisse",
        "Une soirée pour célibataires",
        "Noir ? Blanc ? À vous de voir.",
        "Vous avez du goût",
        "D'autres couleurs pour vos murs",
        "Le guide du diabète",
    ],
    "es": [
        "Calcetines para diabéticos",
        "Ropa para embarazadas",
        "¿Estás listo?",
        "¿Tienes hambre?",
        "Una noche para solteros",
        "Otros colores para tu casa",
        "Tienes deudas de gratitud",
        "Ana convive con su diabetes",
        "La guía de la diabetes",
    ],
    "zh": [
        "你在超重行李上花了多少钱",
        "糖尿病人袜子",
        "孕妇装上新",
        "你的单身公寓收纳",
        "给单身人士的一人食",
        "你准备好了吗",
    ],
}


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), rows(TOLD))
def test_who_a_reader_is_told_to_be_is_found(language: str, text: str) -> None:
    assert broken(RULE, text, language=language)
    assert broken(RULE, text)


@pytest.mark.parametrize(("language", "text"), rows(MAY_BE_SAID))
def test_for_whom_a_product_is_may_be_said(language: str, text: str) -> None:
    assert broken(RULE, text, language=language) == []


@pytest.mark.parametrize(("language", "text"), [("de", "Are you diabetic?"), ("en", "Tu es enceinte ?")])
def test_a_text_is_held_against_its_own_language(language: str, text: str) -> None:
    assert broken(RULE, text, language=language) == []


def test_what_is_found_is_the_address_and_the_state() -> None:
    assert broken(RULE, "Hallo! Sind Sie noch Single? Wir auch.", language="de-AT") == ["Sind Sie noch Single"]
