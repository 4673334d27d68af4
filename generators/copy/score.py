"""What is good about a checked text, part by part."""

from dataclasses import dataclass

from adloom.channels import measure
from adloom.core.drafts import Source
from generators.copy.frames import Candidate, says
from generators.copy.plan import FieldPlan, Plan
from generators.copy.readability import readability


@dataclass(frozen=True)
class Scored:
    """A checked text, what the network thinks of it, and how well it uses its room."""

    candidate: Candidate
    source: Source
    length: float = 0.0  #: of the room, 0 to 1
    telling: float = 0.0  #: 1 where a field of sentences gets a fact
    keywords: float = 0.0  #: share of the brief's keywords that it holds
    audience: float = 0.0  #: how well it answers its audience, 0 to 1
    readability: float = 0.0  #: 0 to 1; 0 where no formula holds for the language
    memorisation: float = 0.0  #: share of its words that stand in a row in a past ad or an example, 0 to 1
    gain: float = 0.0  #: log-likelihood per token under this brief, less that under none
    fluency: float = 0.0  #: log-likelihood per token under this brief
    relevance: float = 0.0  #: cosine of its and the product's embedding in the network, -1 to 1


def score(
    candidate: Candidate,
    source: Source,
    plan: Plan,
    field: FieldPlan,
    *,
    gain: float = 0.0,
    fluency: float = 0.0,
    relevance: float = 0.0,
) -> Scored:
    """*candidate* for *field* with the parts of its score; what only a network can tell is given."""
    text, spec = candidate.text, plan.request.spec
    return Scored(
        candidate,
        source,
        length=min(1.0, measure(text, field.field.unit) / field.aim),
        telling=float(field.section in ("text", "short") and says(candidate.facts)),
        keywords=_keyword_share(text, spec.brief.keywords),
        audience=plan.readers.answered(text),
        readability=readability(text, spec.language),
        memorisation=plan.memory.share(text),
        gain=gain,
        fluency=fluency,
        relevance=relevance,
    )


def _keyword_share(text: str, keywords: tuple[str, ...]) -> float:
    low = text.lower()
    return sum(word.lower() in low for word in keywords) / len(keywords) if keywords else 0.0
