"""Every metric has a good name, a meaning and labels of which there are few; docs/operations.md lists them all."""

import re
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from adloom.core.lanes import Lane
from adloom.core.states import ItemState
from metrics import (
    BellMetrics,
    HttpMetrics,
    QueueCollector,
    QueueNumbers,
    Registry,
    SweepMetrics,
    WorkMetrics,
    new_registry,
)

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
LABELS = {
    "code",
    "kind",
    "lane",
    "le",
    "method",
    "operation",
    "outcome",
    "quantile",
    "result",
    "route",
    "state",
    "status",
    "step",
    "tier",
    "version",
}
COUNTED = {"info", "items", "jobs", "workers", "pending", "paused", "success"}  #: what a gauge without a unit says


def registry_of_everything() -> Registry:
    """A registry with every metric of every process, each with a sample."""
    registry = new_registry()
    BellMetrics(registry).rung(Lane.COPY, True, 0.1)
    HttpMetrics(registry).answered("GET", "/v1/jobs", 200, 0.1)
    sweeps, work = SweepMetrics(registry), WorkMetrics(registry)
    with sweeps.step("due"):
        sweeps.found("due", 1)
    work.heard(Lane.COPY)
    work.acquired(Lane.COPY, 4, 8)
    work.ended("noop", {("failed", "bad-output"): 1})
    work.renewed(kept=1, lost=1)
    work.stalled()
    work.crashed(1)
    work.generated("noop", 0.1)
    with work.loading("noop"), work.database("acquire"), work.store("put"):
        pass
    registry.register(QueueCollector(numbers))
    return registry


def numbers() -> QueueNumbers:
    """Something of everything."""
    return QueueNumbers(
        items={(ItemState.QUEUED, Lane.COPY, "standard"): 3},
        ages={(Lane.COPY, "0.5"): 1.5},
        workers={(Lane.COPY, "idle"): 1},
        paused=frozenset({Lane.COPY}),
        jobs={"standard": 1},
        deliveries=2,
        delivery_age_seconds=7.5,
    )


def families() -> dict[str, tuple[str, str, set[str]]]:
    """Name, as it is scraped -> type, help and labels, of all metrics of ours."""
    text = generate_latest(registry_of_everything()).decode()
    found = {}
    for family in text_string_to_metric_families(text):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = {label for sample in family.samples for label in sample.labels}
        if name.startswith("adloom_"):
            found[name] = (family.type, family.documentation, labels)
    return found


def test_there_are_many() -> None:
    assert len(families()) > 25


@pytest.mark.parametrize("name", families())
def test_a_metric_has_type_help_and_few_labels(name: str) -> None:
    kind, meaning, labels = families()[name]
    assert kind in {"counter", "gauge", "histogram"}
    assert meaning.endswith(".")
    assert labels <= LABELS


@pytest.mark.parametrize("name", families())
def test_a_name_follows_the_conventions(name: str) -> None:
    kind, _, _ = families()[name]
    assert re.fullmatch(r"adloom(_[a-z]+)+", name)
    assert (kind == "counter") == name.endswith("_total")
    assert not re.search(r"_(ms|milliseconds|minutes|hours|kb|mb|percent|count|sum|bucket)(_|$)", name)
    last = name.removesuffix("_total").rpartition("_")[2]
    if kind == "histogram":
        assert last in {"seconds", "bytes", "ratio", "items"}
    if kind == "gauge":
        assert last in {"seconds", "bytes"} | COUNTED


def test_the_manual_lists_every_metric_with_its_type_and_labels_and_no_other() -> None:
    rows = re.findall(r"^\| `(adloom_\w+)` \| (\w+) \|([^|]*)\|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}
    assert listed == {name: (kind, labels - {"le"}) for name, (kind, _, labels) in families().items()}


def test_the_alerts_use_metrics_that_exist() -> None:
    alerts = re.search(r"```yaml\n(groups:.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert alerts
    used = set(re.findall(r"\badloom_\w+", alerts.group(1)))
    known = families()
    assert used
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in used} <= set(known)
