"""manifest.json: what was made, from what, by what, so that anyone can check a file and say where it comes from."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from adloom.core.drafts import Source
from services.results import Copy, Creative, Facts, Results

JSON = dict[str, Any]  # Any: JSON

_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SOURCE_TYPES: Mapping[Source, str] = {  # IPTC's vocabulary of digital source types, which platforms ask for
    Source.FREE: f"{_IPTC}trainedAlgorithmicMedia",
    Source.GUIDED: f"{_IPTC}trainedAlgorithmicMedia",
    Source.TEMPLATE: f"{_IPTC}algorithmicMedia",
    Source.COMPOSED: f"{_IPTC}compositeSynthetic",
    Source.GENERATED: f"{_IPTC}trainedAlgorithmicMedia",
}


def write_manifest(results: Results) -> bytes:
    """The file: the job, every item with its state, and for what was made its hash, size, seed, weights and label."""
    copies = {copy.facts.id: copy for copy in results.copies}
    creatives: dict[UUID, list[Creative]] = {}
    for creative in results.creatives:
        creatives.setdefault(creative.facts.id, []).append(creative)
    document = {
        "version": 1,
        "ai_generated": True,
        "job": {
            "id": str(results.job_id),
            "name": results.name,
            "state": results.state,
            "seed": results.seed,
            "created_at": results.created_at.isoformat(),
            "finished_at": results.finished_at.isoformat() if results.finished_at else None,
        },
        "items": [
            {
                **_item(facts, results.seed),
                **_texts(copies.get(facts.id)),
                **_files(creatives.get(facts.id, ())),
            }
            for facts in results.items
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _item(facts: Facts, seed: int) -> JSON:
    failed = facts.error_code is not None
    return {
        "id": str(facts.id),
        "custom_id": facts.custom_id or None,
        "kind": facts.kind,
        "product_id": facts.product_id or None,
        "target": facts.target or None,
        "state": facts.state.value,
        "error": {"code": facts.error_code, "message": facts.error_message} if failed else None,
        "seed": seed,
        "position": facts.position,
        "attempts": facts.attempts,
        "weights": facts.provenance.get("weights"),
        "prompt_sha256": facts.provenance.get("prompt_sha256"),
        "provenance": facts.provenance,
        "notes": list(facts.notes),
    }


def _texts(copy: Copy | None) -> JSON:
    if copy is None:
        return {}
    texts = [
        {
            "field": text.field.name,
            "number": text.number,
            "text": text.text,
            "sha256": hashlib.sha256(text.text.encode()).hexdigest(),
            "size_bytes": len(text.text.encode()),
            **_label(text.source),
        }
        for text in copy.texts
    ]
    return {"texts": texts, "repeated_texts_left_out": copy.repeated}


def _files(creatives: Sequence[Creative]) -> JSON:
    files = [
        {
            "file_name": creative.file_name,
            "media_type": creative.media_type,
            "sha256": creative.sha256,
            "size_bytes": creative.size_bytes,
            "width_px": creative.details.get("width"),
            "height_px": creative.details.get("height"),
            **_label(creative.source),
        }
        for creative in creatives
    ]
    return {"files": files} if files else {}


def _label(source: str) -> JSON:
    return {"source": source, "digital_source_type": SOURCE_TYPES[Source(source)]}
