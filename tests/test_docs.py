"""The documents tell the truth: what exists is described, and what is described exists."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import SecretStr
from typer.core import TyperGroup

from adloom.cli.app import cli
from adloom.core.settings import Settings
from adloom.core.states import MOVES, ItemState, JobState
from api.app import create_app
from tests.test_architecture import layer, sources, tree

ROOT = Path(__file__).parents[1]
CLIENT_VARIABLES = {"ADLOOM_URL", "ADLOOM_API_KEY"}  #: read by the command line, not by Settings
COMPOSE_VARIABLES = {"POSTGRES_PASSWORD"}
PAGES = [path for path in ROOT.rglob("*.md") if not any(part.startswith(".") or part == "out" for part in path.parts)]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings() -> dict[str, str]:
    """Every setting's variable and its default, as it would be written in ``.env``."""
    values = {f"ADLOOM_{name.upper()}": field.default for name, field in Settings.model_fields.items()}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case float():
            return f"{value:g}"
    return str(value)


def test_the_example_environment_has_every_setting_with_its_default() -> None:
    found = dict(re.findall(r"^# ([A-Z_]+)=(\S*)", read(".env.example"), re.MULTILINE))
    extra = CLIENT_VARIABLES | COMPOSE_VARIABLES
    assert {name: value for name, value in found.items() if name not in extra} == settings()
    assert extra <= set(found)


def test_the_operations_page_explains_every_setting_and_no_other() -> None:
    explained = set(re.findall(r"^\| `(ADLOOM_[A-Z_]+)` \|", read("docs/operations.md"), re.MULTILINE))
    assert explained == set(settings())


def commands(group: TyperGroup, path: str = "adloom") -> Iterator[str]:
    """Every command with its whole name: ``adloom keys create``."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def test_the_readme_names_every_command_and_no_other() -> None:
    root = typer.main.get_command(cli)
    assert isinstance(root, TyperGroup)
    named = set(re.findall(r"`(adloom [a-z]+(?: [a-z]+)?)(?: [A-Z]+…?)?`", read("README.md")))
    assert named == set(commands(root))


def test_the_state_diagram_has_exactly_the_moves_of_the_table() -> None:
    page = read("docs/state-machine.md")
    drawn = set(re.findall(r"^ +(\w+) --> (\w+):", page.split("## Jobs")[0], re.MULTILINE))
    assert drawn == {(old.value, new.value) for old, states in MOVES.items() for new in states}


@pytest.mark.parametrize("state", [*ItemState, *JobState])
def test_every_state_is_explained(state: ItemState | JobState) -> None:
    items, jobs = read("docs/state-machine.md").split("## Jobs")
    if isinstance(state, ItemState):
        assert f"| `{state}` |" in items
    else:
        assert f"--> {state}: " in jobs


def test_every_error_code_is_explained() -> None:
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", read("docs/errors.md"), re.MULTILINE))
    used = {
        code for module in sources() if layer(module) not in {"bench", "tests", "adloom.cli"} for code in codes(module)
    }
    assert used - {""} <= explained, f"docs/errors.md lacks {sorted(used - explained)}"


def codes(module: str) -> Iterator[str]:
    """The error codes that *module* gives away: of its error classes, its failures and its own problems."""
    constants = _constants(module)
    for node in ast.walk(tree(module)):
        match node:
            case ast.ClassDef(body=body):
                yield from _class_codes(body)
            case ast.Call(func=ast.Name(id="Failure"), args=[_, code, *_]):
                yield from _texts(code, constants)
            case ast.keyword(arg="error_code", value=code):
                yield from _texts(code, constants)
            case ast.Tuple(elts=[ast.Constant(value=str(code)), ast.Constant(value=str())]) if module == "api.problems":
                yield code


def _constants(module: str) -> dict[str, str]:
    return {
        target.id: value
        for node in tree(module).body
        if isinstance(node, ast.Assign) and isinstance(value := getattr(node.value, "value", None), str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _class_codes(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                yield code
            case ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str(code))):
                yield code


def _texts(node: ast.expr, constants: dict[str, str]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name(id=name) if name in constants:
            yield constants[name]


def curls() -> list[tuple[str, str]]:
    """Method and path of each ``curl`` line in the README, shell variables as they stand."""
    found = []
    for line in re.findall(r"^curl .*", read("README.md"), re.MULTILINE):
        words = shlex.split(line)
        method = words[words.index("-X") + 1] if "-X" in words else "POST" if _sends(words) else "GET"
        url = next(word for word in words if word.startswith("$ADLOOM_URL"))
        found.append((method, url.removeprefix("$ADLOOM_URL").partition("?")[0]))
    return found


def _sends(words: list[str]) -> bool:
    return any(word in {"--data-binary", "--json", "-d"} for word in words)


def test_the_readme_tells_the_api_in_five_lines_that_the_api_knows(tmp_path: Path) -> None:
    known = list(operations(tmp_path))
    assert len(curls()) == 5
    for method, path in curls():
        assert any(method == each and re.fullmatch(pattern, path) for each, pattern in known), f"{method} {path}"


def operations(home: Path) -> Iterator[tuple[str, str]]:
    """Method and path of each operation, the path as a pattern."""
    app = create_app(Settings(home=home, database_url="", broker_url="memory://", storage_url="memory:"))
    document: dict[str, Any] = app.openapi()  # Any: JSON
    for path, methods in document["paths"].items():
        for method in methods:
            yield method.upper(), re.sub(r"\{\w+\}", "[^/]+", path)


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"[`\n]make ([a-z]+)", page.read_text(encoding="utf-8"))}
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert not [target for target in local if not (page.parent / target).exists()]
