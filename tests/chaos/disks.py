"""Small disks that can be filled: a file system in memory, which takes root to mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PIECE = b"\0" * (1 << 16)


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """Mount a disk of so many *megabytes* at *folder*."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


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
