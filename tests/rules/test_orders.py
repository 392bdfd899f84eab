"""The order to deploy in that each rule asks for, and that its remedy does not say another one."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from taskcontract.diff import find_changes
from taskcontract.diff.bump import FIRST, ORDERS, find_deploy_order
from taskcontract.diff.rule_index import RuleInfo, list_rule_ids, list_rules
from taskcontract.model.finding import DIRECTIONS, SEVERITIES, Finding
from taskcontract.model.spec_file import load_spec
from tests.rules.test_cases import CASES, POLICY, ROOM

TABLE = tomllib.loads((Path(__file__).parent / "orders.toml").read_text())


@cache
def findings_of_all_cases() -> tuple[Finding, ...]:
    sides = ((load_spec(ROOM / case / f"{side}.json") for side in ("old", "new")) for case in CASES)
    return tuple(finding for old, new in sides for finding in find_changes(old, new, policy=POLICY))


def named_order(remedy: str) -> str | None:
    """The order that a remedy names, if it names one."""
    if re.search(r"\bdeploy (all|the) workers\b", remedy, re.IGNORECASE):
        return "workers-first"
    return "callers-first" if re.search(r"\bfirst\b", remedy) else None


@pytest.mark.parametrize("rule", list_rule_ids())
def test_each_rule_asks_for_its_order(rule: str) -> None:
    found: dict[str, set[str]] = {}
    for finding in findings_of_all_cases():
        if finding.rule == rule:
            found.setdefault(finding.severity, set()).add(find_deploy_order([finding]))
    listed = {
        severity: {orders} if isinstance(orders, str) else set(orders)
        for severity, orders in TABLE[rule].items()
    }
    assert found == listed


@pytest.mark.parametrize("rule", list_rules(), ids=lambda rule: rule.id)
def test_a_remedy_names_the_order_of_its_finding_or_none(rule: RuleInfo) -> None:
    for finding in findings_of_all_cases():
        if finding.rule == rule.id:
            order = find_deploy_order([finding])
            assert named_order(finding.remedy) in (order, None), finding.remedy
            if order == "workers-first" and finding.severity == "safe":
                assert named_order(finding.remedy), f"{finding.remedy!r} does not say: {ORDERS[order]}"


def test_an_order_is_one_of_severity_and_directions() -> None:
    assert {*FIRST} < {*product(SEVERITIES, DIRECTIONS)}
    assert not any(way == "operational" for _, way in FIRST)


def test_the_table_has_every_rule() -> None:
    assert sorted(TABLE) == list_rule_ids()
    assert find_deploy_order([]) == "any"
