"""The engine against the brute-force judge: a sample of what tests/fuzz/fuzz_calls.py runs in full."""

from __future__ import annotations

import random
from inspect import Parameter, Signature
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskcontract.diff import compare_calls
from taskcontract.diff.calls import CallStyle, find_call_breaks, shape_of_signature, witness_of
from tests.support.call_oracle import bind_slots, find_disagreement, has_moved
from tests.support.signature_pairs import iterate_single_edits, make_random_pair, make_random_signature
from tests.support.thorough import examples

STYLES: tuple[CallStyle, ...] = ("both", "positional", "keyword")
STRIDE = 67
pairs = st.builds(make_random_pair, st.randoms(use_true_random=False))


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_every_single_edit_of_small_signatures(style: CallStyle) -> None:
    for old, new, names in iterate_single_edits(2):
        assert find_disagreement(old, new, style, names) is None
        assert find_disagreement(new, old, style, names) is None


@pytest.mark.slow
def test_some_single_edits_of_larger_signatures() -> None:
    for old, new, names in islice(iterate_single_edits(4), 0, None, STRIDE):
        assert find_disagreement(old, new, "both", names) is None


@pytest.mark.slow
@pytest.mark.thorough
@settings(
    max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(pairs, st.sampled_from(STYLES))
def test_random_pairs(pair: tuple[Signature, Signature], style: CallStyle) -> None:
    assert find_disagreement(*pair, style) is None


@pytest.mark.slow
@pytest.mark.thorough
@settings(max_examples=examples(300), deadline=None, derandomize=True)
@given(pairs, st.sampled_from(STYLES))
def test_each_break_that_is_found_is_one(pair: tuple[Signature, Signature], style: CallStyle) -> None:
    old, new = pair
    for item in find_call_breaks(shape_of_signature(old), shape_of_signature(new), style):
        args, kwargs = witness_of(item)
        before, after = bind_slots(old, args, dict(kwargs)), bind_slots(new, args, dict(kwargs))
        assert before is not None
        assert item.silent == (after is not None)
        assert after is None or has_moved(old, new, before, after)


@pytest.mark.slow
@pytest.mark.thorough
@settings(max_examples=examples(300), deadline=None, derandomize=True)
@given(pairs)
def test_a_style_never_finds_what_both_styles_do_not(pair: tuple[Signature, Signature]) -> None:
    if compare_calls(*pair).verdict == "included":
        assert {compare_calls(*pair, style=style).verdict for style in STYLES} == {"included"}


@pytest.mark.slow
@pytest.mark.thorough
@settings(max_examples=examples(300), deadline=None, derandomize=True)
@given(st.builds(make_random_signature, st.randoms(use_true_random=False)))
def test_a_signature_includes_itself_under_other_variadic_names(signature: Signature) -> None:
    other_names: dict[object, str] = {Parameter.VAR_POSITIONAL: "items", Parameter.VAR_KEYWORD: "options"}
    renamed = signature.replace(
        parameters=[
            parameter.replace(name=other_names.get(parameter.kind, parameter.name))
            for parameter in signature.parameters.values()
        ]
    )
    assert compare_calls(signature, signature).verdict == "included"
    assert compare_calls(signature, renamed).verdict == "included"


@pytest.mark.slow
def test_two_safe_steps_make_a_safe_one_unless_a_name_comes_back() -> None:
    rng = random.Random(11)
    chains = 0
    while chains < 60:
        (first, second), third = make_random_pair(rng), make_random_pair(rng)[0]
        for end in (third, make_random_pair(rng)[1]):
            names = [set(signature.parameters) for signature in (first, second, end)]
            steps = {compare_calls(first, second).verdict, compare_calls(second, end).verdict}
            if steps == {"included"} and not (names[0] & names[2]) - names[1]:
                chains += 1
                assert compare_calls(first, end).verdict == "included", f"{first} {second} {end}"
