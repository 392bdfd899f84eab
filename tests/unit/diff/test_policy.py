"""What a policy makes of the same change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.diff import Policy, compare_tasks
from taskcontract.errors import ConfigError
from tests.support.specs import STRING, make_task

if TYPE_CHECKING:
    from taskcontract.model.finding import Finding

RENAMED = make_task("send", "key: str, content: str"), make_task("send", "key: str, body: str")
SWAPPED = make_task("send", "key: str, content: str"), make_task("send", "content: str, key: str")
OPEN = {"type": "object", "properties": {"owner": STRING}}
CLOSED = {**OPEN, "additionalProperties": False}
WIDER = {"type": "object", "properties": {"owner": STRING, "tenant": STRING}}


def severities(sides: tuple[Any, Any], **policy: Any) -> dict[str, str]:
    return {finding.rule: finding.severity for finding in compare(sides, **policy)}


def compare(sides: tuple[Any, Any], **policy: Any) -> list[Finding]:
    return list(compare_tasks(*sides, policy=Policy(**policy)))


def meta(old: Any, new: Any, **facts: Any) -> tuple[Any, Any]:
    old, new = (make_task("send", "meta", schemas={"meta": schema}, **facts) for schema in (old, new))
    return old, new


@pytest.mark.parametrize(
    ("sides", "style", "rule", "severity"),
    [
        (RENAMED, "both", "param-renamed", "breaking"),
        (RENAMED, "keyword", "param-renamed", "breaking"),
        (RENAMED, "positional", "param-renamed", "dangerous"),
        (SWAPPED, "both", "param-reordered", "breaking"),
        (SWAPPED, "positional", "param-reordered", "breaking"),
        (SWAPPED, "keyword", "param-reordered", "dangerous"),
    ],
)
def test_a_break_that_needs_the_unused_style_is_dangerous(
    sides: tuple[Any, Any], style: str, rule: str, severity: str
) -> None:
    assert severities(sides, call_style=style) == {rule: severity}
    assert severities(sides, call_styles={"send": style}) == {rule: severity}
    assert severities(sides, call_styles={"send@1.0.0": style, "send": "both"}) == {rule: severity}


@pytest.mark.parametrize(
    ("sides", "objects", "found"),
    [
        (meta(OPEN, WIDER), "open", {"payload-field-added-optional": "dangerous"}),
        (meta(OPEN, WIDER), "closed", {"payload-field-added-optional": "safe"}),
        (meta(OPEN, CLOSED), "open", {"payload-object-closed": "breaking"}),
        (meta(OPEN, CLOSED), "closed", {}),
        (meta(STRING, {"enum": ["a"]}), "closed", {"payload-type-narrowed": "breaking"}),
    ],
)
def test_undeclared_keys_count_where_objects_are_open(
    sides: tuple[Any, Any], objects: str, found: dict[str, str]
) -> None:
    assert severities(sides, objects=objects) == found


def test_types_that_nobody_checks_break_nothing_for_certain() -> None:
    sides = meta({"type": "number"}, {"type": "integer"}, enforced=False)
    assert severities(sides) == {"payload-type-narrowed": "dangerous"}


@pytest.mark.parametrize(
    ("severity", "bump"), [("breaking", "major"), ("dangerous", "minor"), ("safe", "minor")]
)
def test_a_rule_gets_the_severity_that_the_project_gives_it(severity: str, bump: str) -> None:
    (finding,) = compare(RENAMED, severities={"param-renamed": severity})
    assert (finding.severity, finding.bump) == (severity, bump)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"severities": {"param-rename": "safe"}}, "param-renamed"), ({"objects": "ajar"}, "open or closed")],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        Policy(**wrong)
