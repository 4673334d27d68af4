"""What the OpenAPI document says beyond what the handlers' types do: problems, raw bodies, files."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

JSON = dict[str, Any]  # Any: JSON
Responses = dict[int | str, JSON]

_PROBLEM = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemView"}}}}

PROBLEMS: Responses = {
    status: {"description": description, **_PROBLEM}
    for status, description in {
        400: "The request cannot be read: no JSON, or a cursor of another list.",
        401: "No key, or not one of ours.",
        404: "No such thing, or not yours.",
        413: "Larger than the limit.",
        422: "Understood and wrong; `errors` says where.",
        500: "Our fault; `instance` finds it in the log.",
        503: "The database does not answer just now; `Retry-After`.",
    }.items()
}


def raw_body(description: str, *media_types: str) -> JSON:
    """The `openapi_extra` of a handler that takes bytes as they come."""
    content = {media_type: {"schema": _BINARY} for media_type in media_types or ("application/octet-stream",)}
    return {"requestBody": {"required": True, "description": description, "content": content}}


def json_body(schema: str) -> JSON:
    """The `openapi_extra` of a handler that reads its JSON itself; `describe` is given the schema."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"requestBody": {"required": True, "content": content}}


def binary(description: str, *media_types: str) -> Responses:
    """The `responses` of a handler that answers with bytes."""
    return {200: {"description": description, "content": {media: {"schema": _BINARY} for media in media_types}}}


_BINARY = {"type": "string", "format": "binary"}


def describe(app: FastAPI, models: Sequence[type[BaseModel]]) -> JSON:
    """The OpenAPI document of *app*; *models* are those that no handler's type names."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        webhooks=app.webhooks.routes,
    )
    schemas = document["components"]["schemas"]
    for model in models:
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update({**schema.pop("$defs", {}), model.__name__: schema})
    return document
