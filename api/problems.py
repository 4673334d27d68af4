"""Every error becomes application/problem+json (RFC 9457) here, and nowhere else.  No answer repeats its request."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Scope

from adloom.core import errors
from adloom.core.errors import Invalid, NotFound, PlatformError, Problem
from services.health import DATABASE_TROUBLE
from services.pointers import MAX_PROBLEMS, problems_in

log = structlog.get_logger()

STATUS: Mapping[type[PlatformError], HTTPStatus] = {  # a subclass has its parent's, unless it stands here itself
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.IllegalMove: HTTPStatus.CONFLICT,
    errors.IdempotencyClash: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Unauthorized: HTTPStatus.UNAUTHORIZED,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadCursor: HTTPStatus.BAD_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.NotReady: HTTPStatus.CONFLICT,
    errors.QuotaExceeded: HTTPStatus.TOO_MANY_REQUESTS,
    errors.LaneFull: HTTPStatus.SERVICE_UNAVAILABLE,
}

INTERNAL: Final = frozenset({errors.BadConfiguration, errors.Unreachable, errors.GenerationError})
"""Errors that no request is to blame for: should one get here all the same, the answer is 500 and says nothing."""

_CODES: Mapping[int, tuple[str, str]] = {  # status -> code and detail, for what the framework itself refuses
    400: ("bad-request", "The request cannot be read."),
    404: ("not-found", "There is nothing at this address."),
    405: ("method-not-allowed", "This address does not take this method; 'Allow' names those that it takes."),
    413: (errors.TooLarge.code, "The request is larger than the limit."),
    415: ("unsupported-media-type", "Send the body as application/json."),
}
_BAD_JSON = ("bad-json", "The body is not valid JSON.")
_INTERNAL = ("internal-error", "Something went wrong on our side. Give 'instance' to whoever runs this platform.")
_UNAVAILABLE = ("unavailable", "The database does not answer just now. Try again shortly.")


def install(app: FastAPI) -> None:
    """Make every error of *app* a problem."""
    app.add_exception_handler(PlatformError, _platform)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _framework)
    for trouble in DATABASE_TROUBLE:
        app.add_exception_handler(trouble, _unavailable)
    app.add_exception_handler(ResponseValidationError, _internal)
    app.add_exception_handler(Exception, _internal)


def status_of(error: type[PlatformError]) -> HTTPStatus:
    """The status of an error: its own, or that of the nearest parent that has one; else it is our fault."""
    return next((STATUS[kind] for kind in error.__mro__ if kind in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def render_error(scope: Scope, error: PlatformError) -> JSONResponse:
    """Any `PlatformError` as a problem; one without a status is our fault: 500, without its text."""
    status = status_of(type(error))
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request.failed", instance=_instance(scope), error=type(error).__name__)
        return _problem(scope, status, *_INTERNAL)
    problems = error.problems if isinstance(error, Invalid) else ()
    return _problem(scope, status, error.code, str(error), problems=problems, headers=_headers(error))


def _headers(error: PlatformError) -> Mapping[str, str]:
    """What an error tells beside its body: how to come in, or when to come again."""
    match error:
        case errors.Unauthorized():
            return {"WWW-Authenticate": "Bearer"}
        case errors.QuotaExceeded() | errors.LaneFull():
            return {"Retry-After": str(error.retry_seconds)}
    return {}


def _platform(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PlatformError)
    return render_error(request.scope, error)


def _validation(request: Request, error: Exception) -> JSONResponse:
    """What pydantic refuses in a body, a parameter or a header, without the input that it would quote."""
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    places = {fault["loc"][0] for fault in faults}
    if places == {"path"}:  # an id of the wrong shape is an id of nothing
        return render_error(request.scope, NotFound())
    if any(fault["type"] == "json_invalid" for fault in faults):
        return _problem(request.scope, HTTPStatus.BAD_REQUEST, *_BAD_JSON)
    problems = [problem for fault in faults for problem in _problems(fault, error.body)]
    if places == {"body"} and isinstance(error.body, bytes):
        return _problem(request.scope, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, *_CODES[415])
    detail = "The request is not valid; 'errors' says where."
    return _problem(request.scope, HTTPStatus.UNPROCESSABLE_ENTITY, Invalid.code, detail, problems=problems)


def _problems(fault: Mapping[str, Any], body: Any) -> Sequence[Problem]:  # Any: pydantic's own signature, JSON
    place, *loc = fault["loc"]
    if place == "body":
        return problems_in(body, [{**fault, "loc": loc}])
    found = problems_in({part: None for part in loc}, [{**fault, "loc": loc}])
    return [Problem(f"{place}:{'.'.join(map(str, loc))}", problem.code, problem.detail) for problem in found]


def _framework(request: Request, error: Exception) -> JSONResponse:
    """What the framework refuses by itself: no such route, wrong method, too large, unreadable."""
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, PlatformError):
        return render_error(request.scope, error.__cause__)
    status = HTTPStatus(error.status_code)
    code, detail = _CODES.get(status, (status.phrase.lower().replace(" ", "-"), status.description or status.phrase))
    return _problem(request.scope, status, code, detail, headers=error.headers)


def _unavailable(request: Request, error: Exception) -> JSONResponse:
    log.error("database.unavailable", instance=_instance(request.scope), error=type(error).__name__)
    return _problem(request.scope, HTTPStatus.SERVICE_UNAVAILABLE, *_UNAVAILABLE, headers={"Retry-After": "5"})


def _internal(request: Request, error: Exception) -> JSONResponse:
    log.error("request.failed", instance=_instance(request.scope), error=type(error).__name__)
    return _problem(request.scope, HTTPStatus.INTERNAL_SERVER_ERROR, *_INTERNAL)


def _problem(
    scope: Scope,
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    problems: Sequence[Problem] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    if len(problems) > MAX_PROBLEMS:
        detail = f"{detail} There are more than the first {MAX_PROBLEMS}, which are shown."
    content = {
        "type": f"/problems/{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "instance": _instance(scope),
        "code": code,
        "errors": [asdict(problem) for problem in problems[:MAX_PROBLEMS]],
    }
    return JSONResponse(content, status.value, headers, media_type="application/problem+json")


def _instance(scope: Scope) -> str:
    """The request's own id, which is also in the log; the path would hand back what a stranger wrote."""
    return f"urn:uuid:{scope['state']['request_id']}"
