"""Run the command line in this process, as a shell would."""

import sys
from dataclasses import dataclass

import pytest

from adloom.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def adloom(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ended:
    """Run ``adloom *arguments*``; its words come back with line breaks flattened, wherever the screen wrapped them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["adloom", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
    captured = capsys.readouterr()
    code = ended.value.code
    return Ended(code if isinstance(code, int) else 0, captured.out, captured.err)
