"""A causal language model that scores whole trees of texts in one pass, and samples freely.

On processors, networks of Llama's architecture go through `generators.lean`; all others through `transformers`.

Letters: B sequences, P tokens of a prefix, N nodes of a trie, V vocabulary entries, K tokens that may be drawn.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache, PreTrainedModel, PreTrainedTokenizerBase

from generators.base import OutOfMemory
from generators.lean import LeanDecoder, Precision
from generators.memory import Memory, State, joined
from generators.sampling import nucleus
from generators.trie import ROOT, Trie

_READ_TOGETHER = 8  #: texts in one pass: more would wait for the longest, and fill the processor's caches


@dataclass(frozen=True)
class Prefix:
    """A text that others continue: its length in tokens and what the network remembers of its stretches."""

    length: int
    stretches: tuple[Memory, ...]


class Network:
    """One network with its tokenizer on one device.  *precision* counts only where it is decoded lean."""

    def __init__(
        self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, precision: Precision | None = Precision.FP32
    ) -> None:
        self._tokenizer = tokenizer
        self._device = model.device
        self.parameters = int(model.num_parameters())  #: how many numbers the network has
        self._lean = LeanDecoder(model, precision) if precision and LeanDecoder.takes(model) else None
        self.precision = precision if self._lean and precision else Precision.FP32
        self._embedding = model.get_input_embeddings().weight.detach()  # (V, E)
        self.model = None if self._lean else model.eval()  #: held only where it is needed: the decoder has copies

    @classmethod
    def read(cls, folder: Path, device: str, precision: Precision | None = Precision.FP32) -> "Network":
        """The network in *folder*: safetensors only, none of its code; *precision* None: decoded by `transformers`."""
        model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, trust_remote_code=False, use_safetensors=True, attn_implementation="sdpa"
        )
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        return cls(model.to(device), tokenizer, precision)

    def tokens(self, text: str) -> list[int]:
        """The token ids of *text*, without marks of beginning or end."""
        return list(self._tokenizer.encode(text, add_special_tokens=False))

    def text(self, tokens: Sequence[int]) -> str:
        """The text of token ids."""
        return str(self._tokenizer.decode(list(tokens), skip_special_tokens=True))

    def opening(self) -> list[int]:
        """What this network expects before any text: its beginning-of-text token, or its end-of-text one."""
        first = (
            self._tokenizer.bos_token_id if self._tokenizer.bos_token_id is not None else self._tokenizer.eos_token_id
        )
        return [] if first is None else [int(first)]

    def ends(self) -> frozenset[int]:
        """The tokens that end a text."""
        end = self._tokenizer.eos_token_id
        return frozenset() if end is None else frozenset({int(end)})

    def meaning(self, tokens: Sequence[int]) -> Tensor:
        """(E,) of length 1: the mean of what *tokens* are embedded as, without attention; E width of the network.

        Of small decoders it tells no less than the mean of the last states (docs/quality.md), costs nothing, and no
        neighbour changes a bit of it.
        """
        mean = self._embedding[list(tokens)].float().mean(dim=0)
        found: Tensor = mean / mean.norm()
        return found

    @torch.inference_mode()
    def remember(self, tokens: Sequence[int], *, after: Prefix | None = None) -> Prefix:
        """Read *tokens* once, so that many texts can continue them."""
        (prefix,) = self.remember_each([tokens], after=after)
        return prefix

    @torch.inference_mode()
    def remember_each(self, texts: Sequence[Sequence[int]], *, after: Prefix | None = None) -> list[Prefix]:
        """Read each of *texts* once, *after* the same prefix."""
        before, length = (after.stretches, after.length) if after else ((), 0)
        if self._lean:
            known = joined([self._lean.nothing, *before])
            read = [memory for some in _in_chunks(texts) for memory in self._lean.read(some, after=known)]
        else:
            read = [self._read(tokens, after, length) for tokens in texts]
        return [Prefix(length + len(text), (*before, memory)) for text, memory in zip(texts, read, strict=True)]

    def _read(self, tokens: Sequence[int], after: Prefix | None, length: int) -> Memory:
        cache = self._cache([after] if after else [])
        self._run(torch.tensor([list(tokens)]), cache, past=length)
        return Memory([(layer.keys[0, :, length:], layer.values[0, :, length:]) for layer in cache.layers])

    @torch.inference_mode()
    def score_tree(self, prefix: Prefix, trie: Trie) -> list[float]:
        """The log-probability of every node's token after *prefix* and its ancestors: (N,), in one pass.

        The last token of the prefix must be the trie's single first node, whose own score is 0: the pass reads it.

        Source: Miao et al. 2024, "SpecInfer", section 4.2 (tree attention), https://arxiv.org/abs/2305.09781
        """
        if len(trie.children[ROOT]) != 1:
            raise ValueError("A tree needs one first token.")
        askers = [node for node in range(len(trie)) if trie.children[node]]
        row = {node: number for number, node in enumerate(askers)}
        log_probs = torch.log_softmax(self._tree_logits(prefix, trie, askers), dim=-1)  # (A, V)
        asked = [
            (row[parent], token) for token, parent in zip(trie.tokens, trie.parents, strict=True) if parent != ROOT
        ]
        rows, tokens = torch.tensor(asked).T.to(log_probs.device)
        found = log_probs[rows, tokens].tolist()
        return [0.0, *found]  # the single root comes first

    @torch.inference_mode()
    def continue_freely(
        self,
        prefixes: Sequence[Prefix],
        starts: Sequence[Sequence[int]],
        randoms: Sequence[np.random.Generator],
        *,
        stops: frozenset[int],
        max_tokens: int,
        temperature: float,
        top_p: float,
        step: Callable[[], object],
    ) -> list[list[int]]:
        """Sample one text after each prefix and start, together, token by token, until a stop or *max_tokens*.

        All *starts* have one length.  Each text draws from its own stream: neighbours change a last bit at most.
        """
        forward = self._stepper(prefixes, room=len(starts[0]) + max_tokens)
        tokens = torch.tensor([list(start) for start in starts])
        texts: list[list[int]] = [[] for _ in prefixes]
        done = [False] * len(prefixes)
        for _ in range(max_tokens):
            step()
            kept = nucleus(forward(tokens), temperature=temperature, top_p=top_p)
            drawn = [_draw(*row) for row in zip(*(part.cpu().numpy() for part in kept), randoms, strict=True)]
            for number, token in enumerate(drawn):
                done[number] = done[number] or token in stops
                if not done[number]:
                    texts[number].append(token)
            if all(done):
                break
            tokens = torch.tensor(drawn)[:, None]
        return texts

    def _tree_logits(self, prefix: Prefix, trie: Trie, askers: Sequence[int]) -> Tensor:
        """The logits (A, V) of what may follow each of the nodes *askers*."""
        if self._lean:
            sight = torch.from_numpy(trie.sight())
            states = self._lean.tree(trie.tokens, trie.depths, sight, after=prefix.stretches)  # (N, E)
            return self._lean.logits(states[askers])
        seen = torch.from_numpy(np.concatenate([np.ones((len(trie), prefix.length), dtype=bool), trie.sight()], axis=1))
        logits = self._run(
            torch.tensor([trie.tokens]),
            self._cache([prefix]),
            past=prefix.length,
            mask=seen[None, None],  # (1, 1, N, P + N)
            positions=torch.tensor([trie.depths]) + prefix.length,
            keep=torch.tensor(askers),
        )  # (1, A, V)
        return logits[0]

    def _stepper(self, prefixes: Sequence[Prefix], *, room: int) -> Callable[[Tensor], Tensor]:
        """From the next tokens (B, T) of texts that continue *prefixes* to the logits (B, V) of what may follow."""
        if self._lean:
            return partial(self._lean.step, state=self._state(self._lean, prefixes, room))
        longest = max(prefix.length for prefix in prefixes)
        cache = self._cache(prefixes)
        blank = torch.tensor([[n < longest - p.length for n in range(longest)] for p in prefixes])  # (B, P): padding
        seen, at = (~blank).long(), torch.tensor([[prefix.length] for prefix in prefixes])

        def forward(tokens: Tensor) -> Tensor:
            nonlocal seen, at
            seen = torch.cat([seen, torch.ones_like(tokens)], dim=1)
            positions = at + torch.arange(tokens.shape[1])
            at = at + tokens.shape[1]
            past = seen.shape[1] - tokens.shape[1]
            return self._run(tokens, cache, past=past, mask=seen, positions=positions)[:, -1]

        return forward

    @staticmethod
    def _state(lean: LeanDecoder, prefixes: Sequence[Prefix], room: int) -> State:
        """What all *prefixes* begin with is shared by all; the rest by those that are the same."""
        first = prefixes[0].stretches
        alike = int(all(prefix.stretches[0] is first[0] for prefix in prefixes))
        numbers: dict[tuple[int, ...], int] = {}
        group_of = [numbers.setdefault(tuple(map(id, prefix.stretches[alike:])), len(numbers)) for prefix in prefixes]
        groups = [joined([lean.nothing, *prefixes[group_of.index(n)].stretches[alike:]]) for n in range(len(numbers))]
        return State(joined([lean.nothing, *first[:alike]]), groups, group_of, room)

    def _cache(self, prefixes: Sequence[Prefix]) -> DynamicCache:
        """A cache that begins with what is remembered of *prefixes*, padded on the left to one length."""
        cache = DynamicCache()
        held = [joined(prefix.stretches) for prefix in prefixes]
        longest = max((memory.length for memory in held), default=0)
        for layer in range(len(held[0].layers) if held else 0):
            keys, values = (
                torch.stack([_padded(memory.layers[layer][part], longest) for memory in held]) for part in (0, 1)
            )
            cache.update(keys, values, layer)
        return cache

    def _run(
        self,
        tokens: Tensor,
        cache: DynamicCache,
        *,
        past: int,
        mask: Tensor | None = None,
        positions: Tensor | None = None,
        keep: Tensor | None = None,
    ) -> Tensor:
        """Logits (B, T or kept, V) of *tokens* (B, T) after what *cache* holds; *keep*: the places that are asked."""
        if positions is None:
            positions = torch.arange(past, past + tokens.shape[1])[None]
        assert self.model is not None
        try:
            output = self.model(
                input_ids=tokens.to(self._device),
                past_key_values=cache,
                use_cache=True,
                attention_mask=None if mask is None else mask.to(self._device),
                position_ids=positions.to(self._device),
                logits_to_keep=1 if keep is None else keep.to(self._device),
            )
        except torch.OutOfMemoryError as error:
            raise OutOfMemory from error
        logits: Tensor = output.logits
        return logits.float()


def _padded(remembered: Tensor, length: int) -> Tensor:
    """*remembered* (heads, P, width) with zeros before it, up to *length*."""
    return torch.nn.functional.pad(remembered, (0, 0, length - remembered.shape[1], 0))


def _draw(probs: np.ndarray, tokens: np.ndarray, random: np.random.Generator) -> int:
    """One of *tokens* (K,) with its probability."""
    total = np.cumsum(probs, dtype=np.float64)
    return int(tokens[np.searchsorted(total, random.random() * total[-1]).clip(0, len(probs) - 1)])


def _in_chunks(texts: Sequence[Sequence[int]]) -> Iterator[Sequence[Sequence[int]]]:
    return (texts[first : first + _READ_TOGETHER] for first in range(0, len(texts), _READ_TOGETHER))
