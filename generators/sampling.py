"""How a next token is chosen from a network's scores."""

import torch
from torch import Tensor


def nucleus(logits: Tensor, *, temperature: float, top_p: float) -> Tensor:
    """Keep the smallest set of tokens whose probability reaches *top_p*; mask the rest.

    Args:
        logits: (B, V) raw scores, float; B sequences, V vocabulary entries.
        temperature: > 0, dimensionless; below 1 sharpens, above 1 flattens.
        top_p: probability mass to keep, in (0, 1].

    Returns:
        (B, V) probabilities; each row sums to 1 and keeps at least one token.

    Raises:
        ValueError: *temperature* or *top_p* is out of range.

    Source: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration",
    section 3.1, https://arxiv.org/abs/1904.09751
    """
    if temperature <= 0 or not 0 < top_p <= 1:
        raise ValueError(f"need temperature > 0 and 0 < top_p <= 1: {temperature=}, {top_p=}")
    probs, order = torch.softmax(logits / temperature, dim=-1).sort(dim=-1, descending=True)
    before = probs.cumsum(dim=-1) - probs  # (B, V) mass ranked above each token
    probs = probs.masked_fill(before >= top_p, 0.0)
    probs = probs / probs.sum(dim=-1, keepdim=True)
    return torch.zeros_like(probs).scatter(-1, order, probs)
