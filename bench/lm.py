"""``python -m bench.lm``: output tokens per CPU-second, beside `transformers` and llama.cpp, in one run.

Every engine writes the same number of headlines for the same products by the same weights: each prompt has the
examples that all prompts begin with, the product's facts, and the beginning of a headline.  All sample with the same
temperature and nucleus, and each text gets exactly *tokens* tokens.  Measured is the processor time of this process,
prompts included, in turns; then what each precision costs in nats per token of the products' own descriptions, and how
many texts are the same alone and in another order.  A table, then one JSON line.  Without llama.cpp, it says how to
install it, and goes on.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from adloom.core.products import Product
from adloom.core.weights import packaged
from adloom.feeds import read_feed
from bench import llama
from bench.llama import Asked, Llama, Sampling
from generators.copy.prompts import PREAMBLE, ask, describe
from generators.lean import Precision
from generators.network import Network
from generators.registry import GeneratorSettings
from generators.trie import Trie
from generators.weights import fetch, installed

TEMPERATURE, TOP_P = 0.7, 0.9
ONE = "transformers, one at a time"
THEIR_ONE, THEIR_ALL = "llama.cpp, one at a time", "llama.cpp, together"
BASES = (ONE, THEIR_ONE, THEIR_ALL)  #: what every engine is compared with


@dataclass(frozen=True)
class Task:
    """What every engine does: *texts* headlines for each product, of so many *tokens* each."""

    products: Sequence[Product]
    texts: int
    tokens: int

    @property
    def size(self) -> int:
        """The tokens that every engine makes."""
        return len(self.products) * self.texts * self.tokens

    def spelled(self, network: Network) -> Asked:
        """The task in tokens."""
        return Asked(
            [*network.opening(), *network.tokens(PREAMBLE)],
            [network.tokens(describe(product)) for product in self.products],
            network.tokens(ask("Headline")),
            self.texts,
            self.tokens,
        )


def ours(network: Network, task: Task) -> int:
    """This project's way: the examples read once, each product once, all texts together."""
    return sum(map(len, write(network, task, range(len(task.products) * task.texts))))


def write(network: Network, task: Task, which: Sequence[int]) -> list[list[int]]:
    """The tokens of the task's texts *which*, written together; each draws from its own stream."""
    preamble = network.remember([*network.opening(), *network.tokens(PREAMBLE)])
    needed = sorted({number // task.texts for number in which})
    spelled = [network.tokens(describe(task.products[number])) for number in needed]
    read = dict(zip(needed, network.remember_each(spelled, after=preamble), strict=True))
    return network.continue_freely(
        [read[number // task.texts] for number in which],
        [network.tokens(ask("Headline"))] * len(which),
        [np.random.default_rng(number) for number in which],
        stops=frozenset(),
        max_tokens=task.tokens,
        temperature=TEMPERATURE,
        top_p=TOP_P,
        step=frozenset,
    )


def sameness(network: Network, task: Task) -> dict[str, float]:
    """The shares of the task's texts that are the same alone, and in another order, as all together."""
    every = range(len(task.products) * task.texts)
    together = write(network, task, every)
    order = [int(number) for number in np.random.default_rng(1).permutation(len(every))]
    shuffled = dict(zip(order, write(network, task, order), strict=True))
    alone = [write(network, task, [number])[0] for number in every]
    return {
        "alone": statistics.fmean(alone[n] == together[n] for n in every),
        "shuffled": statistics.fmean(shuffled[n] == together[n] for n in every),
    }


def naive(network: Network, task: Task) -> int:
    """`transformers`' own `generate`, one request at a time."""
    assert network.model is not None
    made = 0
    for product in (product for product in task.products for _ in range(task.texts)):
        prompt = [*network.opening(), *network.tokens(PREAMBLE + describe(product) + ask("Headline"))]
        output = network.model.generate(
            torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            do_sample=True,
            temperature=TEMPERATURE,
            top_p=TOP_P,
            top_k=0,
            min_new_tokens=task.tokens,
            max_new_tokens=task.tokens,
            pad_token_id=0,
        )
        made += output.shape[1] - len(prompt)
    return made


def theirs(network: Network, task: Task, file: Path, threads: int) -> Llama | None:
    """llama.cpp, ready for *task*, with the default weights as q8_0 in *file*; None, and why, where it is missing."""
    api, entry = llama.find(), packaged(GeneratorSettings().weights)
    if api is None or entry is None:
        print(f"llama.cpp is not measured. To install it: {llama.INSTALL}", flush=True)
        return None
    print(f"llama.cpp: {api.llama_print_system_info().decode()}", flush=True)
    packed = llama.pack(api, installed(entry), file)
    return Llama(api, packed, task.spelled(network), threads=threads, sampling=Sampling(TEMPERATURE, TOP_P))


def loss(network: Network, products: Sequence[Product]) -> float:
    """Nats per token of the products' descriptions after the examples: what a precision costs."""
    preamble = network.remember([*network.opening(), *network.tokens(PREAMBLE)])
    scores: list[float] = []
    for product in products:
        trie = Trie()
        path = trie.add(network.tokens(describe(product)))
        log_probs = network.score_tree(preamble, trie)
        scores += [log_probs[node] for node in path[1:]]
    return -statistics.fmean(scores)


def their_loss(other: Llama, network: Network, products: Sequence[Product]) -> float:
    """The same of llama.cpp."""
    preamble = [*network.opening(), *network.tokens(PREAMBLE)]
    return -statistics.fmean(
        score for product in products for score in other.log_probs(preamble, network.tokens(describe(product)))
    )


def measure(engines: Mapping[str, Callable[[], int]], size: int, rounds: int) -> dict[str, list[float]]:
    """Tokens per CPU-second of each engine in each round, in turns; each has to make *size* tokens."""
    found: dict[str, list[float]] = defaultdict(list)
    for turn in range(rounds):
        print(f"round {turn + 1} of {rounds}", flush=True)
        for name, engine in engines.items():
            started, wall = time.process_time(), time.perf_counter()
            made = engine()
            spent, passed = time.process_time() - started, time.perf_counter() - wall
            assert made == size, f"{name} made {made} tokens of {size}"
            found[name].append(made / spent)
            print(f"  {name:30} {made / spent:9.1f} tokens/CPU-s {made / passed:9.1f} tokens/s", flush=True)
    return found


def main() -> None:
    """Measure every engine in turns."""
    asked = _arguments()
    torch.set_num_threads(asked.threads)
    rows = read_feed(asked.feed.read_bytes(), name=asked.feed.name).products
    task = Task([rows[n % len(rows)] for n in range(asked.products)], asked.texts, asked.tokens)
    settings = GeneratorSettings(cache=asked.cache)
    local = fetch(settings.weights, settings.cache)
    lean = {precision: Network.read(local.folder, "cpu", precision) for precision in Precision}
    plain = Network.read(local.folder, "cpu", None)
    engines: dict[str, Callable[[], int]] = {
        ONE: partial(naive, plain, task),
        "transformers, together": partial(ours, plain, task),
    }
    other = theirs(plain, task, asked.cache / f"{local.version}.q8_0.gguf", asked.threads)
    if other:
        engines |= {
            THEIR_ONE: partial(other.write_alone, keep=False),
            "llama.cpp, prompts kept": partial(other.write_alone, keep=True),
            THEIR_ALL: other.write_together,
        }
    engines |= {f"adloom {precision}": partial(ours, network, task) for precision, network in lean.items()}
    found = measure(engines, task.size, asked.rounds)
    losses = {f"adloom {precision}": loss(network, rows) for precision, network in lean.items()}
    losses |= {"transformers": loss(plain, rows)}
    losses |= {"llama.cpp": their_loss(other, plain, rows)} if other else {}
    _print(found, losses, {str(precision): sameness(network, task) for precision, network in lean.items()})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feed", type=Path, default=Path("examples/feed.tsv"))
    parser.add_argument("--products", type=int, default=8)
    parser.add_argument("--texts", type=int, default=8, help="headlines for each product")
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1, help="of each engine; several wait for each other, and count")
    parser.add_argument("--cache", type=Path, default=Path(".adloom/weights"))
    return parser.parse_args()


def ratios(found: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    """For each of the engines that others are compared with: how many times as fast each is, the rounds' median."""
    return {
        base: {
            name: round(statistics.median(a / b for a, b in zip(rates, found[base], strict=True)), 2)
            for name, rates in found.items()
        }
        for base in BASES
        if base in found
    }


def _print(
    found: Mapping[str, Sequence[float]], losses: Mapping[str, float], same: Mapping[str, Mapping[str, float]]
) -> None:
    times = ratios(found)
    print(f"{'':30} tokens/CPU-s" + "".join(f"  times {base}" for base in times))
    for name, rates in found.items():
        beside = "".join(f"  {times[base][name]:{len(base) + 6}.2f}" for base in times)
        print(f"{name:30} {statistics.median(rates):12.1f}{beside}")
    for name, nats in losses.items():
        print(f"{name:30} {nats:12.4f} nats per token")
    for name, shares in same.items():
        print(f"adloom {name:23} the same alone {shares['alone']:.3f}, shuffled {shares['shuffled']:.3f}")
    rounded = {name: round(nats, 4) for name, nats in losses.items()}
    print(json.dumps({"ratios": times, "loss": rounded, "same": same}))


if __name__ == "__main__":
    main()
