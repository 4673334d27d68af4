"""How good and how fast `copy.lm` is, beside the raw output of the same network asked once per line.

``python -m bench.copy --feed FILE --channel google_rsa [--limit N]``: a table for people, then one JSON line.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from adloom.channels import copy_fields, fits, load_channel, parse_target
from adloom.checks.grounding import read_ground
from adloom.core.drafts import Draft, Drafts, Source
from adloom.core.specs import CopySpec
from adloom.feeds import read_feed
from generators.base import Request
from generators.copy.lm import CopyLM
from generators.copy.plan import Plan, plan_request
from generators.copy.prompts import PREAMBLE, ask, describe
from generators.copy.wording import normalised
from generators.network import Network
from generators.registry import GeneratorSettings
from generators.weights import fetch

_MICRO_BATCH = 8
_TOKENS = {"headline": 14}  #: per raw line; others get 32


@dataclass(frozen=True)
class Result:
    """One side of the comparison; shares are of all texts."""

    texts: int
    per_product: float
    inside_limits: float
    grounded: float
    distinct: float
    free: float
    guided: float
    template: float
    seconds: float
    texts_per_second: float


def main() -> None:
    """Measure both sides on the same rows and print them."""
    parser = argparse.ArgumentParser(prog="python -m bench.copy", description=main.__doc__)
    parser.add_argument("--feed", type=Path, required=True)
    parser.add_argument("--channel", default="google_rsa")
    parser.add_argument("--limit", type=int, default=8)
    parser.add_argument("--cache", type=Path, default=Path(".adloom/weights"))
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--raw-lines", type=int, default=2, help="raw lines per field and product")
    options = parser.parse_args()
    requests = _requests(options.feed, options.channel, options.limit)
    settings = GeneratorSettings(cache=options.cache, threads=options.threads)
    writer = CopyLM(settings)
    writer.load("", settings.device)
    ours = _measure(requests, _write(writer, requests))
    network = Network.read(fetch(settings.weights, settings.cache).folder, settings.device)
    raw = _measure(requests, _write_raw(network, requests, options.raw_lines))
    _print(ours, raw)
    print(json.dumps({"channel": options.channel, "products": len(requests), "ours": asdict(ours), "raw": asdict(raw)}))


def _requests(feed: Path, target: str, limit: int) -> list[Request[CopySpec]]:
    channel, slots = parse_target(target)
    named = tuple(slot.name for slot in slots) if ":" in target else ()
    products = read_feed(feed.read_bytes(), name=feed.name).products[:limit]
    return [
        Request(UUID(int=n + 1), CopySpec(product=product, channel=channel.id, slots=named), seed=1, position=n)
        for n, product in enumerate(products)
    ]


def _write(writer: CopyLM, requests: Sequence[Request[CopySpec]]) -> Iterator[tuple[UUID, Draft]]:
    for start in range(0, len(requests), _MICRO_BATCH):
        for outcome in writer.generate(requests[start : start + _MICRO_BATCH], step=frozenset):
            if isinstance(outcome, Drafts):
                yield from ((outcome.request, draft) for draft in outcome.drafts)


def _write_raw(network: Network, requests: Sequence[Request[CopySpec]], lines: int) -> Iterator[tuple[UUID, Draft]]:
    """What the network says by itself: the same prompt, one line at a time, nothing checked."""
    stops = frozenset(network.tokens("\n")) | network.ends()
    for request in requests:
        prompt = [*network.opening(), *network.tokens(PREAMBLE + describe(request.spec.product))]
        for field in plan_request(request).fields:
            for line in range(lines):
                (tokens,) = network.continue_freely(
                    [network.remember(prompt)],
                    [network.tokens(ask(field.label))],
                    [request.stream(line)],
                    stops=stops,
                    max_tokens=_TOKENS.get(field.section, 32),
                    temperature=0.7,
                    top_p=0.9,
                    step=frozenset,
                )
                yield request.id, Draft(field.field.name, Source.FREE, text=normalised(network.text(tokens)))


def _measure(requests: Sequence[Request[CopySpec]], drafts: Iterator[tuple[UUID, Draft]]) -> Result:
    started = time.perf_counter()
    found = list(drafts)
    seconds = time.perf_counter() - started
    plans = {request.id: plan_request(request) for request in requests}
    count = max(1, len(found))
    sources = Counter(draft.source for _, draft in found)
    return Result(
        texts=len(found),
        per_product=round(len(found) / max(1, len(requests)), 1),
        inside_limits=round(sum(_is_inside(plans[of], draft) for of, draft in found) / count, 3),
        grounded=round(sum(_is_grounded(plans[of], draft) for of, draft in found) / count, 3),
        distinct=round(len({draft.text.lower() for _, draft in found}) / count, 3),
        free=round(sources[Source.FREE] / count, 3),
        guided=round(sources[Source.GUIDED] / count, 3),
        template=round(sources[Source.TEMPLATE] / count, 3),
        seconds=round(seconds, 1),
        texts_per_second=round(len(found) / seconds, 2),
    )


def _is_inside(plan: Plan, draft: Draft) -> bool:
    slots = [slot for slot in plan.channel.slots if slot.name in plan.request.spec.slots]
    fields = {field.name: field for field in copy_fields(load_channel(plan.channel.id), slots)}
    return bool(draft.text) and fits(draft.text, fields[draft.field])


def _is_grounded(plan: Plan, draft: Draft) -> bool:
    spec = plan.request.spec
    return bool(draft.text) and not read_ground(spec.product, spec.brief, spec.brand, spec.language).check(draft.text)


def _print(ours: Result, raw: Result) -> None:
    print(f"{'':18}{'copy.lm':>10}{'raw':>10}")
    for name, value in asdict(ours).items():
        print(f"{name:18}{value:>10}{asdict(raw)[name]:>10}")


if __name__ == "__main__":
    main()
