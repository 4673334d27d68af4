"""The log serves the work, and never stops it."""

import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")

SCRIPT = """
import structlog
from adloom.core.log import configure

configure("json")
for number in range(1000):
    structlog.get_logger().warning("said", text="x" * 100)
print("done")
"""


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_under_the_log_stops_nothing() -> None:
    with FULL.open("w") as full:
        ended = subprocess.run([sys.executable, "-c", SCRIPT], stderr=full, stdout=subprocess.PIPE, check=False)
    assert ended.stdout == b"done\n"


def test_what_can_be_written_is() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=True)
    assert ended.stderr.count(b'"event": "said"') == 1000
