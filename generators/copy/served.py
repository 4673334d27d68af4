"""`copy.served`: ad copy by a running OpenAI-compatible server; the same checks as for the built-in network."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from adloom.core.drafts import Draft, Drafts, Failure, Outcome, Source
from adloom.core.errors import BadConfiguration, GenerationError, Invalid, TransientError
from adloom.core.specs import CopySpec
from generators.base import Request, Step
from generators.copy.chat import ChatServer, Message
from generators.copy.finish import finish
from generators.copy.frames import Candidate, repeats
from generators.copy.languages import has_frames
from generators.copy.plan import FieldPlan, Plan, plan_request, shortfall
from generators.copy.rank import Scored, keyword_share, room_used
from generators.copy.template import fill
from generators.copy.wording import normalised
from generators.registry import GeneratorSettings

_AT_ONCE = 8  #: requests in flight: servers batch what comes together
_TICK_SECONDS = 1.0
_RULES = """\
You write advertising copy. Use only facts stated in the product data: no number, price, promise, superlative, \
certification or brand that does not stand there. Each text stands alone, names or clearly shows the product, is \
grammatical and differs from the others. Headlines in Title Case without a final mark; other texts as full sentences. \
Stay within each field's limit of characters.
Answer with one JSON object per line and nothing else: {"field": "<name>", "text": "<text>"}"""


class CopyServed:
    """Free drafts from a server, checked, grounded and ranked; frames fill what stays below a field's minimum."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._settings = settings
        self._server: ChatServer | None = None

    def load(self, weights: str, device: str) -> None:
        """Remember which model to ask for: *weights* if given, else the process's own setting."""
        del device
        settings = self._settings
        model = weights or settings.llm_model
        if settings.llm_url and model:
            self._server = ChatServer(settings.llm_url, model, settings.llm_api_key.get_secret_value())

    def generate(self, requests: Sequence[Request[CopySpec]], *, step: Step) -> Iterator[Outcome]:
        """Yield one outcome per request as the server answers; dropped ones are forgotten."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            waiting: dict[Future[Outcome], Request[CopySpec]] = {pool.submit(self._write, r): r for r in requests}
            try:
                while waiting:
                    dropped = step()
                    done, _ = wait(waiting, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
                    for future in done:
                        if waiting.pop(future).id not in dropped:
                            yield future.result()
            finally:
                for future in waiting:
                    future.cancel()  # a drain does not wait for what has not been asked yet

    def _write(self, request: Request[CopySpec]) -> Outcome:
        if self._server is None:
            message = "No language model server is set: give --llm URL and --model NAME, or ADLOOM_LLM_URL and _MODEL."
            return Failure(request.id, "llm-not-configured", message)
        try:
            plan = plan_request(request)
            prompt = describe(plan)
            answer = self._ask(plan, prompt) if _asked(plan) else ""
        except (Invalid, BadConfiguration, GenerationError) as error:
            return Failure(request.id, error.code, str(error)[:300], retryable=isinstance(error, TransientError))
        return _outcome(plan, prompt, answer, self._server.model)

    def _ask(self, plan: Plan, prompt: str) -> str:
        assert self._server is not None
        room = 80 + sum(field.wanted * (24 + field.aim // 2) for field in _asked(plan))
        messages = [Message("system", _RULES), Message("user", prompt)]
        return self._server.complete(messages, seed=plan.request.seed % 2**31, max_tokens=room)


def _asked(plan: Plan) -> list[FieldPlan]:
    """The fields that the server writes: not those that have to come from the row alone."""
    return [field for field in plan.fields if not field.is_given]


def describe(plan: Plan) -> str:
    """The product, the brief and the wanted fields, as the server reads them."""
    spec = plan.request.spec
    product = spec.product.model_dump(
        mode="json", exclude_defaults=True, exclude={"id", "link", "image", "more_images"}
    )
    brief = spec.brief.model_dump(mode="json", exclude_defaults=True, include={"audience", "tone", "offer", "keywords"})
    wanted = [{"field": f.field.name, "texts": f.wanted, "most_characters": f.aim} for f in _asked(plan)]
    content = {"language": spec.language, "product": product, "brief": brief, "fields": wanted}
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def read_answer(answer: str) -> list[tuple[str, str]]:
    """The (field, text) pairs in *answer*: JSON lines, or one JSON list of the same objects."""
    try:
        whole = json.loads(answer)
        found = whole if isinstance(whole, list) else [whole]
    except json.JSONDecodeError:
        found = [one for line in answer.splitlines() if (one := _object(line)) is not None]
    pairs = [(one.get("field"), one.get("text")) for one in found if isinstance(one, dict)]
    return [(field, text) for field, text in pairs if isinstance(field, str) and isinstance(text, str)]


def _object(line: str) -> object | None:
    try:
        value: object = json.loads(line.strip().rstrip(","))
    except json.JSONDecodeError:
        return None
    return value


def _outcome(plan: Plan, prompt: str, answer: str, model: str) -> Outcome:
    """What of *answer* may run, ranked; the frames' own texts where a field would stay below its minimum."""
    pairs = [(field, normalised(text)) for field, text in read_answer(answer)]
    drafts: list[Draft] = []
    language = plan.request.spec.language
    for field in plan.fields:
        if field.is_given:
            drafts += fill(plan, field)
            continue
        texts = dict.fromkeys(text for name, text in pairs if name == field.field.name)
        told_once = [text for text in texts if not repeats(text, language=language)]
        pool = [_score(text, plan, field) for text in told_once if plan.may_run(text, field)]
        chosen = finish(pool, field, language)
        lacking = max(field.field.min_items, 1) - len(chosen)
        if lacking > 0 and has_frames(plan.request.spec):
            chosen += [draft for draft in fill(plan, field) if draft.text not in texts][:lacking]
        drafts += chosen
    if not drafts:
        message = "No text of the server kept the channel's limits and the product's facts."
        return Failure(plan.request.id, "llm-unusable-answer", message, retryable=True)
    notes = shortfall(plan, Counter(draft.field for draft in drafts))
    provenance = {
        "weights": model,
        "prompt_sha256": hashlib.sha256((_RULES + prompt).encode()).hexdigest(),
        "texts_received": len(pairs),
    }
    return Drafts(plan.request.id, tuple(drafts), tuple(notes), provenance)


def _score(text: str, plan: Plan, field: FieldPlan) -> Scored:
    return Scored(
        Candidate(text, "free", (), ()),
        Source.FREE,
        length=room_used(text, field),
        keywords=keyword_share(text, plan.request.spec.brief.keywords),
    )
