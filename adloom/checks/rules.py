"""Which function finds the breaches of which rule.

How bad a breach is, and what is said about it, stands in adloom/channels/rules.toml; the sources too.
"""

from collections.abc import Mapping

from adloom.checks import ads, claims, contact, letters, messages, prices, style, titles
from adloom.checks.ads import AdCheck
from adloom.checks.headlines import dependent_headline
from adloom.checks.personal import personal_attributes
from adloom.checks.phones import phone_number
from adloom.checks.setting import Check

#: of single texts
TEXT_RULES: Mapping[str, Check] = {
    "no_exclamation_in_headline": style.headline_exclamation,
    "max_one_exclamation_per_ad_text": style.second_exclamation,
    "no_repeated_punctuation": style.repeated_punctuation,
    "no_all_caps_words": style.capitals,
    "no_phone_number": phone_number,
    "no_emoji": style.emoji,
    "no_emoji_in_headline": style.headline_emoji,
    "no_gimmicky_symbols": style.gimmicks,
    "no_gratuitous_spacing": style.spacing,
    "dki_default_must_fit": style.braces,
    "headlines_must_stand_alone": dependent_headline,
    "no_newline": style.newlines,
    "no_generic_cta_click_here": style.click_here,
    "meta_personal_attributes": personal_attributes,
    "ms_no_excessive_caps": letters.excessive_capitals,
    "ms_no_repetitive_words": letters.repetition,
    "ms_supported_claims": claims.supported_claims,
    "amz_no_camel_case": letters.inner_capitals,
    "amz_no_superlatives_best_top_selling": claims.superlatives,
    "amz_no_pressure_last_chance": claims.pressure,
    "amz_no_price_or_discount": prices.prices,
    "amz_no_reviews_or_stars": claims.reviews,
    "play_no_top_best_no1_free_in_title_icon": titles.ranked_title,
    "play_no_cta_in_title": titles.calling_title,
    "no_promotional_text_in_title": titles.promotional_title,
    "no_price_in_name": prices.price_in_name,
    "tiktok_forbidden_chars": contact.forbidden_marks,
    "no_hashtag_stuffing": contact.third_hashtag,
    "no_offsite_contact": contact.offsite_contact,
    "can_spam_no_deceptive_subject": messages.deceptive_subject,
    "us_stop_opt_out": messages.no_opt_out,
    "cn_sms_signature_and_unsubscribe_T": messages.no_chinese_signature,
    "sms_include_sender_name": messages.no_sender,
}

#: those that are about one field and know it by its name: they hold although nobody writes copy for it
OF_ONE_FIELD = frozenset(
    {
        "play_no_top_best_no1_free_in_title_icon",
        "play_no_cta_in_title",
        "no_promotional_text_in_title",
        "no_price_in_name",
        "can_spam_no_deceptive_subject",
    }
)

#: of all texts of an ad
AD_RULES: Mapping[str, AdCheck] = {
    "max_one_exclamation_per_ad_text": ads.further_exclamations,
    "no_duplicate_assets": ads.duplicates,
    "ms_title_plus_description_min_3_words": ads.too_few_words,
}
