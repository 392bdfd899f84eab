"""The verdicts against plain calls of real functions, as a worker makes them.

`inspect.Signature.bind` and a plain call differ on keywords that name an omitted positional-only parameter
beside `**kwargs`. There the engine is the stricter one: it may warn of what works, but never the reverse.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.diff.calls import compare_calls, find_call_breaks, shape_of_signature
from tests.support.call_oracle import has_moved, iterate_calls, locate, make_call
from tests.support.signature_pairs import make_random_pair, parse, write_function

if TYPE_CHECKING:
    from collections.abc import Callable
    from inspect import Signature

    from tests.support.call_oracle import Call, Slots

PAIRS = 1_500


def make_function(signature: Signature) -> Callable[..., dict[str, Any]]:
    namespace: dict[str, Any] = {}
    exec(write_function("task", signature), namespace)
    function: Callable[..., dict[str, Any]] = namespace["task"]
    return function


def run(signature: Signature, function: Callable[..., dict[str, Any]], call: Call) -> Slots | None:
    """Where the values of a call land when it is really made; None when it raises."""
    args, kwargs = make_call(call)
    try:
        bound = function(*args, **kwargs)
    except TypeError:
        return None
    sent = {*args, *kwargs.values()}
    return {value: slot for value, slot in locate(signature, bound).items() if value in sent}


def breaks(old: Signature, new: Signature) -> bool:
    before, after = make_function(old), make_function(new)
    names = (*sorted({*old.parameters, *new.parameters}), "fresh")
    for call in iterate_calls(names, max(len(old.parameters), len(new.parameters)) + 1):
        was = run(old, before, call)
        if was is not None:
            becomes = run(new, after, call)
            if becomes is None or has_moved(old, new, was, becomes):
                return True
    return False


def test_what_is_proved_safe_is_safe_and_what_is_undisputed_breaks() -> None:
    rng = random.Random(7)
    disputed = 0
    for _ in range(PAIRS):
        old, new = make_random_pair(rng, most=3)
        found = find_call_breaks(shape_of_signature(old), shape_of_signature(new))
        if found and all(item.disputed for item in found):
            disputed += 1
        else:
            assert breaks(old, new) == bool(found), f"{old} -> {new}"
    assert disputed < PAIRS / 50


@pytest.mark.parametrize(
    ("old", "new"),
    [("**kwargs", "a=0, /, **kwargs"), ("a=0, /, **kwargs", "b=0, /, **kwargs")],
)
def test_a_disputed_break_is_reported_though_a_plain_call_works(old: str, new: str) -> None:
    assert compare_calls(parse(old), parse(new)).verdict == "not-included"
    assert not breaks(parse(old), parse(new))
