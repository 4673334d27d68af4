"""Makes a packed GGUF file a dense folder: transformers keeps its weights packed, which is slow in batches.

Sources: the GGUF layout of llama.cpp's ``convert_hf_to_gguf.py``, which permutes the rows of the query and key
projections of Llama networks; `_unpermuted` undoes that.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader, dequantize
from torch import Tensor
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

from adloom.core.errors import BadConfiguration

_OUTER = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
_INNER = {
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def convert(packed: Path, folder: Path) -> None:
    """Write the Llama network and the tokenizer in *packed* to *folder* as fp32 safetensors.

    Raises:
        BadConfiguration: the file holds another architecture.
    """
    reader = GGUFReader(packed)
    architecture = reader.fields["general.architecture"].contents()
    if architecture != "llama":
        raise BadConfiguration(f"A GGUF file of a Llama network is needed, and this one is {architecture!r}.")
    names = {tensor.name for tensor in reader.tensors}
    config = _config(reader, tied="output.weight" not in names)
    with torch.device("meta"):  # its own initial weights would only cost time
        network = LlamaForCausalLM(config)
    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    state = dict(_tensor(tensor, heads) for tensor in reader.tensors)
    if config.tie_word_embeddings:
        state["lm_head.weight"] = state["model.embed_tokens.weight"]
    network.load_state_dict(state, strict=True, assign=True)
    network.save_pretrained(folder)
    AutoTokenizer.from_pretrained(packed.parent, gguf_file=packed.name).save_pretrained(folder)


def _config(reader: GGUFReader, *, tied: bool) -> LlamaConfig:
    def field(name: str) -> Any:  # Any: a GGUF field is a number, a text or a list
        return reader.fields[name].contents()

    return LlamaConfig(
        vocab_size=field("llama.vocab_size"),
        hidden_size=field("llama.embedding_length"),
        intermediate_size=field("llama.feed_forward_length"),
        num_hidden_layers=field("llama.block_count"),
        num_attention_heads=field("llama.attention.head_count"),
        num_key_value_heads=field("llama.attention.head_count_kv"),
        max_position_embeddings=field("llama.context_length"),
        rms_norm_eps=field("llama.attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": field("llama.rope.freq_base")},
        tie_word_embeddings=tied,
        bos_token_id=field("tokenizer.ggml.bos_token_id"),
        eos_token_id=field("tokenizer.ggml.eos_token_id"),
        pad_token_id=field("tokenizer.ggml.padding_token_id"),
    )


def _tensor(packed: Any, heads: dict[str, int]) -> tuple[str, Tensor]:  # Any: gguf has no types
    """One tensor under its name in transformers, dense."""
    dense = torch.from_numpy(np.array(dequantize(packed.data, packed.tensor_type), dtype=np.float32))
    name = packed.name.removesuffix(".weight")
    if not name.startswith("blk."):
        return f"{_OUTER[name]}.weight", dense
    _, layer, inner = name.split(".", 2)
    if inner in heads:
        dense = _unpermuted(dense, heads[inner])
    return f"model.layers.{layer}.{_INNER[inner]}.weight", dense


def _unpermuted(rows: Tensor, heads: int) -> Tensor:
    """*rows* (H·D, C) of H heads with the halves of each head's D rows side by side again, not interleaved."""
    width = rows.shape[0] // heads // 2
    return rows.reshape(heads, width, 2, -1).swapaxes(1, 2).reshape(rows.shape).contiguous()  # (H·D, C)
