"""`copy.served`: ad copy by a running OpenAI-compatible server; the same checks as for the built-in network."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from adloom.core.drafts import Draft, Drafts, Failure, Outcome, Source
from adloom.core.errors import GenerationError, TransientError, UnknownChannel
from adloom.core.specs import CopySpec
from generators.base import Request, Step
from generators.copy.chat import ChatServer, Message
from generators.copy.frames import Candidate, repeats
from generators.copy.plan import FieldPlan, Plan, plan_request, shortfall
from generators.copy.rank import choose, to_draft
from generators.copy.score import score
from generators.copy.shares import Shares
from generators.copy.template import fill
from generators.copy.wording import normalised
from generators.registry import GeneratorSettings

_AT_ONCE = 8  #: requests in flight: servers batch what comes together
_TICK_SECONDS = 1.0
_DIVIDED = 3  #: times as many texts, where the brief has audiences
_RULES = """\
You write advertising copy. Use only facts stated in the product data: no number, price, promise, superlative, \
certification or brand that does not stand there. Each text stands alone, names or clearly shows the product, is \
grammatical and differs from the others. Headlines in Title Case without a final mark; other texts as full sentences. \
Stay within each field's limit of characters. Write for the audience, if one is given; take the tone of past ads, but \
repeat none of them.
Answer with one JSON object per line and nothing else: {"field": "<name>", "text": "<text>"}"""


class CopyServed:
    """Free drafts from a server, checked, grounded and ranked; frames fill what stays below a field's minimum."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._settings = settings
        self._shares = settings.shares
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
            room = 80 + sum(_asked(plan, field) * (24 + field.aim // 2) for field in plan.fields)
            answer = self._server.complete(
                [Message("system", _RULES), Message("user", prompt)], seed=request.seed % 2**31, max_tokens=room
            )
        except (UnknownChannel, GenerationError) as error:
            return Failure(request.id, error.code, str(error)[:300], retryable=isinstance(error, TransientError))
        return _outcome(plan, prompt, answer, self._server.model, self._shares)


def describe(plan: Plan) -> str:
    """The product, the brief and the wanted fields, as the server reads them."""
    spec = plan.request.spec
    product = spec.product.model_dump(
        mode="json", exclude_defaults=True, exclude={"id", "link", "image", "more_images"}
    )
    brief = spec.brief.model_dump(mode="json", exclude_defaults=True, include={"audience", "tone", "offer", "keywords"})
    wanted = [{"field": f.field.name, "texts": _asked(plan, f), "most_characters": f.aim} for f in plan.fields]
    content = {"language": spec.language, "product": product, "brief": brief, "fields": wanted}
    if own := spec.brief.own_audience:
        content["audience"] = own.model_dump(mode="json")
    if spec.brand and spec.brand.past_ads:
        content["past_ads"] = [ad.model_dump(mode="json", exclude_defaults=True) for ad in spec.brand.exemplars]
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def _asked(plan: Plan, field: FieldPlan) -> int:
    """How many texts to ask for: several times as many where most of them turn out to be another audience's."""
    divided = plan.request.spec.brief.own_audience is not None and field.section != "button"
    return field.wanted * (_DIVIDED if divided else 1)


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


def _outcome(plan: Plan, prompt: str, answer: str, model: str, shares: Shares) -> Outcome:
    """What of *answer* may run, ranked; the frames' own texts where a field would stay below its minimum."""
    pairs = [(field, normalised(text)) for field, text in read_answer(answer)]
    drafts: list[Draft] = []
    for field in plan.fields:
        texts = dict.fromkeys(text for name, text in pairs if name == field.field.name)
        running = [text for text in texts if not repeats(text) and plan.may_run(text, field)]
        new = [Candidate(text, "free", (), ()) for text in running if plan.is_new(text, field)]
        pool = [score(one, Source.FREE, plan, field) for one in new]
        chosen = [to_draft(one, field) for one in choose(pool, field.wanted, shares)]
        lacking = max(field.field.min_items, 1) - len(chosen)
        if lacking > 0 and plan.request.spec.language.startswith("en"):
            chosen += [draft for draft in fill(plan, field, shares) if draft.text not in texts][:lacking]
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
