"""The folder of packages that the suite adds to the processes it starts."""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Mutation:
    """One line of the product, broken on purpose: *old* stands exactly once in *module*."""

    module: str
    old: str
    new: str


def install(folder: Path, *, mutations: Sequence[Mutation] = ()) -> Mapping[str, str]:
    """Lay the packages down in *folder*; returns the environment of a process that has them."""
    site, armed = folder / "site", folder / "failpoints"
    about = site / "fake_gpu-1.0.dist-info"
    for needed in (about, armed):
        needed.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "fake_gpu.py", site / "fake_gpu.py")
    shutil.copy(HERE / "patches.py", site / "sitecustomize.py")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-gpu\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[adloom.kinds]\nfake = fake_gpu:KIND\n[adloom.generators]\nfake = fake_gpu:FakeGpu\n"
    )
    return {
        "PYTHONPATH": os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]),
        "CHAOS_WITNESS": str(folder / "witness.jsonl"),
        "CHAOS_FAILPOINTS": str(armed),
        "CHAOS_MUTATIONS": dumps([[each.module, each.old, each.new] for each in mutations]),
    }
