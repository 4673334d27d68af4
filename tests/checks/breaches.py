"""Asks for one rule at a time: what it finds in a text."""

from collections.abc import Iterable, Mapping

from adloom.channels import Channel, TextField
from adloom.checks import check_text
from adloom.core.brand import Brand
from adloom.core.brief import Brief

Table = Mapping[str, Iterable[tuple[str, str]]]  #: by rule: languages and texts


def broken(
    rule: str,
    text: str,
    *,
    language: str = "",
    field: str = "description",
    written: bool = True,
    brand: Brand | None = None,
) -> list[str]:
    """What *rule* finds in *text*, as it is written there; an empty string stands for what is missing."""
    found = check_text(
        text,
        field=TextField(field, 2000, "chars", written=written),
        channel=Channel("one_rule", "any", "One rule", rules=(rule,)),
        brand=brand,
        brief=Brief(language=language),
    )
    return [text[slice(*one.span)] for one in found if one.rule == rule]


def rows(table: Table) -> list[tuple[str, str, str]]:
    """Every rule, language and text of *table*."""
    return [(rule, language, text) for rule, cases in table.items() for language, text in cases]
