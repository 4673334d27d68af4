"""A TCP proxy on loopback that spoils the link between two parts of the platform, on demand and while it runs."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: closing sends a reset


@dataclass(frozen=True)
class Spoil:
    """What happens to a link.  The default: nothing."""

    latency_seconds: float = 0.0  #: before every piece, in both directions
    hold: bool = False  #: nothing gets through, and nobody is told
    slice_bytes: int = 0  #: pass pieces of at most so many bytes; 0: as they come
    truncate_bytes: int | None = None  #: reset each connection after so many bytes from the server
    cut_before: bytes = b""  #: reset a connection instead of passing a piece from the server that contains this
    refuse: bool = False  #: reset new connections at once


@dataclass(eq=False)
class _Link:
    """One client's connection and the proxy's own to the server."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    deaf: bool = False  #: half of it is gone, and neither side knows
    from_server: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def reset(self) -> None:
        for writer in (self.client, self.server):
            with suppress(OSError):
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()
        self.ended.set()


class Proxy:
    """Passes connections on to *host*:*port*.  A context manager; its own loopback port is `port`."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._loop = asyncio.new_event_loop()
        self._spoil = Spoil()
        self._changed = asyncio.Event()
        self._links: set[_Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.cuts = 0  #: how many connections `cut` has ended

    def __enter__(self) -> Self:
        ready = threading.Event()

        async def listen() -> None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
            self.port = self._server.sockets[0].getsockname()[1]
            ready.set()

        def serve() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(listen())
            self._loop.run_forever()

        self._thread = threading.Thread(target=serve, name="proxy", daemon=True)
        self._thread.start()
        ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def heal(self) -> None:
        """Pass everything again; what `half_open` has swallowed stays swallowed."""
        self._set(Spoil())

    def delay(self, seconds: float) -> None:
        """Hold every piece back for *seconds*."""
        self._set(Spoil(latency_seconds=seconds))

    def black_hole(self) -> None:
        """Let nothing through, and tell nobody; once healed, what was sent arrives."""
        self._set(Spoil(hold=True))

    def half_open(self) -> None:
        """Make the connections that exist deaf for ever, without closing them; new ones pass."""

        def deafen(link: _Link) -> None:
            link.deaf = True

        self._each(deafen)

    def reset(self, *, refuse: bool = False) -> None:
        """Reset the connections that exist; *refuse*: and new ones as well, until healed."""
        self._each(_Link.reset)
        self._set(Spoil(refuse=refuse))

    def slice(self, size: int) -> None:
        """Pass pieces of at most *size* bytes."""
        self._set(Spoil(slice_bytes=size))

    def truncate(self, after: int) -> None:
        """Reset each connection once *after* more bytes have come from the server."""

        def count_anew(link: _Link) -> None:
            link.from_server = 0

        self._each(count_anew)
        self._set(Spoil(truncate_bytes=after))

    def cut(self, before: bytes) -> None:
        """Reset a connection just before the server's answer that contains *before* would pass."""
        self._set(Spoil(cut_before=before))

    def connections(self) -> int:
        """How many connections are open."""
        return len(self._links)

    def _set(self, spoil: Spoil) -> None:
        def change() -> None:
            self._spoil = spoil
            self._changed.set()
            self._changed.clear()

        self._do(change)

    def _each(self, deed: Callable[[_Link], None]) -> None:
        def all_of_them() -> None:
            for link in list(self._links):
                deed(link)

        self._do(all_of_them)

    def _do(self, deed: Callable[[], None]) -> None:
        async def run() -> None:
            deed()

        self._run(run())

    def _run(self, work: Coroutine[Any, Any, None]) -> None:  # Any: a coroutine's own parameters
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _close(self) -> None:
        self._server.close()
        for link in list(self._links):
            link.reset()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._spoil.refuse:
                raise ConnectionRefusedError
            away_reader, away_writer = await asyncio.open_connection(*self._target)
        except OSError:
            _Link(writer, writer).reset()
            return
        link = _Link(writer, away_writer)
        self._links.add(link)
        pumps = [self._pump(link, reader, away_writer, False), self._pump(link, away_reader, writer, True)]
        tasks = [asyncio.ensure_future(pump) for pump in pumps]
        self._tasks.update(tasks)
        await link.ended.wait()
        self._links.discard(link)
        for task in tasks:
            task.cancel()
            self._tasks.discard(task)

    async def _pump(
        self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, from_server: bool
    ) -> None:
        try:
            while data := await reader.read(65536):
                if from_server and self._is_cut(link, data):
                    return
                await self._pass(link, writer, data)
            while link.deaf:  # the other side's end is swallowed, too
                await asyncio.sleep(3600)
            await self._held()
        except OSError:
            pass
        finally:
            self._end(link)

    def _end(self, link: _Link) -> None:
        for writer in (link.client, link.server):
            with suppress(OSError, RuntimeError):
                writer.close()
        link.ended.set()

    def _is_cut(self, link: _Link, data: bytes) -> bool:
        spoil = self._spoil
        link.from_server += len(data)
        full = spoil.truncate_bytes is not None and link.from_server > spoil.truncate_bytes
        if full or (spoil.cut_before and spoil.cut_before in data):
            self.cuts += 1
            link.reset()
            return True
        return False

    async def _pass(self, link: _Link, writer: asyncio.StreamWriter, data: bytes) -> None:
        await self._held()
        spoil = self._spoil
        if spoil.latency_seconds:
            await asyncio.sleep(spoil.latency_seconds)
        size = spoil.slice_bytes or len(data)
        for start in range(0, len(data), size):
            if link.deaf:
                return
            writer.write(data[start : start + size])
            await writer.drain()
            if spoil.slice_bytes:
                await asyncio.sleep(0)

    async def _held(self) -> None:
        while self._spoil.hold:
            await self._changed.wait()
