"""A decoder for networks of Llama's architecture that reads once what many texts share.

`transformers` asks at every step and layer what kind of cache, mask and attention it has before it.  Here these are
given (`generators.memory`): what texts share, and a buffer per text for what is its own.  The numbers are those that
`transformers` computes, but for the last bits.

Letters: B texts, T tokens of a pass, S places of a text's own, H query heads, G key heads, D width of a head, E width
of the network, R rows, V vocabulary entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedModel

from adloom.core.errors import BadConfiguration
from generators.base import OutOfMemory
from generators.memory import Level, Memory, State, joined


class Precision(StrEnum):
    """How a network's matrices are held and multiplied; everything between them is fp32."""

    FP32 = "fp32"
    BF16 = "bf16"  #: for processors with AVX-512 or AMX units for it


class Dense(Protocol):
    """A linear map: (R, in) to (R, out), both fp32."""

    def __call__(self, rows: Tensor) -> Tensor: ...


class _Fp32:
    def __init__(self, weight: Tensor) -> None:
        self._weight = weight  # (out, in)

    def __call__(self, rows: Tensor) -> Tensor:
        return functional.linear(rows, self._weight)


class _Bf16:
    """Packed once for the processor's matrix units, where torch would do so at every call.

    Raises:
        BadConfiguration: the processor has no such units.
    """

    def __init__(self, weight: Tensor) -> None:
        supports = getattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", None)
        if supports is None or not supports():
            raise BadConfiguration("ADLOOM_PRECISION: this processor has no units for bf16; use fp32.")
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight.bfloat16(), _ROWS)

    def __call__(self, rows: Tensor) -> Tensor:
        product: Tensor = torch.ops.mkldnn._linear_pointwise(rows.bfloat16(), self._weight, None, "none", [], "")
        return product.float()


_ROWS = 64  #: what bf16 weights are packed for; other numbers of rows work too


def _dense(weights: Sequence[Tensor], precision: Precision) -> Dense:
    weight = torch.cat([weight.detach() for weight in weights])
    return _Bf16(weight) if precision == Precision.BF16 else _Fp32(weight.float())


@dataclass(frozen=True)
class _Layer:
    before_attention: Tensor  # (E,)
    queries_keys_values: Dense
    out: Dense
    before_mlp: Tensor  # (E,)
    gate_up: Dense
    down: Dense


class LeanDecoder:
    """The decoder; made from a network that `transformers` has read, whose matrices it copies at its precision."""

    def __init__(self, model: PreTrainedModel, precision: Precision) -> None:
        config, inner = model.config, model.model
        self._heads, self._key_heads = config.num_attention_heads, config.num_key_value_heads
        self._width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        self._epsilon = config.rms_norm_eps
        self._embedding = inner.embed_tokens.weight.detach().float()  # (V, E)
        self._norm = inner.norm.weight.detach().float()
        self._head = _dense([model.lm_head.weight], precision)
        self._rotary = inner.rotary_emb
        self._layers = [self._layer(layer, precision) for layer in inner.layers]

    @staticmethod
    def takes(model: PreTrainedModel) -> bool:
        """Whether *model* has the architecture, on the processor."""
        config: Any = model.config  # Any: one class per architecture
        return (
            config.model_type == "llama"
            and config.hidden_act == "silu"
            and not config.attention_bias
            and not config.mlp_bias
            and model.device.type == "cpu"
        )

    @staticmethod
    def _layer(layer: Any, precision: Precision) -> _Layer:  # Any: transformers' own
        attention, mlp = layer.self_attn, layer.mlp
        return _Layer(
            layer.input_layernorm.weight.detach().float(),
            _dense([attention.q_proj.weight, attention.k_proj.weight, attention.v_proj.weight], precision),
            _dense([attention.o_proj.weight], precision),
            layer.post_attention_layernorm.weight.detach().float(),
            _dense([mlp.gate_proj.weight, mlp.up_proj.weight], precision),
            _dense([mlp.down_proj.weight], precision),
        )

    @property
    def nothing(self) -> Memory:
        """What is remembered before anything was read."""
        empty = torch.zeros(self._key_heads, 0, self._width)
        return Memory([(empty, empty) for _ in self._layers])

    @torch.inference_mode()
    def read(self, texts: Sequence[Sequence[int]], *, after: Memory) -> list[Memory]:
        """What is remembered of each of *texts*, tokens that follow *after*; of each alone."""
        longest = max(map(len, texts))
        state = State(after, [self.nothing], [0] * len(texts), room=longest)
        state.padding = torch.tensor([longest - len(text) for text in texts])
        self._pass(torch.tensor([[0] * (longest - len(text)) + list(text) for text in texts]), state)
        return [
            Memory([(keys[n, :, padding:], values[n, :, padding:]) for keys, values in state.places])
            for n, padding in enumerate(state.padding.tolist())
        ]

    @torch.inference_mode()
    def step(self, tokens: Tensor, state: State) -> Tensor:
        """Read *tokens* (B, T) into *state*; the logits (B, V) of what may follow each text."""
        return self.logits(self._pass(tokens, state)[:, -1])

    def logits(self, hidden: Tensor) -> Tensor:
        """(R, V) of the network's last states (R, E)."""
        return self._head(hidden)

    @torch.inference_mode()
    def tree(self, tokens: Sequence[int], depths: Sequence[int], sight: Tensor, after: Sequence[Memory]) -> Tensor:
        """The last states (N, E) of a tree's nodes after the stretches *after*; node n sees (N, N) *sight*."""
        state = State(joined(after), [self.nothing], [0], room=len(tokens))
        return self._pass(torch.tensor([list(tokens)]), state, depths=torch.tensor([list(depths)]), sight=sight)[0]

    def _pass(
        self, tokens: Tensor, state: State, *, depths: Tensor | None = None, sight: Tensor | None = None
    ) -> Tensor:
        """The last states (B, T, E) of *tokens* (B, T), whose keys and values go into *state*."""
        count, length = tokens.shape
        first, end = state.filled, state.filled + length
        own = torch.arange(first, end)[None] - state.padding[:, None] if depths is None else depths  # (B, T)
        rotation = self._rotary(self._embedding, own + state.before[:, None])  # cosines and sines, (B, T, D) each
        hidden = functional.embedding(tokens, self._embedding).view(count * length, -1)
        blocked = _blocked(state, first, end, sight)
        state.filled = end
        try:
            for number, layer in enumerate(self._layers):
                hidden = self._run(layer, hidden, number, state, first, rotation, blocked)
        except torch.OutOfMemoryError as error:
            raise OutOfMemory from error
        return functional.rms_norm(hidden, self._norm.shape, self._norm, self._epsilon).view(count, length, -1)

    def _run(
        self,
        layer: _Layer,
        hidden: Tensor,
        number: int,
        state: State,
        first: int,
        rotation: tuple[Tensor, Tensor],
        blocked: Tensor | None,
    ) -> Tensor:
        count, length, width = len(state.padding), rotation[0].shape[1], self._width
        normed = functional.rms_norm(hidden, layer.before_attention.shape, layer.before_attention, self._epsilon)
        mixed = layer.queries_keys_values(normed).view(count, length, -1, width).transpose(1, 2)  # (B, H + 2 G, T, D)
        turned = _turned(mixed[:, : self._heads + self._key_heads], *rotation)
        keys, values = state.places[number]
        keys[:, :, first : state.filled] = turned[:, self._heads :]
        values[:, :, first : state.filled] = mixed[:, self._heads + self._key_heads :]
        own = keys[:, :, : state.filled], values[:, :, : state.filled]
        found = _attend(turned[:, : self._heads], number, state.levels, own, blocked)  # (B, H, T, D)
        hidden = hidden + layer.out(found.transpose(1, 2).reshape(count * length, -1))
        normed = functional.rms_norm(hidden, layer.before_mlp.shape, layer.before_mlp, self._epsilon)
        gate, up = layer.gate_up(normed).chunk(2, dim=1)
        return hidden + layer.down(functional.silu(gate) * up)


def _blocked(state: State, first: int, end: int, sight: Tensor | None) -> Tensor | None:
    """(B, 1, T, S) booleans: which of its own places a token does not see; None: it sees them all."""
    if sight is not None:
        return ~sight[None, None]
    if end - first == 1 and not state.padding.any():
        return None
    places, own = torch.arange(end), torch.arange(first, end)[:, None]  # (S,), (T, 1)
    later, itself = places > own, places == own  # (T, S); even padding sees itself: what sees nothing is not a number
    padded = places[None] < state.padding[:, None]  # (B, S)
    return ((later[None] | padded[:, None]) & ~itself)[:, None]


def _turned(heads: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """*heads* (B, heads, T, D) rotated by their positions, as `transformers` pairs the halves of a head."""
    low, high = heads.chunk(2, dim=-1)
    return heads * cosines[:, None] + torch.cat([-high, low], dim=-1) * sines[:, None]


def _attend(
    queries: Tensor, layer: int, levels: Sequence[Level], own: tuple[Tensor, Tensor], blocked: Tensor | None
) -> Tensor:
    """What *queries* (B, H, T, D) of *layer* find on the *levels* and in their *own* keys and values (B, G, S, D)."""
    (count, heads, length, width), groups = queries.shape, own[0].shape[1]
    asked = queries.reshape(count, groups, -1, width) * width**-0.5  # (B, G, H / G * T, D)
    among_own = asked @ own[0].transpose(-1, -2)  # (B, G, H / G * T, S)
    if blocked is not None:
        among_own = among_own.view(count, heads, length, -1).masked_fill(blocked, float("-inf")).view(among_own.shape)
    scores = torch.cat([*(level.scores(asked, layer) for level in levels), among_own], dim=-1)
    sizes = [*(level.length for level in levels), own[0].shape[2]]
    *weights, of_own = torch.split(scores.softmax(dim=-1), sizes, dim=-1)
    found: Tensor = of_own @ own[1]
    for level, of_level in zip(levels, weights, strict=True):
        found = found + level.found(of_level, layer)
    return found.view(count, heads, length, width)
