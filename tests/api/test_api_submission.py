"""A plain job is decoded at once; it is accepted, refused and understood exactly as the documented model says."""

import json
from typing import Any

import msgspec
import pytest
from fastapi.exceptions import RequestValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from adloom.core.kinds import load_kinds
from adloom.core.specs import NoopSpec
from api.submission import Submission, read_documented, read_plainly
from services.specs import Rules, read_items

RULES = Rules(load_kinds(), "ada", 100, lambda kind, name: name or "tiny@1")
COPY = {"product": {"id": "1", "title": "Boots", "details": {"b": "1", "a": "2"}}, "channel": "google_rsa"}


def item(**more: Any) -> dict[str, Any]:  # Any: JSON
    return {"kind": "noop", "spec": {}, **more}


def job(*items: dict[str, Any], **more: Any) -> bytes:  # Any: JSON
    return json.dumps({"items": list(items) or [item()], **more}).encode()


def documented(body: bytes) -> Submission | None:
    try:
        return read_documented(body, "application/json")
    except RequestValidationError:
        return None


PLAIN = [
    job(),
    job(item(custom_id="a"), item(custom_id="b", depends_on=["a"])),
    job(item(metadata={"sku": 1, "tags": ["x", {"deep": None}]}, priority=-3)),
    job(item(run_at="2027-01-01T09:00:00+02:00"), name="Spring", seed=7, priority=2, run_at="2027-01-01T00:00:00Z"),
    job(item(kind="copy.lm", spec=COPY), deadline_at="2027-01-01T00:00:00.5Z", webhook_url="https://example.com/x"),
    job(item(kind="no.such", spec={"x": [1, 2.5, True, None, "ü"]})),
    json.dumps({"items": [item(custom_id="größe")]}, ensure_ascii=False).encode(),
]

NOT_PLAIN = [  # taken or refused, but not here
    job(item(custom_id=" padded ")),
    job(item(priority="5")),
    job(item(priority=500)),
    job(item(run_at="2027-01-01T00:00:00")),
    job(item(run_at=1_800_000_000)),
    job(item(secret=1)),
    job(item(custom_id="")),
    job(item(custom_id="a\x00b")),
    job(item(custom_id="a\nb")),
    job(item(custom_id="x" * 201)),
    job(item(depends_on=["x"] * 101)),
    job(item(depends_on=[""])),
    job(item(metadata={"a": "x" * 5000})),
    job(item(metadata={"a": float("nan")})),
    job(item(metadata=json.loads('{"a":' * 40 + "1" + "}" * 40))),
    job(item(kind="x" * 61)),
    job(seed=-1),
    job(seed=2**60),
    job(name="a\nb"),
    job(webhook_url="x" * 2001),
    job(deadline_at="soon"),
    job(surplus=1),
    job(item(spec=[])),
    job(item(spec=None)),
    b'{"items": []}',
    b'{"items": [{"kind": "noop"}]}',
    b'{"items": [{"kind": "noop", "spec": {}, "metadata": {"a": "\\ud800"}}]}',
    b'{"items": [{"kind": "noop", "spec": {"payload": "\\u0000"}}]}',
    b'{"items": [{"kind": "noop", "spec": {}}], "campaign": {}}',
    b"[]",
    b"",
]


@pytest.mark.parametrize("body", PLAIN)
def test_what_is_taken_at_once_is_what_the_documented_model_takes(body: bytes) -> None:
    plain, slow = read_plainly(body), documented(body)

    assert plain
    assert slow
    assert plain.terms.model_dump() == {name: getattr(slow.terms, name) for name in type(plain.terms).model_fields}
    assert [_said(draft) for draft in plain.items or ()] == [_said(draft) for draft in slow.items or ()]


@pytest.mark.parametrize("body", NOT_PLAIN)
def test_what_is_out_of_the_ordinary_is_left_to_the_documented_model(body: bytes) -> None:
    assert read_plainly(body) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["noop", "copy.lm", ""]) | JSON,
        "spec": st.dictionaries(st.text(max_size=3), JSON, max_size=2) | JSON,
        "custom_id": st.text(max_size=4) | JSON,
        "metadata": st.dictionaries(st.text(max_size=3), JSON, max_size=2) | JSON,
        "depends_on": st.lists(st.text(max_size=3), max_size=2) | JSON,
        "priority": st.integers(-120, 120) | JSON,
        "run_at": st.datetimes().map(lambda at: at.isoformat() + "Z") | JSON,
        "surplus": JSON,
    },
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(FIELDS.map(lambda fields: {"kind": "noop", "spec": {}, **fields}), max_size=3))
def test_nothing_is_taken_at_once_that_the_documented_model_refuses(items: list[dict[str, Any]]) -> None:
    body = json.dumps({"items": items}).encode()
    plain = read_plainly(body)
    if plain:
        slow = documented(body)
        assert slow
        assert [_said(draft) for draft in plain.items or ()] == [_said(draft) for draft in slow.items or ()]


def test_order_of_keys_and_omitted_defaults_make_no_difference_to_the_fingerprint() -> None:
    one = {"kind": "copy.lm", "spec": COPY, "metadata": {"b": 1, "a": 2}}
    product = {"title": "Boots", "details": {"a": "2", "b": "1"}, "id": "1"}
    spec = {"language": "en", "channel": "google_rsa", "product": product}
    other = {"metadata": {"a": 2, "b": 1}, "spec": spec, "kind": "copy.lm"}

    assert _fingerprint(one) == _fingerprint(other)
    assert _fingerprint(one) != _fingerprint({**one, "priority": 1})
    assert _fingerprint(one) != _fingerprint({**one, "spec": {**COPY, "language": "de"}})


def test_specs_take_no_infinite_numbers() -> None:
    with pytest.raises(ValueError, match="finite"):
        NoopSpec.model_validate_json('{"seconds": NaN}')


def _fingerprint(item: dict[str, Any]) -> str:  # Any: JSON
    plain = read_plainly(job(item))
    assert plain
    return read_items(plain.items or (), RULES).fingerprint


def _said(draft: Any) -> dict[str, Any]:  # Any: a draft, JSON
    fields = {name: getattr(draft, name) for name in draft.__struct_fields__}
    return {**fields, "spec": msgspec.json.decode(fields["spec"]), "depends_on": list(draft.depends_on)}
