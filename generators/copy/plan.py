"""What one request needs, without any network: its fields, its facts, and every candidate that may be published."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec
import numpy as np

from adloom.channels import Channel, TextField, copy_fields, load_channel, measure
from adloom.checks import Severity, check_text
from adloom.checks.grounding import Ground, read_ground
from adloom.checks.phrases import Phrases, read_phrases
from adloom.core.brief import Brief
from adloom.core.errors import Invalid, UnknownChannel
from adloom.core.specs import CopySpec
from generators.base import Request
from generators.copy.audiences import Readers
from generators.copy.extract import read_sheet
from generators.copy.facts import Fact, FactKind, Sheet
from generators.copy.frames import Candidate, repeats, spread
from generators.copy.languages import is_written, language_name, reads_as, tongue
from generators.copy.manners import Manner, Way, load_manners, role_of
from generators.copy.memory import Memory
from generators.copy.prompts import EXAMPLES
from generators.copy.quiz import Question
from generators.copy.style import load_style
from generators.copy.task import Task
from generators.copy.ways import SEVERAL, WAYS
from generators.copy.wording import is_whole

MANY = 5  #: texts for a field that takes any number
MOST = 500  #: characters: no row has more to say, whatever a field takes
_LONG_ONES = 6  #: candidates for a text of several parts
_SHORT_ONES = 3  #: candidates for the one text that a platform wants within a shorter limit
_MANY_READERS = re.compile(r"(?:[^\W\d_]+[ -]){0,4}(?:[^\W\d_]*[^\W\d_s]s|people|men|women|children)")


@dataclass(frozen=True)
class FieldPlan:
    """How to write one field."""

    field: TextField
    section: str  #: its role: headline, short, text, button, subject …
    aim: int  #: the length to stay within: what is shown without truncation
    wanted: int
    followers: tuple["FieldPlan", ...] = ()  #: the fields whose texts come with this one's

    @property
    def label(self) -> str:
        """What the prompt calls this kind of text."""
        return self.manner.label

    @property
    def manner(self) -> Manner:
        """How its role is written."""
        return load_manners()[self.section]

    @property
    def is_given(self) -> bool:
        """Whether its texts come from the row alone, whatever else writes: answers, to a customer or of a quiz."""
        return self.manner.way == Way.QUIZ or any(part.answers for part in self.manner.parts)

    @property
    def enough(self) -> int:
        """With fewer texts the field is short."""
        return max(1, self.field.min_items, min(self.wanted, SEVERAL))


@dataclass(frozen=True)
class Plan:
    """One request, read and ready."""

    request: Request[CopySpec]
    channel: Channel
    fields: tuple[FieldPlan, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def sheet(self) -> Sheet:
        spec = self.request.spec
        sheet = read_sheet(spec.product, spec.brief, spec.language)
        sender = spec.brand.name if spec.brand else spec.product.brand
        page = spec.product.link or spec.brief.landing_url
        names = replace(sheet.names, sender=sender, page=page)
        return replace(sheet, names=names, facts=(*_readers(spec), *sheet.facts))

    @cached_property
    def brief(self) -> Brief:
        """The brief, which says the language even where it leaves that to the row: rules differ by it."""
        return self.request.spec.brief.model_copy(update={"language": self.request.spec.language})

    @cached_property
    def ground(self) -> Ground:
        spec = self.request.spec
        return read_ground(spec.product, spec.brief, spec.brand, spec.language)

    @cached_property
    def phrases(self) -> Phrases:
        spec = self.request.spec
        return read_phrases(spec.product, spec.brief, spec.brand, spec.language)

    @cached_property
    def readers(self) -> Readers:
        spec = self.request.spec
        return Readers(spec.brief, spec.language, (spec.product.title, spec.product.brand))

    @cached_property
    def memory(self) -> Memory:
        """What a text must not repeat: the brand's past ads, and the examples that networks are shown."""
        spec = self.request.spec
        past = [ad.text for ad in spec.brand.exemplars] if spec.brand else []
        return Memory([*past, *EXAMPLES], (spec.product.title, spec.product.brand))

    def owns(self, text: str, plan: FieldPlan) -> bool:
        """Whether *text* is this audience's own; a button and an answer say the same to all."""
        return plan.section == "button" or plan.is_given or self.readers.owns(text)

    def is_new(self, text: str, plan: FieldPlan) -> bool:
        """Whether *text*, which a network wrote alone, is neither another audience's nor a past ad's over again."""
        return self.owns(text, plan) and (plan.section == "button" or not self.memory.repeats(text))

    def may_run(self, text: str, plan: FieldPlan) -> bool:
        """Whether *text* keeps the limits and rules of its field and is true to the row."""
        return not self.objections(text, plan)

    def objections(self, text: str, plan: FieldPlan) -> list[str]:
        """Why *text* may not run in its field; empty where it may."""
        if not text or not is_whole(text):
            return ["It is empty, or not whole."]
        length = measure(text, plan.field.unit)
        if length > plan.aim:
            return [f"It measures {length}, and {plan.aim} is the most."]
        spec, names = self.request.spec, self.sheet.names
        found = check_text(
            text,
            field=plan.field,
            channel=self.channel,
            brand=spec.brand,
            brief=self.brief,
            names=[name for name in (names.title, names.name, names.short, names.model, names.brand) if name],
        )
        untrue = [] if plan.manner.is_false else [*self.ground.check(text), *self.phrases.check(text)]
        return [one.detail for one in [*found, *untrue] if one.severity != Severity.WARNING]


def plan_request(request: Request[CopySpec]) -> Plan:
    """Read *request*: its channel and the fields that its creatives and its channel want.

    Raises:
        UnknownChannel: the channel or one of the slots does not exist.
        Invalid: the brief lacks what the channel needs.
        BadConfiguration: a field of the channel has a role that nothing writes.
    """
    request, notes = _settle_language(request)
    channel = load_channel(request.spec.channel)
    if missing := channel.lacking(request.spec.brief):
        raise Invalid(f"{channel.id} needs what the brief leaves empty: {', '.join(missing)}.")
    slots = {slot.name: slot for slot in channel.slots}
    for name in request.spec.slots:
        if name not in slots:
            raise UnknownChannel(f"{channel.id} has no slot {name!r}. It has: {', '.join(slots)}.")
    fields = copy_fields(channel, [slots[name] for name in request.spec.slots])
    planned = tuple(_plan_field(field, fields) for field in fields if not field.follows)
    return Plan(request, channel, planned, notes)


def _settle_language(request: Request[CopySpec]) -> tuple[Request[CopySpec], tuple[str, ...]]:
    """*request* with the language that its row is in, and a note where the row states another."""
    spec, row = request.spec, request.spec.product
    if tongue(row.language) == tongue(spec.language) or not reads_as(row, spec.language):
        return request, ()
    product = row.model_copy(update={"language": spec.language})
    settled = msgspec.structs.replace(request, spec=spec.model_copy(update={"product": product}))
    told, read = language_name(row.language), language_name(spec.language)
    return settled, (f"The row counts as {told} and reads as {read}: state its content_language.",)


def _readers(spec: CopySpec) -> tuple[Fact, ...]:
    """The audience that the brief names, where "for" can stand before it in English: "trail runners"."""
    own = spec.brief.own_audience
    if own is None or tongue(spec.language) != "en" or not _MANY_READERS.fullmatch(own.name):
        return ()
    return (Fact(FactKind.AUDIENCE, own.name, "brief.audience", (0, len(own.name))),)


def _plan_field(field: TextField, fields: Sequence[TextField]) -> FieldPlan:
    aim = min(field.aim, MOST)
    wanted = field.max_items if field.max_items <= 15 else MANY
    followers = tuple(_plan_field(other, ()) for other in fields if other.follows == field.name)
    return FieldPlan(field, role_of(field), aim, min(wanted, 1) if field.is_button else wanted, followers)


def candidates(plan: Plan, field: FieldPlan, random: np.random.Generator) -> list[Candidate]:
    """What may be published in *field*, the angles in turn; a few times what is wanted.

    Nothing but what the brief dictates, where the language has no frames.
    """
    if field.section == "button" and plan.request.spec.brief.call_to_action:
        stated = Candidate(plan.request.spec.brief.call_to_action, "action", ("brief",), ())
        return [stated] if plan.may_run(stated.text, field) else []
    if not is_written(plan.request.spec.language):
        return []
    most = max(10, min(60, 3 * field.wanted))
    if field.manner.way != Way.LINES:
        most = max(9, min(18, int(2.5 * field.wanted))) if field.manner.way != Way.PARTS else _LONG_ONES
    task = Task(plan.request.spec, plan.sheet, plan.ground, field.field, field.manner, field.aim, most)
    fitting = [
        one
        for one in WAYS[field.manner.way](task, random)
        if task.has_room(one.text) and (field.manner.stands_beside_name or is_specific(one, plan.sheet))
    ]
    kept = _without_bare(fitting, plan, field, random)
    own = spread([one for one in kept if plan.owns(one.text, field)], random, wanted=2 * most)
    common = spread([one for one in kept if plan.readers.may_lend(one.text)], random, wanted=most)
    running = [one for one in own if plan.may_run(one.text, field) and _followers_may_run(one, plan, field)][:most]
    lent = [one for one in common if plan.may_run(one.text, field)][: field.enough]
    return [*running, *_short_ones(running, plan, field, random), *lent]


def _without_bare(
    fitting: list[Candidate], plan: Plan, field: FieldPlan, random: np.random.Generator
) -> list[Candidate]:
    """*fitting*, with headlines that name no more than the maker only where little else can be said."""
    bare = [one for one in fitting if field.section == "headline" and names_only_maker(one, plan.sheet)]
    kept = [one for one in fitting if one not in bare]
    return kept + spread(bare, random, wanted=max(0, field.wanted - len(kept)))


def _short_ones(running: list[Candidate], plan: Plan, field: FieldPlan, random: np.random.Generator) -> list[Candidate]:
    """A few more candidates where the platform wants one text within a shorter limit."""
    if not field.field.one_within or field.aim <= field.field.one_within:
        return []
    have = {one.text for one in running}
    short = candidates(plan, replace(field, aim=field.field.one_within, wanted=1), random)
    return [one for one in short if one.text not in have][:_SHORT_ONES]


def _followers_may_run(one: Candidate, plan: Plan, field: FieldPlan) -> bool:
    """Whether each field that follows *field* gets texts that may run, as many as it needs."""
    if not field.followers:
        return True
    given = dict(one.followers) if isinstance(one, Question) else {}
    return all(
        given.get(follower.section) and all(plan.may_run(text, follower) for text in given[follower.section])
        for follower in field.followers
    )


def is_specific(candidate: Candidate, sheet: Sheet) -> bool:
    """Whether the line could be no other product's: it names this one, or says two things of it, or one at length."""
    low, names, style = candidate.text.lower(), sheet.names, load_style(sheet.language)
    own = [name.lower() for name in (names.model, names.brand, names.short, names.name) if name]
    if not names.model and not names.brand:
        return (names.noun or names.name).lower() in low or len(candidate.facts) > 1
    if any(name in low for name in own) or len(candidate.facts) > 1:
        return True
    spelt = style.weight(names.kind) > 1 and names.kind.lower() in low  # "trekking poles", and two words about them
    return any(style.weight(fact.text) >= (2 if spelt else 4) for fact in candidate.facts)


def names_only_maker(candidate: Candidate, sheet: Sheet) -> bool:
    """Whether the line is as true of anything else of the kind that its maker sells: "Shop Daybird boots"."""
    model = sheet.names.model.lower()
    return bool(model) and not candidate.facts and model not in candidate.text.lower()


def is_free_line(text: str, plan: Plan, field: FieldPlan) -> bool:
    """Whether a line that the network wrote alone may run: checked, whole, about this product."""
    language = plan.request.spec.language
    words, style = text.lower().split(), load_style(language)
    low, names = text.lower(), plan.sheet.names
    if set(words) & set(names.model.lower().split()) and names.model.lower() not in low:
        return False  # half a name is another product's
    named = low.removeprefix(f"{names.brand.lower()} ") if names.brand else low
    if set(named.split()) <= set(names.title.lower().split()) and named not in names.title.lower():
        return False  # a name whose words have changed places
    if style.makers & set(words) and names.brand.lower() not in low:
        return False
    if not (len(words) >= 2 if style.space else style.weight(text) >= 2):
        return False
    loose = words[-1].strip(".,:") in style.loose if style.space else low.endswith(tuple(style.loose))
    whole = not loose and not repeats(text, language=language)
    may_run = whole and is_specific(Candidate(text, "free", (), ()), plan.sheet) and plan.may_run(text, field)
    return may_run and plan.is_new(text, field)


def lacks(sheet: Sheet) -> list[str]:
    """What the row does not say and an advertisement would like to: in the words of its columns."""
    missing = []
    if len(sheet.of(FactKind.FEATURE)) < 3:
        missing.append("features")
    for kind in (FactKind.MATERIAL, FactKind.USE, FactKind.COLOUR):
        if not sheet.of(kind) and not (kind == FactKind.USE and sheet.of(FactKind.AUDIENCE)):
            missing.append(kind.value)
    if not sheet.of(FactKind.MEASURE):
        missing.append("size")
    return missing


def shortfall(plan: Plan, texts: Mapping[str, int]) -> list[str]:
    """A note for each field that has fewer texts than its platform takes."""
    notes = [*plan.notes]
    for field in plan.fields:
        found = texts.get(field.field.name, 0)
        if found < field.wanted and found < field.enough:
            advice = ", ".join(lacks(plan.sheet)) or "more details"
            notes.append(f"{field.field.name}: {found} of {field.wanted}. Add {advice} for more.")
    return notes
