"""What compare_calls answers, pair by pair."""

from __future__ import annotations

import subprocess
import sys

import pytest

from taskcontract.diff import compare_calls
from taskcontract.errors import ConfigError
from tests.support.signature_pairs import parse

SAFE = [
    ("a, b=0", "a, b=0"),
    ("a, b", "a, b=0"),
    ("a", "a, b=0"),
    ("a", "a, *, b=0"),
    ("a", "a, *args, **kwargs"),
    ("a, /", "a"),
    ("*, a", "a"),
    ("*, a, b", "*, b, a"),
    ("a, /", "renamed, /"),
    ("a, /", "renamed"),
    ("a, b, /, c", "x, y, /, c"),
    ("*args, **kwargs", "*rest, **extra"),
    ("a, /, **kwargs", "b, /, **kwargs"),
    ("a=1", "a=2"),
]

REFUSED = [
    ("a, b", "a", ((1, 2), {})),
    ("a", "a, b", ((1,), {})),
    ("a, b=0", "a, b", ((1,), {})),
    ("a, b", "a, x, b", ((1, 2), {})),
    ("a", "b", ((), {"a": 1})),
    ("a, b", "a, /, b", ((), {"a": 1, "b": 2})),
    ("a, b", "a, *, b", ((1, 2), {})),
    ("*args", "", ((1,), {})),
    ("**kwargs", "", ((), {"extra": 1})),
    ("a, /, **kwargs", "a, **kwargs", ((1,), {"a": 2})),
    ("a, **kwargs", "a, /, **kwargs", ((), {"a": 1})),
    ("*, a", "a, /, **kwargs", ((), {"a": 1})),
    ("**kwargs", "a=0, /, **kwargs", ((), {"a": 1})),
]

SILENT = [
    # the call, then where its values land before and after
    ("a, b", "b, a", ((1, 2), {}), {"a": 1, "b": 2}, {"b": 1, "a": 2}),
    ("a, b, /", "b, a, /", ((1, 2), {}), {"a": 1, "b": 2}, {"b": 1, "a": 2}),
    ("a, b=0", "a, site=None, b=0", ((1, 2), {}), {"a": 1, "b": 2}, {"a": 1, "site": 2}),
    ("a, b=0", "a, *args", ((1, 2), {}), {"a": 1, "b": 2}, {"a": 1, "args": (2,)}),
    ("*, a", "**kwargs", ((), {"a": 1}), {"a": 1}, {"kwargs": {"a": 1}}),
    ("a", "b=0, **kwargs", ((), {"a": 1}), {"a": 1}, {"kwargs": {"a": 1}}),
    ("**kwargs", "a=0, **kwargs", ((), {"a": 1}), {"kwargs": {"a": 1}}, {"a": 1}),
    ("a, *args", "a, b=0, *args", ((1, 2), {}), {"a": 1, "args": (2,)}, {"a": 1, "b": 2}),
    ("a=0, *args", "*args", ((1,), {}), {"a": 1}, {"args": (1,)}),
    ("a, /, b=0", "b=0, a=0", ((1,), {}), {"a": 1}, {"b": 1}),
    ("a, /, *, b=0", "b, /", ((1,), {}), {"a": 1}, {"b": 1}),
    ("a=0, b=0", "b=0", ((1,), {}), {"a": 1}, {"b": 1}),
    ("a, /", "b, /, a=0", ((1,), {}), {"a": 1}, {"b": 1}),
]

STYLED = [
    # old, new, the styles whose callers notice
    ("a, b", "a, c", {"keyword", "both"}),
    ("a, b", "a, *, b", {"positional", "both"}),
    ("a, b", "a, b, /", {"keyword", "both"}),
    ("a, b", "b, a", {"positional", "both"}),
    ("a, b, *args", "b, a, *args", {"positional", "keyword", "both"}),
    ("a, b, **kwargs", "b, a, **kwargs", {"positional", "both"}),
    ("*, a", "*, b", {"positional", "keyword", "both"}),
    ("a, /", "", {"positional", "keyword", "both"}),
]


@pytest.mark.parametrize(("old", "new"), SAFE)
def test_calls_that_mean_the_same_are_included(old: str, new: str) -> None:
    answer = compare_calls(parse(old), parse(new))
    assert answer[:2] == ("included", None)
    assert not answer.silent


@pytest.mark.parametrize(("old", "new", "witness"), REFUSED)
def test_a_refused_call_is_shown(old: str, new: str, witness: tuple[tuple[int, ...], dict[str, int]]) -> None:
    answer = compare_calls(parse(old), parse(new))
    assert (answer.verdict, answer.witness, answer.silent) == ("not-included", witness, False)
    assert answer.old_binding is not None
    assert answer.new_binding is None


@pytest.mark.parametrize(("old", "new", "witness", "before", "after"), SILENT)
def test_a_silent_break_is_shown_with_both_bindings(
    old: str,
    new: str,
    witness: tuple[tuple[int, ...], dict[str, int]],
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    answer = compare_calls(parse(old), parse(new))
    assert (answer.verdict, answer.witness, answer.silent) == ("not-included", witness, True)
    assert (answer.old_binding, answer.new_binding) == (before, after)


@pytest.mark.parametrize(("old", "new", "noticed"), STYLED)
def test_a_call_style_limits_the_calls(old: str, new: str, noticed: set[str]) -> None:
    verdicts = {
        style: compare_calls(parse(old), parse(new), style=style).verdict
        for style in ("positional", "keyword", "both")
    }
    assert {style for style, verdict in verdicts.items() if verdict == "not-included"} == noticed


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(ConfigError, match="positional, keyword, both"):
        compare_calls(parse("a"), parse("a"), style="by-name")  # type: ignore[arg-type]


def test_many_parameters_are_decided_at_once() -> None:
    names = [f"p{number}" for number in range(60)]
    old = parse(", ".join(f"{name}=0" for name in names) + ", *args, **kwargs")
    new = parse(", ".join(f"{name}=0" for name in [*names[:-2], names[-1], names[-2]]) + ", *args, **kwargs")
    answer = compare_calls(old, new)
    assert answer.witness == (tuple(range(1, 60)), {})
    assert answer.silent


@pytest.mark.process
def test_comparing_shapes_needs_no_inspect() -> None:
    code = (
        "import sys, taskcontract; sys.modules.pop('inspect', None);"
        "import taskcontract.diff.calls; print('inspect' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
