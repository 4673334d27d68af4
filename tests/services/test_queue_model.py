"""Whatever clients, workers and sweepers do, in any order: the queue does what its model says, and nothing is stuck."""

from collections.abc import Callable

import pytest
from hypothesis.stateful import run_state_machine_as_test

from models import Database, open_database
from tests.conftest import FreshDatabase
from tests.queue_machine import machine_on
from tests.queue_profiles import chosen_profile
from tests.queue_races import second_worker_before_the_first_commits, sweep_during_a_renewal
from tests.queue_scripts import SCRIPTS, run_script


def test_the_queue_does_what_the_model_says(database: Database) -> None:
    run_state_machine_as_test(machine_on(database), settings=chosen_profile())


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_queue_follows_a_script(name: str, database: Database) -> None:
    run_script(database, name)


@pytest.mark.parametrize("race", [second_worker_before_the_first_commits, sweep_during_a_renewal])
def test_a_race_ends_well(race: Callable[[Database], None], fresh_database: FreshDatabase) -> None:
    database = open_database(fresh_database("postgresql"))  # SQLite has one writer at a time
    race(database)
    database.close()
