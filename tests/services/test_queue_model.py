"""Whatever clients, workers and sweepers do, in any order: the queue does what its model says, and nothing is stuck."""

from hypothesis.stateful import run_state_machine_as_test

from models import Database
from tests.queue_machine import machine_on
from tests.queue_profiles import chosen_profile


def test_the_queue_does_what_the_model_says(database: Database) -> None:
    run_state_machine_as_test(machine_on(database), settings=chosen_profile())
