"""What leaves the generator: the chosen texts of a field, with what belongs to each, as drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from adloom.channels import measure
from adloom.core.drafts import Draft, Source
from generators.copy.audiences import may_borrow
from generators.copy.frames import Candidate
from generators.copy.plan import FieldPlan, Plan
from generators.copy.quiz import Question
from generators.copy.rank import Chosen, choose, to_draft
from generators.copy.score import Scored
from generators.copy.shares import SHARES, Shares


def finish_all(plan: Plan, pools: Mapping[str, Sequence[Scored]], shares: Shares = SHARES) -> list[Draft]:
    """The best of each field's pool, as drafts: the audience's own, and what it may borrow where they are too few."""
    language = plan.sheet.language
    own = [[one for one in pools.get(f.field.name, ()) if plan.owns(one.candidate.text, f)] for f in plan.fields]
    found = [
        choose(pool, wanted=each.wanted, language=language, shares=shares)
        for pool, each in zip(own, plan.fields, strict=True)
    ]
    left = may_borrow(sum(map(len, found)))
    for n, each in enumerate(plan.fields):
        has, least = len(found[n]), min(each.enough, len(found[n]) + left)
        if has < least:
            spare = [one for one in pools.get(each.field.name, ()) if plan.readers.may_lend(one.candidate.text)]
            found[n] = choose(own[n], wanted=each.wanted, language=language, shares=shares, spare=spare, least=least)
            left -= len(found[n]) - has
    return [
        draft
        for chosen, pool, each in zip(found, own, plan.fields, strict=True)
        for draft in to_drafts(keep_short(chosen, pool, each, language, shares), each)
    ]


def finish(pool: Sequence[Scored], field: FieldPlan, language: str, shares: Shares = SHARES) -> list[Draft]:
    """The best of *pool* for *field*, with a short one where the platform wants it, and what belongs to each."""
    chosen = choose(pool, wanted=field.wanted, language=language, shares=shares)
    return to_drafts(keep_short(chosen, pool, field, language, shares), field)


def keep_short(
    chosen: Sequence[Chosen], pool: Sequence[Scored], field: FieldPlan, language: str, shares: Shares = SHARES
) -> list[Chosen]:
    """*chosen*; its last gives way to the best short text of *pool* where the platform wants one and none is."""
    if any(is_short(one.scored.candidate, field) for one in chosen):
        return list(chosen)
    short = choose([one for one in pool if is_short(one.candidate, field)], wanted=1, language=language, shares=shares)
    kept = list(chosen[: max(0, field.wanted - len(short))])
    lowest = kept[-1].score if kept else 0.0
    return [*kept, *(replace(one, score=min(one.score, lowest)) if kept else one for one in short)]


def to_drafts(chosen: Sequence[Chosen], field: FieldPlan) -> list[Draft]:
    """*chosen* as drafts, each followed by the texts of the fields that follow *field*.

    Texts that belong together have the same number under "group" in their details.  What follows is nobody's choice, so
    it is never called guided.
    """
    drafts: list[Draft] = []
    for number, one in enumerate(chosen, 1):
        own = to_draft(one, field)
        drafts += _grouped(own, one.scored.candidate, field, number) if field.followers else [own]
    return drafts


def is_short(candidate: Candidate, field: FieldPlan) -> bool:
    """Whether *candidate* is within the shorter limit that one text of *field* has to keep."""
    limit = field.field.one_within
    return limit is not None and measure(candidate.text, field.field.unit) <= limit


def with_short(drawn: Sequence[int], pool: Sequence[Candidate], field: FieldPlan) -> list[int]:
    """*drawn*, places in *pool*, with the first short text behind them where one is wanted and none was drawn."""
    if any(is_short(pool[at], field) for at in drawn):
        return list(drawn)
    return [*drawn, *[at for at, one in enumerate(pool) if is_short(one, field)][:1]]


def _grouped(own: Draft, candidate: Candidate, field: FieldPlan, number: int) -> list[Draft]:
    given = dict(candidate.followers) if isinstance(candidate, Question) else {}
    drafts = [msgspec.structs.replace(own, details={**own.details, "group": number})]
    for follower in field.followers:
        for text in given.get(follower.section, ()):
            length = measure(text, follower.field.unit)
            details = {"facts": own.details["facts"], "angle": candidate.angle, "length": length, "group": number}
            drafts.append(Draft(follower.field.name, Source.TEMPLATE, text=text, score=own.score, details=details))
    return drafts
