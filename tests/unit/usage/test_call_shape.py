"""A shape has no value of its call, is counted by one text, and is never large."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskcontract.usage.call_shape import (
    BEFORE,
    MOST_TEXT,
    OTHER_SHAPE,
    CallShape,
    coarsen,
    read_shape,
    tell_shape,
)

SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "integer": st.integers(),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "string": st.text(),
}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **SCALARS,
    "array": st.lists(st.one_of(*SCALARS.values()), max_size=3),
    "object": st.dictionaries(st.text(max_size=5), st.one_of(*SCALARS.values()), max_size=3),
}
TYPED = st.sampled_from(sorted(VALUES)).flatmap(lambda kind: VALUES[kind].map(lambda value: (kind, value)))


@given(st.lists(TYPED, max_size=5), st.dictionaries(st.text(max_size=8), TYPED, max_size=5))
def test_a_shape_says_each_type_as_the_message_has_it(
    args: list[tuple[str, Any]], kwargs: dict[str, tuple[str, Any]]
) -> None:
    sent = json.loads(json.dumps([[value for _, value in args], {k: v for k, (_, v) in kwargs.items()}]))
    text = tell_shape(*sent)
    expected = CallShape(
        tuple(kind for kind, _ in args), tuple(sorted((name, kind) for name, (kind, _) in kwargs.items()))
    )
    assert read_shape(text) == expected
    assert expected.write() == text
    assert text.encode("ascii"), "whatever the names are, a store can take it"


def test_the_order_of_keywords_makes_no_other_shape() -> None:
    assert tell_shape((), {"a": 1, "b": ""}) == tell_shape((), {"b": "", "a": 1})
    assert tell_shape((), {"a": 1, "b": ""}) != tell_shape((), {"a": "", "b": 1})
    assert tell_shape((1, ""), {}) != tell_shape(("", 1), {})


def test_no_value_is_in_a_shape() -> None:
    assert "hunter2" not in tell_shape(("hunter2", ["hunter2"]), {"token": {"hunter2": "hunter2"}})


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((1,) * 101, {}),
        ((), {f"name{number}": 1 for number in range(101)}),
        ((), {"n" * (MOST_TEXT + 1): 1}),
        ((), {f"{number:03}" + "x" * 20: 1 for number in range(60)}),
        ((), {"\ud800" * 300: 1}),
        ((), {7: 1}),
    ],
    ids=["arguments", "keywords", "a name", "names", "escapes", "no name"],
)
def test_what_is_too_much_is_one_of_the_rest(args: tuple[Any, ...], kwargs: dict[Any, Any]) -> None:
    assert tell_shape(args, kwargs) == OTHER_SHAPE


def test_what_json_has_not_is_told_as_such() -> None:
    assert read_shape(tell_shape((b"", object()), {"x": 1j})) == CallShape(("?", "?"), (("x", "?"),))


def test_a_coarse_shape_keeps_the_number_and_the_names() -> None:
    assert read_shape(coarsen(tell_shape((1, "a"), {"b": None}))) == CallShape(("?", "?"), (("b", "?"),))
    assert coarsen(OTHER_SHAPE) == OTHER_SHAPE


def test_a_shape_is_spelt_like_a_call() -> None:
    shape = CallShape(("string", "object:Photo"), (("meta", "object"),))
    assert shape.spell() == "(string, object:Photo, meta=object)"
    assert CallShape().spell() == "()"


@pytest.mark.parametrize("text", ["", "{}", "[]", '[["string"],["x"]]', "[[1],{}]", "null", "[[],{},1]"])
def test_no_other_text_is_a_shape(text: str) -> None:
    with pytest.raises(ValueError, match=r"shape|Expecting"):
        read_shape(text)


def test_the_rest_is_no_shape() -> None:
    assert read_shape(OTHER_SHAPE) is None
    assert read_shape(BEFORE) is None
