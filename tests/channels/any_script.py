"""Texts of any script, for properties: what joins, stacks, composes or stands beside the surrogates is frequent."""

from hypothesis import strategies as st

from adloom.channels.links import between_links

between_links("a.b")  # compiles its pattern here: in an example, Hypothesis would find it slow

PIECES = [
    *("a", "Z", " ", ".", "7", "#", "é", "e\u0301", "ß", "Ж", "…", "’", "€", "{", "\n", "\f", "\u0323", "\u0304"),
    *("न", "ि", "्", "क्ष", "र्", "த", "நி", "শ্রী", "ก", "กำ", "ที่", "ສ"),
    *("ا", "لا", "لَّ", "\u0640", "ש\u05c1", "\ufb2c", "\u200f"),
    *("限", "优", "が", "か\u3099", "ガ", "ｶ", "ﾞ", "！", "Ａ", "\u3000"),
    *("한", "\u1112", "\u1161", "\u11ab", "\u1112\u1161\u11ab", "\ud7b0"),
    *("😀", "👍", "🏽", "👍🏽", "👩", "\u200d", "👩\u200d👧", "❤", "\ufe0f", "☀\ufe0f", "1\ufe0f\u20e3", "\u20e3"),
    *("🇩", "🇩🇪", "🏴", "\U000e0067", "\U000e007f", "🏴\U000e0067\U000e0062\U000e007f", "\U0001faff"),
    *("\ud7ff", "\ud800", "\udbff", "\udc00", "\udfff", "\ue000", "\uffff", "\U00010000", "\U0010ffff"),
    *("http://", "https://a.de/", "t.co", ".com", "/x", "?q=1", "@", "www.", "xn--p1ai"),
]

characters = st.sampled_from(PIECES) | st.characters()
texts = st.lists(characters, max_size=60).map("".join)
