"""How good and how fast `copy.lm` is, beside the raw output of the same network asked once per line.

``python -m bench.copy --feed FILE --channel google_rsa [--limit N]``: tables for people, then one JSON line.  The
judge is the bench's own (`bench.judge`), and is itself judged by lines that were planted.  ``--failures FILE`` lists
every text that it refused; ``--sample N --human FILE --blind FILE`` writes texts to be labelled by a person who does
not know whose they are, and ``--score-blind LABELS KEY`` reads the labels.
"""

import argparse
import csv
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from adloom.channels import parse_target
from adloom.core.brief import Brief
from adloom.core.drafts import Draft, Drafts, Source
from adloom.core.specs import CopySpec
from adloom.feeds import read_feed
from bench import blind, planted
from bench.judge import MOST_PRODUCTS, Fault, Judge, Line, Part, plain
from bench.judge_row import read_row
from generators.base import Request
from generators.copy.lm import CopyLM
from generators.copy.plan import plan_request
from generators.copy.prompts import PREAMBLE, ask, describe
from generators.copy.wording import normalised
from generators.network import Network
from generators.registry import GeneratorSettings
from generators.weights import fetch

_MICRO_BATCH = 8
_TOKENS = {"headline": 14}  #: per raw line; others get 32
_Judged = list[tuple[Line, Source, list[Fault]]]


@dataclass(frozen=True)
class Result:
    """One side of the comparison; shares are of all texts, and of 1."""

    texts: int
    per_product: float
    inside_limits: float
    inside_rules: float
    grounded: float
    readable: float
    distinct: float
    valid: float  #: all of these
    lines_on_many: int  #: different lines that more than three products have
    free: float
    guided: float
    template: float
    seconds: float
    texts_per_second: float


def main() -> None:
    """Measure both sides on the same rows and print them."""
    options = _options()
    if options.score_blind:
        print(json.dumps({"blind": blind.score(*options.score_blind)}))
        return
    requests = _requests(options.feed, options.channel, options.limit)
    judge = Judge(parse_target(options.channel)[0].id)
    settings = GeneratorSettings(cache=options.cache, threads=options.threads)
    writer = CopyLM(settings)
    writer.load("", settings.device)
    ours, judged = _measure(judge, requests, _write(writer, requests))
    network = Network.read(fetch(settings.weights, settings.cache).folder, settings.device)
    raw, raw_judged = _measure(judge, requests, _write_raw(network, requests, options.raw_lines))
    _print(ours, raw)
    scores = planted.show(planted.score(planted.read_cases(), planted.verdicts_of(planted.read_products())))
    if options.failures:
        _write_failures(options.failures, {"adloom": judged, "raw": raw_judged})
    if options.blind:
        products = {request.spec.product.id: request.spec.product for request in requests}
        lines = [line for line, _, _ in judged]
        blind.write(options.blind, lines, human=options.human, products=products, sample=options.sample)
    sides = {"ours": asdict(ours), "raw": asdict(raw), "planted": scores}
    print(json.dumps({"channel": options.channel, "products": len(requests), **sides}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.copy", description=main.__doc__)
    parser.add_argument("--feed", type=Path)
    parser.add_argument("--channel", default="google_rsa")
    parser.add_argument("--limit", type=int, help="rows; all of them unless given")
    parser.add_argument("--cache", type=Path, default=Path(".adloom/weights"))
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--raw-lines", type=int, default=2, help="raw lines per field and product")
    parser.add_argument("--failures", type=Path, help="write what the judge refuses, and why, to this file")
    parser.add_argument("--blind", type=Path, help="write a sample to be labelled to this file, and a key beside it")
    parser.add_argument("--sample", type=int, default=100, help="our texts in the sample")
    parser.add_argument("--human", type=Path, help="a person's lines for the sample: product, field, text")
    parser.add_argument("--score-blind", type=Path, nargs=2, metavar=("LABELS", "KEY"), help="read a labelled sample")
    options = parser.parse_args()
    if not options.feed and not options.score_blind:
        parser.error("--feed is required")
    if options.blind and not options.human:
        parser.error("--blind needs --human")
    return options


def _requests(feed: Path, target: str, limit: int | None) -> list[Request[CopySpec]]:
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


def _measure(
    judge: Judge, requests: Sequence[Request[CopySpec]], drafts: Iterator[tuple[UUID, Draft]]
) -> tuple[Result, _Judged]:
    """Write all *drafts*, timed; judge them afterwards."""
    started = time.perf_counter()
    found = list(drafts)
    seconds = time.perf_counter() - started
    products = {request.id: request.spec.product for request in requests}
    rows = {of: read_row(product, Brief(), None) for of, product in products.items()}
    lines = [Line(products[of].id, draft.field, draft.text, rows[of]) for of, draft in found]
    sources = [draft.source for _, draft in found]
    judged = [*zip(lines, sources, judge.faults_of_all(lines), strict=True)]
    return summarise(judged, products=len(requests), seconds=seconds), judged


def summarise(judged: _Judged, *, products: int, seconds: float) -> Result:
    """Count what the judge said of the texts of one side, which took *seconds* to write."""
    count = max(1, len(judged))
    failed = Counter(part for _, _, faults in judged for part in {fault.part for fault in faults})
    sources = Counter(source for _, source, _ in judged)
    bearers = {(plain(line.text), line.product) for line, _, _ in judged}
    many = sum(times > MOST_PRODUCTS for times in Counter(text for text, _ in bearers).values())

    def share(part: int) -> float:
        return round(part / count, 3)

    return Result(
        texts=len(judged),
        per_product=round(len(judged) / max(1, products), 1),
        inside_limits=share(len(judged) - failed[Part.LIMITS]),
        inside_rules=share(len(judged) - failed[Part.RULES]),
        grounded=share(len(judged) - failed[Part.GROUNDED]),
        readable=share(len(judged) - failed[Part.READABLE]),
        distinct=share(len(judged) - failed[Part.DISTINCT]),
        valid=share(sum(not faults for _, _, faults in judged)),
        lines_on_many=many,
        free=share(sources[Source.FREE]),
        guided=share(sources[Source.GUIDED]),
        template=share(sources[Source.TEMPLATE]),
        seconds=round(seconds, 1),
        texts_per_second=round(len(judged) / seconds, 2) if seconds else 0.0,
    )


def _write_failures(path: Path, sides: dict[str, _Judged]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["side", "product", "field", "source", "text", "faults"])
        for side, judged in sides.items():
            for line, source, faults in judged:
                why = "; ".join(f"{fault.part}: {fault.why}" for fault in faults)
                if why:
                    writer.writerow([side, line.product, line.field, source, line.text, why])


def _print(ours: Result, raw: Result) -> None:
    print(f"{'':18}{'copy.lm':>10}{'raw':>10}")
    for name, value in asdict(ours).items():
        print(f"{name:18}{value:>10}{asdict(raw)[name]:>10}")


if __name__ == "__main__":
    main()
