"""The state machine and the races notice every mutant: else they would guarantee nothing."""

import pytest

from adloom.core.errors import PlatformError
from models import DatabaseTrouble, open_database
from tests.conftest import FreshDatabase
from tests.mutants import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_broken_line_is_noticed(
    mutant: Mutant, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(fresh_database(mutant.on))
    try:
        mutant.patch(monkeypatch, database)
        with pytest.raises((AssertionError, PlatformError, DatabaseTrouble)) as noticed:
            mutant.noticed_by(database)
    finally:
        database.close()
    assert "no longer says" not in str(noticed.value)
