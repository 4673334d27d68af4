"""What the reader knows of a language's words: data/words.XX.toml, for every language without a reader of its own."""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property

from adloom.core.products import Frozen
from generators.copy.facts import FactKind
from generators.copy.languages import read_data, tongue
from generators.copy.style import WordList, WordSet


class Marker(Frozen):
    """Words that open a phrase of one kind: "mit", "aus".  Frames put the same word before the phrase again."""

    link: str  #: how frames ask for it: {with_feature} takes the features whose link is "with"
    kind: FactKind
    words: tuple[str, ...]  #: lower case; some are several words
    is_bound: bool = True  #: the phrase has the form that its marker asks for: it stands after that word alone
    splits: bool = True  #: "a lid and a handle" are two facts
    to_end: bool = False  #: nothing of the clause may follow the phrase
    of_product: bool = False  #: holds only where the product itself is what is spoken of
    only: WordSet = frozenset()  #: the phrase is one of these words; empty: any
    never: WordSet = frozenset()  #: words that no phrase of it holds
    not_after: WordSet = frozenset()  #: words that it may not follow


class Vocabulary(Frozen):
    """One language's words for the reader; all lists are lower case."""

    markers: tuple[Marker, ...] = ()
    enders: WordSet = frozenset()  #: words that no phrase holds: verbs, pronouns, what opens a clause
    joiners: WordSet = frozenset()  #: "and": joins the members of a list
    articles: WordSet = frozenset()  #: left out before a feature: "avec poche" says what "avec une poche" does
    repeated: WordSet = frozenset()  #: may stand again before each member of a list: "doté d'un col et d'une capuche"
    attributes: WordSet = frozenset()  #: go on saying what a noun is: "room for two", "children from 3 years"
    conjunction: str = ", "  #: between the materials of a column: " and "
    inner: WordSet = frozenset()  #: small letters that a phrase may hold though their ending does not say so; where no
    #: spaces divide words: words that hold what would end a phrase
    inner_endings: WordList = ()  #: of the words with a small letter that a phrase may hold; none: of any
    trailing: WordSet = frozenset()  #: words that no phrase ends with
    proper: WordSet = frozenset()  #: keep the capital that opens a highlight: "Bluetooth"
    junk: WordSet = frozenset()  #: nothing that one could point at: a phrase with one of them is no fact
    subject: WordSet = frozenset()  #: what may stand before a marker where the product itself is spoken of
    verbs: WordSet = frozenset()  #: open a highlight that is a whole statement
    qualities: WordSet = frozenset()  #: say how the product is: as a word of its title, or as a whole highlight
    quality_endings: WordList = ()  #: of single words that say how the product is
    pronouns: WordSet = frozenset()  #: stand for the product at the head of a statement
    dangling: WordSet = frozenset()  #: open a sentence that leans on the one before
    unfit: WordSet = frozenset()  #: no statement holds one of them: the shop itself, other goods
    unfinished: WordSet = frozenset()  #: no statement ends with one: "while walking, …"
    abbreviations: WordSet = frozenset()  #: whose full stop ends no sentence
    nouns: WordList = ()  #: what a word of the title ends with that says which kind of thing it is
    variants: WordSet = frozenset()  #: words at a title's end that are no part of the name
    makers: WordSet = frozenset()  #: stand before the maker in a title
    units: WordList = ()  #: besides the symbols that all languages share
    measures: Mapping[str, str] = {}  #: the label of a column -> how its value is said; {} is the value
    columns: Mapping[str, str] = {}  #: the label of a column -> the link of the marker that it takes the place of
    longest: int = 6  #: words of a phrase; characters where no spaces divide them
    statement: tuple[int, int] = (3, 14)  #: words of a statement, at least and at most; characters without spaces
    is_spaced: bool = True
    has_capital_nouns: bool = False
    is_head_first: bool = False  #: a noun stands before what describes it: "acier inoxydable"; titles begin with it
    elisions: WordSet = frozenset()  #: what an apostrophe parts from the word that follows: the l of "l'eau"

    def marker(self, link: str) -> Marker:
        """The marker called *link*; the data file has to have it."""
        return next(marker for marker in self.markers if marker.link == link)

    @cached_property
    def stops(self) -> frozenset[str]:
        """Every word that ends a phrase."""
        return self.enders | self.joiners | frozenset(word.split()[0] for _, word in self.openings)

    @cached_property
    def openings(self) -> Sequence[tuple[Marker, str]]:
        """Each marker with each of its words, the longest first."""
        pairs = [(marker, word) for marker in self.markers for word in marker.words]
        return sorted(pairs, key=lambda pair: -len(pair[1]))


def load_vocabulary(language: str) -> Vocabulary:
    """The words of *language* (BCP 47), which has to be one of `languages`."""
    return _read(tongue(language))


@cache
def _read(language: str) -> Vocabulary:
    return Vocabulary.model_validate(read_data("words", language))
