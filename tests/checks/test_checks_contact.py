"""Links, handles, hashtags and contacts: what each rule catches, in every language, and what it leaves alone."""

import pytest

from adloom.core.brand import Brand
from tests.checks.breaches import broken, rows

BREACHES = {
    "tiktok_forbidden_chars": [
        ("en", "Boots #winter"),
        ("en", "Boots by @daybird"),
        ("en", "Boots {new}"),
        ("en", "See https://shop.example/a"),
        ("en", "See www.daybird.example"),
        ("de", "Mehr auf daybird.de"),
        ("zh", "请访问daybird.cn购买"),
        ("zh", "登山鞋＃冬季"),
        ("en", "bit.ly/boots"),
        ("de", "Rezepte auf topf-und-glut.at"),
        ("en", "More at daybird.kitchen"),
        ("en", "SHOP.DAYBIRD.IT"),
        ("de", "Mehr auf müller-zelte.ch/neu"),
        ("fr", "Sur www.daybird.example."),
    ],
    "no_hashtag_stuffing": [
        ("en", "Boots #winter #snow #trail"),
        ("en", "#a #b #c1"),
        ("fr", "Bottes #été #neige #hiver"),
        ("zh", "#登山 #徒步 #户外"),
        ("zh", "＃登山 ＃徒步 ＃户外"),
    ],
    "no_offsite_contact": [
        ("zh", "加微信了解更多"),
        ("zh", "加我vx123"),
        ("zh", "扫码领取"),
        ("zh", "私信我"),
        ("zh", "电话13812345678"),
        ("en", "WhatsApp for sizes"),
        ("en", "DM us for sizes"),
        ("en", "Write to info@shop.example"),
        ("en", "More at shop.example"),
        ("de", "Rufen Sie uns an"),
        ("fr", "Contactez-nous"),
        ("es", "Escríbenos"),
        ("zh", "想要的加wei信beixi2027"),
        ("zh", "V：beixi2027"),
        ("zh", "想要的姐妹 V❤ beixi2027"),
        ("zh", "薇❤beixi_zhiwu"),
        ("zh", "加weixin聊"),
        ("zh", "Q：123456789"),
        ("zh", "V：13812345678"),
        ("zh", "微xin同号"),
    ],
}

NEAR_MISSES = {
    "tiktok_forbidden_chars": [
        ("en", "Boots. For all."),
        ("en", "Made in the U.S.A. for 9.5 a.m."),
        ("en", "Node.js & No.1 (new) [soft]"),
        ("de", "Für Berge z.B. im Winter"),
        ("zh", "轻便，保暖。登山鞋"),
        ("en", "So warm.It stays dry"),
        ("en", "Load 8.5.in boards"),
        ("de", "Leicht.So geht Wandern"),
        ("en", "Open until 9 p.m. daily"),
        ("de", "Ca. 3 kg inkl. Tasche, d.h. leicht"),
    ],
    "no_hashtag_stuffing": [
        ("en", "Boots #winter #snow"),
        ("en", "The #1 boots, #2 socks, #3 hats"),
        ("en", "C# F# and shop/a#b plus x#y and z#w"),
        ("en", "&#x27; &#x28; &#x29; and shop/#a shop/#b shop/#c"),
        ("zh", "#登山# #徒步#"),
        ("en", "&#39; and ## and # three"),
    ],
    "no_offsite_contact": [
        ("zh", "支持微信支付"),
        ("zh", "扫码枪，二维码扫描器"),
        ("zh", "儿童电话手表"),
        ("zh", "手机壳，AVX512"),
        ("en", "Call of the wild, message in a bottle"),
        ("en", "1-800 lumens, sizes 36-47"),
        ("de", "Ruf der Berge"),
        ("fr", "Rien ne nous appelle"),
        ("es", "Escribe mejor"),
        ("zh", "毛衣改成加V领之后显得脖子长"),
        ("zh", "周末把书架扫一扫"),
        ("zh", "给妈妈打电话让她来摘"),
        ("zh", "儿童手表能打电话"),
        ("zh", "V：220V，适合国内"),
        ("zh", "V：Vintage 风格外套"),
        ("zh", "Q：2027年会下雪吗"),
        ("zh", "一定要自信又相信自己"),
        ("en", "V: beixi2027 is a model"),
        ("zh", "参加威海马拉松的跑鞋"),
        ("zh", "增加卫星定位"),
    ],
}


@pytest.mark.parametrize(("rule", "language", "text"), rows(BREACHES))
def test_a_breach_is_found(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language)
    assert broken(rule, text)


@pytest.mark.parametrize(("rule", "language", "text"), rows(NEAR_MISSES))
def test_a_near_miss_is_left_alone(rule: str, language: str, text: str) -> None:
    assert broken(rule, text, language=language) == []


def test_a_link_is_told_once() -> None:
    assert broken("tiktok_forbidden_chars", "See https://shop.example/#a") == ["https://shop.example/#a"]


def test_only_what_is_more_than_two_hashtags_is_told() -> None:
    assert broken("no_hashtag_stuffing", "#a #b #c #d") == ["#c", "#d"]


def test_a_brand_may_be_called_like_a_place_to_meet() -> None:
    assert broken("no_offsite_contact", "News in The Telegram", brand=Brand(name="The Telegram")) == []


@pytest.mark.parametrize("text", ["Warm 🔥", "Rated ★★★", "保暖 ❤️", "🇩🇪 boots"])
def test_a_headline_has_no_emoji(text: str) -> None:
    assert broken("no_emoji_in_headline", text, field="headline")
    assert broken("no_emoji_in_headline", text, field="description") == []


@pytest.mark.parametrize("text", ["Warm™ & dry®", "Only $9 - 50 %", "ｶﾞｲﾄﾞ付き", "© Daybird", "保暖、轻便"])
def test_a_headline_without_emoji_is_left_alone(text: str) -> None:
    assert broken("no_emoji_in_headline", text, field="headline") == []
