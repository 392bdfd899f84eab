"""Files that other Pact libraries wrote: which call they mean, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from taskcontract.model.contract import ANYTHING, Generator, Interaction, MatchRule
from taskcontract.model.pact_parts import BrokenInteraction, read_parts


def read(interaction: dict[str, Any]) -> Interaction | BrokenInteraction:
    value: Any = {
        "consumer": {"name": "shop"},
        "provider": {"name": "pusher"},
        "interactions": [{"type": "Synchronous/Messages", "description": "d", **interaction}],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }
    (found,) = read_parts(value, file="shop-pusher.json").interactions
    return found


def call(content: Any, **more: Any) -> dict[str, Any]:
    contents = {"content": content, "contentType": "application/json", "encoded": False}
    return {"contents": contents, "metadata": {"task": "p.t"}, **more}


def answer(content: Any, **more: Any) -> list[Any]:
    return [{"contents": {"content": content, "contentType": "application/json", "encoded": False}, **more}]


@pytest.mark.parametrize(
    ("content", "args", "kwargs"),
    [
        ({"args": [1], "kwargs": {"a": 2}}, (1,), {"a": 2}),
        ({"args": [1]}, (1,), {}),
        ([[1], {"a": 2}, {"chain": None}], (1,), {"a": 2}),
        ([1, 2], (1, 2), {}),
        ([[1], {"a": 2}], ([1], {"a": 2}), {}),
        ({"key": "k"}, (), {"key": "k"}),
        ({}, (), {}),
        (None, (), {}),
    ],
)
def test_arguments_stand_in_several_forms(content: Any, args: Any, kwargs: Any) -> None:
    found = read({"request": call(content), "response": []})
    assert isinstance(found, Interaction)
    assert (found.args, found.kwargs, found.wire_name, found.version) == (args, kwargs, "p.t", "")


def test_the_task_may_be_named_beside_the_arguments() -> None:
    request = {"contents": {"content": {"task": "p.t", "args": []}}}
    found = read({"request": request, "response": []})
    assert isinstance(found, Interaction)
    assert found.wire_name == "p.t"


def test_what_nobody_awaits_is_a_call_too() -> None:
    found = read({"type": "Asynchronous/Messages", **call({"key": "k"})})
    assert isinstance(found, Interaction)
    assert (found.kwargs, found.rules, found.one_way) == ({"key": "k"}, (ANYTHING,), True)


@pytest.mark.parametrize(
    ("response", "result", "rules"),
    [
        ([], None, (ANYTHING,)),
        ([{}], None, (ANYTHING,)),
        ([{"contents": {"contentType": "application/json"}}], None, (ANYTHING,)),
        (answer(None), None, ()),
        (answer(""), "", ()),
        (answer('{"a": 1}') and [{"contents": {"content": '{"a": 1}', "encoded": "JSON"}}], {"a": 1}, ()),
        (
            answer(1, matchingRules={"body": {"$": {"matchers": [{"min": 1}], "combine": "or"}}}),
            1,
            (MatchRule("$", "type", {"min": 1}, "OR"),),
        ),
        (
            answer("2020", matchingRules={"body": {"$": {"matchers": [{"match": "timestamp"}]}}}),
            "2020",
            (MatchRule("$", "datetime"),),
        ),
    ],
)
def test_no_body_means_anything(response: Any, result: Any, rules: Any) -> None:
    found = read({"request": call({}), "response": response})
    assert isinstance(found, Interaction)
    assert (found.result, found.rules) == (result, rules)


@pytest.mark.parametrize(
    ("content", "path", "placed"),
    [
        ({"args": [1]}, "$.args[0]", "$.args[0]"),
        ([1], "$[0]", "$.args[0]"),
        ([[1], {"a": 2}, {}], "$[1].a", "$.kwargs.a"),
        ({"a": {"b c": 1}}, "$.a['b c']", "$.kwargs.a['b c']"),
        ({"a": [1]}, "$.a[*]", "$.kwargs.a[*]"),
    ],
)
def test_generators_find_their_arguments(content: Any, path: str, placed: str) -> None:
    made = {"body": {path: {"type": "RandomInt", "min": 1, "max": 2}}}
    found = read({"request": call(content, generators=made), "response": []})
    assert isinstance(found, Interaction)
    assert found.generators == (Generator(placed, "RandomInt", {"min": 1, "max": 2}),)


def made(category: str, kind: str) -> dict[str, Any]:
    return {"request": call({}, generators={category: {"$.a": {"type": kind}}}), "response": []}


def rules(**matcher: Any) -> dict[str, Any]:
    return {
        "request": call({}),
        "response": answer(1, matchingRules={"body": {"$": {"matchers": [matcher]}}}),
    }


@pytest.mark.parametrize(
    ("interaction", "said"),
    [
        ({"request": {"contents": {"content": {}}}, "response": []}, "does not say which task"),
        ({"request": call("text"), "response": []}, "name no arguments"),
        ({"request": call({}), "response": [{}, {}]}, "a second response"),
        ({"request": call({}), "response": [{"metadata": {"Origin": "x"}}]}, "'Origin' is expected"),
        ({"request": call({}), "response": [{"contents": {"content": "x", "encoded": "base64"}}]}, "encoded"),
        (
            {"request": call({}), "response": [{"contents": {"content": "<a/>", "contentType": "text/xml"}}]},
            "xml",
        ),
        ({"request": call({}), "response": [], "pluginConfiguration": {"csv": {}}}, "plugin"),
        ({"request": call({}), "response": [], "transport": "grpc"}, "'grpc'"),
        (
            {"request": call({}, generators={"metadata": {"a": {"type": "Uuid"}}}), "response": []},
            "'metadata'",
        ),
        (made("body", "Own"), "'Own'"),
        (
            {"request": call({}, generators={"body": {"$.a": {"type": "MockServerURL"}}}), "response": []},
            "known",
        ),
        (rules(match="contentType", value="image/jpeg"), "'contentType' is not known"),
        (rules(match="own"), "'own' is not known"),
        (rules(match="date", format="VV"), "time zones"),
        (rules(match="date", format="b"), "means nothing"),
        (rules(match="eachKey", rules=[{"match": "own"}]), "in the rules of 'eachKey'"),
        (rules(match="eachValue", rules=[]), "at least one rule"),
        (rules(match="arrayContains"), "'variants'"),
        (rules(match="regex", regex=r"\X"), "not read here"),
        (rules(), "no matcher is named"),
    ],
)
def test_what_is_not_known_is_an_error_of_that_interaction(interaction: dict[str, Any], said: str) -> None:
    found = read(interaction)
    assert isinstance(found, BrokenInteraction)
    assert said in str(found.error)
