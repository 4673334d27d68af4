"""docker-compose.yml: a valid file whose services come up, here as processes on private servers."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from adloom.core.settings import Settings
from tests.conftest import FreshDatabase
from tests.servers import free_port, postgres_database

ROOT = Path(__file__).parents[1]
SECRETS = {"POSTGRES_PASSWORD": "secret", "ADLOOM_API_KEY_PEPPER": "pepper"}
OURS = ["migrate", "api", "sweeper", "worker-copy", "worker-banner"]
HEALTHY_SECONDS = 90

Service = dict[str, Any]  # Any: YAML


def compose(environment: Mapping[str, str]) -> dict[str, Service]:
    """The services of docker-compose.yml with ``${…}`` filled in as Compose does."""

    def fill(match: re.Match[str]) -> str:
        name, operator, word = match.group(1), match.group(2) or "", match.group(3) or ""
        if environment.get(name):
            return environment[name]
        if operator == ":?":
            raise LookupError(word)
        return word

    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    document = yaml.safe_load(re.sub(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}", fill, text))
    PyCompose.from_json(json.dumps(document))  # ValueError: not a Compose file
    services: dict[str, Service] = document["services"]
    return services


def healthcheck(service: Service) -> list[str]:
    """The command that tells whether a container of *service* is healthy: its own, or its image's; [] for none."""
    if "healthcheck" in service:
        return list(service["healthcheck"].get("test", []))
    target = service.get("build", {}).get("target", "")
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    stage = dockerfile.partition(f"FROM runtime AS {target}\n")[2].partition("\nFROM ")[0]
    found = re.search(r"^HEALTHCHECK (?:.|\\\n)*?CMD (\[.*\])$", stage, re.MULTILINE)
    return ["CMD", *json.loads(found.group(1))] if found else []


def test_the_file_is_valid() -> None:
    assert set(OURS) < set(compose(SECRETS))


@pytest.mark.parametrize("missing", SECRETS)
def test_it_refuses_to_start_without_its_secrets(missing: str) -> None:
    with pytest.raises(LookupError, match=missing):
        compose({**SECRETS, missing: ""})


def test_every_variable_is_in_the_example_environment() -> None:
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    example = set(re.findall(r"^# (\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert used <= example


@pytest.mark.parametrize("name", OURS)
def test_a_service_sets_only_settings_that_exist(name: str) -> None:
    known = {f"ADLOOM_{field.upper()}" for field in Settings.model_fields}
    assert set(compose(SECRETS)[name]["environment"]) <= known


def test_metrics_are_served_inside_the_network_alone() -> None:
    services = compose(SECRETS)
    port = services["api"]["environment"]["ADLOOM_METRICS_PORT"]
    assert int(port) > 0
    assert not [name for name, service in services.items() for each in service.get("ports", []) if port in each]


def test_whoever_is_waited_for_can_say_that_it_is_there() -> None:
    services = compose(SECRETS)
    for service in services.values():
        for name, dependency in service.get("depends_on", {}).items():
            awaited = services[name]
            if dependency["condition"] == "service_healthy":
                assert healthcheck(awaited)
            else:
                assert dependency["condition"] == "service_completed_successfully"
                assert awaited["restart"] == "no"


def test_a_worker_may_finish_before_it_is_killed() -> None:
    for name in ("worker-copy", "worker-banner"):
        assert compose(SECRETS)[name]["stop_grace_period"] == "90s"
    assert Settings.model_fields["drain_seconds"].default < 90


def test_every_volume_that_is_used_is_declared() -> None:
    document = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    used = {
        mount.partition(":")[0] for service in document["services"].values() for mount in service.get("volumes", [])
    }
    assert used == set(document["volumes"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["api", "sweeper", "worker-copy", "worker-banner"])
def test_a_service_becomes_healthy_and_stops(
    name: str, fresh_database: FreshDatabase, redis_url: str, tmp_path: Path
) -> None:
    service, port = compose(SECRETS)[name], str(free_port())
    environment = on_this_machine(service, fresh_database("postgresql"), redis_url, port, tmp_path)
    with running(service["command"], environment, tmp_path / "log") as process:
        if check := healthcheck(service):
            command = [word.replace(":8000", f":{port}") for word in check[1:]]
            wait_until(process, lambda: run(command, environment).returncode == 0, tmp_path / "log")
        else:
            wait_until(process, lambda: '"sweeper.started"' in (tmp_path / "log").read_text(), tmp_path / "log")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)  # uvicorn ends by the signal that it has obeyed


@pytest.mark.slow
def test_migrate_ends_well_once_and_again(postgres_url: str, redis_url: str, tmp_path: Path) -> None:
    service = compose(SECRETS)["migrate"]
    with postgres_database(postgres_url, "compose_migrate") as database_url:
        environment = on_this_machine(service, database_url, redis_url, "0", tmp_path)
        assert [run(service["command"], environment).returncode for _ in range(2)] == [0, 0]


def on_this_machine(service: Service, database_url: str, redis_url: str, port: str, folder: Path) -> dict[str, str]:
    """The service's environment with the addresses of private servers in place of the containers'."""
    changed = {
        "ADLOOM_DATABASE_URL": database_url,
        "ADLOOM_BROKER_URL": redis_url,
        "ADLOOM_PORT": port,
        "ADLOOM_HOST": "127.0.0.1",
        "ADLOOM_METRICS_HOST": "127.0.0.1",
        "ADLOOM_METRICS_PORT": "0",
    }
    own = {
        name: changed.get(name, value.replace("/data", str(folder))) for name, value in service["environment"].items()
    }
    return {"PATH": os.environ["PATH"], "HOME": str(folder), **own}


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(in_python(command), cwd=ROOT, env=environment, capture_output=True, check=False, timeout=60)


def in_python(command: list[str]) -> list[str]:
    assert command[0] == "python"
    return [sys.executable, *command[1:]]


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            in_python(command), cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_until(process: subprocess.Popen[bytes], healthy: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + HEALTHY_SECONDS
    while not healthy():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
