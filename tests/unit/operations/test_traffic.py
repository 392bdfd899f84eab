"""Whom a finding hits: never said to be nobody where a call of that shape could be hit.

The oracle is the new side itself: Python's binder and a real validator judge calls of each shape.
"""

from __future__ import annotations

import inspect
import time
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskcontract.diff.calls.shape import signature_of
from taskcontract.diff.changes import find_changes
from taskcontract.model.service import MISSING, ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.operations.traffic import add_traffic
from taskcontract.reporting.witness import say_traffic
from taskcontract.usage.call_shape import BEFORE, OTHER_SHAPE, coarsen, tell_shape
from taskcontract.usage.use import DAY, Counted, ShapeUse, Use, UseKey

if TYPE_CHECKING:
    from taskcontract.model.finding import Finding, Traffic

NOW = time.time()
WEB = UseKey("shop", "shop.sell", "1.0.0", "web")
KINDS: Any = {
    inspect.Parameter.POSITIONAL_ONLY: "positional-only",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional-or-keyword",
    inspect.Parameter.VAR_POSITIONAL: "var-positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword-only",
    inspect.Parameter.VAR_KEYWORD: "var-keyword",
}
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
EITHER = {"anyOf": [TEXT, NUMBER]}


def spec(signature: str, **schemas: Any) -> ServiceSpec:
    """A service of one task with this signature; `schemas` are those of its parameters."""
    names: dict[str, Any] = {}
    exec(f"def sell({signature}): ...", names)
    parameters = tuple(
        ParameterSpec(
            each.name,
            KINDS[each.kind],
            schemas.get(each.name, True),
            MISSING if each.default is each.empty else each.default,
        )
        for each in inspect.signature(names["sell"]).parameters.values()
    )
    return ServiceSpec("shop", "1.0.0", (TaskSpec("sell", "1.0.0", "shop.sell", parameters),))


def count(*shapes: tuple[str, str], days: float = 100, ago: float = 1, extra: int = 0) -> Counted:
    """What was counted: consumers and the text of a shape each of them sent once."""
    told = [ShapeUse(WEB._replace(consumer=who), text, 1, NOW - ago) for who, text in shapes]
    numbers = {key: sum(each.key == key for each in told) + extra for key in {each.key for each in told}}
    uses = tuple(Use(key, number, NOW - ago) for key, number in numbers.items())
    return Counted(uses, NOW - days * DAY, tuple(told), NOW - days * DAY)


def judge(
    old: ServiceSpec, new: ServiceSpec, counted: Counted, *, days: float = 30, lower: bool = False
) -> list[Finding]:
    found = find_changes(old, new)
    return list(add_traffic(found, old, new, counted, days=days, now=NOW, lower=lower))


def worst(findings: list[Finding]) -> Traffic:
    """The traffic of the only breaking or dangerous finding."""
    (finding,) = (each for each in findings if each.traffic is not None)
    assert finding.traffic is not None
    return finding.traffic


CASES: dict[str, tuple[ServiceSpec, ServiceSpec, str, str]] = {
    "a parameter is gone that was sent": (spec("a, b=1"), spec("a"), tell_shape([1, 2], {}), "hit"),
    "a parameter is gone that was not sent": (spec("a, b=1"), spec("a"), tell_shape([1], {}), "not"),
    "its name is gone": (spec("a, b=1"), spec("a, c=1"), tell_shape([1], {"b": 1}), "hit"),
    "its name is gone, its place is not": (spec("a, b=1"), spec("a, c=1"), tell_shape([1, 2], {}), "not"),
    "values change places": (spec("a, b"), spec("b, a"), tell_shape([1, 2], {}), "hit"),
    "names do not": (spec("a, b"), spec("b, a"), tell_shape([], {"a": 1, "b": 2}), "not"),
    "a new one is required": (spec("a"), spec("a, b"), tell_shape([1], {}), "hit"),
    "a task is gone": (spec("a"), ServiceSpec("shop", "2.0.0"), tell_shape([1], {}), "hit"),
    "a type that was sent": (spec("a", a=EITHER), spec("a", a=TEXT), tell_shape([1], {}), "may"),
    "a type that was not sent": (spec("a", a=EITHER), spec("a", a=TEXT), tell_shape(["x"], {}), "not"),
    "a type that is not told": (
        spec("a", a=EITHER),
        spec("a", a=TEXT),
        coarsen(tell_shape(["x"], {})),
        "may",
    ),
    "a bound that values may be beyond": (
        spec("a", a=TEXT),
        spec("a", a={**TEXT, "maxLength": 3}),
        tell_shape(["x"], {}),
        "may",
    ),
    "a member that was sent": (
        spec("a", a={"enum": ["x", "y"]}),
        spec("a", a={"enum": ["x"]}),
        '[["string:\\"y\\""],{}]',
        "may",
    ),
    "a member that was not sent": (
        spec("a", a={"enum": ["x", "y"]}),
        spec("a", a={"enum": ["x"]}),
        '[["string:\\"x\\""],{}]',
        "not",
    ),
    "a parameter of another type that was not sent": (
        spec("a=None, b=1", b=EITHER),
        spec("a=None, b=1", b=NUMBER),
        tell_shape([1], {}),
        "not",
    ),
    "a shape beyond the bounds": (spec("a, b=1"), spec("a"), OTHER_SHAPE, "may"),
    "what came before shapes": (spec("a, b=1"), spec("a"), BEFORE, "may"),
    "what the old side does not take": (spec("a, b=1"), spec("a"), tell_shape([1, 2, 3], {}), "may"),
}


@pytest.mark.parametrize(("old", "new", "shape", "fate"), CASES.values(), ids=CASES)
def test_each_shape_has_its_fate(old: ServiceSpec, new: ServiceSpec, shape: str, fate: str) -> None:
    traffic = worst(judge(old, new, count(("web", shape))))
    assert (traffic.hit, traffic.may) == (
        ("web",) if fate == "hit" else (),
        ("web",) if fate == "may" else (),
    )
    assert (traffic.consumers, traffic.calls) == (1, 0 if fate == "not" else 1)
    assert traffic.is_quiet == (fate == "not")


SIGNATURES = st.sampled_from(
    [
        "a",
        "a, b",
        "b, a",
        "a, b=1",
        "a, *, b",
        "a, /, b=1",
        "*a",
        "a, **b",
        "b=1",
        "a, c=1, b=1",
        "",
        "a, *b, c=1",
    ]
)
SCHEMAS = st.sampled_from([True, TEXT, NUMBER, EITHER, {"enum": ["x", "y"]}, {"enum": ["x"]}, {"minimum": 3}])
VALUES = st.sampled_from(["x", "y", "zzz", 1, 7, None, 1.5])
CALLS = st.tuples(
    st.lists(VALUES, max_size=3), st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), VALUES, max_size=2)
)


@given(
    SIGNATURES,
    SIGNATURES,
    st.dictionaries(st.sampled_from("abc"), SCHEMAS),
    st.dictionaries(st.sampled_from("abc"), SCHEMAS),
    CALLS,
)
def test_no_call_that_breaks_is_said_to_be_sent_by_nobody(
    before: str, after: str, old_schemas: Any, new_schemas: Any, call: Any
) -> None:
    old, new = spec(before, **old_schemas), spec(after, **new_schemas)
    if not takes(old, *call) or takes(new, *call):
        return
    findings = judge(old, new, count(("web", tell_shape(*call))), lower=True)
    told = [each for each in findings if each.severity != "safe" and each.traffic is not None]
    assert any(each.traffic and (each.traffic.hit or each.traffic.may) for each in told), (
        before,
        after,
        call,
    )
    assert any(each.severity == "breaking" for each in told), "what is sent stays breaking"


def takes(service: ServiceSpec, args: Any, kwargs: Any) -> bool:
    (task,) = service.tasks
    try:
        bound = signature_of(task.parameters).bind(*args, **kwargs).arguments
    except TypeError:
        return False
    for each in task.parameters:
        value = bound.get(each.name, MISSING)
        items = [] if value is MISSING else [value]
        if value is not MISSING and each.kind.startswith("var-"):
            items = list(value.values() if isinstance(value, dict) else value)
        if not all(jsonschema_rs.is_valid(each.schema, item) for item in items):
            return False
    return True


OLD, NEW = spec("a, b=1"), spec("a")


def test_what_nobody_sends_is_dangerous_where_that_is_the_policy() -> None:
    unsent = count(("web", tell_shape([1], {})))
    assert {each.severity for each in judge(OLD, NEW, unsent, lower=True)} == {"dangerous"}
    assert {each.bump for each in judge(OLD, NEW, unsent, lower=True)} == {"minor"}
    assert {each.severity for each in judge(OLD, NEW, unsent)} == {"breaking"}
    for counted in (
        count(("web", tell_shape([1], {})), days=29),  # counting began too late
        count(("web", tell_shape([1], {})), ("cron", tell_shape([1, 2], {}))),
        count(("web", tell_shape([1], {})), ("cron", OTHER_SHAPE)),
        count(("web", tell_shape([1], {})), extra=1),  # by a worker that tells no shapes
        Counted(),
    ):
        assert {each.severity for each in judge(OLD, NEW, counted, lower=True)} == {"breaking"}


def test_who_called_long_ago_calls_no_longer() -> None:
    traffic = worst(judge(OLD, NEW, count(("web", tell_shape([1, 2], {})), ago=31 * DAY)))
    assert (traffic.hit, traffic.consumers, traffic.is_quiet) == ((), 0, True)


def test_a_change_that_breaks_no_call_has_no_traffic() -> None:
    assert [
        each.traffic for each in judge(spec("a"), spec("a, b=1"), count(("web", tell_shape([1], {}))))
    ] == [None]


def test_it_is_said_in_one_sentence() -> None:
    sent = tell_shape([1, 2], {})
    three = count(("web", sent), ("cron", OTHER_SHAPE), ("app", tell_shape([1], {})), days=7)
    said = say_traffic(worst(judge(OLD, NEW, three)))
    assert said == "hits 1 and may hit 1 of 3 consumers: web, perhaps cron, 2 calls in 7 d"
    assert (
        say_traffic(worst(judge(OLD, NEW, count(("app", tell_shape([1], {})))))) == "no observed call in 30 d"
    )
    late = say_traffic(worst(judge(OLD, NEW, count(("app", tell_shape([1], {})), days=7))))
    assert late == "no observed call in 7 d: calls are counted only since then, not for 30 d"
