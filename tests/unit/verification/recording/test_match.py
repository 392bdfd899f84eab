"""Matchers in examples: the JSON and the rules that they make, and those that are refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskcontract import match
from taskcontract.errors import ContractError
from taskcontract.model.contract import MatchRule
from taskcontract.verification.comparison.matching import find_mismatches
from taskcontract.verification.recording.example import read_example
from tests.support.thorough import examples


@dataclass(frozen=True)
class Stored:
    url: str
    size: int


@pytest.mark.parametrize(
    ("value", "example", "rules"),
    [
        ("a", "a", []),
        (match.like("a"), "a", [("$", "type", {})]),
        (match.regex("s3://.+", "s3://b"), "s3://b", [("$", "regex", {"regex": "s3://.+"})]),
        ({"n": match.integer(1)}, {"n": 1}, [("$.n", "integer", {})]),
        ([1, match.number(2)], [1, 2], [("$[1]", "number", {})]),
        ({"a b": match.boolean(True)}, {"a b": True}, [("$['a b']", "boolean", {})]),
        (Stored("u", match.integer(1)), {"url": "u", "size": 1}, [("$.size", "integer", {})]),
        (
            match.like(Stored("u", match.equal(1))),
            {"url": "u", "size": 1},
            [("$", "type", {}), ("$.size", "equality", {})],
        ),
        (
            {"ids": match.each_like({"id": match.integer(1)}, min=2)},
            {"ids": [{"id": 1}, {"id": 1}]},
            [("$.ids", "type", {"min": 2}), ("$.ids[*].id", "integer", {})],
        ),
        (match.each_like("a", min=0, max=3), ["a"], [("$", "type", {"min": 0, "max": 3})]),
        (match.includes("b", "abc"), "abc", [("$", "include", {"value": "b"})]),
        (match.decimal(1.5), 1.5, [("$", "decimal", {})]),
        (match.not_empty([1]), [1], [("$", "notEmpty", {})]),
        ((Decimal("1.50"), date(2026, 1, 2)), ["1.50", "2026-01-02"], []),
        ({"it's": 1}, {"it's": 1}, []),
    ],
)
def test_an_example_is_taken_apart(value: Any, example: Any, rules: list[tuple[Any, ...]]) -> None:
    assert read_example(value) == (example, tuple(MatchRule(*rule) for rule in rules))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (match.regex("s3://.+", "http://b"), "s3://"),
        (match.regex("(", "a"), "regular expression"),
        (match.integer("1"), "integer"),
        (match.decimal(1), "decimals"),
        (match.each_like(1, min=3, max=2), "at most 2"),
        (match.each_like(1, min=-1), "'min'"),
        (match.includes("x", "abc"), "'x'"),
        (match.not_empty(""), "empty"),
        ({"it's": match.like(1)}, "it's"),
        ({1: "a"}, "1"),
        (object(), "no JSON form"),
    ],
)
def test_an_example_that_cannot_be_is_refused(value: Any, said: str) -> None:
    with pytest.raises(ContractError) as caught:
        read_example(value)
    assert said in str(caught.value)


SCALARS = st.one_of(
    st.integers().map(match.integer),
    st.booleans().map(match.boolean),
    st.text(max_size=3).map(match.like),
    st.integers().map(match.number),
    st.text(min_size=1, max_size=3).map(match.not_empty),
    st.from_regex("[a-c]{2}", fullmatch=True).map(lambda text: match.regex("[a-c]{2}", text)),
    st.none() | st.text(max_size=3),
)
NESTED = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b c", "d"]), inner, max_size=3)
        | inner.map(match.each_like)
        | inner.map(match.like)
    ),
    max_leaves=6,
)


@given(NESTED)
@pytest.mark.thorough
@settings(max_examples=examples(200), deadline=None)
def test_an_example_always_fits_its_own_rules(value: Any) -> None:
    example, rules = read_example(value)
    assert find_mismatches(example, rules, example) == []
