"""`copy.template`: deterministic copy from facts: the floor under the others, always marked as such."""

from collections import Counter
from collections.abc import Iterator, Sequence

from adloom.core.drafts import Draft, Drafts, Failure, Outcome, Source
from adloom.core.errors import BadConfiguration, Invalid
from adloom.core.specs import CopySpec
from generators.base import Request, Step
from generators.copy.finish import finish, finish_all
from generators.copy.languages import LanguageMismatch, LanguageNotSupported, require_language
from generators.copy.plan import FieldPlan, Plan, candidates, plan_request, shortfall
from generators.copy.score import Scored, score
from generators.copy.shares import SHARES, Shares
from generators.registry import GeneratorSettings


class CopyTemplate:
    """Facts × frames, chosen by room, keywords and variety."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._shares = settings.shares

    def load(self, weights: str, device: str) -> None:
        """Nothing to load."""

    def generate(self, requests: Sequence[Request[CopySpec]], *, step: Step) -> Iterator[Outcome]:
        """Yield one outcome per request that nobody dropped."""
        for request in requests:
            if request.id not in step():
                yield write(request, self._shares)


def write(request: Request[CopySpec], shares: Shares = SHARES) -> Outcome:
    """The outcome of one request."""
    try:
        plan = plan_request(request)
        require_language(plan.request.spec)
    except (LanguageMismatch, LanguageNotSupported, Invalid, BadConfiguration) as error:
        return Failure(request.id, error.code, str(error)[:300])
    drafts = finish_all(plan, {field.field.name: _pool(plan, field) for field in plan.fields}, shares)
    notes = shortfall(plan, Counter(draft.field for draft in drafts))
    return Drafts(request.id, tuple(drafts), tuple(notes), {"weights": "", "generator": "copy.template"})


def fill(plan: Plan, field: FieldPlan, shares: Shares = SHARES) -> list[Draft]:
    """The frames' own texts for one *field*, best first."""
    own = [one for one in _pool(plan, field) if plan.owns(one.candidate.text, field)]
    return finish(own, field, plan.sheet.language, shares)


def _pool(plan: Plan, field: FieldPlan) -> list[Scored]:
    random = plan.request.stream(plan.fields.index(field))
    return [score(one, Source.TEMPLATE, plan, field) for one in candidates(plan, field, random)]
