"""Reviews ads that anyone has written: every finding, where it stands, and how the text could run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from adloom.channels import Channel, Slot, TextField, copy_fields
from adloom.checks.dynamic import shown_on
from adloom.checks.editorial import check_ad, check_text
from adloom.checks.findings import Finding
from adloom.checks.grounding import Ground, read_ground
from adloom.checks.limits import check_counts
from adloom.checks.repair import repair
from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.products import Product


@dataclass(frozen=True)
class Remark:
    """A *finding* in text *number* (from 0) of *field*; both empty where it is about the ad as a whole.

    *repair*: the text as it could run, where a program can tell.
    """

    finding: Finding
    field: str = ""
    number: int | None = None
    text: str = ""
    repair: str | None = None


@dataclass(frozen=True)
class Reviewer:
    """Everything that an ad is held against.  With a *product*, its texts have to be true to it too.

    *slots*: those whose words may be among the texts.
    """

    channel: Channel
    slots: tuple[Slot, ...] = ()
    brief: Brief = field(default_factory=Brief)
    brand: Brand | None = None
    product: Product | None = None

    @cached_property
    def fields(self) -> Mapping[str, TextField]:
        """The fields that an ad's texts can stand in, by name."""
        return {field.name: field for field in (*self.channel.texts, *copy_fields(self.channel, self.slots))}

    def review(self, texts: Mapping[str, Sequence[str]]) -> list[Remark]:
        """What is to be said about the ad of *texts*, by the names of `fields`; text by text, then about the ad."""
        remarks = [
            remark
            for name, several in texts.items()
            for number, text in enumerate(several)
            for remark in self._each(text, self.fields[name], number)
        ]
        told = {remark.finding.rule for remark in remarks}  # where a text breaks a rule, the ad breaks it too
        whole = check_ad(texts, channel=self.channel, brand=self.brand, brief=self.brief)
        whole += check_counts(texts, self._creative_fields(texts))
        return remarks + [Remark(finding) for finding in whole if finding.rule not in told]

    def _creative_fields(self, texts: Mapping[str, Sequence[str]]) -> list[TextField]:
        """The fields of the words on the creatives, where the ad has such words, or the channel takes no others."""
        drawn = [field for field in copy_fields(self.channel, self.slots) if field not in self.channel.texts]
        return drawn if not self.channel.texts or any(field.name in texts for field in drawn) else []

    def _each(self, text: str, field: TextField, number: int) -> Iterator[Remark]:
        found = self.judge(text, field)
        if found:
            mended = repair(text, lambda each: self.judge(each, field), field)
            yield from (Remark(finding, field.name, number, text, mended) for finding in found)

    def judge(self, text: str, field: TextField) -> list[Finding]:
        """What is to be said about one text."""
        names = (self.product.title, self.product.brand) if self.product else ()
        brief = self.brief.model_copy(update={"language": self._language})
        found = check_text(
            text,
            field=field,
            channel=self.channel,
            brand=self.brand,
            brief=brief,
            names=[name for name in names if name],
        )
        return [*found, *self._untrue(text)] if field.written else found

    def _untrue(self, text: str) -> Iterator[Finding]:
        """What no source states of what a reader sees."""
        shown = shown_on(self.channel, text)
        for one in self._ground.check(shown.text) if self._ground else ():
            yield replace(one, span=shown.written(one.span))

    @property
    def _language(self) -> str:
        return self.brief.language or (self.product.language if self.product else "")

    @cached_property
    def _ground(self) -> Ground | None:
        if self.product is None:
            return None
        return read_ground(self.product, self.brief, self.brand, self._language)
