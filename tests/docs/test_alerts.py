"""The alert rules and the dashboard: they ask for metrics that are there, by labels that these have."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml
from prometheus_client import REGISTRY, CollectorRegistry

from taskcontract import Service
from taskcontract.operations.metrics import LookCollector, Numbers
from taskcontract.operations.metrics.numbers import InFlightKey
from taskcontract.safety_net.metrics import start_counting
from taskcontract.safety_net.quarantine import Measured
from taskcontract.usage.counter import UsageCounter
from taskcontract.usage.store import MemoryStore

FOLDER = Path(__file__).parents[2] / "docs/operations"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
QUERIES: dict[str, tuple[str, str]] = {
    rule["alert"]: (rule["expr"], json.dumps(rule["annotations"])) for rule in RULES
} | {
    f"{panel['title']} {target['refId']}": (target["expr"], target["legendFormat"])
    for panel in DASHBOARD["panels"]
    for target in panel["targets"]
}
"""Each query, and the text that shows its labels."""
TABLE_ROW = re.compile(r"^\| `(taskcontract_\w+)` \|([^|]*)\| (?:worker|both|command) \|", re.MULTILINE)
SHOWN = re.compile(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}")
OF_GRAFANA = {"$__rate_interval": "5m", "$__range": "1h"}


def find_metrics() -> dict[str, set[str]]:
    """The labels of each metric that a worker and the command show, read from what they show."""
    shop = Service("shop")

    @shop.task(version="1.0.0", sunset="2099-01-31")
    def sell(item: str) -> None: ...

    start_counting()
    UsageCounter(shop.name, MemoryStore).count(sell, None)
    collector = LookCollector(shop.tasks)
    key = InFlightKey("shop", "shop.sell", "1.0.0", "waiting")
    collector.show(Numbers({"q": Measured(1, 1.0)}, {"q": 1}, {key: 1}, {"q": False}))
    looking = CollectorRegistry()
    looking.register(collector)
    return {
        sample.name: set(sample.labels)
        for registry in (REGISTRY, looking)
        for family in registry.collect()
        for sample in family.samples
        if sample.name.startswith("taskcontract_") and not sample.name.endswith("_created")
    }


METRICS = find_metrics()


def read(expression: str) -> Any:
    for name, value in OF_GRAFANA.items():
        expression = expression.replace(name, value)
    return promql.parse(expression)


def list_parts(node: Any) -> list[Any]:
    """The node and every one below it."""
    below = [getattr(node, name, None) for name in ("lhs", "rhs", "expr", "vector_selector")]
    below += list(getattr(node, "args", None) or [])
    return [node, *(part for each in below if each is not None for part in list_parts(each))]


def labels_of(node: Any) -> set[str]:
    """The labels that what this query gives may have."""
    if isinstance(node, promql.AggregateExpr):
        return set(node.modifier.labels) if node.modifier else set()
    if isinstance(node, promql.VectorSelector):
        return METRICS[node.name or ""]
    if isinstance(node, promql.BinaryExpr):
        left, right = labels_of(node.lhs), labels_of(node.rhs)
        return left | right if str(node.op) == "or" else left or right
    return {label for part in list_parts(node)[1:2] for label in labels_of(part)}


def test_all_metrics_are_in_the_table() -> None:
    table = {
        name: set(re.findall(r"`(\w+)`", labels))
        for name, labels in TABLE_ROW.findall((FOLDER / "metrics.md").read_text("utf-8"))
    }
    assert table == METRICS


@pytest.mark.parametrize(("query", "text"), QUERIES.values(), ids=QUERIES)
def test_a_query_asks_for_what_there_is(query: str, text: str) -> None:
    parts = list_parts(read(query))
    selectors = [part for part in parts if isinstance(part, promql.VectorSelector)]
    assert selectors
    for selector in selectors:
        assert selector.name in METRICS
        assert {matcher.name for matcher in selector.matchers.matchers} <= METRICS[selector.name]
    for part in parts:
        if isinstance(part, promql.AggregateExpr) and part.modifier:
            assert set(part.modifier.labels) <= labels_of(part.expr)
    assert set(SHOWN.findall(text)) <= labels_of(read(query)), "what is shown is a label of the answer"


@pytest.mark.parametrize("query", ['rate(taskcontract_refused_total{nosuch="x"}[1m])', "sum by (x) (up)"])
def test_a_query_of_something_else_is_found(query: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        test_a_query_asks_for_what_there_is(query, "")


def test_each_alert_has_what_prometheus_and_whoever_is_woken_need() -> None:
    runbook = (FOLDER / "runbook.md").read_text("utf-8")
    headings = re.findall(r"^## (Taskcontract\w+)$", runbook, re.MULTILINE)
    assert headings == [rule["alert"] for rule in RULES], "the same, in the same order"
    for rule in RULES:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["runbook"] == f"docs/operations/runbook.md#{rule['alert'].lower()}"


def test_the_dashboard_can_be_imported() -> None:
    panels = DASHBOARD["panels"]
    assert [panel["id"] for panel in panels] == list(range(1, len(panels) + 1))
    (variable,) = DASHBOARD["templating"]["list"]
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        source = {"type": "prometheus", "uid": f"${{{variable['name']}}}"}
        assert [each["datasource"] for each in (panel, *panel["targets"])] == [source] * (
            1 + len(panel["targets"])
        )
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
        at = panel["gridPos"]
        places = {
            (x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
        }
        assert max(x for x, _ in places) < 24
        assert not places & taken, f"{panel['title']} lies on another one"
        taken |= places


@pytest.mark.process
@pytest.mark.parametrize("options", [["check", "rules"], ["test", "rules"]], ids=" ".join)
def test_promtool_agrees(options: list[str]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not on the PATH (Debian and Ubuntu: it is in the package prometheus)")
    file = FOLDER / "alerts.yml" if options[0] == "check" else Path(__file__).with_name("alerts_test.yml")
    done = subprocess.run(
        [promtool, *options, str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
