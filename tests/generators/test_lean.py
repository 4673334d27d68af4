"""The lean decoder computes what `transformers` computes."""

from pathlib import Path

import numpy as np
import pytest
import torch

from generators.lean import Precision
from generators.network import Network, Prefix
from generators.sampling import largest, nucleus
from generators.trie import Trie

PREAMBLE, FIRST, SECOND, START = "Product facts.\n", "Product: a lamp.\n", "Product: a long enamel mug.\n", "Headline:"


def read(folder: Path, precision: Precision | None) -> Network:
    return Network.read(folder, "cpu", precision)


@pytest.fixture
def plain(tiny_weights: Path) -> Network:
    return read(tiny_weights, None)


@pytest.fixture
def lean(tiny_weights: Path) -> Network:
    return read(tiny_weights, Precision.FP32)


def prefixes(network: Network, *texts: str) -> list[Prefix]:
    preamble = network.remember([*network.opening(), *network.tokens(PREAMBLE)])
    return [network.remember(network.tokens(text), after=preamble) for text in texts]


def write(network: Network, known: list[Prefix], seeds: list[int], tokens: int = 12) -> list[list[int]]:
    return network.continue_freely(
        known,
        [network.tokens(START)] * len(known),
        [np.random.default_rng(seed) for seed in seeds],
        stops=frozenset(),
        max_tokens=tokens,
        temperature=0.7,
        top_p=0.9,
        step=frozenset,
    )


def test_free_texts_are_those_of_transformers(plain: Network, lean: Network) -> None:
    both = [write(each, prefixes(each, FIRST, SECOND, FIRST), [1, 2, 3]) for each in (plain, lean)]
    assert both[0] == both[1]


def test_prefixes_that_share_nothing_are_read_too(plain: Network, lean: Network) -> None:
    both = [
        write(each, [each.remember(each.tokens(text)) for text in (FIRST, SECOND)], [1, 2]) for each in (plain, lean)
    ]
    assert both[0] == both[1]


def test_texts_of_several_lengths_are_read_together_as_alone(lean: Network) -> None:
    spelled = [lean.tokens(text) for text in (FIRST, SECOND, PREAMBLE + SECOND)]
    together = lean.remember_each(spelled)
    alone = [lean.remember(tokens) for tokens in spelled]
    for one, other in zip(together, alone, strict=True):
        assert one.length == other.length
        for mine, theirs in zip(one.stretches[0].layers, other.stretches[0].layers, strict=True):
            torch.testing.assert_close(mine, theirs, atol=1e-5, rtol=1e-5)


def test_trees_are_scored_as_by_transformers(plain: Network, lean: Network) -> None:
    found = []
    for each in (plain, lean):
        (known,) = prefixes(each, FIRST)
        trie = Trie()
        for text in ("Headline: a lamp\n", "Headline: a mug by the lamp\n", "Button: see\n"):
            trie.add([7, *each.tokens(text)])
        found.append(each.score_tree(known, trie))
    np.testing.assert_allclose(found[0], found[1], atol=2e-5)


@pytest.mark.parametrize("precision", list(Precision))
def test_a_text_is_the_same_alone_among_others_and_shuffled(tiny_weights: Path, precision: Precision) -> None:
    network = read(tiny_weights, precision)
    texts = [FIRST, SECOND] * 20
    known = prefixes(network, *texts)
    together = write(network, known, list(range(40)))
    order = np.random.default_rng(5).permutation(40)
    shuffled = write(network, [known[n] for n in order], [int(n) for n in order])
    assert [shuffled[list(order).index(n)] for n in range(40)] == together
    assert [write(network, [known[n]], [n])[0] for n in range(40)] == together


def test_bf16_is_close(tiny_weights: Path, lean: Network) -> None:
    found = []
    for network in (lean, read(tiny_weights, Precision.BF16)):
        (known,) = prefixes(network, FIRST)
        trie = Trie()
        path = trie.add([7, *network.tokens("Headline: a lamp for the table, made of steel\n")])
        found.append(np.mean([network.score_tree(known, trie)[node] for node in path[1:]]))
    assert abs(found[0] - found[1]) < 0.03


def test_the_nucleus_is_the_same_however_many_are_looked_at() -> None:
    logits = torch.randn(3, 1000, generator=torch.Generator().manual_seed(1)) * torch.tensor([[0.1], [2.0], [5.0]])
    probs, tokens = nucleus(logits, temperature=1.0, top_p=0.9)
    whole = torch.softmax(logits, dim=-1)
    for row in range(3):
        kept = tokens[row][probs[row] > 0]
        assert whole[row][kept].sum() >= 0.9
        assert whole[row][kept[:-1]].sum() < 0.9
        assert whole[row][kept].min() >= whole[row].sort(descending=True).values[len(kept) - 1]
    torch.testing.assert_close(probs.sum(dim=-1), torch.ones(3))


@pytest.mark.parametrize(("width", "most"), [(1000, 7), (96, 7), (1600, 7), (1600, 100), (1600, 101), (16, 1), (5, 5)])
def test_the_largest_of_a_row_are_those_of_topk(width: int, most: int) -> None:
    rows = torch.randn(4, width, generator=torch.Generator().manual_seed(2))
    values, places = largest(rows, most)
    assert torch.equal(values, rows.topk(most, dim=-1).values)
    assert torch.equal(places, rows.topk(most, dim=-1).indices)
