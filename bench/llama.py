"""llama.cpp beside ours: the same weights as q8_0, the same prompts, through its C interface.

It is no dependency of Adloom: `INSTALL` builds it from source for the processor at hand, which takes minutes.
"""

import ctypes
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

INSTALL = "pip install --require-hashes -r requirements-bench.lock"
_BATCH = 2048  #: the most tokens of one call, llama.cpp's own default


@dataclass(frozen=True)
class Asked:
    """*texts* texts for each product: all prompts begin with *preamble*, go on with its *facts*, end with *start*."""

    preamble: Sequence[int]
    facts: Sequence[Sequence[int]]
    start: Sequence[int]
    texts: int
    tokens: int  #: of each text

    def prompts(self) -> list[list[int]]:
        """One for each text, in full."""
        return [[*self.preamble, *facts, *self.start] for facts in self.facts for _ in range(self.texts)]


@dataclass(frozen=True)
class Sampling:
    """How every token is drawn: softened, then from the smallest set that has the mass *top_p*."""

    temperature: float
    top_p: float


@dataclass(frozen=True)
class _Stretch:
    """Tokens that a sequence is to read, the first at *position*."""

    sequence: int
    tokens: Sequence[int]
    position: int


def find() -> Any | None:  # Any: an optional module
    """llama.cpp's Python module; None where it is not installed."""
    logging.getLogger("llama-cpp-python").setLevel(logging.ERROR)  # else it prints every tensor
    return import_module("llama_cpp") if find_spec("llama_cpp") else None


def pack(api: Any, packed: Path, file: Path) -> Path:
    """Write the weights in *packed* as q8_0 to *file*, by llama.cpp's own quantiser, unless it is there."""
    if not file.is_file():
        params = api.llama_model_quantize_default_params()
        params.ftype, params.allow_requantize = api.LLAMA_FTYPE_MOSTLY_Q8_0, True
        unfinished = file.with_name(f"unfinished-{uuid4().hex}")
        status = api.llama_model_quantize(os.fsencode(packed), os.fsencode(unfinished), ctypes.byref(params))
        if status:
            raise RuntimeError(f"llama.cpp cannot pack {packed}: {status}")
        unfinished.rename(file)
    return file


class Llama:
    """One network of llama.cpp, with room for the texts of one task."""

    def __init__(self, api: Any, file: Path, asked: Asked, *, threads: int, sampling: Sampling) -> None:
        self._api, self._asked, self._sampling = api, asked, sampling
        texts = len(asked.facts) * asked.texts
        model = api.llama_model_load_from_file(os.fsencode(file), api.llama_model_default_params())
        if not model:
            raise RuntimeError(f"llama.cpp cannot read {file}.")
        params = api.llama_context_default_params()
        params.n_seq_max, params.n_batch, params.n_outputs_max_per_seq = texts, _BATCH, 0
        params.n_ctx = texts * _longest(asked)
        params.kv_unified = False  # each text's keys apart: in one store every text looks at all, masked
        params.n_threads = params.n_threads_batch = threads
        self._context = api.llama_init_from_model(model, params)
        self._memory = api.llama_get_memory(self._context)
        self._size = api.llama_vocab_n_tokens(api.llama_model_get_vocab(model))

    def write_alone(self, *, keep: bool) -> int:
        """One request at a time; *keep* what a prompt begins with like the one before it.  How many tokens it made."""
        made = 0
        before: list[int] = []
        self._api.llama_memory_clear(self._memory, True)
        for prompt in self._asked.prompts():
            known = min(alike(before, prompt), len(prompt) - 1) if keep else 0
            self._api.llama_memory_seq_rm(self._memory, 0, known, -1)
            made += self._continue([_Stretch(0, prompt[known:], known)])
            before = prompt
        return made

    def write_together(self) -> int:
        """All texts at once: the preamble read once, each product's facts once.  How many tokens it made."""
        asked, copy = self._asked, self._api.llama_memory_seq_cp
        firsts = range(0, len(asked.facts) * asked.texts, asked.texts)
        self._api.llama_memory_clear(self._memory, True)
        self._read([_Stretch(0, asked.preamble, 0)])
        for first in firsts[1:]:
            copy(self._memory, 0, first, -1, -1)
        known = len(asked.preamble)
        self._read([_Stretch(first, facts, known) for first, facts in zip(firsts, asked.facts, strict=True)])
        begun = []
        for first, facts in zip(firsts, asked.facts, strict=True):
            for text in range(first, first + asked.texts):
                if text > first:
                    copy(self._memory, first, text, -1, -1)
                begun.append(_Stretch(text, asked.start, known + len(facts)))
        return self._continue(begun)

    def log_probs(self, known: Sequence[int], tokens: Sequence[int]) -> list[float]:
        """The log-probability of each of *tokens* but the first, after *known* and those before it."""
        self._api.llama_memory_clear(self._memory, True)
        self._read([_Stretch(0, known, 0)])
        places = self._read([_Stretch(0, tokens[:-1], len(known))], every=True)
        found = []
        for place, token in zip(places, tokens[1:], strict=True):
            logits = np.ctypeslib.as_array(self._api.llama_get_logits_ith(self._context, place), (self._size,))
            found.append(float(logits[token] - np.logaddexp.reduce(logits.astype(np.float64))))
        return found

    def _continue(self, begun: Sequence[_Stretch]) -> int:
        samplers = [self._sampler(stretch.sequence) for stretch in begun]
        waiting, made = list(begun), 0
        for _ in range(self._asked.tokens):
            places = self._read(waiting)
            drawn = [
                self._api.llama_sampler_sample(sampler, self._context, place)
                for sampler, place in zip(samplers, places, strict=True)
            ]
            made += len(drawn)
            waiting = [
                _Stretch(stretch.sequence, [token], stretch.position + len(stretch.tokens))
                for stretch, token in zip(waiting, drawn, strict=True)
            ]
        for sampler in samplers:
            self._api.llama_sampler_free(sampler)
        return made

    def _read(self, stretches: Sequence[_Stretch], *, every: bool = False) -> list[int]:
        """Read *stretches* in one call; the places of their last tokens, or of *every* token, that have scores now."""
        places: list[int] = []
        batch = self._api.llama_batch_init(sum(len(stretch.tokens) for stretch in stretches), 0, 1)
        for stretch in stretches:
            for number, token in enumerate(stretch.tokens):
                place, asked = batch.n_tokens, every or number == len(stretch.tokens) - 1
                batch.token[place], batch.pos[place] = token, stretch.position + number
                batch.n_seq_id[place], batch.seq_id[place][0] = 1, stretch.sequence
                batch.logits[place] = asked
                batch.n_tokens += 1
                places += [place] * asked
        status = self._api.llama_decode(self._context, batch)
        self._api.llama_batch_free(batch)
        if status:
            raise RuntimeError(f"llama.cpp cannot read {batch.n_tokens} tokens: {status}")
        return places

    def _sampler(self, seed: int) -> Any:
        api = self._api
        chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        api.llama_sampler_chain_add(chain, api.llama_sampler_init_temp(self._sampling.temperature))
        api.llama_sampler_chain_add(chain, api.llama_sampler_init_top_p(self._sampling.top_p, 1))
        api.llama_sampler_chain_add(chain, api.llama_sampler_init_dist(seed))
        return chain


def alike(before: Sequence[int], after: Sequence[int]) -> int:
    """How many tokens both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _longest(asked: Asked) -> int:
    """The places of the longest text, prompt included."""
    return len(asked.preamble) + max(map(len, asked.facts)) + len(asked.start) + asked.tokens
