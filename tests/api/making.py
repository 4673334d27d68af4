"""What a worker would do, in a few lines: take every ready item and record texts or a picture for it."""

import json
import random
from typing import Any
from uuid import uuid4

from uuid_utils.compat import uuid7

from adloom.core.drafts import Failure
from adloom.core.lanes import Lane
from services.acquire import Held, acquire_micro_batch
from services.record import Budgets, Made, Result, StoredFile, record, report
from tests.api.conftest import Platform
from tests.pictures import picture

CAMPAIGN: dict[str, Any] = {  # Any: JSON
    "products": [
        {"id": "b1", "title": "Wanderer Boots", "link": "https://shop.example/b1"},
        {"id": "b2", "title": "Summit Harness", "link": "https://shop.example/b2"},
    ],
    "channels": ["google_rsa", "iab_fixed:300x250"],
    "brief": {"name": "Autumn"},
}


def submit(platform: Platform, owner: dict[str, str], **campaign: Any) -> str:  # Any: JSON
    """The id of a new campaign's job."""
    answer = platform.client.post("/v1/jobs", json={"campaign": {**CAMPAIGN, **campaign}}, headers=owner)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def make_all(platform: Platform) -> None:
    """Work until nothing is ready."""
    for lane in (Lane.COPY, Lane.BANNER):
        while make_some(platform, lane):
            pass


def make_some(platform: Platform, lane: Lane, *, failing: bool = False) -> bool:
    """Work on one micro-batch; False where there was none."""
    sessions, now = platform.database.sessions, platform.database.now
    with sessions.begin() as session:
        batch = acquire_micro_batch(session, lane, worker=uuid4(), limit=50, lease_seconds=60, now=now(session))
    if batch is None:
        return False
    results = [
        Failure(item.id, "image-missing", "No image.") if failing else _made(platform, batch.kind, item)
        for item in batch.items
    ]
    with sessions.begin() as session:
        jitter = random.Random(1)
        record(session, report(batch, results, budgets=Budgets(), retry_seconds=5, jitter=jitter, now=now(session)))
    return True


def _made(platform: Platform, kind: str, item: Held) -> Result:
    provenance = json.dumps({"weights": "tiny@1", "prompt_sha256": "ab" * 32})
    spec = json.loads(item.spec)
    if kind == "banner.compose":
        stored = platform.store.put(f"assets/{item.id}", picture(), media_type="image/png")
        file = StoredFile(uuid7(), 0, stored.key, "image/png", stored.sha256, stored.size_bytes)
        return Made(item.id, json.dumps([_creative(spec["slot"], file)]), [file], provenance=provenance)
    title = spec["product"]["title"]
    fields = ["headline", "description"] if spec["channel"] == "google_rsa" else ["creative_headline"]
    texts = [
        (field, text) for field in fields for text in (title, f"Try the {title}", "Made to last", f"{title} for you")
    ]
    if "iab" in spec["channel"]:
        texts.append(("creative_cta", "Shop now"))
    return Made(item.id, json.dumps([_text(n, *text) for n, text in enumerate(texts)]), provenance=provenance)


def _text(number: int, field: str, text: str) -> dict[str, Any]:  # Any: JSON
    common = {"source": "guided", "score": 1.0 - number / 100, "details": {"length": len(text)}, "asset": None}
    return {"number": number, "field": field, "text": text, **common}


def _creative(slot: str, file: StoredFile) -> dict[str, Any]:  # Any: JSON
    asset = {
        "id": str(file.id),
        "media_type": file.media_type,
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
    }
    details = {"width": 300, "height": 250, "layout": "split"}
    return {
        "number": 0,
        "field": slot,
        "text": "",
        "source": "composed",
        "score": 1.0,
        "details": details,
        "asset": asset,
    }
