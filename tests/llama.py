"""llama.cpp's server in a process of its own, on tiny weights that the test makes."""

import importlib.util
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.servers import START_SECONDS, NotInstalled, die_with_parent, free_port

KEY = "k-1"


@dataclass(frozen=True)
class LlamaServer:
    """A running server that knows one network under the name "tiny"."""

    url: str
    process: subprocess.Popen[bytes]

    def tokens_written(self) -> float:
        """How many tokens it has generated since its start."""
        metrics = httpx2.get(f"{self.url}/metrics", headers={"Authorization": f"Bearer {KEY}"}).text
        lines = (line.split() for line in metrics.splitlines())
        return next(float(line[1]) for line in lines if line and line[0] == "llamacpp:tokens_predicted_total")

    def pause(self) -> None:
        """Stop it where it stands; connections stay open and silent."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()


@contextmanager
def llama_server(weights: Path, folder: Path, *, context: int = 8192) -> Iterator[LlamaServer]:
    """Serve the GGUF file *weights* to those who send KEY; its log goes to *folder*.

    Raises:
        NotInstalled: the package that holds the server is not there.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise NotInstalled("llama.cpp's server is not installed: make setup")
    port = free_port()
    command = [sys.executable, str(Path(__file__).with_name("llama_process.py"))]
    with (folder / "llama.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, str(weights), str(port), KEY, str(context)],
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,
        )
    server = LlamaServer(f"http://127.0.0.1:{port}", process)
    try:
        _wait(server, folder / "llama.log")
        yield server
    finally:
        server.resume()
        server.kill()


def _wait(server: LlamaServer, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx2.get(f"{server.url}/health").status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"llama.cpp's server did not start:\n{log.read_text(errors='replace')}")
