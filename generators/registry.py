"""Which generator makes which kind.  A third party adds one by an entry point in ``adloom.generators``."""

from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from pydantic import SecretStr

from adloom.core.errors import BadConfiguration
from generators.base import Generator
from generators.copy.shares import SHARES, Shares

BUILT_IN: dict[str, str] = {  # kind -> "module:Class"; the class takes GeneratorSettings
    "copy.lm": "generators.copy.lm:CopyLM",
    "copy.served": "generators.copy.served:CopyServed",
    "copy.template": "generators.copy.template:CopyTemplate",
    "banner.compose": "generators.banner:BannerCompose",
    "noop": "generators.noop:Noop",
}


@dataclass(frozen=True)
class GeneratorSettings:
    """What a generator may know of its process."""

    device: str = "cpu"
    threads: int = 0  #: torch threads; 0: as many as there are cores
    precision: str = "fp32"  #: how a network's matrices are held on a processor: fp32 or bf16
    cache: Path = Path(".adloom/weights")  #: converted and downloaded weights live under it
    shares: Shares = field(default_factory=lambda: SHARES)  #: of the parts of a text's score
    weights: str = "smollm2-135m-instruct"  #: for specs that name none
    llm_url: str = ""
    llm_model: str = ""
    llm_api_key: SecretStr = field(default=SecretStr(""))
    llm_concurrency: int = 8  #: requests in flight
    llm_connect_seconds: float = 5.0
    llm_read_seconds: float = 120.0  #: for one answer
    llm_item_seconds: float = 300.0  #: for all answers and attempts of one item
    llm_pause_seconds: float = 0.5  #: before the second attempt; doubles
    llm_temperature: float = 0.7
    llm_top_p: float = 0.95


def create(kind: str, settings: GeneratorSettings) -> Generator:
    """A generator for *kind*.

    Raises:
        BadConfiguration: nothing makes this kind, or two packages claim it.
    """
    module, _, name = _place(kind).partition(":")
    # imported on first use: torch takes seconds, and a banner worker never needs it
    made: Generator = getattr(import_module(module), name)(settings)
    return made


def _place(kind: str) -> str:
    points = [point.value for point in entry_points(group="adloom.generators", name=kind)]
    places = [*([BUILT_IN[kind]] if kind in BUILT_IN else []), *points]
    if not places:
        raise BadConfiguration(f"No generator makes {kind!r}. Known: {', '.join(sorted(BUILT_IN))}.")
    if len(places) > 1:
        raise BadConfiguration(f"Two generators claim {kind!r}: {' and '.join(places)}.")
    return places[0]
