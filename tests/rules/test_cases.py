"""Each rule against its folder: `old.json`, `new.json` and the findings that are `expected.json`.

A folder holds one case, and more in folders of its own that say what is special about them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.diff import Policy, find_changes
from taskcontract.diff.rule_index import describe_rule, list_rule_ids, list_rules
from taskcontract.errors import ConfigError
from taskcontract.model.finding import BUMPS, DIRECTIONS, SEVERITIES
from taskcontract.model.spec_file import load_spec

if TYPE_CHECKING:
    from taskcontract.model.finding import Finding

ROOM = Path(__file__).parent
CASES = sorted(file.parent.relative_to(ROOM).as_posix() for file in ROOM.rglob("expected.json"))
POLICY = Policy(today="2026-11-01")
HEADINGS = ("## What it does", "## Why it breaks", "## Example")


def summarise(finding: Finding) -> dict[str, Any]:
    """What a case says of a finding; `silent` and `witness` only where they hold."""
    facts = ("rule", "task", "path", "severity", "known", "bump")
    summary: dict[str, Any] = {name: getattr(finding, name) for name in facts}
    summary["directions"] = list(finding.directions)
    if finding.silent:
        summary["silent"] = True
    if finding.witness is not None:
        summary["witness"] = True
    return summary


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_its_findings(case: str) -> None:
    folder = ROOM / case
    old, new = (load_spec(folder / f"{side}.json") for side in ("old", "new"))
    findings = list(find_changes(old, new, policy=POLICY))
    assert [summarise(finding) for finding in findings] == json.loads((folder / "expected.json").read_text())
    assert case.partition("/")[0] in {finding.rule for finding in findings}
    for finding in findings:
        assert finding.consequence.endswith(".")
        assert finding.remedy.endswith(".")


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert {case.partition("/")[0] for case in CASES} == set(list_rule_ids())


@pytest.mark.parametrize("rule", list_rules(), ids=lambda rule: rule.id)
def test_a_rule_explains_itself(rule: Any) -> None:
    places = [rule.text.index(heading) for heading in HEADINGS]
    assert places == sorted(places)
    assert rule.summary.endswith(".")
    assert rule.severity in SEVERITIES
    assert rule.bump in BUMPS
    assert rule.directions
    assert set(rule.directions) <= set(DIRECTIONS)


@pytest.mark.parametrize("rule", list_rule_ids())
def test_a_rule_has_the_id_of_its_file(rule: str) -> None:
    assert describe_rule(rule).id == rule


def test_an_unknown_rule_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match="param-renamed"):
        describe_rule("param-rename")
