"""The rule behind fairness, as arithmetic: start-time fair queueing.

Source: Goyal, Vin and Cheng 1996, "Start-time Fair Queuing", https://doi.org/10.1145/248157.248171
"""

import itertools
from collections.abc import Iterable, Iterator


def ranks(costs: Iterable[float], *, clock: float, finish: float, weight: float = 1.0) -> Iterator[float]:
    """The ranks of one owner's items that become ready together, in their order; the lowest rank is served first.

    *clock*: where the lane stands; *finish*: the last rank that this owner was given.  Whoever has had little, or
    nothing lately, starts at the clock; whoever has much waiting starts behind all of it.
    """
    start = max(clock, finish)
    steps = itertools.accumulate((cost / weight for cost in costs), initial=start)
    return itertools.islice(steps, 1, None)
