"""From a leased item to a request: its spec, what its parents made, the bytes it names."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError

from adloom.core.drafts import Failure
from adloom.core.errors import GenerationError, NotFound, TransientError
from adloom.core.kinds import Kind
from adloom.core.specs import Spec
from generators.base import Parent, Request
from models.queries import items
from services.acquire import Held, MicroBatch
from services.record import STORE_AWAY
from storage import Fetcher, ObjectStore
from worker.renewals import Progress
from worker.runtime import Runtime

log = structlog.get_logger()


def prepare(runtime: Runtime, batch: MicroBatch, step: Progress) -> tuple[list[Request[Any]], list[Failure]]:
    """The requests of *batch*, and a failure for each item that cannot become one: neighbours never suffer.

    Raises:
        Stopping: this process has to let go of its work now.
    """
    kind = runtime.kinds.get(batch.kind)
    specs = [_spec(kind, item) if kind else _not_installed(batch.kind, item) for item in batch.items]
    step()
    files: Sequence[Mapping[str, bytes] | Failure] = [_NO_FILES] * len(specs)
    if any(spec.files() for spec in specs if isinstance(spec, Spec)):
        with _off_device(runtime, batch):
            files = [_files(runtime, item, spec, step) for item, spec in zip(batch.items, specs, strict=True)]
    parents = _parents(runtime, [item.id for item in batch.items if item.has_parents])
    requests: list[Request[Any]] = []
    failures: list[Failure] = []
    for item, spec, found in zip(batch.items, specs, files, strict=True):
        if isinstance(spec, Failure):
            failures.append(spec)
        elif isinstance(found, Failure):
            failures.append(found)
        else:
            requests.append(_request(item, spec, found, parents.get(item.id, ()) if parents else ()))
    return requests, failures


def _not_installed(kind: str, item: Held) -> Failure:
    return Failure(item.id, "kind-not-installed", f"No worker here makes {kind!r} yet.", blameless=True)


def _spec(kind: Kind, item: Held) -> Spec | Failure:
    try:
        return kind.spec.model_validate_json(item.spec)
    except ValidationError:
        return Failure(item.id, "bad-spec", "Its spec does not fit its kind any more; submit it again.")


_NO_FILES: Mapping[str, bytes] = MappingProxyType({})


@contextmanager
def _off_device(runtime: Runtime, batch: MicroBatch) -> Iterator[None]:
    """Inside, files are fetched: should the process die of that, the items are no suspects."""
    with runtime.database.sessions.begin() as session:
        items.mark_on_device(session, batch.held(), on_device=False)
    yield
    with runtime.database.sessions.begin() as session:
        items.mark_on_device(session, batch.held())


def _files(runtime: Runtime, item: Held, spec: Spec | Failure, step: Progress) -> Mapping[str, bytes] | Failure:
    step()
    if isinstance(spec, Failure):
        return {}
    try:
        return {name: load_file(name, item, runtime.store, runtime.fetcher) for name in spec.files()}
    except StoreAway as error:
        return Failure(item.id, error.code, str(error), retryable=True, blameless=True)
    except (GenerationError, NotFound) as error:
        return Failure(item.id, error.code, str(error), retryable=isinstance(error, TransientError))
    except Exception as error:  # ours to mend, but nobody else's item may pay for it
        log.error("item.not_prepared", item=str(item.id), error=type(error).__name__, exc_info=True)
        return Failure(item.id, "internal-error", "It could not be prepared.", retryable=True)


def load_file(name: str, item: Held, store: ObjectStore, fetcher: Fetcher) -> bytes:
    """The bytes that an item's spec names: a public URL's, or one of its owner's own uploads.

    Raises:
        MissingImage: it is neither, or is not there.
        StoreAway: the store does not answer.
    """
    if name.startswith(("http://", "https://")):
        return fetcher.fetch(name)
    if not name.startswith(f"uploads/{item.owner}/"):  # never another owner's
        raise MissingImage(f"The image {name!r} was not uploaded: upload it to the feed and submit again.")
    try:
        return store.get(name)
    except NotFound:
        raise MissingImage(f"The image {name!r} is gone from the store: upload it again.") from None
    except Exception as error:  # whatever the store raises
        log.warning("asset.not_read", item=str(item.id), error=type(error).__name__)
        raise StoreAway from error


class MissingImage(GenerationError):
    """An image that the spec names is not there."""

    code = "image-missing"


class StoreAway(TransientError):
    """The store does not answer."""

    code = STORE_AWAY


def _request(item: Held, spec: Spec, files: Mapping[str, bytes], parents: Sequence[Parent]) -> Request[Any]:
    return Request(
        id=item.id,
        spec=spec,
        seed=item.seed,
        position=item.position,
        files=files,
        parents=parents,
        checkpoint=item.checkpoint,
    )


def _parents(runtime: Runtime, children: Sequence[UUID]) -> dict[UUID, list[Parent]]:
    made: dict[UUID, list[Parent]] = {}
    if not children:
        return made
    with runtime.database.sessions.read() as session:
        for child, custom_id, variants in items.parents_made(session, children):
            texts: dict[str, list[str]] = {}
            for variant in variants or ():
                if variant["text"]:
                    texts.setdefault(variant["field"], []).append(variant["text"])
            made.setdefault(child, []).append(Parent(custom_id, texts))
    return made
