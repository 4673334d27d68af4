"""Length and number: what a platform counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from adloom.channels import TextField, measure
from adloom.checks.findings import Finding, Severity


def check_length(text: str, field: TextField) -> list[Finding]:
    """Whether *text*, as the reader sees it, has a length that *field* takes, in the field's own counting."""
    whole = (0, len(text))
    if not text.strip():
        return [Finding("empty", Severity.ERROR, f"{field.name} is empty.", whole)]
    length = measure(text, field.unit)
    if length < field.min_length:
        detail = f"{field.name} is {length} long; at least {field.min_length} ({field.unit}) are asked for."
        return [Finding("min_length", Severity.ERROR, detail, whole)]
    if field.max_length is not None and length > field.max_length:
        severity = Severity.ERROR if field.hard_limit else Severity.WARNING
        detail = f"{field.name} is {length} long; at most {field.max_length} ({field.unit}) are allowed."
        return [Finding("max_length", severity, detail, whole)]
    if field.recommended_length is not None and length > field.recommended_length:
        detail = (
            f"{field.name} is {length} long; what exceeds {field.recommended_length} ({field.unit}) may be cut off."
        )
        return [Finding("recommended_length", Severity.WARNING, detail, whole)]
    return []


def check_counts(texts: Mapping[str, Sequence[str]], fields: Iterable[TextField]) -> Iterator[Finding]:
    """Whether each of *fields* that is written has as many texts as its ad needs and takes."""
    for field in (field for field in fields if field.written):
        given = texts.get(field.name, ())
        count = len(given)
        if count < field.min_items:
            yield Finding("min_items", Severity.ERROR, f"{field.name}: {count} of at least {field.min_items}.", (0, 0))
        if count > field.max_items:
            yield Finding("max_items", Severity.ERROR, f"{field.name}: {count} of at most {field.max_items}.", (0, 0))
        if given and field.one_within and not any(measure(text, field.unit) <= field.one_within for text in given):
            detail = f"{field.name}: one must be no longer than {field.one_within} ({field.unit})."
            yield Finding("one_within", Severity.ERROR, detail, (0, 0))
