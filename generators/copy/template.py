"""`copy.template`: deterministic copy from facts: the floor under the others, always marked as such."""

from collections import Counter
from collections.abc import Iterator, Sequence

from adloom.core.drafts import Draft, Drafts, Failure, Outcome, Source
from adloom.core.errors import UnknownChannel
from adloom.core.specs import CopySpec
from generators.base import Request, Step
from generators.copy.frames import Candidate
from generators.copy.languages import LanguageMismatch, LanguageNotSupported, require_language
from generators.copy.plan import FieldPlan, Plan, candidates, plan_request, shortfall
from generators.copy.rank import Scored, choose, keyword_share, room_used, tells, to_draft
from generators.registry import GeneratorSettings


class CopyTemplate:
    """Facts × frames, chosen by room, keywords and variety."""

    def __init__(self, settings: GeneratorSettings) -> None:
        del settings

    def load(self, weights: str, device: str) -> None:
        """Nothing to load."""

    def generate(self, requests: Sequence[Request[CopySpec]], *, step: Step) -> Iterator[Outcome]:
        """Yield one outcome per request that nobody dropped."""
        for request in requests:
            if request.id not in step():
                yield write(request)


def write(request: Request[CopySpec]) -> Outcome:
    """The outcome of one request."""
    try:
        plan = plan_request(request)
        require_language(plan.request.spec)
    except (LanguageMismatch, LanguageNotSupported, UnknownChannel) as error:
        return Failure(request.id, error.code, str(error)[:300])
    drafts = [draft for field in plan.fields for draft in fill(plan, field)]
    notes = shortfall(plan, Counter(draft.field for draft in drafts))
    return Drafts(request.id, tuple(drafts), tuple(notes), {"weights": "", "generator": "copy.template"})


def fill(plan: Plan, field: FieldPlan) -> list[Draft]:
    """The frames' own texts for one *field*, best first."""
    random = plan.request.stream(plan.fields.index(field))
    pool = [_score(one, plan, field) for one in candidates(plan, field, random)]
    return [to_draft(chosen, field) for chosen in choose(pool, wanted=field.wanted, language=plan.sheet.language)]


def _score(one: Candidate, plan: Plan, field: FieldPlan) -> Scored:
    return Scored(
        one,
        Source.TEMPLATE,
        length=room_used(one.text, field),
        telling=tells(one, field),
        keywords=keyword_share(one.text, plan.request.spec.brief.keywords),
    )
