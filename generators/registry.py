"""From a kind's name to its generator."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

from adloom.core.errors import BadConfiguration
from generators.base import Generator


@dataclass(frozen=True)
class GeneratorSettings:
    """What a generator may know of its process's settings."""

    device: str = "cpu"
    threads: int = 0  #: torch threads; 0: as many as there are cores
    cache: Path = Path(".adloom/weights")  #: converted weights live below it
    weights: str = "smollm2-135m-instruct"
    llm_url: str = ""
    llm_model: str = ""
    llm_api_key: str = ""


BUILT_IN: Mapping[str, str] = {
    "copy.lm": "generators.copy.lm:CopyLm",
    "copy.served": "generators.copy.served:CopyServed",
    "copy.template": "generators.copy.template:CopyTemplate",
    "banner.compose": "generators.banner:BannerCompose",
    "noop": "generators.noop:Noop",
}


def create(kind: str, settings: GeneratorSettings) -> Generator:
    """A generator for *kind*, not loaded yet.

    Raises:
        BadConfiguration: nothing here makes this kind.
    """
    for point in entry_points(group="adloom.generators", name=kind):
        return cast(Generator, point.load()(settings))
    if kind not in BUILT_IN:
        raise BadConfiguration(f"No generator makes {kind!r}: install the package that brings it.")
    module, _, name = BUILT_IN[kind].partition(":")
    # by name: importing every generator would load torch into workers that never need it
    return cast(Generator, getattr(import_module(module), name)(settings))
