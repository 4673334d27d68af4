"""Every format is written whole: its own fixture, with and without a network."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest

from adloom.channels import TextField, copy_fields, fits, list_channels, load_channel
from adloom.checks import Finding, Severity, check_ad, check_text
from adloom.checks.grounding import read_ground
from adloom.core.drafts import Draft
from adloom.core.products import Product
from adloom.core.specs import CopySpec
from generators.base import Generator, Request
from generators.copy.lm import CopyLM
from generators.copy.manners import load_manners, role_of
from generators.copy.template import CopyTemplate
from generators.registry import GeneratorSettings
from tests.generators.copy_requests import BARE, PADDLE, made, no_drop
from tests.generators.formats import NAMES, read_format

SEED = 7


@pytest.fixture(scope="module")
def lm(tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> CopyLM:
    writer = CopyLM(GeneratorSettings(cache=tmp_path_factory.mktemp("cache"), threads=1))
    writer.load(str(tiny_weights), "cpu")
    return writer


@pytest.fixture(params=["copy.template", "copy.lm"])
def writer(request: pytest.FixtureRequest) -> Generator:
    if request.param == "copy.lm":
        return request.getfixturevalue("lm")  # type: ignore[no-any-return]  # of pytest
    return CopyTemplate(GeneratorSettings())


def fields_of(spec: CopySpec) -> Mapping[str, TextField]:
    channel = load_channel(spec.channel)
    slots = [slot for slot in channel.slots if slot.name in spec.slots]
    return {field.name: field for field in copy_fields(channel, slots)}


def write(writer: Generator, spec: CopySpec) -> tuple[Draft, ...]:
    (outcome,) = writer.generate([Request(UUID(int=1), spec, SEED, 0)], step=no_drop)
    return made(outcome).drafts


def texts_by_field(drafts: tuple[Draft, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for draft in drafts:
        found.setdefault(draft.field, []).append(draft.text)
    return found


def errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is not Severity.WARNING]


def test_every_channel_has_a_fixture() -> None:
    assert [channel.id for channel in list_channels()] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_format_is_whole_right_and_true(name: str, writer: Generator) -> None:
    spec, shows = read_format(name)
    fields, channel = fields_of(spec), load_channel(name)
    drafts = write(writer, spec)
    texts = texts_by_field(drafts)
    assert set(fields) - set(shows.may_lack) <= set(texts), "a field is empty"
    assert errors(check_ad(texts, channel=channel, brand=spec.brand, brief=spec.brief)) == []
    ground = read_ground(spec.product, spec.brief, spec.brand, spec.language)
    for draft in drafts:
        field = fields[draft.field]
        assert fits(draft.text, field)
        names = [spec.product.title, spec.product.brand]
        found = check_text(draft.text, field=field, channel=channel, brand=spec.brand, brief=spec.brief, names=names)
        assert errors(found) == []
        assert bool(errors(ground.check(draft.text))) == load_manners()[role_of(field)].is_false, draft.text
    assert list(shows.faults(texts, {field.name: field.unit for field in fields.values()})) == []


def test_a_list_is_not_padded_where_the_row_states_nothing() -> None:
    texts = texts_by_field(
        write(CopyTemplate(GeneratorSettings()), CopySpec(product=BARE, channel="product_description"))
    )
    assert "bullet" not in texts
    assert texts["title"] == ["Teapot"]


SPARSE = PADDLE.model_copy(update={"description": "A kayak paddle with a padded handle.", "price": None})


@pytest.mark.parametrize(
    ("channel", "product"),
    [
        ("push", SPARSE),
        ("push", BARE),
        ("email", SPARSE),
        ("sms", SPARSE),
        ("sms", BARE),
        ("product_description", SPARSE),
    ],
)
def test_a_row_with_little_to_say_is_written_shortly_rather_than_not_at_all(channel: str, product: Product) -> None:
    drafts = write(CopyTemplate(GeneratorSettings()), CopySpec(product=product, channel=channel))
    required = {field.name for field in load_channel(channel).texts if field.written and field.required}
    assert required <= {draft.field for draft in drafts}
