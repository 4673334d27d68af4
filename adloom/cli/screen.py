"""What the command line says, and where: answers on standard output, everything about them on standard error."""

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from adloom.core.errors import Invalid, NotFound, PlatformError, Unauthorized

_HINTS: dict[type[PlatformError], str] = {
    NotFound: "'adloom jobs' lists your jobs.",
    Unauthorized: "Give the platform's key with --api-key or ADLOOM_API_KEY; 'adloom keys create' makes one.",
}


def answers() -> Console:
    """The console for what was asked for."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def notes() -> Console:
    """The console for progress, warnings and errors."""
    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


def print_json(value: object) -> None:
    """Print *value* for a machine to read."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def say(text: str) -> None:
    """Print a line about what happens."""
    notes().print(Text(text))


def warn(text: str) -> None:
    """Print a line about something that went wrong and does not stop the rest."""
    notes().print(Text("Warning: ", style="yellow").append(text, style="default"))


def say_error(error: PlatformError) -> None:
    """Print what went wrong, where, and what to do about it."""
    console = notes()
    console.print(Text(f"Error: {error}", style="red"))
    if isinstance(error, Invalid):
        for problem in error.problems:
            where = f"{problem.pointer.strip('#/') or 'request'}: "
            console.print(Text(f"  {where}", style="bold").append(problem.detail, style="default"))
    hint = _HINTS.get(type(error))
    if hint:
        console.print(Text(hint))


def count(number: int, noun: str) -> str:
    """*number* with its noun: ``1 banner``, ``12 banners``, ``3 copies``.

    >>> count(2, "copy")
    '2 copies'
    """
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"


def shown(path: Path) -> str:
    """*path* as the user would type it: from here where it lies below, else in full."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def duration(seconds: float) -> str:
    """*seconds* as a person says it: ``8 s``, ``3 min``, ``1 h 20 min``.

    >>> duration(4800)
    '1 h 20 min'
    """
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
