"""The HTTP client: everything a platform offers, as methods.  Problems come back as the matching `PlatformError`.

Answers are the server's JSON, typed and not validated again.  Requests that may safely be repeated are, with back-off.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import quote

import httpx2

from adloom.core import errors
from adloom.core.brand import Brand
from adloom.core.errors import BadConfiguration, Invalid, PlatformError, Problem, Unauthorized, Unreachable
from adloom.core.states import FINAL_JOB
from adloom.views import JSON, ExportView, FeedView, ImageView, ItemView, JobView

_CLASSES: Mapping[str, type[PlatformError]] = {
    kind.code: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PlatformError)
}
_BY_STATUS: Mapping[int, type[PlatformError]] = {  # for answers that are no problem+json: proxies, frameworks
    401: errors.Unauthorized,
    404: errors.NotFound,
    413: errors.TooLarge,
    422: errors.Invalid,
    502: errors.Unreachable,
    503: errors.Unreachable,
    504: errors.Unreachable,
}
_PASSING = frozenset({429, 502, 503, 504})  #: statuses that another attempt may get past
_PATIENCE_SECONDS = 60.0  #: a server that asks for more, a used-up quota of the day say, is the caller's to wait for
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class _Call:
    """One request, and whether sending it twice does no more than sending it once."""

    method: str
    path: str
    repeatable: bool
    params: Mapping[str, str | int] = field(default_factory=dict)
    json: object = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Client:
    """Talks to the platform at *url* on behalf of *api_key*'s owner.  A context manager."""

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        timeout_seconds: float = 60.0,
        retries: int = 4,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = url.rstrip("/")
        self._retries = retries
        self._sleep = sleep
        key = api_key.strip()
        if not key.isascii() or not key.isprintable():
            raise Unauthorized("This API key holds characters that no key has. Copy it again.")
        try:
            address = httpx2.URL(self.url)
        except httpx2.InvalidURL as error:
            raise BadConfiguration(f"{url!r} is not an address: {error}.") from error
        if address.scheme not in ("http", "https") or not address.host:
            raise BadConfiguration(f"{url!r} is not an address. Write it as http://host:port.")
        self._http = httpx2.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx2.Timeout(timeout_seconds, connect=min(timeout_seconds, 10.0)),
            verify=address.scheme == "https",  # reading the certificates costs more than a start may take
            trust_env=address.host not in _LOOPBACK,  # a proxy from the environment cannot reach our own loopback
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def submit(self, request: Mapping[str, Any], *, idempotency_key: str | None = None) -> JobView:
        """Submit a job: ``{"items": […]}`` or ``{"campaign": {…}}``.

        It carries an idempotency key, made up where none is given, so that a repeated request makes no second job.
        """
        headers = {"Idempotency-Key": idempotency_key or uuid.uuid4().hex}
        return cast(JobView, self._json(_Call("POST", "/v1/jobs", True, json=request, headers=headers)))

    def jobs(self, *, state: str | None = None) -> Iterator[JobView]:
        """Yield the owner's jobs, newest first, page by page; only those in *state* where it is given."""
        return cast(Iterator[JobView], self._pages("/v1/jobs", {"state": state} if state else {}))

    def job(self, job_id: str) -> JobView:
        """Return a job as it stands."""
        return cast(JobView, self._get(f"/v1/jobs/{quote(job_id, safe='')}"))

    def cancel(self, job_id: str) -> JobView:
        """Withdraw a job: what is finished stays, nothing else starts."""
        return cast(JobView, self._json(_Call("POST", f"/v1/jobs/{quote(job_id, safe='')}/cancel", True)))

    def pause(self, job_id: str) -> JobView:
        """Start nothing more of a job until it is resumed."""
        return cast(JobView, self._json(_Call("POST", f"/v1/jobs/{quote(job_id, safe='')}/pause", True)))

    def resume(self, job_id: str) -> JobView:
        """Go on with a paused job."""
        return cast(JobView, self._json(_Call("POST", f"/v1/jobs/{quote(job_id, safe='')}/resume", True)))

    def items(self, job_id: str, *, state: str | None = None) -> Iterator[ItemView]:
        """Yield a job's items with their variants, page by page; only those in *state* where it is given."""
        path = f"/v1/jobs/{quote(job_id, safe='')}/items"
        return cast(Iterator[ItemView], self._pages(path, {"state": state} if state else {}))

    def watch(self, job_id: str, *, cap_seconds: float = 10.0) -> Iterator[JobView]:
        """Yield the job again and again until it is final, as often as the server asks for, or every *cap_seconds*."""
        path = f"/v1/jobs/{quote(job_id, safe='')}"
        while True:
            response = self._send(_Call("GET", path, True))
            job = cast(JobView, self._parsed(response))
            yield job
            if job["state"] in FINAL_JOB:
                return
            self._sleep(min(_retry_after(response) or 1.0, cap_seconds))

    def upload_feed(self, name: str, data: bytes) -> FeedView:
        """Upload a product feed; its rows are read at once, bad ones are listed in ``errors``."""
        headers = {"Content-Type": "application/octet-stream"}
        call = _Call("POST", "/v1/feeds", False, params={"name": name}, content=data, headers=headers)
        return cast(FeedView, self._json(call))

    def products(self, feed_id: str) -> Iterator[JSON]:
        """Yield a feed's products in its order, page by page."""
        return self._pages(f"/v1/feeds/{quote(feed_id, safe='')}/products", {})

    def feed_images(self, feed_id: str) -> Iterator[ImageView]:
        """Yield the images that a feed refers to; those in state ``needed`` wait for `upload_image`."""
        return cast(Iterator[ImageView], self._pages(f"/v1/feeds/{quote(feed_id, safe='')}/images", {}))

    def upload_image(self, feed_id: str, reference: str, data: bytes) -> ImageView:
        """Upload the image that a feed calls *reference*."""
        path = f"/v1/feeds/{quote(feed_id, safe='')}/images"
        return cast(ImageView, self._put_bytes(path, data, {"reference": reference}))

    def brands(self) -> Iterator[JSON]:
        """Yield the owner's brands."""
        return self._pages("/v1/brands", {})

    def put_brand(self, name: str, brand: Brand) -> JSON:
        """Create or replace the brand that campaigns call *name*."""
        body = brand.model_dump(mode="json")
        return self._json(_Call("PUT", f"/v1/brands/{quote(name, safe='')}", True, json=body))

    def put_logo(self, name: str, data: bytes) -> JSON:
        """Upload a brand's logo."""
        return self._put_bytes(f"/v1/brands/{quote(name, safe='')}/logo", data, {})

    def channels(self) -> Iterator[JSON]:
        """Yield the channels that the platform knows."""
        return self._pages("/v1/channels", {})

    def kinds(self) -> Iterator[JSON]:
        """Yield the kinds of items that the platform makes."""
        return self._pages("/v1/kinds", {})

    def exports(self, job_id: str) -> list[ExportView]:
        """Return what a job can be exported to; a running job exports what is finished so far."""
        return cast(list[ExportView], list(self._pages(f"/v1/jobs/{quote(job_id, safe='')}/exports", {})))

    def save_export(self, job_id: str, format_name: str, target: Path) -> None:
        """Write one export to *target*, which appears only when it is complete."""
        call = _Call("GET", f"/v1/jobs/{quote(job_id, safe='')}/exports/{quote(format_name, safe='')}", True)
        partial = target.with_name(f".{target.name}.partial")
        response = self._send(call, stream=True)
        try:
            with partial.open("wb") as file, self._explained(call):
                file.writelines(response.iter_bytes())
            partial.replace(target)
        finally:
            response.close()
            partial.unlink(missing_ok=True)

    def asset(self, asset_id: str) -> bytes:
        """Return a stored file's bytes."""
        return self._send(_Call("GET", f"/v1/assets/{quote(asset_id, safe='')}", True)).content

    def _get(self, path: str) -> JSON:
        return self._json(_Call("GET", path, True))

    def _put_bytes(self, path: str, data: bytes, params: Mapping[str, str | int]) -> JSON:
        headers = {"Content-Type": "application/octet-stream"}
        return self._json(_Call("PUT", path, True, params=params, content=data, headers=headers))

    def _pages(self, path: str, params: Mapping[str, str | int]) -> Iterator[JSON]:
        cursor: str | None = None
        while True:
            asked = {**params, "cursor": cursor} if cursor else params
            page = self._json(_Call("GET", path, True, params=asked))
            yield from page["data"]
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    def _json(self, call: _Call) -> JSON:
        return self._parsed(self._send(call))

    def _parsed(self, response: httpx2.Response) -> JSON:
        try:
            parsed = response.json()
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise Unreachable(
                f"{self.url} answers, but not as an Adloom platform (status {response.status_code}). Check the address."
            )
        return parsed

    def _send(self, call: _Call, *, stream: bool = False) -> httpx2.Response:
        """Send *call*, again after a while where that is safe; raise what the last answer says."""
        for attempt in range(self._retries + 1):
            last = attempt == self._retries
            try:
                with self._explained(call):
                    response = self._http.send(self._request(call), stream=stream)
            except Unreachable as unreachable:
                never_sent = isinstance(unreachable.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout)
                if last or not (call.repeatable or never_sent):
                    raise
                self._sleep(_back_off(attempt))
                continue
            if not response.is_error:
                return response
            response.read()
            wait = _retry_after(response) or _back_off(attempt)
            if last or wait > _PATIENCE_SECONDS or not (call.repeatable and response.status_code in _PASSING):
                break
            self._sleep(wait)
        raise _fault(response)

    def _request(self, call: _Call) -> httpx2.Request:
        return self._http.build_request(
            call.method, call.path, params=call.params, json=call.json, content=call.content, headers=call.headers
        )

    @contextmanager
    def _explained(self, call: _Call) -> Iterator[None]:
        """Trouble on the way becomes `Unreachable`, with the address and what to do about it."""
        try:
            yield
        except httpx2.ConnectError as error:
            raise Unreachable(
                f"No platform answers at {self.url}. Start one with 'adloom up', or check the address."
            ) from error
        except httpx2.TimeoutException as error:
            raise Unreachable(
                f"{self.url} took too long to answer {call.method} {call.path}. Try again, or look at its log."
            ) from error
        except httpx2.RequestError as error:
            sent = f" while {len(call.content):,} bytes were on their way" if call.content else ""
            raise Unreachable(
                f"The connection to {self.url} broke{sent} ({call.method} {call.path}). Try again."
            ) from error


def _back_off(attempt: int) -> float:
    """Seconds before the next attempt: a quarter, then double each time, scattered so that clients do not march."""
    return float(0.25 * 2**attempt * random.uniform(0.75, 1.25))


def _retry_after(response: httpx2.Response) -> float | None:
    """The seconds that the server asks to wait; None where it does not say so in seconds."""
    try:
        return max(0.0, float(response.headers.get("Retry-After", "")))
    except ValueError:
        return None


def _fault(response: httpx2.Response) -> PlatformError:
    """The error that an unsuccessful answer stands for."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        problem = {}
    kind = _CLASSES.get(problem.get("code", "")) or _BY_STATUS.get(response.status_code, PlatformError)
    detail = problem.get("detail") or (
        f"{response.request.url} answered {response.status_code} {response.reason_phrase} without an explanation."
    )
    if not issubclass(kind, Invalid):
        return kind(detail)
    problems = [
        Problem(pointer=each.get("pointer", ""), code=each.get("code", ""), detail=each.get("detail", ""))
        for each in problem.get("errors") or ()
    ]
    return kind(detail, problems=problems)
