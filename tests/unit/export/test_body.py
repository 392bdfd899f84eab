"""The body's schema takes exactly the calls that Python binds, in both dialects."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from taskcontract.export.asyncapi import write_asyncapi
from taskcontract.export.json_schema import write_task_schema
from taskcontract.model.service import CarriedSpec, ServiceSpec, TaskSpec
from tests.support.asyncapi import accepts
from tests.support.signature_pairs import LETTERS, iterate_signatures, parse, write_function
from tests.support.specs import INTEGER, parameters_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from inspect import Signature

EMBED: dict[str, Any] = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
SIGNATURES = list(iterate_signatures(3))


def make_spec(signature: Signature, *carries: CarriedSpec) -> ServiceSpec:
    parameters = parameters_of(signature, dict.fromkeys(signature.parameters, INTEGER))
    return ServiceSpec("shop", "1.0.0", (TaskSpec("send", "1.0.0", "shop.send", parameters),), carries)


def make_takers(spec: ServiceSpec) -> list[Callable[[Any], bool]]:
    document = write_task_schema(spec, spec.tasks[0])
    return [jsonschema_rs.Draft202012Validator(document).is_valid, accepts(write_asyncapi(spec), "shop.send")]


def make_function(signature: Signature) -> Callable[..., object]:
    namespace: dict[str, Any] = {}
    exec(write_function("function", signature), namespace)
    function: Callable[..., object] = namespace["function"]
    return function


def runs(function: Callable[..., object], args: list[int], kwargs: dict[str, int]) -> bool:
    """Python's own answer: `Signature.bind` has another where a keyword is called like a positional."""
    try:
        function(*args, **kwargs)
    except TypeError:
        return False
    return True


def iterate_calls(signature: Signature) -> Iterator[tuple[list[int], dict[str, int]]]:
    """Each number of positional arguments with each set of keywords, one of which no parameter has."""
    names = [*LETTERS[: len(signature.parameters)], "z"]
    for named in chain.from_iterable(combinations(names, size) for size in range(len(names) + 1)):
        for count in range(len(signature.parameters) + 2):
            yield list(range(count)), dict.fromkeys(named, 1)


def test_every_small_signature_takes_the_calls_that_python_binds() -> None:
    refused = taken = 0
    for signature in SIGNATURES:
        takers, function = make_takers(make_spec(signature)), make_function(signature)
        for args, kwargs in iterate_calls(signature):
            binds = runs(function, args, kwargs)
            said = [takes([args, kwargs, EMBED]) for takes in takers]
            assert said == [binds, binds], (str(signature), args, kwargs)
            taken += binds
            refused += not binds
    assert min(refused, taken) > 1_000


def test_a_wrong_value_is_refused_wherever_it_is_passed() -> None:
    for takes in make_takers(make_spec(parse("a, /, b, *args, c=0, **kwargs"))):
        for good, bad in ((1, "x"), (2, None)):
            assert takes([[good, good, good], {"c": good, "d": good}, EMBED])
            assert not takes([[bad, good, good], {"c": good, "d": good}, EMBED])
            assert not takes([[good, bad], {}, EMBED])
            assert not takes([[good], {"b": bad}, EMBED])
            assert not takes([[good, good, bad], {}, EMBED])
            assert not takes([[good, good], {"c": bad}, EMBED])
            assert not takes([[good, good], {"d": bad}, EMBED])


def test_what_calls_carry_stands_among_the_keywords_and_in_no_parameter() -> None:
    tenant = CarriedSpec("tenant", {"type": "string"}, "keyword", "_tenant")
    trace = CarriedSpec("trace", {"type": "string"}, "keyword", "_trace", required=False)
    for takes in make_takers(make_spec(parse("a, **rest"), tenant, trace)):
        assert takes([[1], {"_tenant": "acme"}, EMBED])
        assert takes([[], {"a": 1, "_tenant": "acme", "_trace": "x", "more": 2}, EMBED])
        assert not takes([[1], {}, EMBED])
        assert not takes([[1], {"_tenant": 5}, EMBED])
        assert not takes([[1], {"_tenant": "acme", "_trace": 1}, EMBED])


NO_BODIES: list[Any] = [
    [[1], {}],
    [[1], {}, EMBED, 1],
    [[1], {}, None],
    [[1], [], EMBED],
    [{}, {"a": 1}, EMBED],
    {"args": [1], "kwargs": {}},
    [[1], {}, {**EMBED, "callbacks": [{"args": []}]}],
    [[1], {}, {**EMBED, "chord": 3}],
    None,
]


@pytest.mark.parametrize("body", NO_BODIES)
def test_what_is_no_body_of_protocol_2_is_refused(body: Any) -> None:
    for takes in make_takers(make_spec(parse("a"))):
        assert takes([[1], {}, EMBED])
        assert not takes(body)


def test_it_grows_with_the_parameters_and_not_with_the_ways_to_pass_them() -> None:
    few, many = (
        len(str(write_task_schema(spec, spec.tasks[0])["$defs"]["body"]))
        for spec in (make_spec(parse(", ".join(f"p{at}" for at in range(count)))) for count in (50, 500))
    )
    assert many < 12 * few
