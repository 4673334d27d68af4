"""For load balancers and supervisors: does the process live, and can it work?"""

from fastapi import APIRouter, Response

from api.dependencies import PartsDep
from api.views import HealthView
from services.health import DATABASE_TROUBLE, database_reason, store_reason

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> HealthView:
    """The process lives.  Says nothing about what it depends on: restarting it would not mend that."""
    return HealthView(status="ok")


@router.get("/readyz", responses={503: {"model": HealthView, "description": "It cannot work just now."}})
def readyz(parts: PartsDep, response: Response) -> HealthView:
    """Whether requests can be served: the database answers and is migrated, the store takes bytes."""
    try:
        with parts.database.sessions.read() as session:
            database = database_reason(session)
    except DATABASE_TROUBLE as error:
        database = f"It does not answer: {type(error).__name__}."
    found = {"database": database, "store": store_reason(parts.store)}
    reasons = {part: reason for part, reason in found.items() if reason}
    response.status_code = 503 if reasons else 200
    return HealthView(status="unavailable" if reasons else "ok", reasons=reasons)
