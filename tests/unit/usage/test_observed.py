"""The observed API takes each call that was told, by Python's own binder and a real validator."""

from __future__ import annotations

import inspect
import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskcontract.diff.calls.shape import signature_of
from taskcontract.extract.app_tasks import KINDS
from taskcontract.model.service import MISSING, ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.model.spec_file import dump_spec, read_spec
from taskcontract.usage.call_shape import OTHER_SHAPE, coarsen, tell_shape
from taskcontract.usage.observed import observe_tasks
from taskcontract.usage.use import Counted, ShapeUse, Use, UseKey

WEB = UseKey("mail", "mail.send", "", "web")
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(-5, 5),
    st.text(max_size=3),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)
NAMES = st.sampled_from(["to", "subject", "urgent", "arg1", "class", "not-a-name", ""])
CALLS = st.lists(
    st.tuples(st.lists(VALUES, max_size=4), st.dictionaries(NAMES, VALUES, max_size=4)),
    min_size=1,
    max_size=6,
)


def count(*calls: tuple[Any, Any], key: UseKey = WEB, untold: int = 0) -> Counted:
    shapes = [ShapeUse(key, tell_shape(args, kwargs), 1, 1.0) for args, kwargs in calls]
    if untold:
        shapes.append(ShapeUse(key, OTHER_SHAPE, untold, 1.0))
    return Counted((Use(key, len(calls) + untold, 1.0),), 0.0, tuple(shapes), 0.0)


def takes(task: TaskSpec, args: Any, kwargs: Any) -> bool:
    """Whether the task takes a call: as Python binds it, each value by its schema."""
    try:
        bound = signature_of(task.parameters).bind(*args, **kwargs).arguments
    except TypeError:
        return False
    by_name = {each.name: each for each in task.parameters}
    for name, value in bound.items():
        each = by_name[name]
        items = {"var-positional": list, "var-keyword": lambda them: list(them.values())}.get(each.kind)
        for item in items(value) if items else [value]:
            if not jsonschema_rs.is_valid(each.schema, item):
                return False
    return True


@given(CALLS)
def test_a_guessed_signature_takes_each_call(calls: list[tuple[list[Any], dict[str, Any]]]) -> None:
    (observed,) = observe_tasks(count(*calls), {})
    assert not observed.is_known
    for args, kwargs in calls:
        assert takes(observed.task, args, kwargs)
    text = dump_spec(ServiceSpec("mail", "", (observed.task,)))
    assert read_spec(json.loads(text), file="x").tasks == (observed.task,)


def known(function: Any) -> dict[str, TaskSpec]:
    parameters = tuple(
        ParameterSpec(
            each.name, KINDS[each.kind], True, MISSING if each.default is each.empty else each.default
        )
        for each in inspect.signature(function).parameters.values()
    )
    return {WEB.task: TaskSpec(WEB.task, "", WEB.task, parameters, enforced=False)}


@given(CALLS)
def test_a_known_signature_gets_the_types_of_what_fits(calls: list[tuple[list[Any], dict[str, Any]]]) -> None:
    def send(to: Any, subject: Any = "hello", *rest: Any, urgent: Any = False, **more: Any) -> None: ...

    (observed,) = observe_tasks(count(*calls), known(send))
    fits = [takes(known(send)[WEB.task], *call) for call in calls]
    assert observed.misfits == fits.count(False)
    assert [each.name for each in observed.task.parameters] == ["to", "subject", "rest", "urgent", "more"]
    for call, is_fitting in zip(calls, fits, strict=True):
        assert takes(observed.task, *call) == is_fitting


def test_what_was_not_seen_stays_open_and_what_was_written_stays() -> None:
    def send(to: Any, subject: Any = "hello", urgent: Any = False) -> None: ...

    tasks = known(send)
    (observed,) = observe_tasks(count((["ann"], {}), ([None], {"subject": None})), tasks)
    types = {each.name: each.schema for each in observed.task.parameters}
    assert types == {
        "to": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "subject": True,
        "urgent": True,
    }
    assert [each.default for each in observed.task.parameters] == [MISSING, "hello", False]


def test_a_default_is_of_its_type() -> None:
    def send(to: Any = None, subject: Any = "hello") -> None: ...

    (observed,) = observe_tasks(
        count(
            ([1, 2.5], {}),
        ),
        known(send),
    )
    assert [each.schema for each in observed.task.parameters] == [
        {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        {"anyOf": [{"type": "number"}, {"type": "string"}]},
    ]


def test_types_that_were_not_told_stay_open() -> None:
    coarse = ShapeUse(WEB, coarsen(tell_shape(["ann"], {})), 3, 1.0)
    counted = Counted((Use(WEB, 5, 1.0),), 0.0, (coarse, ShapeUse(WEB, OTHER_SHAPE, 1, 1.0)), 0.0)
    (observed,) = observe_tasks(counted, {})
    assert [each.schema for each in observed.task.parameters] == [True]
    assert (observed.calls, observed.untold, observed.consumers) == (5, 2, 1)


@pytest.mark.parametrize(
    ("sent", "schema"),
    [
        ([1, 2.5], {"type": "number"}),
        ([1], {"type": "integer"}),
        (["", [], {}], {"anyOf": [{"type": "array"}, {"type": "object"}, {"type": "string"}]}),
    ],
)
def test_types_are_as_few_as_take_all(sent: list[Any], schema: Any) -> None:
    (observed,) = observe_tasks(count(*(([value], {}) for value in sent)), {})
    assert [each.schema for each in observed.task.parameters] == [schema]


def test_calls_of_declared_versions_are_not_observed() -> None:
    assert observe_tasks(count(([1], {}), key=WEB._replace(version="1.0.0")), {}) == []
