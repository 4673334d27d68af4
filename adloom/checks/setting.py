"""Where a text stands: what a rule may want to know besides the words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from adloom.channels import TextField
from adloom.checks.matching import Span


@dataclass(frozen=True)
class Setting:
    """The field a text is for and the language it is in."""

    field: TextField
    language: str  #: BCP 47, lower case; empty: unknown
    sender: str = ""  #: the brand that speaks; empty: unknown

    @property
    def is_headline(self) -> bool:
        """Whether the field is a headline of any kind."""
        return self.field.is_headline

    @property
    def multiline(self) -> bool:
        """Whether the field takes line breaks."""
        return self.field.multiline


#: finds the breaches of one rule in a text; `NOWHERE` stands for what it lacks
Check = Callable[[str, Setting], Iterator[Span]]
