"""What one request needs, without any network: its fields, its facts, and every candidate that may be published."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np

from adloom.channels import Channel, TextField, copy_fields, load_channel, measure
from adloom.checks import Severity, check_text
from adloom.checks.grounding import Ground, read_ground
from adloom.core.errors import UnknownChannel
from adloom.core.specs import CopySpec
from generators.base import Request
from generators.copy.extract import read_sheet
from generators.copy.facts import FactKind, Sheet
from generators.copy.frames import Candidate, compose, fill_section, repeats, spread
from generators.copy.languages import is_written, language_name, reads_as, tongue
from generators.copy.style import Style, load_style

SEVERAL = 8  #: a field that takes so many headlines shows them side by side
MANY = 5  #: texts for a field that takes any number
MOST = 500  #: characters: no row has more to say, whatever a field takes
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
    notes: tuple[str, ...] = ()

    @cached_property
    def sheet(self) -> Sheet:
        spec = self.request.spec
        return read_sheet(spec.product, spec.brief, spec.language)

    @cached_property
    def ground(self) -> Ground:
        spec = self.request.spec
        return read_ground(spec.product, spec.brief, spec.brand, spec.language)

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
        return all(f.severity == Severity.WARNING for f in [*found, *self.ground.check(text)])


def plan_request(request: Request[CopySpec]) -> Plan:
    """Read *request*: its channel and the fields that its creatives and its channel want.

    Raises:
        UnknownChannel: the channel or one of the slots does not exist.
    """
    request, notes = _settle_language(request)
    channel = load_channel(request.spec.channel)
    slots = {slot.name: slot for slot in channel.slots}
    for name in request.spec.slots:
        if name not in slots:
            raise UnknownChannel(f"{channel.id} has no slot {name!r}. It has: {', '.join(slots)}.")
    fields = copy_fields(channel, [slots[name] for name in request.spec.slots])
    return Plan(request, channel, tuple(_plan_field(field) for field in fields), notes)


def _settle_language(request: Request[CopySpec]) -> tuple[Request[CopySpec], tuple[str, ...]]:
    """*request* with the language that its row is in, and a note where the row states another."""
    spec, row = request.spec, request.spec.product
    if tongue(row.language) == tongue(spec.language) or not reads_as(row, spec.language):
        return request, ()
    product = row.model_copy(update={"language": spec.language})
    settled = msgspec.structs.replace(request, spec=spec.model_copy(update={"product": product}))
    told, read = language_name(row.language), language_name(spec.language)
    return settled, (f"The row counts as {told} and reads as {read}: state its content_language.",)


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
    """What may be published in *field*, the angles in turn; a few times what is wanted.

    Nothing but what the brief dictates, where the language has no frames.
    """
    if field.section == "button" and plan.request.spec.brief.call_to_action:
        stated = Candidate(plan.request.spec.brief.call_to_action, "action", ("brief",), ())
        return [stated] if plan.may_run(stated.text, field) else []
    if not is_written(plan.request.spec.language):
        return []
    most = max(10, min(60, 3 * field.wanted))
    if field.section == "text":
        most = max(9, min(18, int(2.5 * field.wanted)))
        shortest = _shortest(field, load_style(plan.sheet.language))
        filled = compose(
            plan.sheet, random, shortest=shortest, longest=field.aim, wanted=most,
            size=lambda text: measure(text, field.field.unit),
        )  # fmt: skip
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
    shuffled = spread(fitting, random, wanted=2 * most)
    return [one for one in shuffled if plan.may_run(one.text, field)][:most]


def _shortest(field: FieldPlan, style: Style) -> int:
    """What a text of sentences takes of *field* at least, in the field's own counting, where Han may count twice."""
    width = 1 if style.space else measure("字", field.field.unit)
    return min(int(field.aim * 0.55), style.enough * width)


def is_specific(candidate: Candidate, sheet: Sheet) -> bool:
    """Whether the line could be no other product's: it names this one, or says two things of it, or one at length."""
    low, names, style = candidate.text.lower(), sheet.names, load_style(sheet.language)
    own = [name.lower() for name in (names.model, names.brand, names.short) if name]
    if not names.model and not names.brand:
        return (names.noun or names.name).lower() in low or len(candidate.facts) > 1
    if any(name in low for name in own) or len(candidate.facts) > 1:
        return True
    spelt = style.weight(names.kind) > 1 and names.kind.lower() in low  # "trekking poles", and two words about them
    return any(style.weight(fact.text) >= (2 if spelt else 4) for fact in candidate.facts)


def is_free_line(text: str, plan: Plan, field: FieldPlan) -> bool:
    """Whether a line that the network wrote alone may run: checked, whole, about this product."""
    language = plan.request.spec.language
    words, style = text.lower().split(), load_style(language)
    low, names = text.lower(), plan.sheet.names
    if set(words) & set(names.model.lower().split()) and names.model.lower() not in low:
        return False  # half a name is another product's
    if set(words) <= set(names.title.lower().split()) and low not in names.title.lower():
        return False  # a name whose words have changed places
    if style.makers & set(words) and names.brand.lower() not in low:
        return False
    long_enough = len(words) >= 2 if style.space else style.weight(text) >= 2
    loose = words[-1].strip(".,:") in style.loose if style.space else low.endswith(tuple(style.loose))
    whole = long_enough and not loose and not repeats(text, language=language)
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
    notes = [*plan.notes]
    for field in plan.fields:
        found = texts.get(field.field.name, 0)
        if found < field.wanted and found < max(field.field.min_items, min(field.wanted, 8)):
            advice = ", ".join(lacks(plan.sheet)) or "more details"
            notes.append(f"{field.field.name}: {found} of {field.wanted}. Add {advice} for more.")
    return notes
