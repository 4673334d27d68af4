"""Webhooks: the secret they are signed with, and what the OpenAPI document says of them."""

from fastapi import APIRouter, Response

from api.again import RepeatingRoute
from api.dependencies import Owner, PartsDep
from api.openapi import PROBLEMS
from api.views import JobEvent, SecretView
from services.signing import show_secret, webhook_secret

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], responses=PROBLEMS, route_class=RepeatingRoute)
events = APIRouter(tags=["webhooks"])  #: no addresses of ours: what we send to yours


@router.get("/secret")
def secret(owner: Owner, parts: PartsDep, response: Response) -> SecretView:
    """The secret that your webhooks are signed with, by the rules of Standard Webhooks."""
    response.headers["Cache-Control"] = "no-store"
    return SecretView(secret=show_secret(webhook_secret(parts.pepper, owner)))


@events.post("job.completed", status_code=204)
def completed(body: JobEvent) -> None:
    """A job with a `webhook_url` has ended: it succeeded, in part at least, or was cancelled.

    Verify `webhook-signature`, answer 2xx within 15 seconds, and expect to be told more than once: `webhook-id` is the
    same every time.
    """


@events.post("job.failed", status_code=204)
def failed(body: JobEvent) -> None:
    """A job with a `webhook_url` has ended, and none of its items succeeded."""
