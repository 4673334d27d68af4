"""From what pydantic finds wrong to problems: a JSON pointer into the caller's own document, a code, a sentence."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from adloom.core.errors import Problem

MAX_PROBLEMS = 100  #: per answer: nobody reads more, and a broken export should not come back as megabytes


def pointer(*parts: str | int) -> str:
    """A JSON pointer (RFC 6901).

    >>> pointer("items", 3, "a/b")
    '/items/3/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def problems_in(
    document: Any,  # Any: JSON
    errors: Iterable[Mapping[str, Any]],  # Any: pydantic's own signature
    *,
    prefix: Sequence[str | int] = (),
) -> list[Problem]:
    """One problem per error that pydantic found in *document*, which stands at *prefix* of what the caller sent."""
    return [
        Problem(
            pointer(*prefix, *_path(document, error["loc"], missing=error["type"] == "missing")),
            str(error["type"]).replace("_", "-"),
            _sentence(str(error["msg"])),
        )
        for error in errors
    ]


def suggestion(word: str, known: Iterable[str]) -> str:
    """A sentence that names what *word* may have meant, or what there is.

    >>> suggestion("copy.ml", ["copy.lm", "banner.compose"])
    "Did you mean 'copy.lm'?"
    """
    choices = sorted(known)
    if close := get_close_matches(word, choices, n=1):
        return f"Did you mean {close[0]!r}?"
    if not choices:
        return "There is none yet."
    more = f" and {len(choices) - 20} more" if len(choices) > 20 else ""
    return f"There are: {', '.join(choices[:20])}{more}."


def _path(document: Any, loc: Sequence[str | int], *, missing: bool) -> list[str | int]:  # Any: JSON
    """*loc* without what pydantic adds to it: the branch of a union, the function that validated."""
    path: list[str | int] = []
    for n, part in enumerate(loc):
        if _holds(document, part):
            document = document[part]
        elif not (missing and n == len(loc) - 1):
            continue
        path.append(part)
    return path


def _holds(document: Any, part: str | int) -> bool:  # Any: JSON
    if isinstance(document, list):
        return isinstance(part, int) and part < len(document)
    return isinstance(document, Mapping) and part in document


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message if message.endswith((".", "?", "!")) else f"{message}."
