"""One conversation with a language model about some fields of one request: asked, heard, refused, asked again."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adloom.core.drafts import Source
from generators.copy.chat import Message
from generators.copy.frames import Candidate, repeats
from generators.copy.plan import FieldPlan, Plan
from generators.copy.rank import Chosen, choose
from generators.copy.score import Scored, score
from generators.copy.shares import SHARES, Shares
from generators.copy.wording import normalised

RULES = """\
You write advertising copy. Use only facts stated in the product data: no number, price, promise, superlative, \
certification or brand that does not stand there. Each text stands alone, names or clearly shows the product, is \
grammatical and differs from the others. Write in the language whose tag is given, in no other. In English, headlines \
are in Title Case without a final mark; texts that are no headlines are full sentences. Stay within each field's limit \
of characters. Write for the audience, if one is given; take the tone of past ads, but repeat none of them.
Answer with JSON and nothing else: {"texts": [{"field": "<name>", "text": "<text>"}, …]}"""
_AGAIN = """\
These texts cannot run; "why" says what is wrong with them. Write new ones, unlike all before, for the "fields" below \
and no others, in the same form."""
_CALL_TOKENS = 1000  #: room for the answer to one question: longer ones drift, and are cut
_DIVIDED = 3  #: times as many texts, where the brief has audiences
_NOT_NEW = "It repeats a past ad, or suits another audience."
_QUOTED = 20  #: refused texts that the next question names
_SHOWN = 500  #: characters of an answer that nothing could be read from, shown to the one who wrote it
_WORD = re.compile(r"[^\W\d_]{2}")
_OBJECT = re.compile(
    r'\{(?:[^{}"]|"(?:[^"\\]|\\.)*+")*+\}', re.DOTALL
)  # an innermost JSON object: the whole may be cut


def groups(fields: Sequence[FieldPlan]) -> list[tuple[FieldPlan, ...]]:
    """*fields* in as many parts as there are questions: each with a full answer that stays within its room."""
    found: list[list[FieldPlan]] = []
    room = 0
    for one in fields:
        needs = _tokens(one, one.wanted)
        if not found or room + needs > _CALL_TOKENS:
            found.append([])
            room = 0
        found[-1].append(one)
        room += needs
    return [tuple(group) for group in found]


def _tokens(plan: FieldPlan, texts: int) -> int:
    return texts * (24 + plan.aim // 2)


@dataclass
class Talk:
    """What was said about *fields*, and each text that came back with the reasons why it may not run, if any."""

    plan: Plan
    fields: tuple[FieldPlan, ...]
    shares: Shares = field(default_factory=lambda: SHARES)
    messages: list[Message] = field(default_factory=list)
    heard: dict[str, dict[str, list[str]]] = field(default_factory=dict)  #: field -> text -> reasons

    def __post_init__(self) -> None:
        self.messages += [Message("system", RULES), Message("user", describe(self.plan, self.fields))]
        self.heard |= {one.field.name: {} for one in self.fields}

    @property
    def max_tokens(self) -> int:
        """Room for everything that is missing."""
        return 80 + sum(_tokens(one, self._lacking(one)) for one in self.missing())

    @property
    def schema(self) -> dict[str, Any]:  # Any: JSON
        """The shape of an answer."""
        names = [one.field.name for one in self.missing()]
        text = _record({"field": {"enum": names}, "text": {"type": "string"}})
        return _record({"texts": {"type": "array", "items": text}})

    def hear(self, answer: str) -> bool:
        """Judge what *answer* holds; whether it brought a text that may run.  The next question follows from it."""
        pairs = [(name, normalised(text)) for name, text in read_answer(answer)]
        before = len(self.usable())
        refused: list[dict[str, object]] = []
        for name, text in pairs:
            plan = next((one for one in self.fields if one.field.name == name), None)
            if plan is None or text in self.heard[name]:
                continue
            self.heard[name][text] = why = _objections(text, self.plan, plan)
            if why:
                refused.append({"field": name, "text": text, "why": why[:2]})
        said = _dump({"texts": [{"field": name, "text": text} for name, text in pairs]}) if pairs else answer[:_SHOWN]
        again = {"refused": refused[:_QUOTED], "fields": self._wishes()}
        self.messages += [Message("assistant", said), Message("user", f"{_AGAIN}\n{_dump(again)}")]
        return len(self.usable()) > before

    def usable(self) -> list[tuple[str, str]]:
        """The (field, text) pairs that may run."""
        return [(name, text) for name, texts in self.heard.items() for text, why in texts.items() if not why]

    def missing(self) -> list[FieldPlan]:
        """The fields that have not enough texts."""
        return [one for one in self.fields if len(self.chosen(one)) < min(one.wanted, one.enough)]

    def chosen(self, plan: FieldPlan) -> list[Chosen]:
        """The texts to publish in a field, best first."""
        return choose(self.pool(plan), wanted=plan.wanted, language=self.plan.request.spec.language, shares=self.shares)

    def pool(self, plan: FieldPlan) -> list[Scored]:
        """The texts of a field that may run."""
        texts = [text for text, why in self.heard[plan.field.name].items() if not why]
        return [score(Candidate(text, "free", (), ()), Source.FREE, self.plan, plan) for text in texts]

    def _wishes(self) -> list[dict[str, object]]:
        return [wish(one, self._lacking(one)) for one in self.missing()]

    def _lacking(self, plan: FieldPlan) -> int:
        return _many(self.plan, plan, plan.wanted - len(self.chosen(plan)))


def describe(plan: Plan, fields: Sequence[FieldPlan]) -> str:
    """The product, the brief and the wanted *fields*, as the server reads them."""
    spec = plan.request.spec
    product = spec.product.model_dump(
        mode="json", exclude_defaults=True, exclude={"id", "link", "image", "more_images"}
    )
    brief = spec.brief.model_dump(mode="json", exclude_defaults=True, include={"audience", "tone", "offer", "keywords"})
    wanted = [wish(one, _many(plan, one, one.wanted)) for one in fields]
    content = {"language": spec.language, "product": product, "brief": brief, "fields": wanted}
    if own := spec.brief.own_audience:
        content["audience"] = own.model_dump(mode="json")
    if spec.brand and spec.brand.past_ads:
        content["past_ads"] = [ad.model_dump(mode="json", exclude_defaults=True) for ad in spec.brand.exemplars]
    return _dump(content)


def _many(plan: Plan, field: FieldPlan, texts: int) -> int:
    """How many to ask for where *texts* are wanted: more where most turn out to be another audience's."""
    divided = plan.request.spec.brief.own_audience is not None and field.section != "button"
    return texts * (_DIVIDED if divided else 1)


def wish(plan: FieldPlan, texts: int) -> dict[str, object]:
    """One field, as the server is asked for it."""
    return {"field": plan.field.name, "texts": texts, "most_characters": plan.aim}


def read_answer(answer: str) -> list[tuple[str, str]]:
    """The (field, text) pairs that stand whole in *answer*: in lines, in a list, between prose, or before a cut."""
    found = [_object(match.group()) for match in _OBJECT.finditer(answer)]
    pairs = [(one.get("field"), one.get("text")) for one in found]
    return [
        (field, text)
        for field, text in pairs
        if isinstance(field, str) and isinstance(text, str) and not re.search(r"[\ud800-\udfff]", text)
    ]


def _object(source: str) -> Mapping[str, object]:
    try:
        value = json.loads(source, strict=False)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _record(properties: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _objections(text: str, plan: Plan, field: FieldPlan) -> list[str]:
    if not _WORD.search(text):
        return ["It has no words."]
    twice = repeats(text, language=plan.request.spec.language)
    if twice:
        return ["It says a word twice."]
    return plan.objections(text, field) or ([] if plan.is_new(text, field) else [_NOT_NEW])


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
