"""The composition root of the API: settings become parts, parts and routers become an application."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache

from fastapi import FastAPI
from fastapi.routing import APIRoute

from adloom.core.errors import WeightsNotAllowed
from adloom.core.kinds import load_kinds
from adloom.core.settings import Settings
from adloom.core.weights import packaged, resolve_version
from api import problems
from api.dependencies import Parts
from api.limits import BodyLimit
from api.openapi import describe
from api.requests import Observe, RequestIds
from api.routers import assets, brands, catalogue, checks, exports, feeds, health, items, jobs, webhooks
from api.schemas import JobBody
from api.views import ProblemView
from broker import open_ringer
from metrics import BellMetrics, HttpMetrics, MetricsServer, QueueCollector, QueueNumbers, new_registry
from models import Database, open_database
from services.admit import Limits
from services.measure import measure_queue
from services.outbox import webhook_reach
from storage import open_store

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_DESCRIPTION = """\
A job queue for advertising content. Upload a product feed, submit a campaign, poll the job, fetch the exports.

Every request but `/healthz` and `/readyz` carries `Authorization: Bearer adl_…`. Every error is
`application/problem+json` with a stable `code`, and `errors` that point into your request.
"""


def create_app(settings: Settings) -> FastAPI:
    """The API as an ASGI application; it begins to ring bells when it starts, and closes its connections when it stops.

    Raises:
        BadConfiguration: a setting cannot work.
    """
    database = open_database(settings.database(), pool_size=20)  # handlers run on up to 40 threads
    registry = new_registry()
    registry.register(QueueCollector(lambda: _measure(database)))
    server = MetricsServer(registry, host=settings.metrics_host, port=settings.metrics_port)
    ringer = open_ringer(settings.broker(), poll_seconds=settings.poll_seconds, note=BellMetrics(registry).rung)
    parts = Parts(
        database=database,
        store=open_store(settings.storage()),
        ringer=ringer,
        kinds=load_kinds(),
        pepper=settings.api_key_pepper.get_secret_value().encode(),
        max_job_items=settings.max_job_items,
        resolve_weights=weights_for(settings),
        webhooks=webhook_reach(settings.webhooks),
        limits=Limits(settings.max_waiting, settings.max_daily, settings.max_lane),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        ringer.start()
        server.start()
        try:
            yield
        finally:
            server.close()
            ringer.close()
            database.close()

    observe = HttpMetrics(registry).answered
    return make_app(parts, max_body_bytes=settings.max_body_bytes, lifespan=lifespan, observe=observe)


def _measure(database: Database) -> QueueNumbers:
    with database.sessions.read() as session:
        return measure_queue(session, now=database.now(session))


def _unobserved(method: str, route: str | None, status: int, seconds: float) -> None:
    """Nobody watches."""


def make_app(
    parts: Parts, *, max_body_bytes: int, lifespan: Lifespan | None = None, observe: Observe = _unobserved
) -> FastAPI:
    """The application around *parts*; tests hand it small ones."""
    app = FastAPI(
        title="Adloom",
        summary="The job queue for advertising content.",
        description=_DESCRIPTION,
        version="1",  # of the API: it rises with the number in /v1
        lifespan=lifespan,
        docs_url=None,  # its page would load scripts from elsewhere; /openapi.json is all there is
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
    )
    app.state.parts = parts
    problems.install(app)
    for router in (jobs, items, assets, feeds, brands, catalogue, checks, exports, webhooks, health):
        app.include_router(router.router)
    app.webhooks.include_router(webhooks.events)
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes)
    app.add_middleware(RequestIds, observe=observe)  # added last, so outermost
    app.openapi = cache(lambda: describe(app, [ProblemView, JobBody]))  # type: ignore[method-assign]
    return app


def _operation(route: APIRoute) -> str:
    """An operation's id: ``jobs.submit``."""
    return f"{route.tags[0]}.{route.name}" if route.tags else route.name


def weights_for(settings: Settings) -> Callable[[str, str], str]:
    """Which weights a kind uses for what a spec says: its own word, or this platform's default, fixed to a version.

    A spec may name what the catalogue or the operator lists, and no other: a name can be a folder of the server's, or
    make its workers download.
    """
    extra = {name.strip() for name in settings.extra_weights.split(",")}

    def resolve(kind: str, name: str) -> str:
        if kind == "copy.lm":
            if name and not (packaged(name) or name == settings.weights or name in extra or "*" in extra):
                raise WeightsNotAllowed
            return resolve_version(name or settings.weights)
        return name or (settings.llm_model if kind == "copy.served" else "")

    return resolve
