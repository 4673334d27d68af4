"""An item that takes many leases: a third party's generator that yields a checkpoint at every step, and kills."""

import os
import signal
from pathlib import Path

import pytest

from adloom.client import Client
from tests.end_to_end.conftest import Starter
from tests.end_to_end.test_whole_platform import QUICK
from tests.platforms import finish, until

pytestmark = pytest.mark.slow

PLUGIN = """
import time
from adloom.core.drafts import Continue, Draft, Drafts, Source
from adloom.core.kinds import Kind
from adloom.core.lanes import Lane
from adloom.core.specs import Spec

class SagaSpec(Spec):
    pieces: int = 1

KIND = Kind("saga", "A long story", Lane.COPY, SagaSpec, lambda spec: "", lambda spec: 1.0, 4)

class Saga:
    def __init__(self, settings):
        pass

    def load(self, weights, device):
        pass

    def generate(self, requests, *, step):
        for request in requests:
            step()
            time.sleep(0.1)
            told = int(request.checkpoint or 0) + 1
            if told < request.spec.pieces:
                yield Continue(request.id, str(told))
            else:
                yield Drafts(request.id, (Draft("saga", Source.TEMPLATE, text=str(told)),))
"""


@pytest.fixture
def plugin(tmp_path: Path) -> dict[str, str]:
    """Settings of processes in which the package ``saga`` is installed."""
    about = tmp_path / "site" / "saga-1.0.dist-info"
    about.mkdir(parents=True)
    (tmp_path / "site/saga.py").write_text(PLUGIN)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: saga\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[adloom.kinds]\nsaga = saga:KIND\n[adloom.generators]\nsaga = saga:Saga\n")
    return {"PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")])}


def await_leases(client: Client, job: str, number: int) -> int:
    """Wait until the only item of *job* was leased more often than *number*; how often."""
    until(lambda: next(client.items(job))["attempts"] > number, what="some progress")
    return int(next(client.items(job))["attempts"])


@pytest.mark.parametrize("start_platform", ["embedded", "servers"], indirect=True)
def test_a_long_item_goes_on_from_its_checkpoint_after_every_kill(
    start_platform: Starter, plugin: dict[str, str]
) -> None:
    with start_platform({**QUICK, **plugin}) as platform:
        client = platform.client
        worker = platform.start_worker("copy")
        job = client.submit({"items": [{"kind": "saga", "spec": {"pieces": 40}}]})["id"]
        leases = 0
        for _ in range(2):
            leases = await_leases(client, job, leases + 5)
            os.killpg(worker.pid, signal.SIGKILL)
            worker = platform.start_worker("copy")

        assert finish(client, job)["state"] == "succeeded"
        item = next(client.items(job))
        assert item["variants"][0]["text"] == "40"
        assert 40 <= item["attempts"] <= 42  # no piece was told twice but the two that a kill cut off
