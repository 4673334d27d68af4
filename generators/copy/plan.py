"""What one request needs, without any network: its fields, its facts, and every candidate that may be published."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from adloom.channels import Channel, TextField, copy_fields, load_channel, measure
from adloom.checks import Severity, check_text
from adloom.checks.grounding import Ground, read_ground
from adloom.checks.phrases import Phrases, read_phrases
from adloom.core.errors import UnknownChannel
from adloom.core.specs import CopySpec
from generators.base import Request
from generators.copy.extract import read_sheet
from generators.copy.facts import FactKind, Sheet
from generators.copy.frames import Candidate, compose, fill_section, repeats, spread
from generators.copy.words import load_words

SEVERAL = 8  #: a field that takes so many headlines shows them side by side
MANY = 5  #: texts for a field that takes any number
MOST = 500  #: characters: no row has more to say, whatever a field takes
_ENOUGH = 80  #: characters that a text of sentences has at least, however many its field takes
_SHORT = 45  #: a description shorter than this is one line, not sentences


@dataclass(frozen=True)
class FieldPlan:
    """How to write one field."""

    field: TextField
    section: str  #: of the frames: headline, short, button; or "text": composed sentences
    aim: int  #: the length to stay within: what is shown without truncation
    wanted: int

    @property
    def label(self) -> str:
        """What the prompt calls this kind of text."""
        return {"headline": "Headline", "short": "Tagline", "button": "Button"}.get(self.section, "Ad text")


@dataclass(frozen=True)
class Plan:
    """One request, read and ready."""

    request: Request[CopySpec]
    channel: Channel
    fields: tuple[FieldPlan, ...]

    @cached_property
    def sheet(self) -> Sheet:
        return read_sheet(self.request.spec.product, self.request.spec.brief)

    @cached_property
    def ground(self) -> Ground:
        spec = self.request.spec
        return read_ground(spec.product, spec.brief, spec.brand, spec.language)

    @cached_property
    def phrases(self) -> Phrases:
        spec = self.request.spec
        return read_phrases(spec.product, spec.brief, spec.brand, spec.language)

    def may_run(self, text: str, plan: FieldPlan) -> bool:
        """Whether *text* keeps the limits and rules of its field and is true to the row."""
        spec, names = self.request.spec, self.sheet.names
        if not text or measure(text, plan.field.unit) > plan.aim:
            return False
        found = check_text(
            text,
            field=plan.field,
            channel=self.channel,
            brand=spec.brand,
            brief=spec.brief,
            names=[name for name in (names.title, names.name, names.short, names.model, names.brand) if name],
        )
        return all(
            f.severity == Severity.WARNING for f in [*found, *self.ground.check(text), *self.phrases.check(text)]
        )


def plan_request(request: Request[CopySpec]) -> Plan:
    """Read *request*: its channel and the fields that its creatives and its channel want.

    Raises:
        UnknownChannel: the channel or one of the slots does not exist.
    """
    channel = load_channel(request.spec.channel)
    slots = {slot.name: slot for slot in channel.slots}
    for name in request.spec.slots:
        if name not in slots:
            raise UnknownChannel(f"{channel.id} has no slot {name!r}. It has: {', '.join(slots)}.")
    fields = copy_fields(channel, [slots[name] for name in request.spec.slots])
    return Plan(request, channel, tuple(_plan_field(field) for field in fields))


def _plan_field(field: TextField) -> FieldPlan:
    aim = min(field.aim, MOST)
    wanted = field.max_items if field.max_items <= 15 else MANY
    if field.is_button:
        return FieldPlan(field, "button", aim, min(wanted, 1))
    if field.is_headline:
        return FieldPlan(field, "headline", aim, wanted)
    if aim < _SHORT:
        return FieldPlan(field, "short", aim, wanted)
    return FieldPlan(field, "text", aim, wanted)


def candidates(plan: Plan, field: FieldPlan, random: np.random.Generator) -> list[Candidate]:
    """What may be published in *field*, the angles in turn; a few times what is wanted."""
    if field.section == "button" and plan.request.spec.brief.call_to_action:
        stated = Candidate(plan.request.spec.brief.call_to_action, "action", ("brief",), ())
        return [stated] if plan.may_run(stated.text, field) else []
    most = max(10, min(60, 3 * field.wanted))
    if field.section == "text":
        most = max(9, min(18, int(2.5 * field.wanted)))
        filled = compose(
            plan.sheet, random, shortest=min(int(field.aim * 0.55), _ENOUGH), longest=field.aim, wanted=most
        )
    else:
        filled = fill_section(field.section, plan.sheet, random)
        if field.section == "headline" and field.wanted >= SEVERAL:
            filled += fill_section("beside", plan.sheet, random)
    fitting = [
        one
        for one in filled
        if measure(one.text, field.field.unit) <= field.aim
        and (field.section == "button" or is_specific(one, plan.sheet))
    ]
    loose = [one for one in fitting if field.section == "headline" and names_only_maker(one, plan.sheet)]
    own = [one for one in fitting if one not in loose]
    own += spread(loose, random, wanted=max(0, field.wanted - len(own)))  # only where little else can be said
    shuffled = spread(own, random, wanted=2 * most)
    return [one for one in shuffled if plan.may_run(one.text, field)][:most]


def is_specific(candidate: Candidate, sheet: Sheet) -> bool:
    """Whether the line could be no other product's: it names this one, or says two things of it, or one at length."""
    low, names = candidate.text.lower(), sheet.names
    own = [name.lower() for name in (names.model, names.brand, names.short) if name]
    if not names.model and not names.brand:
        return names.noun.lower() in low or len(candidate.facts) > 1
    if any(name in low for name in own) or len(candidate.facts) > 1:
        return True
    spelt = " " in names.kind and names.kind.lower() in low  # "trekking poles", and something of two words about them
    return any(len(fact.text.split()) >= (2 if spelt else 4) for fact in candidate.facts)


def names_only_maker(candidate: Candidate, sheet: Sheet) -> bool:
    """Whether the line is as true of anything else of the kind that its maker sells: "Shop Daybird boots"."""
    model = sheet.names.model.lower()
    return bool(model) and not candidate.facts and model not in candidate.text.lower()


def is_free_line(text: str, plan: Plan, field: FieldPlan) -> bool:
    """Whether a line that the network wrote alone may run: checked, whole, about this product."""
    words = text.split()
    loose = load_words().classes["prepositions"] | load_words().classes["determiners"] | {"and", "or", "&", "but"}
    low, names = text.lower(), plan.sheet.names
    if set(low.split()) & set(names.model.lower().split()) and names.model.lower() not in low:
        return False  # half a name is another product's
    if set(low.split()) <= set(names.title.lower().split()) and low not in names.title.lower():
        return False  # a name whose words have changed places
    if {"by", "from"} & set(low.split()) and names.brand.lower() not in low:
        return False
    whole = len(words) >= 2 and words[-1].lower().strip(".,:") not in loose and not repeats(text)
    return whole and is_specific(Candidate(text, "free", (), ()), plan.sheet) and plan.may_run(text, field)


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
    notes = []
    for field in plan.fields:
        found = texts.get(field.field.name, 0)
        if found < field.wanted and found < max(field.field.min_items, min(field.wanted, 8)):
            advice = ", ".join(lacks(plan.sheet)) or "more details"
            notes.append(f"{field.field.name}: {found} of {field.wanted}. Add {advice} for more.")
    return notes
