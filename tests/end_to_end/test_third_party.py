"""A third party's generator, installed as a package of its own: even one that kills its process."""

import os
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Starter
from tests.platforms import finish

pytestmark = pytest.mark.slow

PLUGIN = """
import os, time
from adloom.core.drafts import Draft, Drafts, Source
from adloom.core.kinds import Kind
from adloom.core.lanes import Lane
from adloom.core.specs import Spec

class DiceSpec(Spec):
    deadly: bool = False

KIND = Kind("dice", "Throws a dice, or the towel", Lane.COPY, DiceSpec, lambda spec: "", lambda spec: 1.0, 8)

class Dice:
    def __init__(self, settings):
        pass

    def load(self, weights, device):
        pass

    def generate(self, requests, *, step):
        for request in requests:
            step()
            if request.spec.deadly:
                os._exit(1)
            yield Drafts(request.id, (Draft("dice", Source.TEMPLATE, text=str(request.stream().integers(1, 7))),))
"""


@pytest.fixture
def plugin(tmp_path: Path) -> dict[str, str]:
    """Settings of processes in which the package ``dice`` is installed."""
    site = tmp_path / "site"
    about = site / "dice-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "dice.py").write_text(PLUGIN)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: dice\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[adloom.kinds]\ndice = dice:KIND\n[adloom.generators]\ndice = dice:Dice\n")
    return {"PYTHONPATH": os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])}


def test_an_item_that_kills_its_process_fails_and_its_neighbours_succeed(
    start_platform: Starter, plugin: dict[str, str]
) -> None:
    with start_platform({**plugin, "ADLOOM_SWEEP_SECONDS": "1"}) as platform:  # leases of production's length: no sweep
        platform.start_worker("copy")
        specs = [{"kind": "dice", "spec": {"deadly": n == 3}} for n in range(6)]

        job = finish(platform.client, platform.client.submit({"items": specs})["id"], seconds=120)

        items = list(platform.client.items(str(job["id"])))
        assert [item["state"] for item in items] == ["succeeded"] * 3 + ["failed"] + ["succeeded"] * 2
        assert items[3]["error"] is not None
        assert items[3]["error"]["code"] == "worker-crashed"
        assert items[3]["attempts"] == 3
