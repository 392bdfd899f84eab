"""The engine of calls decides, the rules on parameters explain: they never disagree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskcontract.diff import Policy, compare_calls, compare_tasks
from tests.support.call_oracle import bind_slots
from tests.support.signature_pairs import iterate_single_edits, make_random_pair
from tests.support.specs import INTEGER, STRING, make_task, parameters_of
from tests.support.thorough import examples

if TYPE_CHECKING:
    import random
    from inspect import Signature

    from taskcontract.diff.calls import CallStyle
    from taskcontract.model.finding import Finding

STYLES: tuple[CallStyle, ...] = ("both", "positional", "keyword")
EMPTY = make_task("send")


def compare(old: Signature, new: Signature, style: CallStyle = "both") -> list[Finding]:
    """The findings on calls; what a chain sends by position is not theirs."""
    sides = [replace(EMPTY, parameters=parameters_of(signature)) for signature in (old, new)]
    findings = compare_tasks(sides[0], sides[1], policy=Policy(call_style=style))
    return [finding for finding in findings if "canvas" not in finding.directions]


def check(old: Signature, new: Signature, style: CallStyle) -> None:
    findings = compare(old, new, style)
    breaking = [finding for finding in findings if finding.severity == "breaking"]
    assert bool(breaking) == (compare_calls(old, new, style=style).verdict == "not-included")
    assert len({finding.fingerprint for finding in findings}) == len(findings)
    for finding in breaking:
        assert finding.witness is not None
        call = finding.witness.args, dict(finding.witness.kwargs or {})
        assert bind_slots(old, *call) is not None
        assert (bind_slots(new, *call) is not None) is finding.silent
        if finding.silent:
            assert finding.witness.old_binding != finding.witness.new_binding


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_the_findings_agree_with_the_engine_on_each_single_edit(style: CallStyle) -> None:
    for old, new, _ in iterate_single_edits(2):
        check(old, new, style)


@pytest.mark.slow
@pytest.mark.thorough
@settings(max_examples=examples(300), deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(STYLES))
def test_the_findings_agree_with_the_engine_on_random_pairs(rng: random.Random, style: CallStyle) -> None:
    check(*make_random_pair(rng), style)


def test_few_single_edits_need_the_rule_for_what_nothing_else_explains() -> None:
    edits = list(iterate_single_edits(2))
    left = [
        (str(old), str(new))
        for old, new, _ in edits
        for finding in compare(old, new)
        if finding.rule == "param-lists-incompatible"
    ]
    assert len(left) < len(edits) / 50


@pytest.mark.parametrize(
    ("old", "new", "args", "kwargs"),
    [
        ("key: str, size: int", "size: int, key: str", ("key", 2), {}),
        ("key: str, size: int = 0", "key: str, site: str = '', size: int = 0", ("key", 2), {}),
        ("key: str, tags: list", "key: str", ("key", ["tags"]), {}),
        ("key: str, **meta: int", "key: str", ("key",), {"extra": 2}),
        ("key: str, *sizes: int", "key: str", ("key", 2), {}),
    ],
)
def test_a_witness_has_values_that_the_old_schemas_take(
    old: str, new: str, args: tuple[object, ...], kwargs: dict[str, object]
) -> None:
    finding = next(compare_tasks(make_task("send", old), make_task("send", new)))
    assert finding.witness is not None
    assert (finding.witness.args, finding.witness.kwargs) == (args, kwargs)


def test_a_default_that_is_secret_is_not_shown() -> None:
    sides = [make_task("send", f"key: str, token: str = {token!r}") for token in ("hunter2", "swordfish")]
    hidden = [
        replace(task, parameters=tuple(replace(one, secret=True) for one in task.parameters))
        for task in sides
    ]
    (finding,) = compare_tasks(*hidden)
    assert finding.rule == "param-default-changed"
    assert "hunter2" not in repr(finding)
    assert "swordfish" not in repr(finding)


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        (STRING, STRING, {"param-renamed"}),
        (STRING, {**STRING, "maxLength": 3}, {"param-renamed", "payload-constraint-tightened"}),
        (STRING, INTEGER, {"param-removed", "param-added-required"}),
    ],
)
def test_another_name_with_another_type_is_another_parameter(
    old: dict[str, str], new: dict[str, str], rules: set[str]
) -> None:
    before = make_task("send", "key, content", schemas={"content": old})
    after = make_task("send", "key, body", schemas={"body": new})
    assert {finding.rule for finding in compare_tasks(before, after)} == rules


def test_bind_that_shifts_nothing_is_no_change() -> None:
    assert not list(compare_tasks(make_task("send", "key", bind=True), make_task("send", "key")))
