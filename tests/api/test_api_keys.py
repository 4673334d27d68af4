"""Keys over HTTP and on the command line: shown once, kept as a hash, refused without a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from adloom.core.errors import BadConfiguration
from adloom.core.settings import Settings
from api.__main__ import check
from api.keys import main
from models import ApiKey
from services.keys import revoke_key
from tests.api.conftest import Platform
from tests.conftest import FreshDatabase


def refusals(platform: Platform) -> Iterator[dict[str, str]]:
    """Headers that must not be let in, each for a reason of its own."""
    good = platform.ada["Authorization"]
    key_id = good.split("_")[1]
    yield {}
    yield {"Authorization": ""}
    yield {"Authorization": "Basic YWRhOmFkYQ=="}
    yield {"Authorization": "Bearer"}
    yield {"Authorization": "Bearer nonsense"}
    yield {"Authorization": f"Bearer adl_{'0' * 12}_{'0' * 43}"}
    yield {"Authorization": f"Bearer adl_{key_id}_{'0' * 43}"}
    yield {"Authorization": good + "0"}
    yield {"Authorization": good.replace("Bearer ", "Bearer x")}
    with platform.database.sessions.begin() as session:
        revoke_key(session, key_id, now=platform.database.now(session))
    yield platform.ada


def test_all_refusals_look_the_same(platform: Platform) -> None:
    bodies = []
    for headers in refusals(platform):
        answer = platform.client.get("/v1/jobs", headers=headers)
        assert answer.status_code == 401, headers
        assert answer.headers["www-authenticate"] == "Bearer"
        bodies.append({**answer.json(), "instance": ""})
    assert all(body == bodies[0] for body in bodies)


def test_a_key_in_the_address_is_no_key(platform: Platform) -> None:
    key = platform.ada["Authorization"].removeprefix("Bearer ")
    assert platform.client.get(f"/v1/jobs?api_key={key}&access_token={key}").status_code == 401


def test_the_secret_is_not_in_the_database(platform: Platform) -> None:
    secret = platform.ada["Authorization"].rsplit("_", 1)[1]
    with platform.database.sessions.read() as session:
        rows = session.execute(sa.select(ApiKey.__table__)).all()
    assert len(rows) == 2
    assert secret not in repr(rows)


def test_use_is_noted_to_the_minute(platform: Platform) -> None:
    def used() -> list[object]:
        with platform.database.sessions.read() as session:
            return list(session.scalars(sa.select(ApiKey.last_used_at).where(ApiKey.owner == "ada")))

    assert used() == [None]
    platform.client.get("/v1/jobs", headers=platform.ada)
    first = used()
    assert first != [None]
    platform.client.get("/v1/jobs", headers=platform.ada)
    assert used() == first


@pytest.fixture
def settings(fresh_database: FreshDatabase, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path, database_url=fresh_database("sqlite"))


def test_a_key_is_created_listed_and_revoked(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create", "--owner", "ada", "--name", "laptop"], settings) == 0
    key = capsys.readouterr().out.strip()
    _, key_id, secret = key.split("_")
    assert (len(key_id), len(secret)) == (12, 43)
    main(["list"], settings)
    listed = capsys.readouterr().out
    assert key_id in listed
    assert "laptop" in listed
    assert secret not in listed
    assert main(["revoke", key_id], settings) == 0
    main(["list"], settings)
    assert "revoked" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["create", "--owner", "../ada"], ["create", "--owner", ""], ["revoke", "nope"]])
def test_what_cannot_be_done_is_said(
    settings: Settings, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments, settings) == 1
    assert capsys.readouterr().err != ""


def test_a_database_without_tables_is_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/empty.db")
    assert main(["list"], settings) == 1
    assert "adloom migrate" in capsys.readouterr().err


def test_nobody_serves_others_with_the_sample_pepper() -> None:
    sample = Settings(_env_file=None, host="0.0.0.0", api_key_pepper=SecretStr("development-only"))
    with pytest.raises(BadConfiguration, match="ADLOOM_API_KEY_PEPPER"):
        check(sample)
    check(sample.model_copy(update={"host": "127.0.0.1"}))
    check(sample.model_copy(update={"api_key_pepper": SecretStr("of our own")}))
