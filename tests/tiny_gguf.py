"""A network in one GGUF file, small enough for tests to make: it knows nothing, and writes any byte."""

from pathlib import Path

import numpy as np
from gguf import GGUFWriter, TokenType

_WIDTH, _HEADS, _LAYERS, _INNER = 32, 4, 2, 64
_TEMPLATE = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant: "


def make_tiny_gguf(file: Path, *, context: int = 8192) -> Path:
    """Write a Llama network over single bytes to *file*."""
    tokens = [*_byte_signs(), "<s>", "</s>", "Ġt"]
    kinds = [TokenType.NORMAL] * 256 + [TokenType.CONTROL] * 2 + [TokenType.NORMAL]
    writer = GGUFWriter(file, "llama")
    writer.add_name("tiny")
    writer.add_vocab_size(len(tokens))
    writer.add_context_length(context)
    writer.add_embedding_length(_WIDTH)
    writer.add_feed_forward_length(_INNER)
    writer.add_block_count(_LAYERS)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(["Ġ t"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(257)
    writer.add_chat_template(_TEMPLATE)
    random = np.random.default_rng(5)
    for name, shape in _shapes(len(tokens)).items():
        values = random.normal(0.0, 0.2, shape) if len(shape) > 1 else np.ones(shape)
        writer.add_tensor(f"{name}.weight", values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def _shapes(tokens: int) -> dict[str, tuple[int, ...]]:
    square, narrow, wide = (_WIDTH, _WIDTH), (_WIDTH, _INNER), (_INNER, _WIDTH)
    block: dict[str, tuple[int, ...]] = {
        "attn_norm": (_WIDTH,),
        "attn_q": square,
        "attn_k": square,
        "attn_v": square,
        "attn_output": square,
        "ffn_norm": (_WIDTH,),
        "ffn_gate": wide,
        "ffn_up": wide,
        "ffn_down": narrow,
    }
    inner = {f"blk.{layer}.{name}": shape for layer in range(_LAYERS) for name, shape in block.items()}
    return {"token_embd": (tokens, _WIDTH), **inner, "output_norm": (_WIDTH,), "output": (tokens, _WIDTH)}


def _byte_signs() -> list[str]:
    """The sign that stands for each byte in a byte-level vocabulary (GPT-2's table)."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    spare = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(spare)) for byte in range(256)]
