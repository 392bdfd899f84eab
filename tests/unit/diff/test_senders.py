"""Which of a project's old senders a finding says that it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.diff import find_changes
from taskcontract.diff.senders import add_senders
from taskcontract.extract.found import CallSite
from taskcontract.model.place import Place
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.reporting.witness import say_senders

if TYPE_CHECKING:
    from taskcontract.model.finding import Senders


def make(*parameters: str, name: str = "shop.send") -> ServiceSpec:
    """A service of one plain task; a name that ends in `?` is optional."""
    specs = (
        ParameterSpec(each.rstrip("?"), default=None) if each.endswith("?") else ParameterSpec(each)
        for each in parameters
    )
    return ServiceSpec("shop", "", (TaskSpec(name, "", name, tuple(specs), enforced=False),))


def find_senders(old: ServiceSpec, new: ServiceSpec, *calls: CallSite) -> dict[str, Senders | None]:
    findings = find_changes(old, new)
    return {each.rule: each.senders for each in add_senders(findings, calls, old, new)}


def call(number: int, *keywords: str, line: int = 1, more: bool = False) -> CallSite:
    return CallSite("shop.send", Place("shop/views.py", line), "delay", number, keywords, more)


POSITIONAL, NAMED, STARRED = call(2), call(1, "b", line=2), call(0, line=3, more=True)


@pytest.mark.parametrize(
    ("new", "rule", "calls", "broken", "unknown", "working"),
    [
        (make("a", "c"), "param-renamed", (POSITIONAL, NAMED), [2], [], 1),
        (make("a", "c"), "param-renamed", (POSITIONAL,), [], [], 1),
        (make("b", "a"), "param-reordered", (POSITIONAL, NAMED), [1, 2], [], 0),
        (make("a", "b", "c"), "param-added-required", (POSITIONAL, NAMED, STARRED), [1, 2], [3], 0),
        (make("a"), "param-removed", (POSITIONAL, STARRED), [1], [3], 0),
        (make("a", "b", name="shop.other"), "task-renamed", (POSITIONAL, NAMED), [1, 2], [], 0),
    ],
)
def test_a_break_names_the_senders_that_it_breaks(
    new: ServiceSpec,
    rule: str,
    calls: tuple[CallSite, ...],
    broken: list[int],
    unknown: list[int],
    working: int,
) -> None:
    senders = find_senders(make("a", "b"), new, *calls)[rule]
    assert senders is not None
    assert [each.place.line for each in senders.broken] == broken
    assert all(each.why for each in senders.broken)
    assert [each.place.line for each in senders.unknown] == unknown
    assert senders.working == working


def test_the_severity_stays_where_all_senders_work() -> None:
    old, new = make("a", "b"), make("a", "c")
    before = list(find_changes(old, new))
    after = list(add_senders(before, [POSITIONAL], old, new))
    assert [each.severity for each in after] == [each.severity for each in before] == ["breaking"]
    (finding,) = after
    assert finding.senders is not None
    assert "would still work" in say_senders(finding.senders)


def test_what_breaks_no_message_that_waits_says_nothing_of_senders() -> None:
    found = find_senders(make("a", "b"), make("a", "b", "c?"), POSITIONAL)
    assert found == {"param-added-optional": None}


def test_a_call_that_did_not_bind_before_is_not_broken_by_the_change() -> None:
    senders = find_senders(make("a", "b"), make("a", "c"), call(3))["param-renamed"]
    assert senders is not None
    assert (senders.broken, senders.working) == ((), 0)
