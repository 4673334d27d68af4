"""What is installed and shipped: the lock files, the wheel, make, the images."""

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_wheel
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_architecture import imports, is_in, sources

ROOT = Path(__file__).parents[1]
LOCKS = [
    "requirements.lock",
    "requirements-api.lock",
    "requirements-worker.lock",
    "requirements-weights.lock",
    "requirements-bench.lock",
]
IMAGES = {  # image -> the modules that it starts, the lock it installs from
    "api": (["api.__main__", "api.keys", "migrations.__main__", "worker.sweeper"], "requirements-api.lock"),
    "worker": (
        ["worker.__main__", "worker.app", "worker.health", *(name for name in sources() if is_in(name, "generators"))],
        "requirements-worker.lock",
    ),
}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, set[str]]:
    """The versions that *lock* pins, by package; more than one where they depend on the Python version."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", read(lock), re.MULTILINE):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_in_a_lock_has_hashes_and_names_no_host(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", read(lock).strip())
    assert entries
    assert not [entry for entry in entries if "--hash=sha256:" not in entry]
    assert "://" not in read(lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_torch_is_in_no_lock(lock: str) -> None:
    assert "torch" not in pins(lock)


@pytest.mark.parametrize("lock", ["requirements-api.lock", "requirements-worker.lock"])
def test_the_images_get_the_versions_that_were_tested(lock: str) -> None:
    everything = pins("requirements.lock")
    assert not {name: versions for name, versions in pins(lock).items() if versions != everything.get(name)}


def test_the_lock_satisfies_every_dependency() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    locked = pins("requirements.lock")
    missing = [
        line
        for line in wanted
        if (need := Requirement(line)).name != "adloom"
        and not any(need.specifier.contains(version) for version in locked.get(canonicalize_name(need.name), ()))
    ]
    assert not missing, "make lock"


def test_what_only_a_measurement_needs_is_locked_apart_and_agrees_with_the_rest() -> None:
    groups = tomllib.loads(read("pyproject.toml"))["dependency-groups"]
    everything, locked = pins("requirements.lock"), pins("requirements-bench.lock")
    for need in map(Requirement, groups["bench"]):
        assert canonicalize_name(need.name) not in everything
        assert all(need.specifier.contains(version) for version in locked[canonicalize_name(need.name)]), "make lock"
    assert not {name: versions for name, versions in locked.items() if versions != everything.get(name, versions)}


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_holds_every_package_and_library_that_it_starts(image: str) -> None:
    started, lock = IMAGES[image]
    modules, libraries = _reached(started)
    assert {module.partition(".")[0] for module in modules} <= _copied_into(image)

    distributions = importlib.metadata.packages_distributions()
    outside = {name for name in libraries if name not in sys.stdlib_module_names} - {"torch"}
    installed = pins(lock).keys() | pins("requirements-weights.lock").keys()
    provided = {
        name for name in outside if {canonicalize_name(each) for each in distributions.get(name, ())} & installed
    }
    assert provided == outside


def _reached(started: list[str]) -> tuple[set[str], set[str]]:
    """Our modules that importing *started* imports, and the top-level names of everything else."""
    modules: set[str] = set()
    libraries: set[str] = set()
    waiting = list(started)
    while waiting:
        module = waiting.pop()
        if module in modules:
            continue
        modules.add(module)
        parents = {module.rpartition(".")[0]} & set(sources())
        for name in imports(module) | parents:
            if name in sources():
                waiting.append(name)
            else:
                libraries.add(name.partition(".")[0])
    return modules, libraries


def _copied_into(image: str) -> set[str]:
    stages = dict(re.findall(r"^FROM \S+ AS (\S+)\n(.*?)(?=^FROM|\Z)", read("Dockerfile"), re.MULTILINE | re.DOTALL))
    text = stages["runtime"] + stages[image]
    return {name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for name in line.split()}


def test_what_the_images_copy_exists_and_reaches_the_builder() -> None:
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", read("Dockerfile"), re.MULTILINE)
        for name in line.split()
    }
    sent = [
        path for pattern in re.findall(r"^!(.+)$", read(".dockerignore"), re.MULTILINE) for path in ROOT.glob(pattern)
    ]
    assert copied <= {str(path.relative_to(ROOT)) for path in sent}


def test_the_api_image_knows_no_torch() -> None:
    modules, libraries = _reached(IMAGES["api"][0])
    assert not libraries & {"torch", "transformers"}
    assert "generators" not in {module.partition(".")[0] for module in modules}


def test_the_wheel_is_the_library_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    wheel = zipfile.ZipFile(tmp_path / build_wheel(str(tmp_path)))
    names = set(wheel.namelist())
    assert {name.partition("/")[0] for name in names} == {"adloom", f"adloom-{_version()}.dist-info"}
    on_disk = [path for path in (ROOT / "adloom").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {str(path.relative_to(ROOT)) for path in on_disk} <= names


def _version() -> str:
    return str(tomllib.loads(read("pyproject.toml"))["project"]["version"])


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_alone_lists_every_target() -> None:
    targets = re.findall(r"^\.PHONY: (.+)$", read("Makefile"), re.MULTILINE)[0].split()
    assert re.findall(r"^  make (\w+)", make().stdout, re.MULTILINE) == targets


@pytest.mark.parametrize("kind", ["missing", "old"])
def test_make_says_what_it_needs_when_python_is_too_old_or_missing(kind: str, tmp_path: Path) -> None:
    python = tmp_path / "python3"
    if kind == "old":
        pretend = "import sys; sys.version_info = (3, 10); exec(sys.argv[1])"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{pretend}" "$2"\n')
        python.chmod(0o755)
    answer = make("setup", f"VENV={tmp_path / 'venv'}", f"PYTHON={python}")
    assert answer.returncode != 0
    assert "Python 3.11 or newer" in answer.stderr
    assert not (tmp_path / "venv").exists()


def test_check_runs_the_command_that_the_readme_names() -> None:
    planned = make("--dry-run", "check", "VENV=/nowhere").stdout
    for step in ("ruff format --check", "ruff check", "mypy", "pytest"):
        assert step in planned
