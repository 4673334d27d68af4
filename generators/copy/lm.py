"""`copy.lm`: ad copy by a causal language model, guided through what the row allows, and free."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import torch
import transformers

from adloom.core.drafts import Drafts, Failure, Outcome, Source
from adloom.core.errors import UnknownChannel
from adloom.core.specs import CopySpec
from generators.base import Request, Step
from generators.copy.frames import Candidate
from generators.copy.languages import (
    LanguageMismatch,
    LanguageNotSupported,
    is_written,
    language_name,
    require_language,
    tongue,
)
from generators.copy.plan import FieldPlan, Plan, candidates, is_free_line, plan_request, shortfall
from generators.copy.prompts import NOTHING, PREAMBLE, ask, describe
from generators.copy.rank import Scored, choose, keyword_share, room_used, tells, to_draft
from generators.copy.style import load_style
from generators.copy.wording import normalised
from generators.lean import Precision
from generators.network import Network, Prefix
from generators.registry import GeneratorSettings
from generators.trie import Trie, draw
from generators.weights import Local, fetch

_FREE = 2  #: free drafts per request; few pass with a small network, so few are paid for
_FREE_LARGE = 8  #: … with a network of a billion parameters or more
_FREE_TOKENS = 16
_DRAWN = 1.5  #: guided drafts per wanted text, and a few more
_TEMPERATURE = 1.0
_FREE_TEMPERATURE, _TOP_P = 0.7, 0.9


@dataclass(frozen=True)
class _Text:
    """A draft before it is scored; *log_probs* are its tokens' under this brief, the end of the line included."""

    plan: FieldPlan
    candidate: Candidate
    source: Source
    log_probs: tuple[float, ...]

    @property
    def fluency(self) -> float:
        return sum(self.log_probs) / len(self.log_probs)


@dataclass
class _Work:
    """One request on its way: what the network remembers of its prompt, and its drafts so far."""

    plan: Plan
    prefix: Prefix
    last: int  #: the prompt's last token, which is each tree's first
    texts: list[_Text]
    tried: int = 0  #: free drafts sampled
    notes: tuple[str, ...] = ()


class CopyLM:
    """Facts × frames walked by the network, a few free drafts beside them, ranked by what the brief adds."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._settings = settings
        self._weights: Local | None = None
        self._network: Network | None = None

    def load(self, weights: str, device: str) -> None:
        """Fetch, convert and read *weights*; remember the examples that every prompt begins with."""
        if device == "cpu":
            torch.set_num_threads(self._settings.threads or torch.get_num_threads())
        self._weights = fetch(weights or self._settings.weights, self._settings.cache)
        self._network = network = Network.read(self._weights.folder, device, Precision(self._settings.precision))
        self._preamble = network.remember([*network.opening(), *network.tokens(PREAMBLE)])
        self._start = network.tokens(NOTHING)
        self._nothing = network.remember(self._start[:-1], after=self._preamble)

    def generate(self, requests: Sequence[Request[CopySpec]], *, step: Step) -> Iterator[Outcome]:
        """Yield one outcome per request; guided drafts of a request never depend on its neighbours."""
        plans: list[Plan] = []
        for request in requests:
            if request.id in step():
                continue
            planned = _plan(request, self._local.languages)
            if isinstance(planned, Failure):
                yield planned
            else:
                plans.append(planned)
        works = self._read(plans, step)
        self._sample_freely(works, step)
        for work in works:
            if work.plan.request.id not in step():
                yield self._finish(work)

    def _read(self, plans: Sequence[Plan], step: Step) -> list[_Work]:
        """Every product read once, and each request's guided drafts: one pass over the tree of all it could say."""
        prompts = [self._net.tokens(describe(plan.request.spec.product)) for plan in plans]
        prefixes = self._net.remember_each([prompt[:-1] for prompt in prompts], after=self._preamble)
        works = []
        for plan, prompt, prefix in zip(plans, prompts, prefixes, strict=True):
            if plan.request.id in step():
                continue
            random = plan.request.stream(0)
            pools = [(field, candidates(plan, field, random)) for field in plan.fields]
            texts = self._draw(pools, prefix, prompt[-1], plan.request)
            works.append(_Work(plan, prefix, prompt[-1], texts, notes=self._caveats(plan)))
        return works

    def _draw(
        self, pools: list[tuple[FieldPlan, list[Candidate]]], prefix: Prefix, last: int, request: Request[CopySpec]
    ) -> list[_Text]:
        """Walk one tree of all *pools* token by token; each field draws from a stream of its own."""
        trie = Trie()
        paths = [[trie.add([last, *self._spell(field, one.text)]) for one in pool] for field, pool in pools]
        log_probs = self._net.score_tree(prefix, trie) if len(trie) else []
        drawn: list[_Text] = []
        for number, (field, pool) in enumerate(pools):
            wanted = int(_DRAWN * field.wanted) + 2
            random, skipped = request.stream(1 + number), self._asked(field)
            for at in draw(trie, paths[number], log_probs, random, wanted=wanted, temperature=_TEMPERATURE):
                stated = pool[at].frames == ("brief",)  # there was nothing to choose
                own = tuple(log_probs[node] for node in paths[number][at][skipped:])
                drawn.append(_Text(field, pool[at], Source.TEMPLATE if stated else Source.GUIDED, own))
        return drawn

    def _sample_freely(self, works: list[_Work], step: Step) -> None:
        """Add the free drafts that pass every check: one draw a headline, in languages that it writes."""
        many = _FREE_LARGE if self._net.parameters >= 1_000_000_000 else _FREE
        fields = [(work, field) for work in works if self._writes(work.plan) for field in work.plan.fields]
        rows = [(work, field, n) for work, field in fields if _is_headlines(field) for n in range(many)]
        if not rows:
            return
        start = self._net.tokens(ask("Headline"))
        texts = self._net.continue_freely(
            [work.prefix for work, _, _ in rows],
            [[work.last, *start] for work, _, _ in rows],
            [work.plan.request.stream(100 + n) for work, _, n in rows],
            stops=frozenset(self._net.tokens("\n")) | self._net.ends(),
            max_tokens=_FREE_TOKENS,
            temperature=_FREE_TEMPERATURE,
            top_p=_TOP_P,
            step=step,
        )
        for (work, field, _), tokens in zip(rows, texts, strict=True):
            work.tried += 1
            style = load_style(work.plan.request.spec.language)
            self._keep(style.headline(normalised(self._net.text(tokens)).rstrip(style.stop)), work, field)

    def _keep(self, text: str, work: _Work, field: FieldPlan) -> None:
        """Add the free draft *text* if it may be published, is new, and as fluent as most guided ones."""
        others = [one for one in work.texts if one.plan is field]
        if text.lower() in {one.candidate.text.lower() for one in others} or not is_free_line(text, work.plan, field):
            return
        trie = Trie()
        path = trie.add([work.last, *self._spell(field, text)])
        own = tuple(self._net.score_tree(work.prefix, trie)[node] for node in path[self._asked(field) :])
        draft = _Text(field, Candidate(text, "free", (), ()), Source.FREE, own)
        alone = not others and not is_written(work.plan.request.spec.language)
        if alone or (others and draft.fluency >= median(other.fluency for other in others)):
            work.texts.append(draft)

    def _finish(self, work: _Work) -> Drafts:
        """Score what was drawn under no brief as well, and choose."""
        trie = Trie()
        paths = [trie.add([self._start[-1], *self._spell(one.plan, one.candidate.text)]) for one in work.texts]
        blind = self._net.score_tree(self._nothing, trie) if paths else []
        pools: dict[str, list[Scored]] = {}
        for one, path in zip(work.texts, paths, strict=True):
            unaided = [blind[node] for node in path[self._asked(one.plan) :]]
            pools.setdefault(one.plan.field.name, []).append(_score(one, work.plan, sum(unaided) / len(unaided)))
        drafts = [
            to_draft(chosen, field)
            for field in work.plan.fields
            for chosen in choose(
                pools.get(field.field.name, []), wanted=field.wanted, language=work.plan.request.spec.language
            )
        ]
        notes = shortfall(work.plan, Counter(draft.field for draft in drafts))
        return Drafts(work.plan.request.id, tuple(drafts), (*work.notes, *notes), self._provenance(work))

    def _writes(self, plan: Plan) -> bool:
        """Whether the network states that it writes the request's language."""
        return tongue(plan.request.spec.language) in self._local.languages

    def _caveats(self, plan: Plan) -> tuple[str, ...]:
        """What the item's owner should know of its language."""
        name = language_name(plan.request.spec.language)
        if not self._writes(plan):
            return (f"These weights do not write {name}: texts are built from the row's facts.",)
        if not is_written(plan.request.spec.language):
            return (f"There are no frames and no lexicon for {name}: only numbers were compared with the row.",)
        return ()

    def _asked(self, field: FieldPlan) -> int:
        """How many tokens of a path come before its text."""
        return 1 + len(self._net.tokens(ask(field.label)))

    def _spell(self, field: FieldPlan, text: str) -> list[int]:
        return [*self._net.tokens(ask(field.label)), *self._net.tokens(f" {text}\n")]

    def _provenance(self, work: _Work) -> dict[str, object]:
        prompt = PREAMBLE + describe(work.plan.request.spec.product)
        return {
            "weights": self._local.version,
            "prompt_sha256": hashlib.sha256(prompt.encode()).hexdigest(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "precision": self._net.precision,
            "free_tried": work.tried,
        }

    @property
    def _local(self) -> Local:
        assert self._weights is not None, "load() comes first"
        return self._weights

    @property
    def _net(self) -> Network:
        assert self._network is not None, "load() comes first"
        return self._network


def _plan(request: Request[CopySpec], written: Sequence[str]) -> Plan | Failure:
    """What *request* needs; *written*: the languages that the network writes by itself."""
    try:
        plan = plan_request(request)
        require_language(plan.request.spec, written)
        return plan
    except (LanguageMismatch, LanguageNotSupported, UnknownChannel) as error:
        return Failure(request.id, error.code, str(error)[:300])


def _is_headlines(field: FieldPlan) -> bool:
    """Whether *field* takes many headlines: the only place where one more free line is worth its time."""
    return field.section == "headline" and field.wanted >= 8


def _score(one: _Text, plan: Plan, unaided: float) -> Scored:
    return Scored(
        one.candidate,
        one.source,
        length=room_used(one.candidate.text, one.plan),
        telling=tells(one.candidate, one.plan),
        keywords=keyword_share(one.candidate.text, plan.request.spec.brief.keywords),
        gain=one.fluency - unaided,
        fluency=one.fluency,
    )
