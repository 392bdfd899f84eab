"""What a result may be, given an example and rules: a table, and Pact's own matcher as the judge."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskcontract.errors import ContractError
from taskcontract.model.contract import ANYTHING, MatchRule
from taskcontract.model.matchers import NULLABLE, OPTIONAL
from taskcontract.verification.comparison import matching
from taskcontract.verification.comparison.matching import find_mismatches
from tests.support.thorough import examples

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

TYPE = MatchRule("$", "type")
STORED = {"url": "s3://b/1", "size": 3, "tags": ["a"]}


def rule(match: str, path: str = "$", **parameters: Any) -> MatchRule:
    return MatchRule(path, match, parameters)


@pytest.mark.parametrize(
    ("expected", "rules", "actual", "paths"),
    [
        ("a", [], "a", []),
        ("a", [], "b", ["$"]),
        (1, [], 1.0, ["$"]),
        (1, [], True, ["$"]),
        (None, [], None, []),
        (None, [], 0, ["$"]),
        (STORED, [], STORED, []),
        (STORED, [], {**STORED, "more": 1}, []),
        (STORED, [], {"url": "s3://b/1", "size": 4}, ["$", "$.size"]),
        (STORED, [TYPE], {"url": "x", "size": 4, "tags": []}, []),
        (STORED, [TYPE], {"url": "x", "size": "4", "tags": ["b", 1]}, ["$.size", "$.tags[1]"]),
        (STORED, [TYPE], [], ["$"]),
        (STORED, [TYPE], None, ["$"]),
        (STORED, [rule("type", "$.tags", min=1)], {**STORED, "tags": []}, ["$.tags"]),
        (STORED, [rule("type", "$.tags", max=1)], {**STORED, "tags": ["b", "c"]}, ["$.tags"]),
        (STORED, [rule("regex", "$.url", regex="s3://.+")], {**STORED, "url": "http://x"}, ["$.url"]),
        (STORED, [TYPE, rule("equality", "$.size")], {**STORED, "url": "x", "size": 4}, ["$.size"]),
        ("s3://b/1", [rule("regex", regex="s3://.+")], "s3://c", []),
        ("s3://b/1", [rule("regex", regex="s3://")], "s3://c", ["$"]),
        (5, [rule("regex", regex=r"\d")], 7, []),
        (5, [rule("integer")], 7, []),
        (5, [rule("integer")], 7.0, ["$"]),
        (5, [rule("integer")], True, ["$"]),
        (5.5, [rule("decimal")], 7, ["$"]),
        (5.5, [rule("number")], 7, []),
        (True, [rule("boolean")], False, []),
        (True, [rule("boolean")], 0, ["$"]),
        ("abc", [rule("include", value="b")], "xbx", []),
        ("abc", [rule("include", value="b")], "x", ["$"]),
        ({"a": 1}, [rule("include", value="1")], {"a": 1}, ["$"]),
        ([1], [rule("notEmpty")], [], ["$"]),
        ([], [rule("equality")], [1], []),  # Pact asks no rule about an array whose example is empty
        ([], [], [1], ["$"]),
        ("", [rule("regex", regex=".*")], None, []),
        ("1.2.3", [rule("semver")], "1.0.0-rc.1+5", []),
        ("1.2.3", [rule("semver")], "1.0", ["$"]),
        ("2020-02-29", [rule("date")], "2021-02-29", ["$"]),
        ("10:00", [rule("time", format="HH:mm")], "9:5", []),
        ({"a": 1}, [rule("values"), rule("integer", "$.*")], {"b": 2, "c": 3}, []),
        ({"a": 1}, [rule("values"), rule("integer", "$.*")], {"b": "2"}, ["$.b"]),
        (
            {"a": 1},
            [rule("eachKey", rules=[{"match": "regex", "regex": "[a-c]"}])],
            {"a": 1, "d": 2},
            ["$.d"],
        ),
        ({"a": 1}, [rule("eachValue", rules=[{"match": "integer"}])], {"b": 1, "d": "2"}, ["$.d"]),
        ([1], [rule("eachValue", rules=[{"match": "integer"}])], [2, "3"], ["$[1]"]),
        ([1, 2], [rule("arrayContains", variants=[])], [3, 2, 1], []),
        ([1, 2], [rule("arrayContains", variants=[])], [3, 2], ["$"]),
        ({"1": 5}, [rule("type", "$[*]")], {"1": 6}, []),
        ({"a": 1}, [rule(OPTIONAL, "$.b", example=2)], {"a": 1}, []),
        ({"a": 1}, [rule(OPTIONAL, "$.b", example=2)], {"a": 1, "b": 3}, ["$.b"]),
        ({"a": 1}, [rule(OPTIONAL, "$.b", example=2), rule("integer", "$.b")], {"a": 1, "b": 3}, []),
        ({"a": {"b": 1}}, [rule(NULLABLE, "$.a")], {"a": None}, []),
        ({"a": {"b": 1}}, [rule(NULLABLE, "$.a")], {"a": {"b": None}}, ["$.a.b"]),
        ([{"id": 1}], [TYPE, rule("integer", "$[*].id")], [{"id": 2}, {"id": "3"}], ["$[1].id"]),
        ({"a b": 1}, [rule("integer", "$['a b']")], {"a b": "2"}, ["$['a b']"]),
        ({"it's": 1}, [], {"it's": "2"}, ["$['it's']"]),
        ("x", [TYPE, rule("regex", regex="x+")], "y", ["$"]),
        ("x", [MatchRule("$", "null", {}, "OR"), MatchRule("$", "type", {}, "OR")], None, []),
        ("x", [MatchRule("$", "null", {}, "OR"), MatchRule("$", "type", {}, "OR")], 1, ["$", "$"]),
        ("x", [ANYTHING], {"what": "ever"}, []),
    ],
)
def test_mismatches(expected: Any, rules: list[MatchRule], actual: Any, paths: list[str]) -> None:
    assert [mismatch.path for mismatch in find_mismatches(expected, rules, actual)] == paths


def test_a_mismatch_says_where_and_why() -> None:
    (mismatch,) = find_mismatches({"size": 1}, [rule("integer", "$.size")], {"size": "12"})
    assert str(mismatch) == '$.size: "12" is not an integer'
    assert (mismatch.expected, mismatch.actual) == (1, "12")


def test_a_strict_comparison_refuses_more_members() -> None:
    assert find_mismatches(STORED, [], {**STORED, "more": 1}) == []
    (mismatch,) = find_mismatches(STORED, [], {**STORED, "more": 1}, strict=True)
    assert str(mismatch) == "$: the member 'more' is not expected"
    optional = rule(OPTIONAL, "$.more", example=1)
    assert find_mismatches(STORED, [optional], {**STORED, "more": 1}, strict=True) == []


def test_an_unreadable_path_is_refused() -> None:
    with pytest.raises(ContractError, match=r"\$\.\.x"):
        find_mismatches(1, [rule("type", "$..x")], 1)


def test_results_may_be_nested_deeper_than_python_recurses() -> None:
    deep: Any = 1
    for _ in range(3_000):
        deep = [deep]
    assert find_mismatches([[1]], [], deep)
    assert find_mismatches(deep, [TYPE], deep) == []


SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from([0.5, 1.0, -2.0, "", "1", "a", "true"])
)


def values(shortest: int) -> SearchStrategy[Any]:
    """JSON values whose arrays have at least `shortest` items."""
    names = st.sampled_from(["a", "b", "c d"])
    return st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, min_size=shortest, max_size=3) | st.dictionaries(names, inner, max_size=3)
        ),
        max_leaves=6,
    )


VALUES = values(0)
PATHS = st.sampled_from(
    ["$", "$.a", "$.b", "$[0]", "$[*]", "$.*", "$.a[*]", "$.a.b", "$['c d']", "$[*].a", "$[1][0]"]
)
RULES = st.builds(
    lambda path, made: MatchRule(path, made[0], made[1]),
    PATHS,
    st.sampled_from(
        [
            ("type", {}),
            ("type", {"min": 1}),
            ("type", {"max": 2}),
            ("type", {"min": 1, "max": 2}),
            ("regex", {"regex": "[a1]*"}),
            ("include", {"value": "1"}),
            *(
                (name, {})
                for name in ("integer", "decimal", "number", "boolean", "null", "equality", "notEmpty")
            ),
        ]
    ),
)


def test_of_equally_close_rules_the_last_holds() -> None:
    every_key, every_item = rule("type", "$.*"), rule("integer", "$[*]")
    assert find_mismatches([["a"]], [every_item, every_key], [["b"]]) == []
    assert find_mismatches([["a"]], [every_key, every_item], [["b"]]) != []


@given(VALUES, st.lists(RULES, max_size=3), VALUES)
@pytest.mark.thorough
@settings(max_examples=examples(300), deadline=None)
def test_any_two_values_can_be_compared(expected: Any, rules: list[MatchRule], actual: Any) -> None:
    for mismatch in find_mismatches(expected, rules, actual):
        assert mismatch.path.startswith("$")


@given(VALUES)
def test_an_example_fits_itself(example: Any) -> None:
    assert find_mismatches(example, [], example) == []
    assert find_mismatches(example, [TYPE], example) == []
    assert find_mismatches(example, [rule("equality")], example) == []


ITEMS: list[Any] = [{f"k{at}": at} for at in range(2_000)]


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps of the comparisons of a test."""
    steps: list[int] = []
    spend = matching.Work.spend

    def count(work: matching.Work, number: int) -> None:
        steps.append(number)
        spend(work, number)

    monkeypatch.setattr(matching.Work, "spend", count)
    return steps


def test_a_place_looks_at_the_rules_on_its_way_alone(spent: list[int]) -> None:
    rules = [rule("integer", f"$[*].k{at}") for at in range(20_000)]
    rules += [rule("type", f"$[{at}].other") for at in range(20_000)]
    assert find_mismatches(ITEMS, rules, ITEMS) == []
    assert sum(spent) < 10 * len(ITEMS)


TALL: Any = list(range(3_000))
for _ in range(13):
    TALL = {"a": TALL}
TOO_MUCH: dict[str, tuple[Any, list[MatchRule]]] = {
    "many rules with one path": (ITEMS, [rule("type", "$[*]")] * 20_000),
    "many ways to one place": (
        TALL,
        [rule("type", "$" + "".join(steps)) for steps in product((".a", ".*"), repeat=13)],
    ),
    "large texts": (["a" * 1_000_000], [MatchRule("$[*]", "include", {"value": "b"}, "OR")] * 20_000),
    "equal at every level": (TALL, [rule("equality", f"$.*{'.a' * at}") for at in range(12)] * 200),
}


@pytest.mark.parametrize(("value", "rules"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_takes_too_long_to_compare_fails_and_says_why(
    value: Any, rules: list[MatchRule], spent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST_WORK", 50_000)
    last = find_mismatches(value, rules, value)[-1]
    assert last.path == "$"
    assert last.what == (
        f"{len(rules)} rules and this reply take more than 50,000 steps to compare: "
        "the contract needs fewer rules"
    )
    assert sum(spent[:-1]) <= 50_000


def test_no_more_is_told_than_anybody_reads() -> None:
    found = find_mismatches([0] * 5_000, [rule("boolean", "$[*]"), rule("null", "$[*]")], [0] * 5_000)
    assert len(found) == matching.MOST_MISMATCHES + 1
    assert str(found[-1]) == "$: more is wrong than is looked for"
