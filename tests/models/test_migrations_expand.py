"""Old processes and a new schema live together: every step after the first only expands."""

import ast
from pathlib import Path

import pytest

VERSIONS = Path(__file__).parents[2] / "migrations/versions"
STEPS = sorted(path for path in VERSIONS.glob("0*.py") if not path.name.startswith("0001"))
CONTRACTS = {"drop_column", "drop_table", "drop_constraint", "drop_index", "alter_column", "rename_table", "execute"}


def upgrade_of(step: Path) -> ast.FunctionDef:
    found = [node for node in ast.parse(step.read_text()).body if isinstance(node, ast.FunctionDef)]
    return next(node for node in found if node.name == "upgrade")


def calls(node: ast.AST, name: str) -> list[ast.Call]:
    """Calls of anything called *name* below *node*."""
    return [
        call
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == name
    ]


def contractions(step: Path) -> list[str]:
    """What in *step* would break a process of the release before."""
    upgrade = upgrade_of(step)
    found = [name for name in CONTRACTS if not all(_relaxes(call) for call in calls(upgrade, name))]
    for added in calls(upgrade, "add_column"):
        for column in calls(added, "Column"):
            given = {keyword.arg: keyword.value for keyword in column.keywords}
            nullable = given.get("nullable")
            may_be_null = isinstance(nullable, ast.Constant) and nullable.value is True
            if not may_be_null and "server_default" not in given:
                found.append(ast.unparse(column))
    return found


def _relaxes(call: ast.Call) -> bool:
    """A foreign key that goes breaks nobody's writes."""
    return any(word.arg == "type_" and ast.unparse(word.value) == "'foreignkey'" for word in call.keywords)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)
def test_a_step_only_expands(step: Path) -> None:
    assert contractions(step) == []


@pytest.mark.parametrize(
    "line",
    [
        'op.drop_column("items", "cost")',
        'op.drop_constraint("ck_items_lease", "items", type_="check")',
        'op.alter_column("items", "cost", new_column_name="price")',
        'op.add_column("items", sa.Column("price", sa.Integer(), nullable=False))',
        'op.add_column("items", sa.Column("price", sa.Integer()), schema=None)',
    ],
)
def test_a_step_that_contracts_is_found(line: str, tmp_path: Path) -> None:
    step = tmp_path / "0003.py"
    step.write_text(f"def upgrade() -> None:\n    {line}\n")

    assert contractions(step)
