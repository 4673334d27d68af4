"""May this be published?  The checks that drafts pass, for copy that anyone has written."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import Field, model_validator

from adloom.channels import parse_target
from adloom.checks import Severity
from adloom.checks.review import Remark, Reviewer
from adloom.core.brand import Brand
from adloom.core.brief import Brief
from adloom.core.errors import Invalid, Problem, UnknownChannel
from adloom.core.products import Product
from api.dependencies import Owner
from api.openapi import PROBLEMS
from api.schemas import Body, TargetName
from api.views import View
from services.pointers import pointer, suggestion

router = APIRouter(prefix="/v1/checks", tags=["checks"], responses=PROBLEMS)

MAX_CHARACTERS = 200_000  #: in the texts of one request: a check takes its time, and others wait for the same threads

Text = Annotated[str, Field(max_length=10_000)]


class AdBody(Body):
    """One ad: its texts by field.  With a product, they have to be true to it too."""

    texts: Annotated[
        dict[str, Annotated[list[Text], Field(max_length=100)]],
        Field(min_length=1, max_length=100, examples=[{"headline": ["Full-Grain Leather, Light Stride"]}]),
    ]
    product: Product | None = None


class CheckBody(Body):
    """Ads to be checked for one channel."""

    channel: Annotated[TargetName, Field(description="As in a campaign.", examples=["google_rsa"])]
    ads: Annotated[list[AdBody], Field(min_length=1, max_length=1000)]
    brief: Brief = Brief()
    brand: Brand | None = None

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        characters = sum(len(text) for ad in self.ads for several in ad.texts.values() for text in several)
        if characters > MAX_CHARACTERS:
            raise ValueError(f"These texts have {characters:,} characters; a request may have {MAX_CHARACTERS:,}.")
        return self


class RemarkView(View):
    """One finding; field and number are null where it is about the ad as a whole.

    `span` is a half-open range of code points of the text. `repair` is the text as it could run, where a program can
    tell.
    """

    field: str | None
    number: int | None
    rule: Annotated[str, Field(examples=["no_all_caps_words"])]
    severity: Severity
    detail: str
    span: tuple[int, int] | None
    repair: str | None

    @classmethod
    def of(cls, remark: Remark) -> Self:
        """The view of a remark."""
        finding, whole = remark.finding, remark.number is None
        return cls(
            field=remark.field or None,
            number=remark.number,
            rule=finding.rule,
            severity=finding.severity,
            detail=finding.detail,
            span=None if whole else finding.span,
            repair=remark.repair,
        )


class AdView(View):
    """What is to be said about one ad. It is publishable where nothing is an error or needs evidence."""

    publishable: bool
    remarks: list[RemarkView]

    @classmethod
    def of(cls, remarks: list[Remark]) -> Self:
        """The view of an ad's remarks."""
        publishable = all(remark.finding.severity == Severity.WARNING for remark in remarks)
        return cls(publishable=publishable, remarks=[RemarkView.of(remark) for remark in remarks])


class CheckView(View):
    """One answer per ad, in the order of the request."""

    ads: list[AdView]


@router.post("")
def check(asked: CheckBody, owner: Owner) -> CheckView:
    """Check ads against a channel's limits and rules. Nothing is stored and nothing is generated."""
    plain = _reviewer(asked)
    problems = [problem for n, ad in enumerate(asked.ads) for problem in _unknown(n, ad, plain)]
    if problems:
        raise Invalid("Some texts stand in fields that the channel does not have.", problems=problems)
    return CheckView(ads=[AdView.of(replace(plain, product=ad.product).review(ad.texts)) for ad in asked.ads])


def _reviewer(asked: CheckBody) -> Reviewer:
    try:
        channel, slots = parse_target(asked.channel)
    except UnknownChannel as error:
        raise UnknownChannel(str(error), problems=[Problem("/channel", error.code, str(error))]) from None
    return Reviewer(channel, slots, asked.brief, asked.brand)


def _unknown(number: int, ad: AdBody, reviewer: Reviewer) -> Iterator[Problem]:
    for name in ad.texts:
        if name not in reviewer.fields:
            detail = f"There is no field {name!r}. {suggestion(name, reviewer.fields)}"
            yield Problem(pointer("ads", number, "texts", name), "unknown-field", detail)
