"""Counting: what the platforms, and those who send for them, publish of where their limits lie."""

import pytest

from adloom.channels import measure, sms_parts

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
HIRAGANA = "あいうえおかきくけこ"

COUNTING_PAGE = "docs.x.com/fundamentals/counting-characters"
CONFORMANCE = "github.com/twitter/twitter-text conformance/validate.yml"
V3 = "github.com/twitter/twitter-text config/v3.json"
X = [
    ("x" * 280, 280, COUNTING_PAGE),
    ("限" * 140, 280, COUNTING_PAGE),
    ("限" * 140 + "x", 281, COUNTING_PAGE),
    ("👾" * 140, 280, COUNTING_PAGE),
    ("👋🏽", 2, COUNTING_PAGE),
    (FAMILY, 2, COUNTING_PAGE),
    ("cafe\u0301", 4, COUNTING_PAGE),
    (FAMILY * 140, 280, CONFORMANCE),
    (f"H🐱☺{FAMILY}", 7, CONFORMANCE),
    ("🙋🏽👨\u200d🎤", 4, CONFORMANCE),
    (f"🤪; 🧕; 🧕🏾; {ENGLAND}", 14, CONFORMANCE),
    ("A\ufb2c", 4, CONFORMANCE),  # which NFC takes apart for good
    ("Hi http://test.co", 26, CONFORMANCE),
    ("test.com", 23, CONFORMANCE),
    ("Test https://test.com test https://test.com test.com test", 86, CONFORMANCE),
    ("https://www.twitter.com/aloha " * 10, 240, CONFORMANCE),
    ("randomurl" * 7 + "s.com", 68, CONFORMANCE),  # a label of 64
    (f"{HIRAGANA * 12} http://{HIRAGANA * 5}あい.com", 264, CONFORMANCE),
    (f"{HIRAGANA * 12} http://{HIRAGANA * 5}あいう.com", 358, CONFORMANCE),  # 64 once it is written in ASCII
    ("\u2066\u202ahttp://foobar.پاکستان/\u202c\u2069", 31, CONFORMANCE),
    ("https://example.com/" + "x" * 400, 23, COUNTING_PAGE),
    ("\u10ff\u2000\u200d\u2010\u201f\u2032\u2037", 7, V3),
    ("\u1100", 2, V3),
    ("\u200e\u200f\u2020\u2031\u2038", 10, V3),
    ("…€", 4, V3),
    ("1\ufe0f\u20e3", 2, "unicode.org/reports/tr51: a keycap sequence is an emoji"),
    ("🇩🇪", 2, "unicode.org/reports/tr51: two regional indicators are a flag"),
    ("©", 1, V3),
    ("©\ufe0f", 2, "unicode.org/reports/tr51: a presentation sequence is an emoji"),
]

BULK = "github.com/MicrosoftDocs/BingAds-docs bulk-service/responsive-search-ad.md: 15 or 45 of double width"
MICROSOFT = [
    ("x" * 30, 30, BULK),
    ("限" * 15, 30, BULK),
    ("あ" * 15, 30, BULK),
    ("한" * 15, 30, BULK),
    ("한" * 45, 90, BULK),
    ("😀" * 15, 30, BULK),
    ("Sale 限时", 9, BULK),  # by character, not by the language of the ad group
    ("é", 1, BULK),
    ("ก", 1, BULK),
    ("ᄒ\u1161\u11ab", 6, "three Korean characters as they are sent"),
    ("！", 2, "unicode.org/reports/tr11: full-width"),
    ("ｶﾞ", 2, "unicode.org/reports/tr11: half-width"),
    (FAMILY, 2, "unicode.org/reports/tr51"),
    (f"{ENGLAND}🇩🇪#\ufe0f\u20e3", 6, "unicode.org/reports/tr51"),
    ("✋🏽❤\ufe0f\u200d🔥", 4, "unicode.org/reports/tr51"),
    ("☀\ufe0f⚡", 4, "unicode.org/reports/tr51"),
    ("☀★", 2, "unicode.org/reports/tr51: no emoji unless it says so; no emoji"),
]

GESTURE = "ads.tiktok.com/help/article/tiktok-interactive-add-on-gesture: half-width 1, full-width 2"
IMAGE_ADS = "ads.tiktok.com/help/article/image-ads-specification: 100 Latin or 50 Asian characters"
TIKTOK = [
    ("x" * 100, 100, IMAGE_ADS),
    ("限" * 50, 100, IMAGE_ADS),
    ("한" * 50, 100, IMAGE_ADS),
    ("ガ" * 50, 100, IMAGE_ADS),
    ("Ａ！", 4, GESTURE),
    ("A!ｶﾞ", 4, GESTURE),
    ("é", 1, GESTURE),
    ("👍🏽", 4, GESTURE),
    ("🌶🅰\U0001faff", 6, GESTURE),  # drawn as wide as other pictures, whatever Unicode says or Python knows of them
]

EXTENSION = "3GPP TS 23.038, 6.2.1.1: these follow an escape"
SEGMENTS = "developers.telnyx.com/docs/messaging/messages/message-encoding"
SMS = [
    ("x" * 160, 160, SEGMENTS),
    ("x" * 161, 161, SEGMENTS),
    ("€" * 80, 160, EXTENSION),
    ("\f^{}\\[~]|€", 20, EXTENSION),
    ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà", 44, "3GPP TS 23.038, 6.2.1: one septet each"),
    ("限" * 70, 160, SEGMENTS),
    ("限" * 71, 163, SEGMENTS),
    ("’" + "x" * 69, 160, SEGMENTS),  # one curly quote, and all of it is UCS-2
    ("’" + "x" * 70, 163, SEGMENTS),
    ("😀" * 35, 160, SEGMENTS),
    ("ç", 3, "3GPP TS 23.038, 6.2.1: the alphabet has a capital one only"),
    ("`", 3, "3GPP TS 23.038, 6.2.1: the alphabet has none"),
]

PARTS = [
    ("", 0),
    ("x", 1),
    ("x" * 160, 1),
    ("x" * 161, 2),
    ("x" * 306, 2),
    ("x" * 307, 3),
    ("x" * 1530, 10),
    ("€" * 80, 1),
    ("€" * 81, 2),
    ("€" * 152, 2),
    ("€" * 153, 3),  # 306 septets, but no part takes half a euro sign
    ("x" * 152 + "€" + "x" * 151, 2),
    ("x" * 152 + "€" + "x" * 152, 3),
    ("限" * 70, 1),
    ("限" * 71, 2),
    ("限" * 134, 2),
    ("限" * 135, 3),
    ("’" + "x" * 160, 3),
    ("😀" * 35, 1),
    ("😀" * 66, 2),
    ("😀" * 67, 3),  # 134 units, but no part takes half a pair
    ("限" * 66 + "😀" + "限" * 65, 2),
    ("限" * 66 + "😀" + "限" * 66, 3),
]

SINGLE_BYTES = "a tool for Taobao's Zhitongche, seen in public: 60 bytes are 30 hanzi"
GBK = [
    ("限" * 30, 60, SINGLE_BYTES),
    ("x" * 60, 60, SINGLE_BYTES),
    ("，。", 4, "GBK/1"),
    ("é", 2, "GBK/1 has the letters of Pinyin"),
    ("丂", 2, "GBK/3"),
    ("€", 2, "GB 18030: A2E3"),
    ("ñ", 4, "GB 18030: four bytes"),
    ("😀", 4, "GB 18030: four bytes"),
]

COUNTER = "github.com/woocommerce/google-listings-and-ads js/src/utils/getCharacterCounter.js"
GOOGLE = [
    ("限" * 15, 30, "support.google.com/admob/answer/6177141"),
    ("ｶﾞ", 2, COUNTER),
    ("कु", 1, COUNTER),
    ("😀", 4, COUNTER),
]

CASES = {
    "google_width": GOOGLE,
    "ms_width": MICROSOFT,
    "tiktok_width": TIKTOK,
    "twitter_weighted": X,
    "gsm7_septets": SMS,
    "gbk_bytes": GBK,
}


@pytest.mark.parametrize(
    ("unit", "text", "expected", "published"),
    [(unit, *case) for unit, cases in CASES.items() for case in cases],
)
def test_a_platform_counts_as_it_publishes(unit: str, text: str, expected: int, published: str) -> None:
    assert measure(text, unit) == expected, published


@pytest.mark.parametrize(("text", "parts"), PARTS)
def test_a_text_goes_into_so_many_messages(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


def test_what_gbk_can_encode_measures_what_gbk_makes_of_it() -> None:
    points = [chr(point) for point in range(0x10000)]
    encoded = {char: len(char.encode("gbk", "ignore")) for char in points}
    assert {char: measure(char, "gbk_bytes") for char in points if encoded[char]} == {
        char: size for char, size in encoded.items() if size
    }
