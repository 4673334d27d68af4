"""What a campaign is made of, read from the user's own files: brand, brief, images."""

import json
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from adloom.core.errors import Invalid, NotFound, Problem

ModelT = TypeVar("ModelT", bound=BaseModel)


def read_model(path: Path, model: type[ModelT]) -> ModelT:
    """Read *path*, TOML or JSON by its ending, as a *model*.

    Raises:
        Invalid: it is neither, or a field is wrong; names the file and the fields.
    """
    try:
        return model.model_validate(read_document(path))
    except ValidationError as error:
        problems = [
            Problem(pointer=".".join(str(part) for part in each["loc"]), code=each["type"], detail=each["msg"])
            for each in error.errors()
        ]
        raise Invalid(f"{path} is not a valid {model.__name__.lower()}:", problems=problems) from error


def read_document(path: Path) -> object:
    """The values in a TOML or JSON file.

    Raises:
        Invalid: it is not written as its ending says.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (ValueError, tomllib.TOMLDecodeError) as error:
        kind = "JSON" if path.suffix.lower() == ".json" else "TOML"
        raise Invalid(f"{path} cannot be read as {kind}: {error}.") from error


def read_inside(folder: Path, reference: str) -> bytes:
    """The bytes of the file that *reference* names, relative to *folder* and never outside it.

    Raises:
        NotFound: there is no such file, or it lies outside; says which.
    """
    path = (folder / reference).resolve()  # follows links: one that leads outside is outside
    if not path.is_relative_to(folder.resolve()):
        raise NotFound(f"{reference} lies outside {folder}, and only files in there are uploaded. Copy it there.")
    if not path.is_file():
        raise NotFound(f"{folder / reference} does not exist.")
    return path.read_bytes()
