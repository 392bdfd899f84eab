"""A fixed sample of the fuzzing: verdicts that validators have to agree with."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.diff.schemas import SchemaComparison, compare_schemas
from taskcontract.errors import SpecError
from tests.support.pydantic_schemas import make_pydantic_pair
from tests.support.schema_oracle import find_fault, is_valid
from tests.support.schema_pairs import SchemaMaker
from tests.support.second_engine import ask_second_engine

if TYPE_CHECKING:
    from collections.abc import Callable

MAKERS: dict[str, Callable[[random.Random], tuple[Any, Any]]] = {
    "pydantic": make_pydantic_pair,
    "2020-12": lambda rng: SchemaMaker(rng, 2020).make_pair(),
    "draft 2019": lambda rng: SchemaMaker(rng, 2019).make_pair(),
    "draft 7": lambda rng: SchemaMaker(rng, 7).make_pair(),
    "draft 4": lambda rng: SchemaMaker(rng, 4).make_pair(),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "pairs", "least"),
    [
        ("pydantic", 500, 98.0),
        ("2020-12", 1200, 95.0),
        ("draft 2019", 300, 95.0),
        ("draft 7", 600, 95.0),
        ("draft 4", 300, 95.0),
    ],
)
def test_no_verdict_is_refuted_and_nearly_all_are_given(kind: str, pairs: int, least: float) -> None:
    rng = random.Random(20)
    verdicts: Counter[str] = Counter()
    for number in range(pairs):
        old, new = MAKERS[kind](rng)
        try:
            found = compare_schemas(old, new)
        except SpecError:
            # A few random schemas loop without describing anything: an error is the right answer.
            verdicts["refused"] += 1
            continue
        verdicts[found.verdict] += 1
        fault = find_fault(old, new, found, rng, 60, slow=number % 20 == 0)
        assert fault is None, (fault, old, new)

    assert verdicts["included"] > pairs / 5
    assert verdicts["not-included"] > pairs / 5
    assert verdicts["refused"] < pairs / 50
    assert 100 * (1 - verdicts["undecided"] / pairs) >= least


@pytest.mark.slow
def test_two_inclusions_never_make_a_break_and_a_break_shows_in_a_step() -> None:
    rng = random.Random(7)
    chains = 0
    for _ in range(400):
        maker = SchemaMaker(rng)
        first = maker.make(3)
        second, third = maker.edit(first), maker.edit(maker.edit(first))
        steps = [compare_schemas(first, second), compare_schemas(second, third)]
        whole = compare_schemas(first, third)
        if all(step.verdict == "included" for step in steps):
            chains += 1
            assert whole.verdict != "not-included", (first, second, third)
        if whole.has_witness:
            held = is_valid(second, whole.witness)
            broken = steps[1] if held else steps[0]
            assert broken.verdict != "included", (first, second, third)

    assert chains > 50


@pytest.mark.slow
def test_the_second_engine_has_an_opinion_on_most_pairs_and_shares_ours() -> None:
    rng = random.Random(9)
    opinions: Counter[tuple[str, bool | None]] = Counter()
    for number in range(1000):
        old, new = make_pydantic_pair(rng) if number % 4 == 0 else SchemaMaker(rng).make_pair()
        try:
            opinions[compare_schemas(old, new).verdict, ask_second_engine(old, new)] += 1
        except SpecError:
            continue

    assert opinions["included", False] == opinions["not-included", True] == 0
    assert opinions["included", True] + opinions["not-included", False] > 700


@pytest.mark.parametrize(
    ("old", "new", "verdict", "witness"),
    [
        ({"type": "integer"}, {"type": "string"}, "included", None),
        ({"type": "integer"}, {"type": "number"}, "not-included", 1),
        ({"type": "integer"}, {"type": "string"}, "not-included", "a"),
    ],
)
def test_the_oracle_itself_finds_wrong_verdicts(old: Any, new: Any, verdict: Any, witness: Any) -> None:
    wrong = SchemaComparison(verdict, "wrong", witness)

    assert find_fault(old, new, wrong, random.Random(1), 60) is not None
