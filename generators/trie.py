"""A trie over token ids: all texts that may be said, as paths from one root."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

ROOT = -1


@dataclass
class Trie:
    """Nodes in the order they were made, parents before children; the root is no node.

    ``parents[n]`` is ROOT for the first tokens; ``children[n]`` are nodes, ``children[ROOT]`` the first ones.
    """

    tokens: list[int] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    children: dict[int, list[int]] = field(default_factory=lambda: {ROOT: []})
    _index: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, path: Sequence[int]) -> list[int]:
        """The nodes that spell *path*, sharing what is already there."""
        node, nodes = ROOT, []
        for token in path:
            known = self._index.get((node, token))
            if known is None:
                known = len(self.tokens)
                self._index[node, token] = known
                self.tokens.append(token)
                self.parents.append(node)
                self.depths.append(0 if node == ROOT else self.depths[node] + 1)
                self.children[known] = []
                self.children[node].append(known)
            node = known
            nodes.append(node)
        return nodes

    def __len__(self) -> int:
        return len(self.tokens)

    def sight(self) -> np.ndarray:
        """(N, N) booleans: node n sees its ancestors and itself, and nothing of other branches."""
        seen = np.zeros((len(self), len(self)), dtype=bool)
        for node, parent in enumerate(self.parents):
            if parent != ROOT:
                seen[node] = seen[parent]
            seen[node, node] = True
        return seen  # (N, N)


def draw(
    trie: Trie,
    paths: Sequence[Sequence[int]],
    log_probs: Sequence[float],
    random: np.random.Generator,
    *,
    wanted: int,
    temperature: float,
) -> list[int]:
    """Sample up to *wanted* different *paths* token by token, without replacement: their numbers, in drawing order.

    At every node the next token comes from the network's distribution over the tokens that still lead somewhere.

    Args:
        trie: N nodes.
        paths: the texts as nodes of *trie*; all begin at the root's children.
        log_probs: (N,) of each node's token after its ancestors, from the network.
        wanted: how many, at most len(paths).
        temperature: > 0; below 1 sharpens.
    """
    waiting: dict[int, int] = {}  # node -> paths through it that are not drawn yet
    ends = {path[-1]: number for number, path in enumerate(paths)}
    for number in ends.values():
        for node in paths[number]:
            waiting[node] = waiting.get(node, 0) + 1
    drawn: list[int] = []
    while len(drawn) < min(wanted, len(ends)):
        node = ROOT
        while node not in ends or not waiting[node]:
            open_children = [child for child in trie.children[node] if waiting.get(child)]
            node = open_children[_choose([log_probs[child] for child in open_children], temperature, random)]
            if node in ends and waiting[node] == 1:
                break
        number = ends[node]
        drawn.append(number)
        for passed in paths[number]:
            waiting[passed] -= 1
    return drawn


def _choose(log_probs: Sequence[float], temperature: float, random: np.random.Generator) -> int:
    """An index, with probability ∝ exp(log_prob ÷ temperature)."""
    if len(log_probs) == 1:
        return 0  # no choice, no randomness spent
    scaled = np.asarray(log_probs, dtype=np.float64) / temperature
    weights = np.exp(scaled - scaled.max())
    return int(np.searchsorted(np.cumsum(weights / weights.sum()), random.random()).clip(0, len(weights) - 1))
