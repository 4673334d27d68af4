"""Small disks that can be filled: a file system in memory, which takes root to mount."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PIECE = b"\0" * (1 << 16)


@contextmanager
def small_disk(*, megabytes: int) -> Iterator[Path]:
    """Mount a disk of so many *megabytes*, where everybody may look: PostgreSQL does not run as root."""
    folder = Path(tempfile.mkdtemp(prefix="adloom-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", folder], check=True)
    folder.chmod(0o777)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@contextmanager
def ballast(disk: Path) -> Iterator[None]:
    """Fill *disk* to the last byte while the block runs."""
    file = disk / "ballast"
    with file.open("wb", buffering=0) as heavy:
        try:
            while True:
                heavy.write(PIECE)
        except OSError:
            pass
    try:
        yield
    finally:
        os.truncate(file, 0)
        file.unlink()
