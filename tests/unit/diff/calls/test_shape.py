"""Shapes, signatures and bindings made from the same parameters agree with each other."""

from __future__ import annotations

import random

import pytest

from taskcontract.diff.calls.binding import bind_call
from taskcontract.diff.calls.shape import Shape, shape_of, shape_of_signature, signature_of
from taskcontract.model.service import MISSING, ParameterKind, ParameterSpec
from tests.support.call_oracle import bind_slots, iterate_calls, make_call
from tests.support.signature_pairs import make_random_signature, parse

KINDS: tuple[ParameterKind, ...] = (
    "positional-only",
    "positional-or-keyword",
    "var-positional",
    "keyword-only",
    "var-keyword",
)


def parameters_of(text: str) -> list[ParameterSpec]:
    """The parameters as a spec holds them."""
    return [
        ParameterSpec(
            parameter.name,
            KINDS[parameter.kind],
            default=MISSING if parameter.default is parameter.empty else None,
        )
        for parameter in parse(text).parameters.values()
    ]


SHAPES = [
    ("", Shape()),
    ("a, b=0", Shape(positional_or_keyword=("a", "b"), required=frozenset("a"))),
    ("a, /, b", Shape(("a",), ("b",), required=frozenset("ab"))),
    ("*items, a, b=0, **rest", Shape((), (), ("a", "b"), frozenset("a"), "items", "rest")),
]

BOUND = [
    ("self, a", "a"),
    ("self, /, a", "a"),
    ("self, a, /", "a, /"),
    ("*args", "*args"),
    ("", ""),
    ("self, *args, b", "*args, b"),
]


@pytest.mark.parametrize(("text", "shape"), SHAPES)
def test_specs_and_signatures_have_the_same_shape(text: str, shape: Shape) -> None:
    assert shape_of(parameters_of(text)) == shape
    assert shape_of_signature(parse(text)) == shape
    assert shape_of_signature(signature_of(parameters_of(text))) == shape


@pytest.mark.parametrize(("text", "sent"), BOUND)
def test_a_bound_task_takes_itself_out(text: str, sent: str) -> None:
    assert shape_of(parameters_of(text), bound=True) == shape_of_signature(parse(sent))
    assert str(signature_of(parameters_of(text), bound=True)) == f"({sent})"


def test_a_call_binds_as_inspect_binds_it() -> None:
    rng = random.Random(3)
    for _ in range(150):
        signature = make_random_signature(rng, most=3)
        shape = shape_of_signature(signature)
        for call in iterate_calls((*sorted(signature.parameters), "fresh"), len(signature.parameters) + 2):
            args, kwargs = make_call(call)
            slots = bind_slots(signature, args, kwargs)
            expected = None if slots is None else signature.bind(*args, **kwargs).arguments
            assert bind_call(shape, args, kwargs) == expected, f"{signature} {args} {kwargs}"
