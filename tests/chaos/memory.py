"""A memory limit for one worker, kept by the kernel: a control group, where this machine lets us make one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.chaos.rig import Rig

V1, V2 = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")


def group_folder() -> Path | None:
    """Where groups with a memory limit can be made; None where they cannot."""
    for folder in (V1, V2):
        limit = folder / ("memory.limit_in_bytes" if folder == V1 else "cgroup.controllers")
        if limit.exists() and os.access(folder, os.W_OK):
            return folder
    return None


@contextmanager
def memory_limit(rig: Rig, name: str, *, megabytes: int) -> Iterator[None]:
    """Start the process *name* again inside a group of its own that may hold *megabytes*."""
    folder = group_folder()
    assert folder is not None
    group = folder / f"adloom-chaos-{os.getpid()}"
    group.mkdir()
    managed = rig.supervisor[name]
    plain = managed.prefix
    (group / ("memory.limit_in_bytes" if folder == V1 else "memory.max")).write_text(str(megabytes << 20))
    managed.prefix = ["sh", "-c", f'echo $$ > {group / "cgroup.procs"}; exec "$@"', "sh"]
    try:
        managed.kill()
        rig.wait_ready()
        yield
    finally:
        managed.prefix = plain
        managed.kill()
        rig.wait_ready()
        with suppress(OSError):
            group.rmdir()
