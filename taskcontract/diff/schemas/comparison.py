"""`compare_schemas`: whether every value that is valid under an old schema is valid under a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from taskcontract.diff.extra import require_validator
from taskcontract.diff.schemas.outcomes import SAME, SchemaComparison
from taskcontract.diff.schemas.texts import render_schema

if TYPE_CHECKING:
    from taskcontract.diff.schemas.patterns import PatternReading
    from taskcontract.diff.schemas.values import Json

K = TypeVar("K")
V = TypeVar("V")

#: What one comparison may spend, unless its caller says otherwise.
SECONDS, STEPS = 5.0, 200_000

_CHARACTERS_A_STEP = 100

_REMEMBERED, _LONGEST_TEXT = 4_096, 20_000


_valid: dict[tuple[str, str], None] = {}
_remembered: dict[tuple[str, str, str, str, bool], tuple[SchemaComparison, int]] = {}


def compare_schemas(
    old: Json,
    new: Json,
    *,
    formats: Literal["annotation", "asserted"] = "annotation",
    patterns: PatternReading = "any",
    seconds: float = SECONDS,
    steps: int = STEPS,
) -> SchemaComparison:
    """Whether every JSON value valid under `old` is valid under `new`: a proof, a witness, or neither.

    The schemas are dicts or booleans, of the draft that their `$schema` names (2020-12 without one).
    `format` is an annotation, as the drafts say, unless `formats` is `"asserted"`. Regular expressions are
    decided where ECMA-262 and Python read them alike; with `patterns="rust"`, as pydantic reads them, whose
    engine is Rust's `regex`. Nothing is fetched. Raises SpecError, with the JSON path, for an invalid schema.
    What needs more `seconds` or `steps` than allowed is `undecided`.
    """
    require_validator()
    return count_comparison(old, new, formats=formats, patterns=patterns, seconds=seconds, steps=steps)[0]


def find_example(schema: Json, *, patterns: PatternReading = "any") -> Json:
    """Return a value that is valid under `schema` according to our own engines; None if they find none.

    For callers that try it at once on something better, such as a type's decoder: no validator has confirmed
    it, and none needs to be installed.
    """
    return count_comparison(schema, False, patterns=patterns, confirmed=False)[0].witness


def count_comparison(
    old: Json,
    new: Json,
    *,
    formats: Literal["annotation", "asserted"] = "annotation",
    patterns: PatternReading = "any",
    seconds: float = SECONDS,
    steps: int = STEPS,
    confirmed: bool = True,
) -> tuple[SchemaComparison, int]:
    """As `compare_schemas`, with the steps that it takes: as many for an answer that is remembered.

    Unless it is to be `confirmed`, a witness is what our own engines say.
    """
    before, after = render_schema(old), render_schema(new)
    reading = (len(before) + len(after)) // _CHARACTERS_A_STEP
    if before == after and (before, patterns) in _valid:
        return SAME, reading
    key = (before, after, formats, patterns, confirmed)
    known = _remembered.get(key)
    if known is not None and known[1] <= steps:
        return known
    # The engine is imported for the first pair that needs it: most pairs of a run are the same schema twice.
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.inclusion import compare_texts

    budget = Budget(seconds, steps)
    found = compare_texts(before, after, budget, formats == "asserted", patterns, confirmed=confirmed)
    taken = reading if found is SAME else reading + budget.spent
    if len(before) + len(after) < _LONGEST_TEXT:
        _remember(_valid, (before, patterns), None)
        if found.verdict != "undecided":
            _remember(_remembered, key, (found, taken))
    return found, taken


def _remember(memory: dict[K, V], key: K, value: V) -> None:
    if len(memory) >= _REMEMBERED:
        del memory[next(iter(memory))]
    memory[key] = value
