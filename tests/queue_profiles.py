"""How long the queue's state machine runs.  ``ADLOOM_TEST_MODEL=long`` explores for hours, never the same twice."""

import os

from hypothesis import HealthCheck, Phase, settings

_COMMON = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))

PROFILES = {
    "quick": settings(_COMMON, max_examples=30, stateful_step_count=30, derandomize=True),
    "long": settings(_COMMON, max_examples=5000, stateful_step_count=100),
}


def chosen_profile() -> settings:
    """What ``ADLOOM_TEST_MODEL`` names; without it the quick one, the same examples at every run."""
    return PROFILES[os.environ.get("ADLOOM_TEST_MODEL", "quick")]


def hunting(examples: int, steps: int) -> settings:
    """For a fault that is known to be there: the first example that shows it is enough."""
    return settings(
        _COMMON,
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        print_blob=False,
    )
