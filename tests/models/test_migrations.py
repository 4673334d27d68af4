"""The schema that migrations build is the schema that the models describe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from migrations.upgrade import downgrade, newest, upgrade
from models import Base, Database, open_database
from tests.conftest import FreshDatabase
from tests.servers import postgres_database


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path, fresh_database: FreshDatabase) -> Iterator[list[Database]]:
    """Two databases: one built by migrations, one by the models."""
    migrated = open_database(fresh_database(request.param))
    if request.param == "sqlite":
        described = open_database(f"sqlite:///{tmp_path / 'described.db'}")
        Base.metadata.create_all(described.engine)
        yield [migrated, described]
    else:
        with postgres_database(request.getfixturevalue("postgres_url"), "described") as url:
            described = open_database(url)
            Base.metadata.create_all(described.engine)
            yield [migrated, described]
            described.close()
    migrated.close()
    described.close()


def test_migrations_and_models_agree_on_tables_and_columns(built: list[Database]) -> None:
    with built[0].engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            found for found in compare_metadata(context, Base.metadata) if "ix_items_ready" not in str(found)
        ]

    assert differences == []


def test_migrations_and_models_agree_on_check_constraints(built: list[Database]) -> None:
    migrated, described = (_checks(database) for database in built)

    assert migrated == described
    assert len(described) > 5


def test_migrations_and_models_agree_on_indexes(built: list[Database]) -> None:
    migrated, described = (_indexes(database) for database in built)

    assert migrated == described
    assert "ix_items_ready" in str(described)


def test_a_migrated_database_can_go_all_the_way_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    upgrade(url)
    downgrade(url, "base")
    database = open_database(url)
    assert sa.inspect(database.engine).get_table_names() == ["alembic_version"]
    database.close()


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    upgrade(url)
    upgrade(url)
    database = open_database(url)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == newest()
    database.close()


def _checks(database: Database) -> set[tuple[str, str]]:
    inspector = sa.inspect(database.engine)
    return {
        (table, f"{found['name']}: {found['sqltext']}")
        for table in inspector.get_table_names()
        for found in inspector.get_check_constraints(table)
    }


def _indexes(database: Database) -> set[str]:
    """Every index as the database itself spells it."""
    query = (
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND name LIKE 'ix_%'"
        if database.engine.dialect.name == "sqlite"
        else "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix_%'"
    )
    with database.engine.connect() as connection:
        return {" ".join(text.split()) for text in connection.execute(sa.text(query)).scalars()}
