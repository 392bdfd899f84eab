"""Where in a schema a finding is, and the whole message that shows it."""

from __future__ import annotations

from typing import Any

import pytest

from taskcontract.diff import compare_tasks
from taskcontract.errors import SpecError
from tests.support.specs import INTEGER, STRING, make_task
from tests.support.waiting import must_end

NARROW = {"type": "integer", "minimum": 1}


def within(schema: Any) -> dict[str, Any]:
    """Pairs of (place, schema with `schema` at that place)."""
    box = {"type": "object", "properties": {"w": schema}, "required": ["w"]}
    return {
        "parameters.meta": schema,
        "parameters.meta.w": box,
        'parameters.meta["a.b"]': {"type": "object", "properties": {"a.b": schema}},
        "parameters.meta[]": {"type": "array", "items": schema},
        "parameters.meta[1]": {"type": "array", "prefixItems": [STRING, schema]},
        "parameters.meta.*": {"type": "object", "additionalProperties": schema},
        "parameters.meta.*[].w": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"$ref": "#/$defs/Box"}},
            "$defs": {"Box": box},
        },
        "parameters.meta(k=box).w": {
            "anyOf": [
                {**box, "properties": {"k": {"const": "box"}, "w": schema}},
                {"type": "object", "properties": {"k": {"const": "bag"}}, "required": ["k"]},
            ]
        },
        "parameters.meta.next.w": {
            "$ref": "#/$defs/Node",
            "$defs": {
                "Node": {
                    "type": "object",
                    "properties": {"next": {"anyOf": [{"$ref": "#/$defs/Inner"}, {"type": "null"}]}},
                },
                "Inner": box,
            },
        },
    }


@pytest.mark.parametrize("place", within(INTEGER))
def test_a_finding_names_the_place_and_shows_a_whole_message(place: str) -> None:
    schemas = within(INTEGER)[place], within(NARROW)[place]
    old, new = (make_task("send", "key: str, meta", schemas={"meta": schema}) for schema in schemas)
    (finding,) = compare_tasks(old, new)
    assert (finding.rule, finding.path) == ("payload-constraint-tightened", place)
    assert finding.witness is not None
    assert finding.witness.kwargs is not None
    assert finding.witness.kwargs["key"] == "key"
    assert "0" in repr(finding.witness.kwargs["meta"])


@pytest.mark.parametrize(
    ("signature", "args", "kwargs"),
    [
        ("key: str, meta", (), {"key": "key", "meta": 0}),
        ("key: str, meta, /", ("key", 0), {}),
        ("key: str, acl: str = '', meta=1, /", ("key", "acl", 0), {}),
        ("key: str, *meta", ("key", 0), {}),
        ("key: str, **meta", (), {"key": "key", "extra": 0}),
        ("meta, *, size: int, force: bool = False", (), {"meta": 0, "size": 2}),
    ],
)
def test_a_value_is_sent_as_part_of_the_shortest_call(
    signature: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    old, new = (make_task("send", signature, schemas={"meta": schema}) for schema in (INTEGER, NARROW))
    (finding,) = compare_tasks(old, new)
    assert finding.witness is not None
    assert (finding.witness.args, finding.witness.kwargs) == (args, kwargs)


def test_a_type_that_refers_to_itself_is_entered_once() -> None:
    def tree(value: Any) -> Any:
        node = {"type": "object", "properties": {"value": value, "next": {"$ref": "#/$defs/Tree"}}}
        return {"$ref": "#/$defs/Tree", "$defs": {"Tree": node}}

    old, new = (make_task("send", "meta", schemas={"meta": tree(part)}) for part in (INTEGER, NARROW))
    assert [finding.path for finding in compare_tasks(old, new)] == ["parameters.meta.value"]


def test_null_that_a_recursive_place_lost_is_found_once() -> None:
    ref = {"$ref": "#/$defs/Node"}

    def linked(following: Any) -> Any:
        node = {"type": "object", "properties": {"next": following}}
        return {**ref, "$defs": {"Node": node}}

    sides = linked({"anyOf": [ref, {"type": "null"}]}), linked(ref)
    old, new = (make_task("send", "meta", schemas={"meta": schema}) for schema in sides)
    assert [(f.rule, f.path) for f in compare_tasks(old, new)] == [
        ("payload-null-removed", "parameters.meta.next")
    ]


def test_a_type_that_refers_to_the_whole_is_judged_as_a_whole() -> None:
    def tree(value: Any) -> Any:
        return {"type": "object", "properties": {"next": {"$ref": "#"}, "values": {"items": value}}}

    old, new = (make_task("send", "meta", schemas={"meta": tree(part)}) for part in (INTEGER, NARROW))
    (finding,) = compare_tasks(old, new)
    assert (finding.severity, finding.path) == ("breaking", "parameters.meta.values[]")


def test_an_invalid_schema_is_an_error_that_names_its_parameter() -> None:
    old, new = (make_task("send", "meta", schemas={"meta": {"type": kind}}) for kind in ("string", "text"))
    with pytest.raises(SpecError, match=r"send@1\.0\.0: parameters\.meta: \$\.type"):
        list(compare_tasks(old, new))


def test_a_result_beyond_its_limits_and_otherwise_wider_has_a_finding_for_each() -> None:
    old = make_task("send", result={"anyOf": [{"type": "integer", "maximum": 3}, STRING]})
    new = make_task("send", result={"anyOf": [{"type": "integer", "maximum": 9}, STRING, {"type": "null"}]})
    assert [finding.rule for finding in compare_tasks(old, new)] == [
        "result-null-added",
        "result-constraint-relaxed",
    ]


def bomb(value: Any, levels: int = 40) -> Any:
    """A schema whose definitions unfold to 2 ** levels places."""
    definitions: dict[str, Any] = {f"D{levels}": value}
    for level in range(levels):
        part = {"$ref": f"#/$defs/D{level + 1}"}
        definitions[f"D{level}"] = {"type": "object", "properties": {"a": part, "b": part}}
    return {"$ref": "#/$defs/D0", "$defs": definitions}


def union_bomb(value: Any, levels: int = 9) -> Any:
    """The same of alternatives, 3 ** levels of them."""
    definitions: dict[str, Any] = {f"D{levels}": value}
    for level in range(levels):
        part = {"$ref": f"#/$defs/D{level + 1}"}
        definitions[f"D{level}"] = {"anyOf": [part, part, {"type": "array", "items": part}]}
    return {"$ref": "#/$defs/D0", "$defs": definitions}


@pytest.mark.parametrize("make", [bomb, union_bomb])
def test_a_schema_that_unfolds_without_end_is_walked_in_bounded_time(make: Any) -> None:
    old, new = (make_task("send", "meta", schemas={"meta": make(part)}) for part in (INTEGER, NARROW))
    with must_end():
        findings = list(compare_tasks(old, new))
    assert {finding.severity for finding in findings} & {"breaking", "dangerous"}


def test_a_union_of_itself_is_refused_or_undecided() -> None:
    def loop(value: Any) -> Any:
        ref = {"$ref": "#/$defs/A"}
        return {**ref, "$defs": {"A": {"anyOf": [ref, {"type": "null"}, value]}}}

    old, new = (make_task("send", "meta", schemas={"meta": loop(part)}) for part in (INTEGER, NARROW))
    with pytest.raises(SpecError, match=r"send@1\.0\.0: parameters\.meta"):
        list(compare_tasks(old, new))
