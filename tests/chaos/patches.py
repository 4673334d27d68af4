"""Changes our modules as they are imported, in the processes that the suite starts: product code has no test hooks.

The suite installs it as ``sitecustomize``, which Python imports by itself.  ``CHAOS_MUTATIONS`` holds replacements in
the source of modules; ``CHAOS_FAILPOINTS`` names a folder in which a file arms a failpoint.
"""

import importlib.abc
import importlib.machinery
import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

MUTATIONS: list[list[str]] = json.loads(os.environ.get("CHAOS_MUTATIONS", "[]"))  #: module, old, new
FAILPOINTS = os.environ.get("CHAOS_FAILPOINTS", "")
SCALE = 20  #: as in the rig, which this file must not import


def strike(name: str) -> bool:
    """Whether the failpoint *name* was armed; it goes off once."""
    try:
        Path(FAILPOINTS, name).unlink()
    except FileNotFoundError:
        return False
    return True


def die_after_upload(module: ModuleType) -> None:
    """Failpoint ``after-upload``: the process is gone when an object is stored and its row is not written."""
    put = module.FolderStore.put

    def put_and_die(self: Any, key: str, *arguments: Any, **more: Any) -> Any:  # Any: whatever the store takes
        stored = put(self, key, *arguments, **more)
        if key.startswith("assets/") and strike("after-upload"):
            os._exit(1)
        return stored

    module.FolderStore.put = put_and_die


def sleep_in_commit(module: ModuleType) -> None:
    """Failpoint ``slow-commit``: a transaction that records waits at its commit."""

    def look(connection: Any, cursor: Any, statement: str, *_: Any) -> None:  # Any: SQLAlchemy's own signature
        if "succeeded" in statement or "attempts" in statement:
            connection.info["records"] = True

    def wait(connection: Any) -> None:  # Any: a connection
        if connection.info.pop("records", False) and strike("slow-commit"):
            time.sleep(1.5)

    module.event.listen(module.sa.Engine, "before_cursor_execute", look)
    module.event.listen(module.sa.Engine, "commit", wait)


AFTER: dict[str, Callable[[ModuleType], None]] = {"storage.store": die_after_upload, "models.engine": sleep_in_commit}
TIMERS = {"services.record": "MAX_OUTAGE_SECONDS", "worker.sweeper": "RING_AGAIN_SECONDS"}  #: that are no settings


def scale(source: str, timer: str) -> str:
    """*source* with its constant *timer* a twentieth of what it is, as the rig's settings are."""
    scaled, times = re.subn(rf"(?m)^({timer}) = ([0-9.]+)", lambda m: f"{m[1]} = {float(m[2]) / SCALE}", source)
    if times != 1:
        raise ImportError(f"{timer} is set {times} times")
    return scaled


class Changed(importlib.machinery.SourceFileLoader):
    """Loads a module from its source, with the replacements made."""

    def get_code(self, fullname: str) -> CodeType:
        source = Path(self.path).read_text(encoding="utf-8")
        for module, old, new in MUTATIONS:
            if module == fullname:
                if source.count(old) != 1:
                    raise ImportError(f"{module} has {source.count(old)} places that read {old!r}")
                source = source.replace(old, new)
        if FAILPOINTS and fullname in TIMERS:
            source = scale(source, TIMERS[fullname])
        return compile(source, self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if FAILPOINTS and module.__name__ in AFTER:
            AFTER[module.__name__](module)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the modules that are to be changed."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        wanted = fullname in {module for module, _, _ in MUTATIONS} or (FAILPOINTS and fullname in {*AFTER, *TIMERS})
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target) if wanted else None
        if spec is not None and spec.origin is not None:
            spec.loader = Changed(fullname, spec.origin)
        return spec


if MUTATIONS or FAILPOINTS:
    sys.meta_path.insert(0, Finder())
