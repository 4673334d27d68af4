"""A decoder for networks of Llama's architecture that reads once what many texts share.

`transformers` asks at every step and layer what kind of cache, mask and attention it has before it.  Here these are
given: one prefix that all texts share, whose keys exist once and are attended in one product for all of them, and a
buffer per text for what is its own.  The numbers are those that `transformers` computes, but for the last bits.

Letters: B texts, T tokens of a pass, P tokens that all texts share, S places of a text's own, H query heads, G key
heads, D width of a head, E width of the network, V vocabulary entries.

Source: Juravsky et al. 2024, "Hydragen", section 3 (attention over a shared prefix), https://arxiv.org/abs/2402.05099
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


@dataclass(frozen=True)
class Memory:
    """Keys and values of one stretch of text, per layer: (G, length, D) each."""

    layers: Sequence[tuple[Tensor, Tensor]]

    @property
    def length(self) -> int:
        """Its tokens."""
        return int(self.layers[0][0].shape[1]) if self.layers else 0


class State:
    """B texts on their way: what they share, and places of their own, where each begins after its padding."""

    def __init__(self, shared: Memory, own: Sequence[Memory], room: int) -> None:
        """Texts that follow *shared* and then each its *own*, with *room* for so many tokens more."""
        self.shared = shared
        self.filled = max(memory.length for memory in own)
        self.padding = torch.tensor([self.filled - memory.length for memory in own])  # (B,)
        self.places = [
            tuple(_stacked([memory.layers[layer][part] for memory in own], self.filled, room) for part in (0, 1))
            for layer in range(len(shared.layers))
        ]


def _stacked(parts: Sequence[Tensor], longest: int, room: int) -> Tensor:
    """(B, G, longest + room, D): each part at the right end of the first *longest* places."""
    heads, _, width = parts[0].shape
    places = torch.zeros(len(parts), heads, longest + room, width)
    for number, part in enumerate(parts):
        places[number, :, longest - part.shape[1] : longest] = part
    return places


class LeanDecoder:
    """The decoder; made from a network that `transformers` has read, whose matrices it copies at its precision."""

    def __init__(self, model: PreTrainedModel, precision: Precision) -> None:
        config, inner = model.config, model.model
        self._heads, self._key_heads = config.num_attention_heads, config.num_key_value_heads
        self._width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        self._epsilon = config.rms_norm_eps
        self._embedding = inner.embed_tokens.weight.detach().float()  # (V, E)
        self._norm = inner.norm.weight.detach().float()
        self._head = model.lm_head.weight.detach().float()  # (V, E): the head stays fp32, it decides between tokens
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
        state = State(after, [self.nothing for _ in texts], room=longest)
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
        return functional.linear(hidden, self._head)

    @torch.inference_mode()
    def tree(self, tokens: Sequence[int], depths: Sequence[int], sight: Tensor, after: Sequence[Memory]) -> Tensor:
        """The last states (N, E) of a tree's nodes after the stretches *after*; node n sees (N, N) *sight*."""
        state = State(joined(after), [self.nothing], room=len(tokens))
        return self._pass(torch.tensor([list(tokens)]), state, depths=torch.tensor([list(depths)]), sight=sight)[0]

    def _pass(
        self, tokens: Tensor, state: State, *, depths: Tensor | None = None, sight: Tensor | None = None
    ) -> Tensor:
        """The last states (B, T, E) of *tokens* (B, T), whose keys and values go into *state*."""
        count, length = tokens.shape
        first, end = state.filled, state.filled + length
        own = torch.arange(first, end)[None] - state.padding[:, None] if depths is None else depths  # (B, T)
        rotation = self._rotary(self._embedding, own + state.shared.length)  # cosines and sines, (B, T, D) each
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
        blocked: Tensor,
    ) -> Tensor:
        count, length, width = len(state.padding), rotation[0].shape[1], self._width
        normed = functional.rms_norm(hidden, layer.before_attention.shape, layer.before_attention, self._epsilon)
        mixed = layer.queries_keys_values(normed).view(count, length, -1, width).transpose(1, 2)  # (B, H + 2 G, T, D)
        turned = _turned(mixed[:, : self._heads + self._key_heads], *rotation)
        keys, values = state.places[number]
        keys[:, :, first : state.filled] = turned[:, self._heads :]
        values[:, :, first : state.filled] = mixed[:, self._heads + self._key_heads :]
        found = _attend(turned[:, : self._heads], state.shared.layers[number], (keys, values), blocked)  # (B, H, T, D)
        hidden = hidden + layer.out(found.transpose(1, 2).reshape(count * length, -1))
        normed = functional.rms_norm(hidden, layer.before_mlp.shape, layer.before_mlp, self._epsilon)
        gate, up = layer.gate_up(normed).chunk(2, dim=1)
        return hidden + layer.down(functional.silu(gate) * up)


def _blocked(state: State, first: int, end: int, sight: Tensor | None) -> Tensor:
    """(B, 1, T, S) booleans: which of its own places a token does not see, those that are still empty among them."""
    places = torch.arange(state.places[0][0].shape[2])
    if sight is not None:
        return ~sight[None, None]
    own = torch.arange(first, end)[:, None]  # (T, 1)
    later, itself = places > own, places == own  # (T, S); even padding sees itself: what sees nothing is not a number
    padded = places[None] < state.padding[:, None]  # (B, S)
    return ((later[None] | padded[:, None]) & ~itself)[:, None]


def _turned(heads: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """*heads* (B, heads, T, D) rotated by their positions, as `transformers` pairs the halves of a head."""
    low, high = heads.chunk(2, dim=-1)
    return heads * cosines[:, None] + torch.cat([-high, low], dim=-1) * sines[:, None]


def _attend(queries: Tensor, shared: tuple[Tensor, Tensor], own: tuple[Tensor, Tensor], blocked: Tensor) -> Tensor:
    """What *queries* (B, H, T, D) find among the *shared* places (G, P, D) and their *own* (B, G, S, D)."""
    (count, heads, length, width), groups = queries.shape, own[0].shape[1]
    asked = queries.reshape(count, groups, -1, width) * width**-0.5  # (B, G, H / G * T, D)
    among_own = (asked @ own[0].transpose(-1, -2)).view(count, heads, length, -1)
    among_own = among_own.masked_fill(blocked, float("-inf")).view(count, groups, -1, own[0].shape[2])
    if shared[0].shape[1] == 0:
        alone: Tensor = among_own.softmax(dim=-1) @ own[1]
        return alone.view(count, heads, length, width)
    together = asked.transpose(0, 1).reshape(groups, -1, width)  # (G, B * H / G * T, D): all texts at once
    among_shared = (together @ shared[0].transpose(-1, -2)).view(groups, count, -1, shared[0].shape[1]).transpose(0, 1)
    weights = torch.cat([among_shared, among_own], dim=-1).softmax(dim=-1)
    of_shared, of_own = weights[..., : shared[0].shape[1]], weights[..., shared[0].shape[1] :]
    found = of_shared.transpose(0, 1).reshape(groups, -1, shared[0].shape[1]) @ shared[1]
    both: Tensor = found.view(groups, count, -1, width).transpose(0, 1) + of_own @ own[1]
    return both.reshape(count, heads, length, width)


def joined(stretches: Sequence[Memory]) -> Memory:
    """One stretch of several that follow each other."""
    layers = [list(zip(*several, strict=True)) for several in zip(*(each.layers for each in stretches), strict=True)]
    return Memory([(torch.cat(keys, dim=1), torch.cat(values, dim=1)) for keys, values in layers])
