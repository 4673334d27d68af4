"""The rules of the house, executable: who may import whom, where libraries live, who reads settings, how long is long.

A rule that is only written erodes.  CONTRIBUTING.md says what the layers are for.
"""

import ast
import graphlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = frozenset({"adloom.core", "adloom.channels", "adloom.checks", "adloom.feeds"})
SEAMS = frozenset({"models", "broker", "storage", "metrics"})

LAYERS: dict[str, frozenset[str]] = {  # package -> what it may import besides itself
    "adloom.core": frozenset(),
    "adloom.channels": frozenset({"adloom.core"}),
    "adloom.checks": frozenset({"adloom.channels", "adloom.core"}),
    "adloom.feeds": frozenset({"adloom.checks", "adloom.channels", "adloom.core"}),
    "adloom": LIBRARY,  # the client
    "adloom.cli": LIBRARY | {"adloom"},
    "adloom.__main__": frozenset({"adloom.cli"}),  # python -m adloom
    "models": frozenset({"adloom.core"}),
    "broker": frozenset({"adloom.core"}),
    "storage": frozenset({"adloom.core"}),
    "metrics": frozenset({"adloom.core"}),
    "generators": frozenset({"adloom.checks", "adloom.channels", "adloom.core"}),
    "services": LIBRARY | SEAMS,
    "api": LIBRARY | SEAMS | {"services"},
    "worker": SEAMS | {"services", "generators", "adloom.core"},
    "migrations": frozenset({"models", "adloom.core"}),
    "examples": frozenset(),  # draws its own pictures
}
OUTSIDE = frozenset({"bench", "tests"})  #: measure and test everything, and are imported by nobody else

HOMES: dict[str, frozenset[str]] = {  # library -> the only packages that may import it
    "torch": frozenset({"generators"}),
    "transformers": frozenset({"generators"}),
    "fastapi": frozenset({"api"}),
    "starlette": frozenset({"api"}),
    "uvicorn": frozenset({"api"}),
    "celery": frozenset({"broker", "worker"}),
    "kombu": frozenset({"broker", "worker"}),
    "redis": frozenset({"broker"}),
    "sqlalchemy": frozenset({"models", "services", "migrations"}),
    "psycopg": frozenset({"models", "migrations"}),
    "pysqlite3": frozenset({"models", "migrations"}),
    "alembic": frozenset({"migrations"}),
    "obstore": frozenset({"storage"}),
    "prometheus_client": frozenset({"metrics"}),
    "typer": frozenset({"adloom.cli"}),
    "rich": frozenset({"adloom.cli"}),
}

#: where processes are composed: nobody else makes settings, reads the environment or connects at import time
ROOTS = (
    "adloom.cli",
    "api.__main__",
    "api.app",
    "api.keys",
    "api.lanes",
    "api.owners",
    "bench",
    "migrations.__main__",
    "migrations.env",
    "tests",
    "worker",
)
CONNECTS = frozenset({"Celery", "FastAPI", "Redis", "Settings", "configure", "create_engine", "open_database"})

MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_FUNCTION = 40


@cache
def sources() -> dict[str, Path]:
    """Every module of the repository by its dotted name."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))]
    paths = [path for folder in folders if folder.name not in {"build", "dist", "out"} for path in folder.rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(sources()[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """Everything *module* imports, also inside functions and conditions: modules where ours, names as written else."""
    is_package = sources()[module].name == "__init__.py"
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node, is_package=is_package)
            names = {f"{base}.{alias.name}" for alias in node.names}
            found.update(name if name in sources() else base for name in names)
    return frozenset(found)


def _absolute(module: str, node: ast.ImportFrom, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    parts = parts[: len(parts) - node.level + is_package]
    return ".".join([*parts, *([node.module] if node.module else [])])


def is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def layer(module: str) -> str:
    """The layer that *module* belongs to; ``adloom`` itself holds only the version, which everyone may read."""
    if module == "adloom":
        return "adloom.core"
    return max((name for name in {*LAYERS, *OUTSIDE} if is_in(module, name)), key=len, default="")


def calls(nodes: Iterator[ast.AST]) -> Iterator[str]:
    """The last names of what is called: ``Settings`` for ``settings.Settings()``."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                yield name


def at_import(module: str) -> Iterator[ast.AST]:
    """What runs when *module* is imported: everything that is not in a function."""
    waiting: list[ast.AST] = list(tree(module).body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            waiting.extend(ast.iter_child_nodes(node))


def test_the_rules_look_at_something() -> None:
    assert {"adloom.core.states", "generators.base"} <= set(sources())
    assert "adloom.core.errors" in imports("adloom.core.states")


def test_every_package_has_a_layer() -> None:
    packages = {name.split(".")[0] for name in sources()}
    packages |= {name for name, path in sources().items() if path.name == "__init__.py" and name.count(".") == 1}
    in_the_library = {name for name in packages if is_in(name, "adloom") and name != "adloom"}
    homeless = {name for name in packages - in_the_library if not layer(name)} | (in_the_library - set(LAYERS))
    assert not homeless, f"give {sorted(homeless)} a layer in LAYERS"


def test_imports_point_down_and_siblings_do_not_know_each_other() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module in sources()
        for imported in imports(module)
        if layer(module) not in OUTSIDE
        and (target := layer(imported))
        and target not in {layer(module), *LAYERS[layer(module)]}
    ]
    assert not wrong


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: {name for name in imports(module) if name in sources()} for module in sources()}
    graphlib.TopologicalSorter(graph).prepare()  # CycleError names the circle


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_in_its_home(library: str) -> None:
    strays = [
        module
        for module in sources()
        if layer(module) not in HOMES[library] | OUTSIDE and any(is_in(name, library) for name in imports(module))
    ]
    assert not strays


def test_only_the_registry_imports_by_name() -> None:
    names = {"import_module", "__import__"}
    found = {module for module in sources() if names & set(calls(ast.walk(tree(module))))}
    assert {module for module in found if layer(module) not in OUTSIDE} <= {"generators.registry"}


def test_only_composition_roots_read_settings() -> None:
    wrong = [
        module
        for module in sources()
        if not any(is_in(module, root) for root in ROOTS)
        and ("Settings" in calls(ast.walk(tree(module))) or _reads_environment(module))
    ]
    assert not wrong, "settings are made where processes are composed, and handed on"


def _reads_environment(module: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and ast.unparse(node.value) == "os"
        for node in ast.walk(tree(module))
    )


def test_nothing_connects_at_import() -> None:
    applications = {"api.app", "worker.app", "migrations.env"}
    wrong = [
        f"{module} calls {name} at import"
        for module in sources()
        for name in calls(at_import(module))
        if name in CONNECTS and not (module in applications or module.endswith(".__main__") or layer(module) in OUTSIDE)
    ]
    assert not wrong


def test_modules_stay_small() -> None:
    sizes = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in sources().items()}
    too_long = {module: size for module, size in sizes.items() if size > MOST_LINES_OF_A_MODULE}
    assert not {module: size for module, size in too_long.items() if layer(module) != "examples"}  # those are pictures


def test_functions_stay_small() -> None:
    sizes = {
        f"{module}.{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in sources()
        if not is_in(module, "migrations.versions")  # one step may create many tables
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FUNCTION}
