"""The figures of bench.lm: every engine does the whole task, ratios are medians of rounds, llama.cpp is optional."""

import re
from functools import partial
from pathlib import Path

import pytest
import torch

from adloom.core.products import Product
from adloom.core.weights import CATALOGUE
from bench import llama
from bench.llama import Asked, Llama, Sampling, alike
from bench.lm import ONE, THEIR_ALL, THEIR_ONE, Task, measure, naive, ours, ratios, theirs
from generators.lean import Precision
from generators.network import Network
from generators.weights import installed
from tests.tiny import make_tiny_weights

ROOT = Path(__file__).parents[2]
TASK = Task([Product(id="1", title="Oak Lamp"), Product(id="2", title="Enamel Mug", brand="Northlight")], 3, 4)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return make_tiny_weights(tmp_path_factory.mktemp("tiny"))


def test_every_way_makes_every_token(tiny: Path) -> None:
    plain, lean = Network.read(tiny, "cpu", None), Network.read(tiny, "cpu", Precision.FP32)
    assert [naive(plain, TASK), ours(plain, TASK), ours(lean, TASK)] == [TASK.size] * 3 == [24] * 3


def test_an_engine_that_does_less_is_not_measured() -> None:
    with pytest.raises(AssertionError, match="lazy made 23 tokens of 24"):
        measure({"lazy": lambda: 23}, 24, 1)


def test_each_engine_is_asked_in_turn_and_timed() -> None:
    asked: list[str] = []

    def engine(name: str) -> int:
        asked.append(name)
        return sum(range(10)) - 21

    found = measure({name: partial(engine, name) for name in "ab"}, 24, 2)

    assert asked == ["a", "b", "a", "b"]
    assert {name: len(rates) for name, rates in found.items()} == {"a": 2, "b": 2}


def test_a_ratio_is_the_median_of_the_rounds_own() -> None:
    found = {ONE: [1.0, 2.0, 4.0], THEIR_ONE: [2.0, 2.0, 2.0], "adloom fp32": [10.0, 10.0, 8.0]}
    assert ratios(found) == {
        ONE: {ONE: 1.0, THEIR_ONE: 1.0, "adloom fp32": 5.0},
        THEIR_ONE: {ONE: 1.0, THEIR_ONE: 1.0, "adloom fp32": 5.0},
    }
    assert THEIR_ALL not in ratios(found)


@pytest.mark.parametrize(
    ("before", "after", "known"), [([], [1], 0), ([1, 2, 3], [1, 2, 4, 5], 2), ([1, 2], [1, 2, 3], 2), ([2], [1], 0)]
)
def test_what_two_prompts_begin_with_is_counted(before: list[int], after: list[int], known: int) -> None:
    assert alike(before, after) == known


def test_each_text_has_its_products_prompt() -> None:
    asked = Asked([1, 2], [[3], [4, 5]], [6], texts=2, tokens=9)
    assert asked.prompts() == [[1, 2, 3, 6], [1, 2, 3, 6], [1, 2, 4, 5, 6], [1, 2, 4, 5, 6]]


def test_what_to_install_is_locked() -> None:
    (lock,) = re.findall(r"\S+\.lock", llama.INSTALL)
    assert re.search(r"^llama-cpp-python==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.skipif(llama.find() is not None, reason="llama.cpp is here")
def test_without_llama_cpp_the_bench_says_how_to_install_it(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert theirs(Network.read(tiny, "cpu", None), TASK, tmp_path / "packed", threads=1) is None
    assert llama.INSTALL in capsys.readouterr().out


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Llama:
    api = llama.find()
    if api is None:
        pytest.skip(llama.INSTALL)
    packed = llama.pack(api, installed(CATALOGUE[0]), tmp_path_factory.mktemp("packed") / "q8_0.gguf")
    asked = Asked(list(range(100, 120)), [[200, 201, 202], [300, 301]], [500, 600], texts=3, tokens=4)
    return Llama(api, packed, asked, threads=1, sampling=Sampling(0.7, 0.9))


@pytest.mark.slow
def test_llama_cpp_makes_every_token_in_every_way(other: Llama) -> None:
    assert [other.write_alone(keep=False), other.write_alone(keep=True), other.write_together()] == [24] * 3


@pytest.mark.slow
def test_llama_cpp_scores_each_token_but_the_first(other: Llama) -> None:
    assert other.log_probs([100, 101], [102, 103, 104]) == pytest.approx([-7.86, -9.21], abs=0.1)
