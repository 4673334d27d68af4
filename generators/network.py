"""A causal language model that scores whole trees of texts in one pass, and samples freely.

Letters: B sequences, P tokens of a prefix, N nodes of a trie, V vocabulary entries.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache, PreTrainedModel, PreTrainedTokenizerBase

from generators.base import OutOfMemory
from generators.sampling import nucleus
from generators.trie import ROOT, Trie

KeyValues = list[tuple[Tensor, Tensor]]  # per layer: keys and values, (1, heads, P, width) each


@dataclass(frozen=True)
class Prefix:
    """A text that others continue: its length in tokens and what the network remembers of it."""

    length: int
    memory: KeyValues


class Network:
    """One network with its tokenizer on one device, in fp32."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._device = model.device

    @classmethod
    def read(cls, folder: Path, device: str) -> "Network":
        """The network in *folder*: safetensors only, none of its code."""
        model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, trust_remote_code=False, use_safetensors=True, attn_implementation="sdpa"
        )
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        return cls(model.to(device), tokenizer)

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

    @property
    def parameters(self) -> int:
        """How many numbers the network has."""
        return int(self._model.num_parameters())

    def ends(self) -> frozenset[int]:
        """The tokens that end a text."""
        end = self._tokenizer.eos_token_id
        return frozenset() if end is None else frozenset({int(end)})

    @torch.inference_mode()
    def remember(self, tokens: Sequence[int], *, after: Prefix | None = None) -> Prefix:
        """Read *tokens* once, so that many texts can continue them."""
        cache = self._cache([after] if after else [])
        self._run(torch.tensor([list(tokens)]), cache, past=after.length if after else 0)
        return Prefix((after.length if after else 0) + len(tokens), _memory(cache))

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
        seen = torch.from_numpy(np.concatenate([np.ones((len(trie), prefix.length), dtype=bool), trie.sight()], axis=1))
        logits = self._run(
            torch.tensor([trie.tokens]),
            self._cache([prefix]),
            past=prefix.length,
            mask=seen[None, None],  # (1, 1, N, P + N)
            positions=torch.tensor([trie.depths]) + prefix.length,
            keep=torch.tensor(askers),
        )  # (1, A, V)
        log_probs = torch.log_softmax(logits[0], dim=-1)  # (A, V)
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
        longest = max(prefix.length for prefix in prefixes)
        cache = self._cache(prefixes)
        blank = torch.tensor([[n < longest - p.length for n in range(longest)] for p in prefixes])  # (B, P): padding
        seen = (~blank).long()
        tokens = torch.tensor([list(start) for start in starts])
        at = torch.tensor([[prefix.length] for prefix in prefixes])
        texts: list[list[int]] = [[] for _ in prefixes]
        done = [False] * len(prefixes)
        for _ in range(max_tokens):
            step()
            seen = torch.cat([seen, torch.ones_like(tokens)], dim=1)
            positions = at + torch.arange(tokens.shape[1])
            logits = self._run(tokens, cache, past=seen.shape[1] - tokens.shape[1], mask=seen, positions=positions)
            at = at + tokens.shape[1]
            probs = nucleus(logits[:, -1], temperature=temperature, top_p=top_p)  # (B, V)
            drawn = [_draw(row, random) for row, random in zip(probs.cpu().double().numpy(), randoms, strict=True)]
            for number, token in enumerate(drawn):
                done[number] = done[number] or token in stops
                if not done[number]:
                    texts[number].append(token)
            if all(done):
                break
            tokens = torch.tensor(drawn)[:, None]
        return texts

    def _cache(self, prefixes: Sequence[Prefix | None]) -> DynamicCache:
        """A cache that begins with what is remembered of *prefixes*, padded on the left to one length."""
        cache = DynamicCache()
        held = [prefix for prefix in prefixes if prefix is not None]
        if held:
            longest = max(prefix.length for prefix in held)
            for layer in range(len(held[0].memory)):
                keys, values = (
                    torch.cat([_padded(prefix.memory[layer][part], longest) for prefix in held]) for part in (0, 1)
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
        try:
            output = self._model(
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


def _memory(cache: DynamicCache) -> KeyValues:
    return [(layer.keys, layer.values) for layer in cache.layers]


def _padded(remembered: Tensor, length: int) -> Tensor:
    """*remembered* (1, heads, P, width) with zeros before it, up to *length*."""
    return torch.nn.functional.pad(remembered, (0, 0, length - remembered.shape[2], 0))


def _draw(probs: np.ndarray, random: np.random.Generator) -> int:
    total = np.cumsum(probs)
    return int(np.searchsorted(total, random.random() * total[-1]).clip(0, len(probs) - 1))
