"""Does a text read as English?  Order, agreement, wholeness and repetition; each check yields what is wrong."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from bench.judge_row import Row
from bench.judge_words import Token, load_words, stem

_DANGLING = frozenset(
    ["with", "of", "for", "from", "by", "to", "at", "into", "onto", "as", "than", "via", "per", "without"]
)
_VOWEL_SOUNDS = ("hour", "honest", "heir", "led", "l ", "mp", "f ", "x-ray")
_CONSONANT_SOUNDS = ("uni", "use", "usb", "user", "euro", "one", "ut", "ubi", "unique")
_OFTEN = 3  #: times a word of a description may not stand in it
_LONGEST_PHRASE = 4  #: words from an article to its noun


def disorder(found: Sequence[Token], row: Row, *, is_headline: bool) -> Iterator[str]:
    """What in the words *found* is out of order."""
    yield from _ends(found, row)
    yield from _small_words(found)
    yield from _articles(found)
    yield from _agreement(found, row)
    yield from _repeats(found, row, most=1 if is_headline else _OFTEN - 1)
    yield from _neighbours(found, row)
    if not is_headline:
        yield from _verbless(found)


def _ends(found: Sequence[Token], row: Row) -> Iterator[str]:
    words = load_words()
    last = [token for token in found if token.is_word or token.is_number][-2:]
    low = last[-1].low if last else ""
    if low in words.determiners | words.conjunctions | _DANGLING:
        yield f"ends with {low!r}"
    if len(last) == 2 and last[0].low in words.determiners and _never_ends(stem(low), row):
        yield f"ends with half of what {last[0].low!r} begins"
    if found and found[0].low in words.conjunctions | {"of", "than"}:
        yield f"begins with {found[0].low!r}"
    if found and found[-1].text in ",:;-&":
        yield "ends with a mark that something follows"


def _never_ends(word: str, row: Row) -> bool:
    """Whether *word* only ever stands before another one of its phrase."""
    return word in row.stems and word not in row.ends | row.heads and word not in row.title


def _small_words(found: Sequence[Token]) -> Iterator[str]:
    words = load_words()
    for one, other in pairwise(found):
        after_article = other.low in words.determiners | words.conjunctions | words.prepositions | words.never_nouns
        after_preposition = other.low in words.prepositions | words.conjunctions | words.auxiliaries
        after_conjunction = other.low in words.conjunctions
        pair = (one.low, other.low)
        if other.joined or one.text == "-":
            continue
        clashes = (
            one.low in words.determiners and after_article,
            one.low in words.conjunctions and after_conjunction,
            one.low in words.prepositions and after_preposition and pair not in words.particles,
        )
        if any(clashes):
            yield f"{one.text} {other.text}"


def _articles(found: Sequence[Token]) -> Iterator[str]:
    for n, (one, other) in enumerate(pairwise(found)):
        if one.low not in ("a", "an") or not other.is_word:
            continue
        if (one.low == "an") != _sounds_like_a_vowel(other):
            yield f"{one.text} {other.text}"
        noun = _noun_of(found[n + 1 : n + 2 + _LONGEST_PHRASE])
        if load_words().is_plural(noun):
            yield f"{one.text} … {noun}"


def _sounds_like_a_vowel(token: Token) -> bool:
    if token.low.startswith(_VOWEL_SOUNDS) or (token.text.isupper() and token.low[0] in "fhlmnrsx"):
        return True
    return token.low[0] in "aeiou" and not token.low.startswith(_CONSONANT_SOUNDS)


def _noun_of(found: Sequence[Token]) -> str:
    """The last word before the phrase ends at a small word, a verb or a mark; empty where it goes on."""
    words, noun = load_words(), ""
    for token in found:
        if token.text == "-":
            continue
        if not token.is_word or token.low in words.function:
            return noun
        noun = token.low
    return "" if len(found) > _LONGEST_PHRASE else noun


def _agreement(found: Sequence[Token], row: Row) -> Iterator[str]:
    """ "The boots has": the name, perhaps its maker, and a verb of the other number."""
    words = load_words()
    for n, token in enumerate(found):
        if not token.is_word or stem(token.low) not in row.title[-1:] or not _is_subject(found, n):
            continue
        verb = _after_maker(found[n + 1 :], row)
        if verb is None or not words.is_verb(verb.low) or verb.low.endswith(("ed", "ing")):
            continue
        is_singular = verb.low in ("is", "has", "does") or (verb.low.endswith("s") and verb.low not in ("has", "is"))
        if verb.low not in ("can", "will", "had", "made", "built") and is_singular == words.is_plural(token.low):
            yield f"{token.text} {verb.text}"


def _is_subject(found: Sequence[Token], at: int) -> bool:
    """Whether a sentence began with the article of the name that ends at *at*."""
    start = max((n + 1 for n in range(at) if found[n].text in ".!?:"), default=0)
    return found[start].low in ("the", "these", "this")


def _after_maker(after: Sequence[Token], row: Row) -> Token | None:
    rest = [token for token in after if not token.is_number]
    if rest and rest[0].low in ("by", "from"):
        rest = rest[1:]
        while rest and stem(rest[0].low) in (*row.brand, "&"):
            rest = rest[1:]
    return rest[0] if rest and rest[0].is_word else None


def _repeats(found: Sequence[Token], row: Row, *, most: int) -> Iterator[str]:
    said = [*_said(found)]
    yield from (f"{word!r} twice" for word, group in groupby(said) if len([*group]) > 1)
    own = Counter([*row.title, *row.brand])
    for word, times in Counter(said).items():
        if times > max(most, own[word]) and word not in load_words().function:
            yield f"{word!r} {times} times"


def _said(found: Sequence[Token]) -> Iterator[str]:
    """The stems of *found*, with words that hyphens join as one."""
    word = ""
    for token in found:
        if token.joined and (token.text == "-" or word.endswith("-")):
            word += token.low
            continue
        if word:
            yield stem(word)
        word = token.low if token.is_word else ""
    if word:
        yield stem(word)


def _verbless(found: Sequence[Token]) -> Iterator[str]:
    """A sentence of a description that begins as a statement and states nothing: "The boots with a rubber sole."."""
    for is_end, group in groupby(found, key=lambda token: token.text in (".", "!", "?")):
        sentence = [token.low for token in group]
        finite = (load_words().is_verb(low) and not low.endswith(("ing", "ed")) for low in sentence)
        if not is_end and sentence[0] == "the" and not any(finite):
            yield "a sentence without a verb"


def _neighbours(found: Sequence[Token], row: Row) -> Iterator[str]:
    """Neighbours that the row does not put together, nor a name, a verb or a maker does."""
    for run in _runs(found):
        stems = [stem(token.low) if token.is_word else "" for token in run]
        for n, (one, other) in enumerate(pairwise(run)):
            verbs = load_words().is_verb(one.low) or load_words().is_verb(other.low)
            if verbs or not (one.is_word and other.is_word) or (stems[n], stems[n + 1]) in row.together:
                continue
            if not _names(stems[n], [word for word in stems[n + 1 :] if word], row):
                yield f"{one.text} {other.text}"


def _runs(found: Sequence[Token]) -> Iterator[list[Token]]:
    """Words side by side that all say something, and numbers among them."""
    words, run = load_words(), list[Token]()
    for token in found:
        if token.text == "-" and token.joined:
            continue
        if token.is_number or (token.is_word and not words.is_free(token.low)):
            run.append(token)
        else:
            yield run
            run = []
    yield run


def _names(word: str, rest: Sequence[str], row: Row) -> bool:
    """Whether *rest*, which follows *word*, is the thing's name, or *word* is part of it and the noun follows."""
    own = {*row.title, *row.brand}
    if rest[0] in row.heads or any(_begins(rest, row.title[n:]) for n in range(len(row.title))):
        return True
    if row.brand and _begins(rest, row.brand):
        return True
    return (word in own - row.heads or rest[0] in own) and bool(row.heads & set(rest))


def _begins(stems: Sequence[str], name: Sequence[str]) -> bool:
    return [*stems[: len(name)]] == [*name]
