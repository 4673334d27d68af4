"""What texts share is kept once, and each finds in it what it would find alone."""

import pytest
import torch

from generators.memory import Level, Memory

HEADS, WIDTH, LAYERS, QUERIES = 2, 8, 2, 3


def memories(*lengths: int) -> list[Memory]:
    draw = torch.Generator().manual_seed(1)
    sizes = [(HEADS, length, WIDTH) for length in lengths]
    return [
        Memory([(torch.randn(size, generator=draw), torch.randn(size, generator=draw)) for _ in range(LAYERS)])
        for size in sizes
    ]


GROUPS = {
    "one group": ([4], [0, 0, 0]),
    "each alone": ([4, 2, 5], [0, 1, 2]),
    "each alone, out of order": ([4, 2, 5], [2, 0, 1]),
    "uneven groups of uneven length": ([4, 2], [0, 0, 0, 1]),
    "groups that are mixed": ([1, 5, 3], [1, 0, 2, 1, 0, 1]),
}


@pytest.mark.parametrize("layer", range(LAYERS))
@pytest.mark.parametrize(("lengths", "group_of"), GROUPS.values(), ids=GROUPS)
def test_a_text_finds_in_its_groups_stretch_what_it_would_find_alone(
    lengths: list[int], group_of: list[int], layer: int
) -> None:
    known = memories(*lengths)
    level = Level(known, group_of)
    queries = torch.randn(len(group_of), HEADS, QUERIES, WIDTH, generator=torch.Generator().manual_seed(2))

    scores = level.scores(queries, layer)
    found = level.found(scores.softmax(dim=-1), layer)

    assert level.length == scores.shape[-1] == max(lengths)
    for text, group in enumerate(group_of):
        keys, values = known[group].layers[layer]
        alone = queries[text] @ keys.transpose(-1, -2)
        torch.testing.assert_close(scores[text, :, :, : lengths[group]], alone)
        assert (scores[text, :, :, lengths[group] :] == float("-inf")).all()
        torch.testing.assert_close(found[text], alone.softmax(dim=-1) @ values)
