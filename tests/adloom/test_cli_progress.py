"""Progress: counts, pace, the time left."""

from typing import cast

import pytest

from adloom.cli.progress import JobProgress, Pace, describe, phase
from adloom.cli.screen import count, duration
from adloom.views import JobView
from tests.adloom.platform_server import job_view


def job(state: str = "running", *, total: int = 20, succeeded: int = 0, failed: int = 0) -> JobView:
    return cast(JobView, job_view(state, total=total, succeeded=succeeded, failed=failed))


def test_the_time_left_follows_the_pace() -> None:
    pace = Pace()
    pace.note(0, 0)
    pace.note(30, 10)
    assert pace.seconds_for(20) == 60


def test_the_time_left_is_unknown_until_something_has_ended() -> None:
    pace = Pace()
    assert pace.seconds_for(20) is None
    pace.note(0, 5)
    pace.note(30, 5)
    assert pace.seconds_for(20) is None


def test_a_slow_start_is_forgotten() -> None:
    pace = Pace()
    for second, ended in [(0, 0), (300, 1), (330, 11), (360, 21), (390, 31)]:
        pace.note(second, ended)
    assert pace.seconds_for(10) == 30


def test_a_line_says_what_there_is_to_say_and_nothing_else() -> None:
    pace = Pace()
    pace.note(0, 0)
    assert describe(job(), pace) == "0 of 20 done"
    pace.note(60, 10)
    assert describe(job(succeeded=8, failed=2), pace) == "8 of 20 done · 2 failed · about 1 min left"


def test_cancelled_items_are_not_done() -> None:
    assert describe(job("cancelled", succeeded=5), Pace()) == "5 of 20 done · 15 cancelled"


def test_the_phase_tells_waiting_from_working() -> None:
    assert phase(job()) == "Waiting for a worker"
    assert phase(job(succeeded=1)) == "Making ads"
    assert phase(job("partial", succeeded=19, failed=1)) == "Partial"


def test_without_a_terminal_there_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    now = iter([0.0, 1.0, 2.0, 11.0, 12.0])
    with JobProgress(clock=lambda: next(now)) as progress:
        for succeeded in (0, 5, 10, 15, 20):
            progress.show(job("running" if succeeded < 20 else "succeeded", succeeded=succeeded))
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" done")[0] for line in lines] == [
        "Waiting for a worker: 0 of 20",
        "Making ads: 15 of 20",
        "Succeeded: 20 of 20",
    ]


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "1 s"), (59, "59 s"), (90, "2 min"), (4800, "1 h 20 min")])
def test_durations_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(("number", "said"), [(1, "1 copy"), (2, "2 copies"), (1200, "1,200 copies")])
def test_counts_agree_with_their_noun(number: int, said: str) -> None:
    assert count(number, "copy") == said
