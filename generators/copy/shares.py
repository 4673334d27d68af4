"""How much each part of a text's score counts."""

import math
from collections.abc import Mapping

from adloom.core.errors import BadConfiguration

Shares = Mapping[str, float]

SHARES: Shares = {
    "gain": 0.35,  #: likelihood per token under the brief, less that under none; by rank
    "fluency": 0.30,  #: likelihood per token under the brief; by rank
    "relevance": 0.05,  #: nearness to the product in the network's own embedding; by rank; small networks hardly tell
    "length": 0.20,  #: room that is used
    "keywords": 0.15,  #: share of the brief's keywords
    "telling": 0.40,  #: states a fact, where a field is there to state facts
    "audience": 0.30,  #: says what the audience is called or looks for
    "readability": 0.05,  #: small: the formulas were made for passages, and a line is short
    "memorisation": 0.40,  #: taken off: share of words in a row that a past ad or an example has
    "repetition": 1.00,  #: taken off: what the texts chosen before say already
}


def read_shares(text: str) -> Shares:
    """`SHARES` with what *text* sets instead, as "keywords=0.3,readability=0".

    Raises:
        BadConfiguration: there is no such part, or its share is no number from 0.
    """
    return {**SHARES, **dict(_pair(one.strip()) for one in text.split(",") if one.strip())}


def _pair(text: str) -> tuple[str, float]:
    part, _, value = (piece.strip() for piece in text.partition("="))
    if part not in SHARES:
        raise BadConfiguration(f"ADLOOM_RANKING: there is no part {part!r}. There are: {', '.join(SHARES)}.")
    try:
        share = float(value)
    except ValueError:
        share = math.nan
    if not 0 <= share < math.inf:
        raise BadConfiguration(f"ADLOOM_RANKING: {part}={value!r} is no share. Write a number from 0, as {part}=0.2.")
    return part, share
