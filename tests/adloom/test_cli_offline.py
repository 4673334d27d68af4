"""What the command line says before any platform is involved."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import adloom as library
from adloom.channels import list_channels
from adloom.cli.app import cli
from adloom.cli.checkout import environment, read_settings
from adloom.core.errors import BadConfiguration
from tests.adloom.command_line import adloom

COMMANDS = [
    "demo",
    "run",
    "channels",
    "check",
    "submit",
    "watch",
    "jobs",
    "cancel",
    "export",
    "up",
    "migrate",
    "worker",
    "keys",
    "lanes",
    "owners",
    "weights",
]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test here may see, or start, a platform: they run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ADLOOM_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.tsv"
    path.write_text("id\ttitle\n1\tA tent\n")
    return path


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    ended = adloom(capsys, "--help")
    assert ended.code == 0
    assert [name for name in COMMANDS if f" {name} " not in ended.out] == []


def test_every_command_and_every_option_has_help() -> None:
    silent = [
        f"{command.name} {parameter.name}"
        for command in commands(get_command(cli))
        for parameter in [command, *command.params]
        if not getattr(parameter, "help", "")
    ]
    assert silent == []


def commands(group: Any) -> Iterator[Any]:  # Any: Typer's own copy of click has no public types
    yield group
    for command in getattr(group, "commands", {}).values():
        yield from commands(command)


def test_an_unknown_channel_fails_before_anything_starts(
    capsys: pytest.CaptureFixture[str], feed: Path, elsewhere: Path
) -> None:
    ended = adloom(capsys, "run", feed, "--channel", "meta_fed")
    assert ended.code == 1
    assert "meta_feed" in ended.err  # the nearest one
    assert not (elsewhere / ".adloom").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "nothing.tsv", "--channel", "google_rsa"], "nothing.tsv"),
        (["run", "feed.tsv"], "--channel"),
        (["run", "feed.tsv", "--channel", "google_rsa", "--llm", "http://127.0.0.1:11434/v1"], "--model"),
        (["run", "feed.tsv", "--channel", "google_rsa", "--limit", "0"], "--limit"),
        (["worker", "coyp"], "coyp"),
        (["rum"], "rum"),
    ],
)
def test_a_misuse_is_exit_code_2(
    capsys: pytest.CaptureFixture[str], feed: Path, arguments: list[str], said: str
) -> None:
    ended = adloom(capsys, *arguments)
    assert ended.code == 2
    assert said in ended.err


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("brand.toml", "name = ", "cannot be read as TOML"),
        ("brand.json", "{", "cannot be read as JSON"),
        ("brand.toml", 'name = "N"\n[colors]\nprimary = "red"', "colors.primary"),
        ("brand.toml", 'name = "N"\nslogan = "x"', "slogan"),
    ],
)
def test_a_bad_brand_names_the_file_and_the_field(
    capsys: pytest.CaptureFixture[str], feed: Path, elsewhere: Path, name: str, text: str, said: str
) -> None:
    (elsewhere / name).write_text(text)
    ended = adloom(capsys, "run", feed, "--channel", "google_rsa", "--brand", name)
    assert ended.code == 1
    assert name in ended.err
    assert said in ended.err


def test_channels_are_listed_for_people_and_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    ids = [channel.id for channel in list_channels()]
    people, machines = adloom(capsys, "channels"), adloom(capsys, "channels", "--json")
    assert [each for each in ids if each not in people.out] == []
    assert [each["id"] for each in json.loads(machines.out)] == ids


def test_texts_that_are_no_ads_are_listed_apart(capsys: pytest.CaptureFixture[str]) -> None:
    ads, _, others = adloom(capsys, "channels").out.partition("Other texts, which are no ads")
    assert "xiaohongshu_note" in ads
    assert [name for name in ("quiz", "support_reply", "product_description") if name in ads] == []
    assert [name for name in ("quiz", "support_reply", "product_description") if name not in others] == []
    shown = adloom(capsys, "channels", "support_reply").out
    assert "This is no ad" in shown
    assert "The brief has to hold: message." in shown


def test_one_channel_shows_its_limits(capsys: pytest.CaptureFixture[str]) -> None:
    ended = adloom(capsys, "channels", "iab_fixed")
    assert "iab_fixed:300x250" in ended.out


def test_one_slot_is_shown_by_the_name_that_its_channel_prints(capsys: pytest.CaptureFixture[str]) -> None:
    ended = adloom(capsys, "channels", "iab_fixed:300x250")
    assert ended.code == 0
    assert "iab_fixed:300x250" in ended.out
    assert "iab_fixed:728x90" not in ended.out
    (shown,) = json.loads(adloom(capsys, "channels", "iab_fixed:300x250", "--json").out)
    assert [slot["name"] for slot in shown["slots"]] == ["300x250"]


def test_an_unknown_slot_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    ended = adloom(capsys, "channels", "iab_fixed:300x25")
    assert (ended.code, "300x250" in ended.err) == (1, True)


def test_submit_needs_a_running_platform(capsys: pytest.CaptureFixture[str], elsewhere: Path) -> None:
    (elsewhere / "job.json").write_text("[]")
    ended = adloom(capsys, "submit", "job.json")
    assert ended.code == 1
    assert "adloom up" in ended.err


def test_a_setting_that_cannot_work_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADLOOM_PORT", "eighty")
    ended = adloom(capsys, "migrate")
    assert ended.code == 1
    assert "ADLOOM_PORT" in ended.err


def test_without_a_checkout_it_says_what_to_do(tmp_path: Path, elsewhere: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "adloom").symlink_to(Path(library.__file__).parent)
    env = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    for command in (["demo"], ["up"], ["migrate"], ["worker", "copy"], ["keys", "create"], ["weights", "list"]):
        ended = subprocess.run(
            [sys.executable, "-m", "adloom", *command], env=env, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 1
        assert "clone of the repository" in " ".join(ended.stderr.split())
        assert "Traceback" not in ended.stderr


def test_children_are_told_everything_with_absolute_paths(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADLOOM_API_KEY_PEPPER", "salt")
    told = environment(read_settings(storage_url="file:assets", database_url="sqlite:///here.db"))
    assert told["ADLOOM_HOME"] == str(elsewhere / ".adloom")
    assert told["ADLOOM_STORAGE_URL"] == f"file:{elsewhere}/assets"
    assert told["ADLOOM_DATABASE_URL"] == f"sqlite:///{elsewhere}/here.db"
    assert told["ADLOOM_API_KEY_PEPPER"] == "salt"


def test_addresses_that_are_no_paths_stay_as_they_are() -> None:
    url = "postgresql+psycopg://user:secret@host/db"
    assert read_settings(database_url=url).database_url == url


def test_a_bad_part_is_a_bad_configuration() -> None:
    with pytest.raises(BadConfiguration, match="ADLOOM_POOL"):
        read_settings(pool="gevent")
