"""What a decoder remembers of the texts that it has read, kept once for all that begin alike.

Letters: B texts, Q groups of them with at most n texts each, P tokens that a group shares, G key heads, R rows of
queries for each, D width of a head.

Source: Juravsky et al. 2024, "Hydragen", section 3 (attention over shared prefixes, in a hierarchy),
https://arxiv.org/abs/2402.05099
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Memory:
    """Keys and values of one stretch of text, per layer: (G, length, D) each."""

    layers: Sequence[tuple[Tensor, Tensor]]

    @property
    def length(self) -> int:
        """Its tokens."""
        return int(self.layers[0][0].shape[1]) if self.layers else 0


def joined(stretches: Sequence[Memory]) -> Memory:
    """One stretch of several that follow each other."""
    layers = [list(zip(*several, strict=True)) for several in zip(*(each.layers for each in stretches), strict=True)]
    return Memory([(torch.cat(keys, dim=1), torch.cat(values, dim=1)) for keys, values in layers])


class Level:
    """One stretch for each of Q groups of texts; what a group shares is looked at by all its texts in one product."""

    def __init__(self, memories: Sequence[Memory], group_of: Sequence[int]) -> None:
        """Text number t looks at *memories*[*group_of*[t]]; every group has a text."""
        members = [[text for text, group in enumerate(group_of) if group == number] for number in range(len(memories))]
        self._most = max(map(len, members))
        order = [text for few in members for text in (few + few[:1] * self._most)[: self._most]]  # filled up to n
        self._order = None if order == list(range(len(group_of))) else torch.tensor(order)  # (Q n,)
        self._place = torch.tensor([order.index(text) for text in range(len(group_of))])  # (B,)
        self.length = max(memory.length for memory in memories)
        lengths = torch.tensor([memory.length for memory in memories])
        blank = torch.arange(self.length) >= lengths[:, None, None, None]  # (Q, 1, 1, P)
        self._blank = blank if blank.any() else None
        self._layers = [
            tuple(_stacked([memory.layers[layer][part] for memory in memories], self.length) for part in (0, 1))
            for layer in range(len(memories[0].layers))
        ]

    def scores(self, queries: Tensor, layer: int) -> Tensor:
        """How well each place of its group's stretch answers each of a text's *queries* (B, G, R, D): (B, G, R, P)."""
        found = self._together(queries) @ self._layers[layer][0].transpose(-1, -2)
        return self._apart(found if self._blank is None else found.masked_fill(self._blank, float("-inf")))

    def found(self, weights: Tensor, layer: int) -> Tensor:
        """The sum (B, G, R, D) of its group's values with a text's *weights* (B, G, R, P)."""
        return self._apart(self._together(weights) @ self._layers[layer][1])

    def _together(self, rows: Tensor) -> Tensor:
        """(Q, G, n R, W) of (B, G, R, W): the rows of a group's texts side by side."""
        ordered = rows if self._order is None else rows[self._order]
        _, heads, many, width = rows.shape
        grouped = ordered.view(-1, self._most, heads, many, width).transpose(1, 2)
        return grouped.reshape(len(grouped), heads, -1, width)

    def _apart(self, rows: Tensor) -> Tensor:
        """(B, G, R, W) of (Q, G, n R, W): each text's rows again."""
        groups, heads, _, width = rows.shape
        grouped = rows.view(groups, heads, self._most, -1, width).transpose(1, 2)
        ordered = grouped.reshape(groups * self._most, heads, -1, width)
        return ordered if self._order is None else ordered[self._place]


class State:
    """B texts on their way: what all of them share, what groups of them share, and places of their own."""

    def __init__(self, shared: Memory, groups: Sequence[Memory], group_of: Sequence[int], room: int) -> None:
        """Texts that follow *shared* and then *groups*[*group_of*[t]], each with *room* for tokens of its own."""
        levels = [Level([shared], [0] * len(group_of)), Level(groups, group_of)]
        self.levels = [level for level in levels if level.length]
        self.before = torch.tensor([shared.length + groups[group].length for group in group_of])  # (B,) tokens
        self.padding = torch.zeros(len(group_of), dtype=torch.long)  # (B,) of its own places, those before its tokens
        self.filled = 0  #: of its own places
        heads, _, width = shared.layers[0][0].shape
        size = (len(group_of), heads, room, width)
        self.places = [(torch.zeros(size), torch.zeros(size)) for _ in shared.layers]  # keys and values per layer


def _stacked(parts: Sequence[Tensor], longest: int) -> Tensor:
    """(Q, G, longest, D): each part at the beginning of its places."""
    heads, _, width = parts[0].shape
    places = torch.zeros(len(parts), heads, longest, width)
    for number, part in enumerate(parts):
        places[number, :, : part.shape[1]] = part
    return places
