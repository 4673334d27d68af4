"""Rules of e-mail and text messages: who speaks, that it is no pretence, and how to make it stop."""

import re
from collections.abc import Iterator

from adloom.checks.matching import NOWHERE, Span, find_term, folded, spans
from adloom.checks.setting import Setting
from adloom.checks.wording import find_wording

_FAKE_REPLY = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|tr|rv|antw(?:ort)?|weitergeleitet|reply|forwarded|réponse|transféré|respuesta|reenviado)"
    r"(?:\[\d+\])?\s?:(?=\s|$)|(?:回复|回覆|答复|答覆|转发|轉寄)\s?:)",
    re.IGNORECASE,
)
_OPT_OUT = re.compile(
    r"""
      \b(?:reply|rply|respond|text|txt|send|antworte(?:n\ssie)?|sende(?:n\ssie)?|répond(?:s|ez)|envoyez|respond[ea]|env[ií][ae])\s
        (?:with\s|back\s|the\sword\s|mit\s|par\s|con\s)?["'“‘«„]?(?:stopp?|unsubscribe|baja)\b
    | \bstopp?["'”’»]?\s?(?:=|to|2|pour|para|zum)\s?
        (?:opt|end|stop|cancel|unsub|quit|se\s|vous|dés|darse|abbestell|abmeld)
    | \b(?:stopp?|baja)\s(?:an|au|al|sms\sau)\s\+?\d | \bstopp?\ssenden\b
    | \bstop\s?(?:sms)?\s?:?\s?\d{5}\b | \bto\sopt[\s-]out\b | \bunsub(?:scribe)?\b
    | \bopt[\s-]out: | \bab(?:melden|meldung|bestellen)\b
    | \bdés(?:abonn|inscri) | \bdar[st]e\sde\sbaja\b | \bcancelar\s(?:la\s)?suscripción\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MESSAGES = (
    r"(?:(?:our|these|this|all|future|further|any|the)\s)?"
    r"(?:sms|texts?|(?:e-?)?mails?|messages?|notifications?|marketing|promo\w{0,7}|alerts?|lists?|updates?|offers?|us)\b|(?-i:[A-Z])"
)
#: what only sounds like a way out: "opt out of winter", "you cannot unsubscribe from rain", "vom Alltag abmelden"
_IDIOM = re.compile(
    rf"\b(?:opt[\s-]out\sof|unsub(?:scribe)?\sfrom)\s(?!{_MESSAGES})"
    r"|\b(?:want|wants|wanted|like|love|need|ready|time|nobody|never|can['’]?t|cannot)\s(?:to\s)?"
    r"(?:opt[\s-]out|unsubscribe)\b"
    r"|\bvo[mn]\s(?!newsletter|sms|nachrichten|verteiler|empfang|bezug|service|dienst)\w+\sab(?:melden|bestellen)\b"
    r"|\bdar(?:se|te|me)\sde\sbaja\sdel\s(?!bolet|servicio|newsletter|listado|env)"
    r"|\bdés(?:abonn|inscri)\w{1,5}(?:-vous)?\s(?:de\sl['’]|du\s|de\s(?:la\s)?)(?!sms|liste|newsletter|messages|alertes|service|fichier|envoi)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^【[^【】]{1,20}】")
_REFUSAL = re.compile(
    r"(?:(?:拒收|退订)\s?请?\s?(?:回复?|发送?)?\s?[A-Z]{1,2}|(?:回复?\s?)?[A-Z]{1,2}\s?(?:退订|拒收))\s?[。.!]?\s*$",
    re.IGNORECASE,
)
_FIRST_CHARACTERS = 20


def deceptive_subject(text: str, setting: Setting) -> Iterator[Span]:
    """A feigned reply, or feigned news of an account, prize or bill, where the field is a subject."""
    if setting.field.name == "subject":
        yield from spans(_FAKE_REPLY, folded(text))
        yield from find_wording(["notice"], text, setting.language)


def no_opt_out(text: str, setting: Setting) -> Iterator[Span]:
    """A message that does not say how to stop further ones; Chinese ones have a rule of their own."""
    if not _is_chinese(text, setting) and not _OPT_OUT.search(_IDIOM.sub("|", folded(text))):
        yield NOWHERE


def no_chinese_signature(text: str, setting: Setting) -> Iterator[Span]:
    """A Chinese message that does not begin with its sender, or does not end with the way to refuse."""
    if _is_chinese(text, setting) and not (_SIGNATURE.search(text) and _REFUSAL.search(folded(text))):
        yield NOWHERE


def no_sender(text: str, setting: Setting) -> Iterator[Span]:
    """A message whose sender is known and does not stand among its first characters."""
    if setting.sender and not any(start < _FIRST_CHARACTERS for start, _ in find_term(setting.sender, text)):
        yield NOWHERE


def _is_chinese(text: str, setting: Setting) -> bool:
    """By its language; where that is unknown, by its characters."""
    if setting.language:
        return setting.language.startswith("zh")
    return bool(re.search("[\u4e00-\u9fff]", text)) and not re.search("[\u3040-\u30ff\uac00-\ud7af]", text)
