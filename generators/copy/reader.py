"""Reads a row of any language by its marker words, from a data file: it knows no grammar, and inflects nothing.

A phrase keeps the form it has in the row, and frames put it behind the word that it followed there.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from adloom.checks.lexicon import Lexicon, load_lexicon
from adloom.core.brief import Brief
from adloom.core.products import Product
from generators.copy.clauses import Clause, Word, split_clauses, split_sentences
from generators.copy.facts import Fact, FactKind, Names, Sheet, distinct
from generators.copy.languages import is_written
from generators.copy.measures import read_amounts
from generators.copy.money import plain_price, read_offers
from generators.copy.plain_names import read_plain_names
from generators.copy.vocabulary import Marker, Vocabulary, load_vocabulary

_HIGHLIGHT = 6  #: words of a highlight that is a feature as it stands
_FRAGMENT = 3  #: … of a sentence that is one
_CODES = ("male", "female", "kids")  #: whom the feed's own codes name


def read_plain_sheet(product: Product, brief: Brief, language: str) -> Sheet:
    """What copy in *language* may say about *product*; in a language without a data file, its names and its offer."""
    vocabulary = load_vocabulary(language) if is_written(language) else Vocabulary()
    names = read_plain_names(product, vocabulary)
    row = _Row(product, names, vocabulary, load_lexicon(language))
    facts = [*row.facts(), *read_offers(product, brief, lambda price: plain_price(price, language))]
    return Sheet(names, tuple(distinct(facts)), language)


@dataclass(frozen=True)
class _Row:
    """A product, and what is known of its language."""

    product: Product
    names: Names
    vocabulary: Vocabulary
    lexicon: Lexicon | None

    def facts(self) -> Iterator[Fact]:
        """Everything that the row states, columns first."""
        yield from self._columns()
        for number, highlight in enumerate(self.product.highlights):
            yield from self._highlight(highlight, f"highlights/{number}")
        for sentence in split_sentences(self.product.description, self.vocabulary):
            yield from self._sentence(sentence, "description")

    def _columns(self) -> Iterator[Fact]:
        product, known = self.product, self.vocabulary
        yield from self._material()
        colour = self._inside(product.color)
        if colour and not set("/,;") & set(colour) and colour.lower() not in self.names.name.lower():
            yield Fact(FactKind.COLOUR, colour, "color", (0, len(colour)))
        yield from self._audience()
        yield from read_amounts(product.title, product.details, labels=known.measures, units=known.units)
        columns = {label.lower(): link for label, link in known.columns.items()}
        for label, value in product.details.items():
            link, said = columns.get(label.lower().strip(), ""), self._list(value)[1]
            if link and 0 < len(said.split()) <= known.longest:
                yield Fact(known.marker(link).kind, said, f"details/{label}", (0, len(value)), link=link)

    def _audience(self) -> Iterator[Fact]:
        """Whom the feed's codes name, unless the row says it better: "für Kinder ab 3 Jahren"."""
        product = self.product
        told = f"{product.description} {' '.join(product.highlights)}"
        for column, code in (("age_group", product.age_group.lower()), ("gender", product.gender.lower())):
            if self.lexicon is not None and code in _CODES and code in self.lexicon.values:
                spoken = self.lexicon.values[code].split()[0]
                if spoken not in told:
                    yield Fact(FactKind.AUDIENCE, spoken, column, (0, len(code)), link="for")
                return

    def _material(self) -> Iterator[Fact]:
        """The column's materials as a list; after a marker's word only where they are nouns alone."""
        column = self.product.material
        listed, said = self._list(column)
        if not said or said.lower() in self.names.name.lower():
            return
        small = any(word[0].islower() for part in listed for word in part.split())
        inflected = self.vocabulary.has_capital_nouns and small  # "recycelter Stahl" has a form of its own
        is_label = len(listed) > 1 and "%" in said  # "98 % coton et 2 % élasthanne" follows no word but "Matière :"
        yield Fact(FactKind.MATERIAL, said, "material", (0, len(column)), link="" if inflected or is_label else "made")

    def _list(self, column: str) -> tuple[list[str], str]:
        """The entries of a *column*, and the same as prose: "cotton, linen and silk"."""
        listed = [self._inside(part.strip()) for part in re.split(r"[/;,，、]", column) if part.strip()]
        said = self.vocabulary.conjunction.join([", ".join(listed[:-1]), listed[-1]]) if listed[1:] else "".join(listed)
        return listed, said

    def _highlight(self, text: str, source: str) -> Iterator[Fact]:
        for clause in split_sentences(text, self.vocabulary):
            label, colon, value = clause.text.partition(":")
            known = self.vocabulary
            if colon:
                yield from read_amounts("", {label: value}, labels=known.measures, units=known.units)
            elif len(clause.words) > _HIGHLIGHT * (1 if known.is_spaced else 3) or self._opens_with_marker(clause):
                yield from self._sentence(clause, source)
            else:
                yield from self._fragment(clause, source)

    def _opens_with_marker(self, clause: Clause) -> bool:
        return _opens_with(clause, {word for _, word in self.vocabulary.openings})

    def _sentence(self, sentence: Clause, source: str) -> Iterator[Fact]:
        if self.vocabulary.is_spaced and len(sentence.words) <= _FRAGMENT:
            yield from (fact for fact in self._fragment(sentence, source) if fact.kind == FactKind.QUALITY)
        for clause in split_clauses(sentence, self.vocabulary):
            yield from self._phrases(clause, source)
            if not self.vocabulary.is_spaced:
                yield from self._statement(clause, source)
        if self.vocabulary.is_spaced:
            yield from self._statement(sentence, source)

    def _fragment(self, clause: Clause, source: str) -> Iterator[Fact]:
        """A short highlight: a quality, a statement that begins with its verb, else a feature; as it stands."""
        words, known = clause.words, self.vocabulary
        if not words or self._denies(words) or self._holds(words, known.junk | known.unfit):
            return
        first, said = words[0], self._inside(clause.text)
        opens = self._opens_with_marker(clause) or _opens_with(clause, known.verbs | known.enders)
        if opens or self._predicates(words):
            yield Fact(FactKind.STATEMENT, said, source, clause.span)
        elif len(words) == 1 and known.quality_endings and first.low.endswith(known.quality_endings):
            yield Fact(FactKind.QUALITY, _calm(said), source, clause.span)
        else:
            small = self._has_small_letter(words)
            yield Fact(FactKind.FEATURE, _calm(said) if small else said, source, clause.span)

    def _predicates(self, words: Sequence[Word]) -> bool:
        """Whether *words* say something of their noun instead of naming it: "Zieht schnell ein"."""
        return self.vocabulary.has_capital_nouns and len(words) > 1 and words[-1].text[0].islower()

    def _has_small_letter(self, words: Sequence[Word]) -> bool:
        """Whether the first of *words* has its capital only because it is the first."""
        known, first = self.vocabulary, words[0]
        if first.low in self._name_words or not known.has_capital_nouns:
            return False
        described = bool(words[1:]) and not words[1].text[0].islower() and first.low.endswith(known.inner_endings)
        return described or first.low.endswith(known.quality_endings) or first.low in known.inner

    def _phrases(self, clause: Clause, source: str) -> Iterator[Fact]:
        """The phrases behind the markers of one *clause*."""
        at = 0
        while at < len(clause.words):
            found = next(((m, word) for m, word in self.vocabulary.openings if clause.begins(word, at)), None)
            if found is None:
                at += 1
                continue
            marker, word = found
            start = at + clause.length(word)
            members = clause.members(start, self.vocabulary, marker.never)
            if self._may_open(marker, clause, at):
                yield from self._members(marker, clause, members, source)
            at = members[-1][1] if members else start

    def _may_open(self, marker: Marker, clause: Clause, at: int) -> bool:
        if self._denies(clause.words[:at]) or (at and clause.words[at - 1].low in marker.not_after):
            return False
        return not marker.of_product or self._is_subject(clause.since_joiner(at, self.vocabulary))

    def _is_subject(self, words: Sequence[Word]) -> bool:
        """Whether *words* may stand before what holds of the whole product."""
        known = self.vocabulary
        if not known.is_spaced:
            rest = "".join(word.low for word in words)
            for said in sorted(known.subject | self._name_words, key=len, reverse=True):
                rest = rest.replace(said, "")
            return not rest
        return all(word.low in known.subject | self._name_words or self._describes(word) for word in words)

    def _describes(self, word: Word) -> bool:
        """Whether *word* has the look of an adjective: a small letter, and its ending."""
        known = self.vocabulary
        return known.has_capital_nouns and word.text[0].islower() and word.low.endswith(known.inner_endings)

    def _members(self, marker: Marker, clause: Clause, members: list[tuple[int, int]], source: str) -> Iterator[Fact]:
        """The *members* of a list, each a fact; together one, where *marker* does not split."""
        if members and not marker.splits:
            members = [(members[0][0], members[-1][1])]
        for start, end in members:
            start += marker.splits and start + 1 < end and clause.words[start].low in self.vocabulary.articles
            words = clause.words[start:end]
            if self._is_fact(marker, words):
                text, span = clause.cut(start, end)
                yield Fact(marker.kind, text, source, span, link=marker.link, is_bound=marker.is_bound)

    def _is_fact(self, marker: Marker, words: Sequence[Word]) -> bool:
        known, lows = self.vocabulary, [word.low for word in words]
        if len(words) > known.longest or self._holds(words, known.junk | self._name_words):
            return False
        head = lows[0] if known.is_head_first else lows[-1]
        return not marker.only or "".join(lows) in marker.only or head in marker.only

    def _statement(self, clause: Clause, source: str) -> Iterator[Fact]:
        """The whole *clause*, if it can be said alone, or behind the product's name where it opens with a pronoun."""
        known, words = self.vocabulary, clause.words
        least, most = known.statement
        if not words or not least <= len(words) <= most or clause.is_question or _opens_with(clause, known.dangling):
            return
        if self._holds(words, known.unfit) or set('()[]"„“«»¡¿:;') & set(clause.text):
            return
        link = "it" if _opens_with(clause, known.pronouns) else ""
        if any(name.lower() in clause.text.lower() for name in (self.names.short, self.names.name)):
            link = "named"
        said = self._inside(clause.text)
        yield Fact(FactKind.STATEMENT, said, source, clause.span, link=link, is_bound=bool(link))

    def _denies(self, words: Sequence[Word]) -> bool:
        if self.lexicon is None:
            return False
        low, negators = self.lexicon.tokenizer.low, self.lexicon.negation.negators
        if not self.vocabulary.is_spaced:
            return self._holds(words, negators)
        return any(low(word.text) in negators for word in words)

    def _holds(self, words: Sequence[Word], listed: AbstractSet[str]) -> bool:
        """Whether one of *listed* is among *words*, or in them where no spaces divide words."""
        if self.vocabulary.is_spaced:
            return any(word.low in listed for word in words)
        said = "".join(word.low for word in words)
        return any(one in said for one in listed)

    def _inside(self, text: str) -> str:
        """*text* as it stands within a sentence: without the capital of its beginning, where that tells nothing."""
        known, first = self.vocabulary, re.match(r"[\w-]+", text)
        if first is None or not known.is_spaced or known.has_capital_nouns:
            return text
        is_spelling = first.group() in self._proper_words or first.group().lower() in known.proper
        return text if is_spelling else _calm(text)

    @cached_property
    def _proper_words(self) -> frozenset[str]:
        """The words of the names as they are spelt, but the first, whose capital is the title's."""
        return frozenset(re.findall(r"[^\W_][\w-]+", f"{self.names.name} {self.names.brand}".partition(" ")[2]))

    @cached_property
    def _name_words(self) -> frozenset[str]:
        """The words of the names; without the "en" of "Bol en grès", which half of all phrases hold."""
        words = re.findall(r"[^\W_][\w-]+", f"{self.names.name} {self.names.brand} {self.names.noun}".lower())
        lexicon = self.lexicon
        return frozenset(one for one in words if not lexicon or lexicon.tokenizer.low(one) not in lexicon.function)


def _opens_with(clause: Clause, listed: AbstractSet[str]) -> bool:
    return any(clause.begins(one, 0) for one in listed)


def _calm(text: str) -> str:
    """*text* with a small first letter, unless its capitals are its spelling: "BPA-frei"."""
    word = text.split()[0]
    return text if any(letter.isupper() for letter in word[1:]) else text[0].lower() + text[1:]
