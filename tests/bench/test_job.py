"""bench.job compares a job with the bare loop over the same generations."""

from pathlib import Path

import pytest

from adloom.core.products import Product
from adloom.core.specs import CopySpec
from bench.job import compare, loop, running
from generators.copy.lm import CopyLM
from generators.registry import GeneratorSettings
from tests.tiny import make_tiny_weights

SPECS = [
    CopySpec(
        product=Product(id=str(number), title=f"Oak Lamp {number}", description="Made of oak, with a linen shade."),
        channel="google_rsa",
    )
    for number in range(10)
]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_weights(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def writer(weights: Path) -> CopyLM:
    made = CopyLM(GeneratorSettings(weights=str(weights), threads=1))
    made.load("", "cpu")
    return made


def test_the_loop_writes_every_item_in_more_than_one_micro_batch(writer: CopyLM) -> None:
    cost, made = loop(writer, SPECS, seed=1)
    assert sorted(made) == list(range(10))
    assert all(made.values())
    assert cost.clock > 0
    assert cost.processor > 0


@pytest.mark.slow
def test_a_job_writes_what_the_loop_writes_and_both_are_timed(
    writer: CopyLM, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADLOOM_WEIGHTS", str(weights))
    (tmp_path / "weights").mkdir()
    with running(tmp_path / "home", tmp_path / "weights") as ours:
        ((bare, job),) = compare(writer, ours, SPECS, rounds=1)
    assert min(*bare, *job) > 0
    assert job.clock < 30
