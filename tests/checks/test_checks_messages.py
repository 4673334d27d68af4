"""E-mail and text messages: who speaks, that it is no pretence, and how to make it stop."""

import pytest

from adloom.core.brand import Brand
from tests.checks.breaches import broken

DAYBIRD = Brand(name="Daybird")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Re: your boots"),
        ("en", "FW: Winter boots"),
        ("en", "Fwd: boots"),
        ("en", "RE[2]: boots"),
        ("en", "Your account has been suspended"),
        ("en", "You’ve won a pair"),
        ("de", "AW: Ihre Stiefel"),
        ("de", "Letzte Mahnung"),
        ("fr", "TR: vos bottes"),
        ("fr", "Vous avez gagné"),
        ("es", "RV: tus botas"),
        ("es", "Has ganado unas botas"),
        ("zh", "回复：登山鞋"),
        ("zh", "恭喜您中奖"),
        ("en", "Your package could not be delivered"),
        ("en", "Your account will be suspended"),
        ("en", "Missed delivery: act today"),
        ("de", "Antwort: Ihr Angebot für den Gartentisch"),
        ("de", "Ihr Paket konnte nicht zugestellt werden"),
        ("de", "Ihr Konto wird gesperrt"),
        ("fr", "Réponse : vos bottes"),
        ("fr", "Votre colis est en attente"),
        ("es", "Tu cuenta será bloqueada"),
        ("es", "Respuesta: tus botas"),
        ("es", "Entrega fallida"),
        ("zh", "您的包裹未能送达，请查看"),
        ("zh", "您的账号将被注销"),
    ],
)
def test_a_subject_that_pretends_is_found(language: str, text: str) -> None:
    assert broken("can_spam_no_deceptive_subject", text, language=language, field="subject")
    assert broken("can_spam_no_deceptive_subject", text, field="subject")
    assert broken("can_spam_no_deceptive_subject", text, language=language, field="body") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Re-usable bottles: new colours"),
        ("en", "Re:Zero figures are here"),
        ("en", "FW26 collection"),
        ("en", "Boots, re: winter"),
        ("en", "Your account, your boots"),
        ("de", "Awesome: neue Stiefel"),
        ("fr", "Très chaud : nos bottes"),
        ("es", "Gana altura"),
        ("zh", "登山鞋上新：回复力强"),
        ("en", "You've won us over, Lyon"),
        ("en", "Your receipt scanner now reads handwriting"),
        ("en", "Your parcel shelf, rebuilt"),
        ("en", "Never a missed delivery: a parcel box"),
        ("de", "Antworten auf alles: neue Stiefel"),
        ("de", "Pakete aus Holz für Kinder"),
        ("fr", "Vous avez gagné notre cœur"),
        ("es", "Tu cuenta atrás para el invierno"),
        ("zh", "包裹式剪裁的登山鞋"),
    ],
)
def test_an_honest_subject_is_left_alone(language: str, text: str) -> None:
    assert broken("can_spam_no_deceptive_subject", text, language=language, field="subject") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Daybird: new boots are here"),
        ("en", "Stop by our shop today"),
        ("en", "A non-stop sale. Reply today"),
        ("en", "Reply now, don't stop"),
        ("de", "Daybird: Stopp, neue Stiefel"),
        ("fr", "Daybird : nouvelles bottes, stop au froid"),
        ("es", "Daybird: la temperatura baja"),
        ("", "Don't stop an adventure"),
        ("en", "Daybird: a coat for all who want to opt out of winter."),
        ("en", "Daybird: you cannot unsubscribe from rain. New boots."),
        ("en", "Daybird: time to opt out of wet feet"),
        ("de", "Daybird: Einfach mal vom Alltag abmelden"),
        ("fr", "Daybird : désabonnez-vous du froid"),
        ("es", "Daybird: darse de baja del frío"),
    ],
)
def test_a_message_without_a_way_out_is_found(language: str, text: str) -> None:
    assert broken("us_stop_opt_out", text, language=language, field="body") == [""]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "New boots. Reply STOP to opt out."),
        ("en", "New boots. Text 'stop' to 12345"),
        ("en", "New boots. STOP to end"),
        ("en", "New boots. To unsubscribe visit shop.example/u"),
        ("en", "New boots. STOP2END"),
        ("en", "New boots. Rply STOP"),
        ("en", "New boots. To opt out of marketing emails visit shop.example/u"),
        ("en", "New boots. Unsubscribe from Daybird: shop.example/u"),
        ("es", "Botas nuevas. Para darte de baja de estas alertas: shop.example/u"),
        ("fr", "Bottes. Pour vous désabonner du service : shop.example/u"),
        ("de", "Neue Stiefel. Vom Empfang abmelden: shop.example/u"),
        ("en", "New boots. To opt out of these texts visit shop.example/u"),
        ("en", "Opt out of winter. Reply STOP to opt out of messages"),
        ("en", "New boots. Unsubscribe from our list: shop.example/u"),
        ("de", "Neue Stiefel. Vom Newsletter abmelden: shop.example/u"),
        ("fr", "Nouvelles bottes. Pour se désabonner : shop.example/u"),
        ("de", "Neue Stiefel. Abmelden: shop.example/u"),
        ("de", "Neue Stiefel. STOP an 12345"),
        ("fr", "Nouvelles bottes. STOP au 36111"),
        ("fr", "Nouvelles bottes. STOP SMS au 36111"),
        ("fr", "Nouvelles bottes. STOP 36111"),
        ("es", "Botas nuevas. Responde BAJA"),
        ("es", "Botas nuevas. Para darte de baja: shop.example/u"),
        ("zh", "【Daybird】登山鞋上新"),
        ("zh-CN", "登山鞋上新"),
        ("", "登山鞋上新"),
    ],
)
def test_a_message_with_a_way_out_or_in_chinese_is_left_alone(language: str, text: str) -> None:
    assert broken("us_stop_opt_out", text, language=language, field="body") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "登山鞋上新，拒收请回复R"),
        ("zh", "【Daybird】登山鞋上新"),
        ("zh", "登山鞋上新，退订回T【Daybird】"),
        ("zh", "【Daybird】退订回T，登山鞋上新"),
        ("zh", "【】登山鞋上新，退订回T"),
        ("", "登山鞋上新"),
    ],
)
def test_a_chinese_message_without_signature_or_refusal_is_found(language: str, text: str) -> None:
    assert broken("cn_sms_signature_and_unsubscribe_T", text, language=language, field="body") == [""]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "【Daybird】登山鞋上新，拒收请回复R"),
        ("zh", "【Daybird】登山鞋上新，退订回T"),
        ("zh", "【日鸟】登山鞋上新 回TD退订"),
        ("zh", "【日鸟】登山鞋上新，TD退订"),
        ("zh-Hans", "【日鸟】登山鞋上新，拒收请回复Ｒ。"),
        ("en", "Daybird: new boots"),
        ("", "新しい登山靴が入荷しました"),
        ("ja", "登山靴新入荷"),
    ],
)
def test_a_chinese_message_with_both_and_one_in_another_language_are_left_alone(language: str, text: str) -> None:
    assert broken("cn_sms_signature_and_unsubscribe_T", text, language=language, field="body") == []


@pytest.mark.parametrize(
    "text",
    [
        "New boots are here",
        "Our new boots for all are from Daybird",
        "Daybirds sing",
        "登山鞋上新，很轻，很暖，很舒服，防水，透气，耐磨【Daybird】",
    ],
)
def test_a_message_that_does_not_begin_with_its_sender_is_found(text: str) -> None:
    assert broken("sms_include_sender_name", text, field="body", brand=DAYBIRD) == [""]


@pytest.mark.parametrize(
    "text",
    [
        "Daybird: new boots",
        "New boots at DAYBIRD",
        "【Daybird】登山鞋上新",
        "Your Daybird's here",
        "x" * 18 + " Daybird",
    ],
)
def test_a_message_that_names_its_sender_early_is_left_alone(text: str) -> None:
    assert broken("sms_include_sender_name", text, field="body", brand=DAYBIRD) == []


def test_a_sender_nobody_named_is_not_missed() -> None:
    assert broken("sms_include_sender_name", "New boots", field="body") == []


def test_the_twentieth_character_is_the_last_where_a_sender_may_begin() -> None:
    assert broken("sms_include_sender_name", "x" * 19 + " Daybird", field="body", brand=DAYBIRD) == [""]
