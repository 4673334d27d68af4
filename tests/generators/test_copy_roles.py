"""A format is a file: its roles say how it is written, and the guide's own example is written without any code."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import adloom
from adloom.channels import TextField, copy_fields, list_channels, load_channel
from adloom.core.errors import BadConfiguration
from generators.copy.frames import load_frames
from generators.copy.manners import Way, load_manners, role_of

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "add-a-channel.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[1]
LINE = TextField("line", max_length=60)

WRITE = """
import json, sys
from uuid import UUID
from adloom.core.specs import CopySpec
from generators.base import Request
from generators.copy.template import write
outcome = write(Request(UUID(int=1), CopySpec.model_validate_json(sys.stdin.read()), 7, 0))
drafts = [[draft.field, draft.text, draft.details.get("group")] for draft in getattr(outcome, "drafts", ())]
print(json.dumps({"drafts": drafts, "code": getattr(outcome, "code", ""), "message": getattr(outcome, "message", "")}))
"""
SPEC = {
    "channel": "shelf_card",
    "brief": {"keywords": ["coffee"]},
    "product": {
        "id": "1",
        "title": "Amsel Coffee Grinder",
        "brand": "Harrow",
        "color": "Black",
        "description": "Compact coffee grinder with steel burrs, a walnut crank handle and a glass jar.",
    },
}


def test_every_text_of_every_channel_has_a_role_that_is_written() -> None:
    fields = [field for channel in list_channels() for field in copy_fields(channel, channel.slots)]
    assert {role_of(field) for field in fields} <= set(load_manners())


def test_every_section_that_a_role_names_has_frames() -> None:
    manners = load_manners().values()
    named = {name for manner in manners for name in (*manner.sections, *manner.instead, *manner.beside, *manner.within)}
    named |= {name for manner in manners for part in manner.parts for name in (*part.sections, *part.instead)}
    named |= {"answer", "quote", "heard", "unsure", "unsure_rest"}  # of the part that answers
    assert named <= {frame.section for frame in load_frames()[0]}


@pytest.mark.parametrize(
    ("field", "role"),
    [
        (LINE, "text"),
        (replace(LINE, max_length=30), "short"),
        (replace(LINE, name="long_headline"), "headline"),
        (replace(LINE, role="bullet"), "bullet"),
        (replace(LINE, name="headline", role="text"), "text"),
    ],
)
def test_a_field_is_written_as_it_says_or_as_its_name_and_length_say(field: TextField, role: str) -> None:
    assert role_of(field) == role


@pytest.mark.parametrize(
    ("field", "complaint"),
    [
        (replace(LINE, role="qestion"), "'line' has the role 'qestion', which nothing writes. Did you mean 'question'"),
        (replace(LINE, role="haiku"), "Known: headline, title"),
        (replace(LINE, role="answer"), "'answer' has to name a field that it follows"),
        (replace(LINE, role="bullet", follows="question"), "'bullet' cannot have a field that it follows"),
    ],
)
def test_a_role_that_nothing_writes_is_an_error_that_says_where(field: TextField, complaint: str) -> None:
    with pytest.raises(BadConfiguration, match=re.escape(complaint)):
        role_of(field)


def test_the_guide_lists_every_role() -> None:
    section = GUIDE.partition("### Roles")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([a-z]+)` \| [a-z].*\|$", section, re.MULTILINE)
    assert listed == list(dict.fromkeys(listed))
    assert set(listed) == set(load_manners())


def test_what_follows_stands_in_the_file_of_what_leads() -> None:
    for channel in list_channels():
        followed = {field.follows for field in channel.texts if field.follows}
        ways = {field.name: load_manners()[role_of(field)].way for field in copy_fields(channel, ())}
        assert all(ways[name] == Way.QUIZ for name in followed)


def written_with(folder: Path, file: str) -> dict[str, Any]:  # Any: JSON
    """What a copy of the package that has *file* too, and no other change, makes of `SPEC`."""
    shutil.copytree(Path(adloom.__file__).parent, folder / "adloom", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "adloom" / "channels" / "data" / "shelf_card.toml").write_text(file, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-P", "-c", WRITE],
        input=json.dumps(SPEC),
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])},
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(ended.stdout)  # Any: JSON
    return answer


def test_a_format_is_one_file_and_no_code(tmp_path: Path) -> None:
    texts: dict[str, list[str]] = {}
    groups: dict[str, list[int | None]] = {}
    for field, text, group in written_with(tmp_path, EXAMPLE)["drafts"]:
        texts.setdefault(field, []).append(text)
        groups.setdefault(field, []).append(group)
    assert set(texts) == {"title", "point", "question", "solution"}
    assert "Amsel Coffee Grinder" in texts["title"][0]
    assert len(texts["point"]) >= 2
    assert groups["question"] == groups["solution"] == [1, 2]


def test_a_format_with_a_role_that_nothing_writes_fails_its_items_and_says_why(tmp_path: Path) -> None:
    answer = written_with(tmp_path, EXAMPLE.replace('role = "bullet"', 'role = "bulet"'))
    assert (answer["code"], answer["drafts"]) == ("bad-configuration", [])
    assert "'point' has the role 'bulet', which nothing writes. Did you mean 'bullet'?" in answer["message"]


def test_channels_that_are_no_ads_say_so() -> None:
    assert [channel.id for channel in list_channels() if not channel.is_ad] == [
        "product_description",
        "quiz",
        "support_reply",
    ]
    assert load_channel("support_reply").needs == ("message",)
