"""How well the network's embedding tells what a text is about: the part "relevance" of `copy.lm`'s ranking.

``python -m bench.relevance --feed FILE [--cache FOLDER]``: each row's last sentence among the rows: one line of JSON.
"""

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path

import torch

from adloom.core.products import Product
from adloom.feeds import read_feed
from generators.copy.prompts import describe
from generators.network import Network
from generators.registry import GeneratorSettings
from generators.weights import fetch

_FEWEST = 3  #: sentences that a row's description has at least


def main() -> None:
    """Print in how many of all pairs a sentence is nearer to its own row than to another one: 0.5 is chance."""
    parser = argparse.ArgumentParser(prog="python -m bench.relevance", description=main.__doc__)
    parser.add_argument("--feed", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".adloom/weights"))
    options = parser.parse_args()
    products = read_feed(options.feed.read_bytes(), name=options.feed.name).products
    settings = GeneratorSettings(cache=options.cache)
    network = Network.read(fetch(settings.weights, settings.cache).folder, settings.device)
    halves = [half for product in products if (half := _halves(product))]
    print(json.dumps({"rows": len(halves), "nearer_to_its_own": round(_nearer(network, halves), 3)}))


def _halves(product: Product) -> tuple[str, str] | None:
    """The row without its last sentence, and that sentence; None where there are too few."""
    *most, last = re.split(r"(?<=[.!?])\s+", product.description)
    if len(most) + 1 < _FEWEST:
        return None
    return describe(product.model_copy(update={"description": " ".join(most)})), f" {last}"


def _nearer(network: Network, halves: Sequence[tuple[str, str]]) -> float:
    rows, sentences = (
        torch.stack([network.meaning(network.tokens(half[side])) for half in halves]) for side in (0, 1)
    )  # (R, E) each; R rows, E width of the network
    likeness = sentences @ rows.T  # (R, R)
    own = likeness.diagonal()[:, None]
    others = len(halves) * (len(halves) - 1)
    return float((likeness < own).sum() / others)


if __name__ == "__main__":
    main()
