"""Which words a row puts together: "suede upper and a rubber sole" has no rubber upper.

Stricter than what anyone's copy is held to: for texts of a program, which knows the row's words and not the thing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from adloom.checks.findings import Finding, Severity
from adloom.checks.lexicon import Lexicon, load_lexicon
from adloom.checks.order import Order
from adloom.checks.sources import sources_of
from adloom.checks.words import Token
from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.products import Product

_UNIT = 2  #: letters of a unit at most, where a space stands before it
_Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Phrases:
    """What a row says of what, by stems."""

    together: _Pairs  #: a word, and one that follows it in its phrase
    ends: frozenset[str]  #: words that end a phrase
    heads: frozenset[str]  #: the noun that its title ends with
    names: frozenset[str]  #: the other words of its title, and its maker's
    title: str  #: the last word of its title, in lower case
    lexicon: Lexicon | None  #: None where the language has no table of small words

    def check(self, text: str) -> list[Finding]:
        """What in *text* the row does not put together, nor its names do; and what no sentence does with its name."""
        if self.lexicon is None or self.lexicon.order is None:
            return []
        tokens = self.lexicon.tokenizer.tokens(text)
        asks = bool(tokens) and tokens[-1].text == "?"  # "does the lamp have …?"
        broken = [*self._unfinished(tokens, self.lexicon.order)]
        broken += [] if asks else self._disagreeing(tokens, self.lexicon.order)
        pairs = [("misplaced_word", pair) for pair in self._misplaced(tokens, self.lexicon)]
        return [
            Finding(rule, Severity.ERROR, f"The row puts no {one.text!r} to {other.text!r}.", (one.start, other.end))
            for rule, (one, other) in [*pairs, *(("broken_sentence", pair) for pair in broken)]
        ]

    def _misplaced(self, tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[tuple[Token, Token]]:
        for run, _ in _runs(tokens, lexicon):
            for n, (one, other) in enumerate(pairwise(run)):
                if not self._may_meet(one.stem, other.stem, {token.stem for token in run[n + 1 :]}):
                    yield one, other

    def _disagreeing(self, tokens: Sequence[Token], order: Order) -> Iterator[tuple[Token, Token]]:
        """The product's name and a verb of the other number: "the boots has"."""
        is_plural = self.title.endswith("s") and not self.title.endswith(("ss", "us", "is"))
        is_plural = is_plural and self.title not in order.singular
        wrong = order.verbs_of_one if is_plural else order.verbs_of_many
        for n, (one, other) in enumerate(pairwise(tokens)):
            alone = order.conjunctions.isdisjoint(token.low for token in tokens[:n])
            if one.low == self.title and other.low in wrong and alone:
                yield one, other

    def _unfinished(self, tokens: Sequence[Token], order: Order) -> Iterator[tuple[Token, Token]]:
        """An article and a last word that only ever stands before another: "fits a whole"."""
        words = [token for token in tokens if not token.is_mark][-2:]
        if len(words) == 2 and words[0].low in order.articles and words[1].stem not in self.heads | self.ends:
            yield from [(words[0], words[1])] if self._qualified(words[1].stem) else []

    def _may_meet(self, one: str, other: str, rest: set[str]) -> bool:
        """Whether *one* may stand before *other*; *rest* is what stands from *other* on."""
        if (one, other) in self.together or other in self.heads or other in self.names:
            return True
        named = self.heads & rest  # the thing itself follows: *other* is one more quality of it, or *one* a name
        if named and (one in self.names or any((other, head) in self.together for head in named)):
            return True
        follows = self._qualified(other)  # no quality of another thing, but what this one does
        return one in self.heads | self.names and (not follows or not follows.isdisjoint(rest))

    def _qualified(self, word: str) -> set[str]:
        return {other for one, other in self.together if one == word}


def read_phrases(product: Product, brief: Brief, brand: Brand | None, language: str) -> Phrases:
    """Read what *product*, *brief* and *brand* put together, for texts in the row's own language."""
    is_own = language.partition("-")[0].lower() == product.language.partition("-")[0].lower()
    lexicon = load_lexicon(language) if is_own else None
    if lexicon is None or lexicon.order is None:
        return Phrases(frozenset(), frozenset(), frozenset(), frozenset(), "", None)
    sources = [*sources_of(product, brief, brand)]
    said = [source.whole for source in sources] + [f"{one.text} {one.label}" for one in sources if one.label]
    tokens = [lexicon.tokenizer.tokens(text) for text in said]  # "Scent: orange peel" is an orange peel scent
    title, maker = lexicon.tokenizer.tokens(product.title), lexicon.tokenizer.tokens(product.brand)
    words = [token for token, before in zip(title, [None, *title], strict=False) if not _is_size(token, before)]
    return Phrases(
        together=frozenset(pair for found in tokens for pair in _together(found, lexicon)),
        ends=frozenset(run[-1].stem for found in tokens for run, _ in _runs(found, lexicon)),
        heads=frozenset(word.stem for word in words[-1:]),
        names=frozenset(word.stem for word in (*words[:-1], *maker)),
        title=words[-1].low if words else "",
        lexicon=lexicon,
    )


def _is_size(token: Token, before: Token | None) -> bool:
    """Whether it is a number, a mark or a unit of a title: all of "750 ml"."""
    if not token.is_word or before is None or not before.text[0].isdigit():
        return not token.is_word
    return len(token.low) <= _UNIT or before.end == token.start


def _together(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Pairs within a run; what a comma or "and" joins without an article shares what follows, materials excepted."""
    shared: list[str] = []
    before: list[str] = []
    for run, gap in _runs(tokens, lexicon):
        stems = [token.stem for token in run]
        joined = all(_joins(token, lexicon) for token in gap)
        shared = shared if joined else []
        yield from ((one, other) for n, one in enumerate(stems) for other in stems[n + 1 :])
        yield from ((one, other) for one in shared for other in stems)
        if len(before) == 1:
            yield from ((other, one) for one in shared for other in stems[:-1])  # "dry, warm" of "warm and dry socks"
        if [token.low for token in gap] in (["is"], ["are"]):
            yield from ((one, other) for one in stems for other in before)  # "the blades are replaceable"
        before = stems
        qualities = run if len(run) == 1 else run[:-1]
        shared += [token.stem for token in qualities if (token.low,) not in lexicon.claims]


def _joins(token: Token, lexicon: Lexicon) -> bool:
    return token.text == "," or (lexicon.order is not None and token.low in lexicon.order.conjunctions)


def _runs(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[tuple[list[Token], list[Token]]]:
    """Words side by side that all say something, and the small words and marks before them."""
    run, gap = list[Token](), list[Token]()
    for token in tokens:
        is_content = token.is_word and not lexicon.is_free(token)
        if run and (not is_content or token.start > run[-1].end + 1):  # more than a space: "warm & dry"
            yield run, gap
            run, gap = [], []
        (run if is_content else gap).append(token)
    if run:
        yield run, gap
