"""How a command gets hold of a platform: over the network, or the embedded one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from adloom.cli.embedded import join, start_or_join
from adloom.cli.options import Place
from adloom.cli.screen import notes, shown
from adloom.client import Client
from adloom.core.errors import BadConfiguration, Unreachable


@dataclass(frozen=True)
class Reached:
    """A platform that answers: its client, and how to see that it still runs."""

    client: Client
    check: Callable[[], None]
    if_stuck: str = "No worker has taken anything yet. Is one running for each lane, on this database and broker?"


@contextmanager
def reach(place: Place, *, start: bool = True) -> Iterator[Reached]:
    """Talk to the platform at *place*; the embedded one is started if need be, or only joined without *start*.

    Raises:
        PlatformStopped: the embedded platform cannot be started, or stopped meanwhile.
    """
    if place.url:
        if any(place.parts.values()):
            raise BadConfiguration(
                "Options of the embedded platform cannot change a running one: leave --url or them out."
            )
        with Client(place.url, place.api_key) as client:
            yield Reached(client, check=lambda: None)
        return
    with ExitStack() as stack:
        with notes().status("Starting the platform …"):
            platform = stack.enter_context(start_or_join(place.parts) if start else join())
        client = stack.enter_context(Client(platform.url, platform.api_key))
        try:
            logs = f"No worker has taken anything yet. What they say is in {shown(platform.home.logs)}."
            yield Reached(client, check=platform.check, if_stuck=logs)
        except Unreachable:
            platform.check()  # if it is gone, that is the reason to give
            raise
