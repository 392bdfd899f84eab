"""Each call that the diff shows is taken by the old bindings and not by the new ones, and can be pasted.

The oracle is the bindings' own code: the binders and codecs that a worker runs.
"""

from __future__ import annotations

import json

import pytest

from taskcontract.diff import compare_schemas
from taskcontract.diff.budget import ProofBudget
from taskcontract.diff.walker.engine import SchemaEngine
from taskcontract.diff.walker.samples import Samples
from taskcontract.errors import ArgumentValueError
from taskcontract.reporting.witness import show_call, show_message
from tests.support.thorough import partners
from tests.support.two_sides import TYPES, Even, Sides, call_of, compare, fate, make_sides

CHANGES = {
    "param-reordered": ("a: T, b: U", "b: U, a: T"),
    "param-inserted-optional": ("a: T, b: U", "a: T, c: U | None = None, b: U | None = None"),
    "param-added-optional": ("a: T, *rest: U", "a: T, c: T | None = None, *rest: U"),
    "param-added-required": ("a: T, b: U | None = None", "a: T, c: T, b: U | None = None"),
    "param-renamed-swallowed": ("a: T | None = None", "b: T | None = None, **rest: U"),
    "param-removed-swallowed": ("a: T, b: U", "a: T, **rest: T"),
    "param-removed": ("a: T, b: U, *rest: T", "b: U, *rest: T"),
    "param-captures-extra-key": ("a: T, **rest: U", "a: T, *, b: T | None = None, **rest: U"),
    "varargs-removed": ("a: T, *rest: U", "a: T, b: T | None = None"),
    "varkwargs-removed": ("a: T, **rest: U", "a: T, b: T | None = None"),
    "param-default-changed": ("a: T, n: int = 1", "a: T, n: int = 2"),
    "param-made-keyword-only": ("a: T, b: U", "b: U, *, a: T"),
    "payload": ("a: T, b: U", "a: U, b: U"),
    "param-removed-required": ("a: T, b: U", "a: T"),
    "param-renamed": ("a: T, b: U", "a: T, c: U"),
}
"""Changes of a signature, named by a rule that they meet, over two types."""


def judge(sides: Sides, *, by_code: bool) -> int:
    """Hold all that the diff shows and says of silence against the bindings; how many calls it showed."""
    (task,) = sides.old.tasks
    shown = 0
    for finding in compare(sides, by_code=by_code):
        witness = finding.witness
        says_nothing_raises = "nothing raises" in finding.consequence
        assert finding.silent == says_nothing_raises or finding.rule == "param-default-changed", finding
        if witness is None or witness.is_value:
            assert not finding.silent or finding.rule == "payload-field-removed", finding
            continue
        shown += 1
        args, kwargs = list(witness.args), dict(witness.kwargs or {})
        before, after = fate(sides.old, args, kwargs), fate(sides.new, args, kwargs)
        assert isinstance(before, dict), finding
        assert isinstance(after, str) or finding.silent, finding
        if finding.silent:
            assert isinstance(after, dict), finding
        if after == "value" and by_code:
            assert witness.refusal
        assert call_of(show_message(finding)) == (task.wire_name, args, kwargs)
        try:
            pasted = call_of(show_call(finding), task)
        except ArgumentValueError:  # no typed caller sends keys that the type does not name
            assert "{" in show_call(finding)
            assert finding.rule.startswith("payload-")
        else:
            assert fate(sides.old, *pasted) == before, show_call(finding)
    return shown


PROBES: list[object] = ["", "a", "1", 1, 1.5, True, None, ["a"], {}, {"": 1}, {"a": "b"}, {"id": 1, "at": ""}]


def says_all(name: str) -> bool:
    """Whether the schema of a type takes what its codec takes, so that a spec alone can be judged by."""
    service = make_sides("a: T", "a: T", T=TYPES[name]).old
    (parameter,) = service.tasks[0].spec().parameters
    return all(
        SchemaEngine(ProofBudget()).takes(parameter.schema, value)
        == isinstance(fate(service, [value], {}), dict)
        for value in PROBES
    )


PLAIN = [name for name in TYPES if says_all(name) and name != "set[str]"]
"""Where there is only a spec. No schema tells a set from a list, so that a caller's set is not known."""


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("change", CHANGES)
def test_calls_and_silence_hold_on_pairs_of_types(change: str) -> None:
    pairs = [(one, other) for one in TYPES for other in partners(one, TYPES)]
    assert sum(judge_pair(change, *pair, by_code=True) for pair in pairs) > len(TYPES)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("change", CHANGES)
def test_calls_and_silence_hold_where_there_are_only_specs(change: str) -> None:
    assert {"str", "int", "Colour", "Movie", "int | str", "Any"} <= {*PLAIN}
    pairs = [(one, other) for one in PLAIN for other in partners(one, PLAIN)]
    assert sum(judge_pair(change, *pair, by_code=False) for pair in pairs) > len(PLAIN)


def judge_pair(change: str, one: str, other: str, *, by_code: bool) -> int:
    return judge(make_sides(*CHANGES[change], T=TYPES[one], U=TYPES[other]), by_code=by_code)


SILENCE = [
    ("param-reordered", str, str, True),
    ("param-reordered", str, int, False),
    ("param-reordered", int, float, True),
    ("param-reordered", int, TYPES["int | str"], True),
    ("param-inserted-optional", str, str, True),
    ("param-renamed-swallowed", str, str, True),
    ("param-renamed-swallowed", str, int, False),
    ("param-removed-swallowed", str, int, False),
    ("param-removed-swallowed", int, str, False),
    ("param-captures-extra-key", str, str, True),
    ("param-captures-extra-key", int, str, False),
    ("param-default-changed", str, str, True),
]


@pytest.mark.parametrize("by_code", [True, False], ids=["by code", "by spec"])
@pytest.mark.parametrize(("rule", "one", "other", "silent"), SILENCE)
def test_silent_is_what_nothing_refuses(
    rule: str, one: object, other: object, silent: bool, by_code: bool
) -> None:
    findings = compare(make_sides(*CHANGES[rule], T=one, U=other), by_code=by_code)
    (found,) = [each for each in findings if each.rule == rule]
    assert found.silent == silent
    if not silent:
        assert "; the worker refuses it: " in found.consequence
        assert found.witness is not None
        assert found.witness.refusal


def make_samples() -> Samples:
    return Samples(SchemaEngine(ProofBudget()))


@pytest.mark.parametrize("name", TYPES)
def test_a_sample_is_a_value_of_its_type(name: str) -> None:
    sides = make_sides("a: T", "b: T", T=TYPES[name])
    (parameter,) = sides.old.tasks[0].spec().parameters
    samples = make_samples()
    for number in (1, 2, 30):
        sample = samples.value_of(parameter.schema, "a", number)
        assert isinstance(fate(sides.old, [sample], {}), dict), json.dumps(sample)


TREE = {
    "type": "object",
    "required": ["name", "kids", "left"],
    "properties": {
        "name": {"type": "string"},
        "kids": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
        "left": {"anyOf": [{"$ref": "#/$defs/Tree"}, {"type": "null"}]},
    },
}
RECURSIVE: dict[str, object] = {
    "a tree": {"$ref": "#/$defs/Tree", "$defs": {"Tree": TREE}},
    "no end": {"type": "object", "required": ["x"], "properties": {"x": {"$ref": "#"}}},
    "lists of lists": {"type": "array", "items": {"$ref": "#"}},
    "many of many": {"type": "array", "minItems": 9, "items": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}},
}


@pytest.mark.parametrize("schema", RECURSIVE.values(), ids=RECURSIVE)
def test_a_sample_of_what_holds_itself_ends(schema: object) -> None:
    sample = make_samples().value_of(schema)
    assert len(json.dumps(sample)) < 2_000
    assert sample is None or compare_schemas({"const": sample}, schema).verdict == "included"


def test_a_call_that_the_old_code_would_refuse_is_not_shown() -> None:
    """What only a validator knows cannot be guessed: the shape alone still proves, a type does not."""
    for change, known in {"param-renamed": "proved", "payload": "undecided"}.items():
        (found, *_) = [
            each
            for each in compare(make_sides(*CHANGES[change], T=Even, U=int), by_code=True)
            if each.severity != "safe"
        ]
        assert found.witness is None
        assert found.known == known
        assert found.severity == ("breaking" if known == "proved" else "dangerous")
        assert found.silent is False
