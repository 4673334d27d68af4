"""How a next token is chosen from a network's scores."""

import torch
from torch import Tensor

_LOOKED_AT = (256, 4096)  #: tokens that are put in order first: the nucleus is rarely larger, and all are dear
_HIGH = 16  #: tokens of a column


def nucleus(logits: Tensor, *, temperature: float, top_p: float) -> tuple[Tensor, Tensor]:
    """Keep the smallest set of tokens whose probability reaches *top_p*.

    Args:
        logits: (B, V) raw scores, float; B sequences, V vocabulary entries.
        temperature: > 0, dimensionless; below 1 sharpens, above 1 flattens.
        top_p: probability mass to keep, in (0, 1].

    Returns:
        (B, K) probabilities, falling, and (B, K) their tokens; each row sums to 1 and keeps at least one token, those
        that it does not keep have probability 0.

    Raises:
        ValueError: *temperature* or *top_p* is out of range.

    Source: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration",
    section 3.1, https://arxiv.org/abs/1904.09751
    """
    if temperature <= 0 or not 0 < top_p <= 1:
        raise ValueError(f"need temperature > 0 and 0 < top_p <= 1: {temperature=}, {top_p=}")
    everything = torch.softmax(logits / temperature, dim=-1)
    for most in (*_LOOKED_AT, everything.shape[-1]):
        probs, tokens = largest(everything, min(most, everything.shape[-1]))
        if bool((probs.sum(dim=-1) >= top_p).all()):
            break
    before = probs.cumsum(dim=-1) - probs  # (B, K) mass ranked above each token
    probs = probs.masked_fill(before >= top_p, 0.0)
    return probs / probs.sum(dim=-1, keepdim=True), tokens


def largest(rows: Tensor, most: int) -> tuple[Tensor, Tensor]:
    """The *most* largest of each of *rows* (B, V), falling, and their places: `topk`, quicker for long rows.

    The *most* largest stand in the *most* columns whose maxima are the largest.
    """
    count, width = rows.shape
    if width % _HIGH or width // _HIGH < most:
        return rows.topk(most, dim=-1)
    columns = rows.view(count, _HIGH, -1)  # (B, h, V / h)
    _, kept = columns.amax(dim=1).topk(most, dim=-1, sorted=False)  # (B, K)
    values, at = columns.gather(2, kept[:, None].expand(-1, _HIGH, -1)).view(count, -1).topk(most, dim=-1)
    return values, kept.gather(1, at % most) + at // most * (width // _HIGH)
