"""A job's body: decoded at once where it is plain, and by the documented model, which alone refuses, everywhere else.

Ten thousand items are too many for an object of pydantic's each.  `PlainJob` therefore mirrors `JobBody` in msgspec,
and takes less: whatever it does not take goes the documented way, and is accepted or refused there.
"""

import json
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from fastapi import Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.dependencies import Owner, RawBody
from api.schemas import CampaignBody, ItemBody, JobBody, Terms, check_storable, is_name, on_the_calendar, small
from services.specs import ItemDraft

SMALL_BYTES = 16_384  #: what is read sooner than another thread can be asked to
_BRACE = ord("{")
_NUL = b"\\u0000"  # JSON may hold it, no database can


class PlainJob(msgspec.Struct, forbid_unknown_fields=True):
    """A job that lists its items, with the terms still to be checked."""

    items: Annotated[list[ItemDraft], msgspec.Meta(min_length=1)]
    name: str = ""
    seed: int = 0
    priority: int = 0
    run_at: str | None = None
    deadline_at: str | None = None
    webhook_url: str = ""


class Submission(msgspec.Struct):
    """What a caller asks for: terms, and either items or a campaign."""

    terms: Terms
    items: list[ItemDraft] | None = None
    campaign: CampaignBody | None = None


_plain_jobs = msgspec.json.Decoder(PlainJob)


def read_plainly(body: bytes) -> Submission | None:
    """The submission in *body*, where nothing about it is out of the ordinary; else None."""
    if _NUL in body:
        return None
    try:
        job = _plain_jobs.decode(body)
        if not all(_is_plain(item) for item in job.items):
            return None
        given = {name: getattr(job, name) for name in PlainJob.__struct_fields__ if name != "items"}
        return Submission(Terms.model_validate(given), job.items)
    except (msgspec.MsgspecError, ValidationError, ValueError):
        return None


def _is_plain(item: ItemDraft) -> bool:
    if memoryview(item.spec)[0] != _BRACE:
        return False
    if item.metadata:
        check_storable(small(item.metadata))
    if item.run_at:
        on_the_calendar(item.run_at)
    names = (item.custom_id, *item.depends_on) if item.depends_on else (item.custom_id,)
    return all(name is None or is_name(name) for name in names)


def read_documented(body: bytes, content_type: str) -> Submission:
    """The submission in *body*, by the documented model.

    Raises:
        RequestValidationError: it is not a valid job; says where.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if not (media_type == "application/json" or media_type.endswith("+json")):
        raise RequestValidationError([{"type": "model_attributes_type", "loc": ("body",), "msg": ""}], body=body)
    if not body:
        raise RequestValidationError([{"type": "missing", "loc": ("body",), "msg": "Field required"}], body=None)
    try:
        document = json.loads(body)
    except ValueError:
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": ""}], body=None) from None
    except RecursionError:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from None
    try:
        job = JobBody.model_validate(document)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(faults, body=document) from None
    items = None if job.items is None else [_draft(item) for item in job.items]
    return Submission(job, items, job.campaign)


def _draft(item: ItemBody) -> ItemDraft:
    fields: dict[str, Any] = item.model_dump(exclude={"spec"})  # Any: one type per field
    return ItemDraft(**fields, spec=msgspec.Raw(json.dumps(item.spec).encode()))


async def _read(request: Request, body: RawBody, owner: Owner) -> Submission:
    del owner  # a stranger is refused before anything is read
    read = partial(_submission, body, request.headers.get("content-type", ""))
    return read() if len(body) <= SMALL_BYTES else await run_in_threadpool(read)


def _submission(body: bytes, content_type: str) -> Submission:
    plain = read_plainly(body) if content_type.startswith("application/json") else None
    return plain or read_documented(body, content_type)


SubmissionDep = Annotated[Submission, Depends(_read)]
