"""Typed facts: what a row states about its product, each with the place where it stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class FactKind(StrEnum):
    """What a fact is about.  Frames name the kinds they take."""

    FEATURE = "feature"  #: a part or property one could point at: "a padded collar"
    QUALITY = "quality"  #: an adjective of the whole product: "lightweight"
    MATERIAL = "material"  #: what the whole product is made from
    COLOUR = "colour"
    USE = "use"  #: what it is for: "weekend getaways or short trips"
    AUDIENCE = "audience"  #: whom it is for: "riders of all levels"
    BENEFIT = "benefit"  #: what its owner does with it, as an imperative: "keep your feet cool"
    STATE = "state"  #: what may be done with it: "dishwasher and microwave safe"
    DOES = "does"  #: what it does itself, in the third person: "burns for 45 hours"
    BUILT = "built"  #: what the product itself stands: "withstand the toughest conditions"
    FIT = "fit"
    MEASURE = "measure"
    PRICE = "price"
    OFFER = "offer"
    STATEMENT = "statement"  #: a whole sentence or clause of the row, in its own words


@dataclass(frozen=True)
class Fact:
    """One statement of the row, as words that a sentence can take.

    *text* stands without article, in the row's words less its superlatives; *full* is the same with its purpose
    ("a rubber sole for traction"), or the same again.
    """

    kind: FactKind
    text: str
    source: str  #: the product's field: title, description, highlights, details …
    span: tuple[int, int]  #: where in that field
    article: str = ""
    full: str = ""
    link: str = ""  #: BENEFIT: the preposition that led to the product; else which word of the row it followed
    is_bound: bool = False  #: has the form that its link asks for: only a frame that repeats that word may take it
    plural: bool = False
    telling: bool = True  #: says more than that the product has a strap

    @property
    def with_article(self) -> str:
        return f"{self.article} {self.text}".strip()

    @property
    def whole(self) -> str:
        return self.full or self.with_article


@dataclass(frozen=True)
class Names:
    """The ways to call the product, from long to short; all but *title* may be empty."""

    title: str
    name: str  #: "Wanderer Hiking Boots": the title without its colour, where the description says so
    short: str  #: "Wanderer Boots"
    model: str  #: "Wanderer"
    kind: str  #: "hiking boots"
    noun: str  #: "boots"
    brand: str
    plural: bool
    sender: str = ""  #: who writes to the reader: the brand's name as its kit has it
    page: str = ""  #: where the product can be had

    @property
    def many(self) -> str:
        """*name*, where it needs no article: "Shop Wanderer Boots"."""
        return self.name if self.plural else ""

    @property
    def kinds(self) -> str:
        """*kind*, where it needs no article."""
        return self.kind if self.plural else ""


@dataclass(frozen=True)
class Sheet:
    """Everything that copy may say about one product."""

    names: Names
    facts: tuple[Fact, ...]
    language: str = "en"  #: of names and facts, BCP 47

    def of(self, kind: FactKind) -> tuple[Fact, ...]:
        """The facts of one *kind*, in reading order."""
        return tuple(fact for fact in self.facts if fact.kind == kind)


def distinct(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Each fact once: the first of those that say the same, or less."""
    seen: list[tuple[FactKind, frozenset[str]]] = []
    for fact in facts:
        words = frozenset(fact.text.lower().split()[: 1 if fact.kind == FactKind.MEASURE else None])
        if not any(kind == fact.kind and (words <= earlier or earlier <= words) for kind, earlier in seen):
            seen.append((fact.kind, words))
            yield fact
