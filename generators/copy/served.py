"""`copy.served`: ad copy by a running OpenAI-compatible server; the same checks as for the built-in network."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from adloom.core.drafts import Draft, Drafts, Failure, Outcome
from adloom.core.errors import BadConfiguration, GenerationError, Invalid, TransientError
from adloom.core.specs import CopySpec
from generators.base import Request, Step
from generators.copy.chat import Chat, ChatServer, Manner, ServerUnavailable
from generators.copy.finish import finish
from generators.copy.languages import has_frames
from generators.copy.plan import FieldPlan, Plan, plan_request, shortfall
from generators.copy.shares import SHARES, Shares
from generators.copy.talk import RULES, Talk, describe, groups
from generators.copy.template import fill
from generators.registry import GeneratorSettings

_MORE_QUESTIONS = 2  #: after the first, for what is still missing
_TICK_SECONDS = 0.25
_JITTER = 900  #: the stream that the pauses between attempts are drawn from

_Tasks = dict[asyncio.Task[Outcome], Request[CopySpec]]


class TooSlow(TransientError):
    """The language model server takes longer for one item than ADLOOM_LLM_ITEM_SECONDS."""

    code = "llm-too-slow"


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
            key = settings.llm_api_key.get_secret_value()
            self._server = ChatServer(settings.llm_url, model, key, _manner(settings))

    def generate(self, requests: Sequence[Request[CopySpec]], *, step: Step) -> Iterator[Outcome]:
        """Yield one outcome per request as the server answers; what is dropped or drained is given up at once."""
        dropped = step()
        wanted = [request for request in requests if request.id not in dropped]
        if self._server is None:
            message = "No language model server is set: give --llm URL and --model NAME, or ADLOOM_LLM_URL and _MODEL."
            yield from (Failure(request.id, "llm-not-configured", message) for request in wanted)
            return
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as loop:
            chat = self._server.open()
            everything = loop.run(self._start(chat, wanted))
            tasks = dict(everything)
            try:
                while tasks:
                    dropped = step()
                    for task in [task for task, request in tasks.items() if request.id in dropped]:
                        task.cancel()
                        del tasks[task]
                    for task in loop.run(_first(tasks)):
                        del tasks[task]
                        yield task.result()
            finally:
                loop.run(_end(everything, chat))

    async def _start(self, chat: Chat, requests: Sequence[Request[CopySpec]]) -> _Tasks:
        return {asyncio.create_task(self._write(chat, request)): request for request in requests}

    async def _write(self, chat: Chat, request: Request[CopySpec]) -> Outcome:
        async with chat.turns:  # its time begins when there is a place for it
            try:
                plan = plan_request(request)
                asked = [one for one in plan.fields if not one.is_given]
                talks = [Talk(plan, fields, self._settings.shares) for fields in groups(asked)]
                trouble = await self._talk(chat, talks)
                if trouble is not None and not _is_enough(talks, trouble):
                    raise trouble
            except (Invalid, BadConfiguration, GenerationError) as error:
                passing, away = isinstance(error, TransientError), isinstance(error, ServerUnavailable)
                return Failure(request.id, error.code, str(error)[:300], retryable=passing, blameless=away)
            manner = chat.server.manner
            served = await chat.listed()
        notes = [f"Not all was asked for: {trouble}"] if trouble else []
        settings = {"temperature": manner.temperature, "top_p": manner.top_p}
        provenance = {"weights": chat.server.model, "served": served, **settings}
        return outcome(plan, talks, provenance, notes=notes, shares=self._settings.shares)

    async def _talk(self, chat: Chat, talks: Sequence[Talk]) -> GenerationError | None:
        """Hold all *talks* side by side; returns what ended one early."""
        try:
            async with asyncio.timeout(self._settings.llm_item_seconds):
                ends = await asyncio.gather(*(_hold(chat, talk) for talk in talks), return_exceptions=True)
        except TimeoutError:
            return TooSlow()
        for end in ends:
            if isinstance(end, BaseException) and not isinstance(end, GenerationError):
                raise end
        return next((end for end in ends if isinstance(end, GenerationError)), None)


def _manner(settings: GeneratorSettings) -> Manner:
    return Manner(
        at_once=settings.llm_concurrency,
        connect_seconds=settings.llm_connect_seconds,
        read_seconds=settings.llm_read_seconds,
        pause_seconds=settings.llm_pause_seconds,
        temperature=settings.llm_temperature,
        top_p=settings.llm_top_p,
    )


async def _hold(chat: Chat, talk: Talk) -> None:
    """Ask for all that *talk* is about, then for what is still missing as long as that brings something."""
    request = talk.plan.request
    for question in range(1 + _MORE_QUESTIONS):
        answer = await chat.complete(
            talk.messages,
            seed=(request.seed + question) % 2**31,
            max_tokens=talk.max_tokens,
            schema=talk.schema,
            random=request.stream(_JITTER),
        )
        grown = talk.hear(answer)
        if not talk.missing() or (question and not grown):
            return


def _is_enough(talks: Sequence[Talk], trouble: GenerationError) -> bool:
    """Whether what *talks* brought before the *trouble* may stand: every minimum is met, or another try is no use."""
    if not isinstance(trouble, TransientError):
        return any(talk.usable() for talk in talks)
    return all(len(talk.chosen(one)) >= max(one.field.min_items, 1) for talk in talks for one in talk.fields)


def outcome(
    plan: Plan,
    talks: Sequence[Talk],
    provenance: Mapping[str, object],
    *,
    notes: Sequence[str],
    shares: Shares = SHARES,
) -> Outcome:
    """What *talks* brought, ranked, and what is given; the frames' own texts where a field would lack its minimum."""
    held = {one.field.name: talk for talk in talks for one in talk.fields}
    drafts = [
        draft
        for one in plan.fields
        for draft in (fill(plan, one, shares) if one.is_given else _drafts(held[one.field.name], one))
    ]
    if not drafts:
        message = "No text of the server kept the channel's limits and the product's facts."
        return Failure(plan.request.id, "llm-unusable-answer", message, retryable=True)
    lacking = shortfall(plan, Counter(draft.field for draft in drafts))
    said = RULES + describe(plan, plan.fields)
    counted = {
        "prompt_sha256": hashlib.sha256(said.encode()).hexdigest(),
        "questions": sum(len(talk.messages) // 2 - 1 for talk in talks),
        "texts_received": sum(len(texts) for talk in talks for texts in talk.heard.values()),
        "texts_usable": sum(len(talk.usable()) for talk in talks),
    }
    return Drafts(plan.request.id, tuple(drafts), (*notes, *lacking), {**provenance, **counted})


def _drafts(talk: Talk, field: FieldPlan) -> list[Draft]:
    spec = talk.plan.request.spec
    chosen = finish(talk.pool(field), field, spec.language, talk.shares)
    lacking = max(field.field.min_items, 1) - len(chosen)
    if lacking > 0 and has_frames(spec):
        heard = talk.heard[field.field.name]
        chosen += [draft for draft in fill(talk.plan, field, talk.shares) if draft.text not in heard][:lacking]
    return chosen


async def _first(tasks: Mapping[asyncio.Task[Outcome], object]) -> set[asyncio.Task[Outcome]]:
    """Those of *tasks* that are done, after a tick at the latest."""
    if not tasks:
        return set()
    done, _ = await asyncio.wait(tasks, timeout=_TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    return done


async def _end(tasks: Iterable[asyncio.Task[Outcome]], chat: Chat) -> None:
    """Give up those of *tasks* that are not done, and their connections."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await chat.close()
