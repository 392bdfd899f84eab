"""`compare_schemas`: whether every value that is valid under an old schema is valid under a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from taskcontract.diff.schemas.outcomes import SAME, SchemaComparison
from taskcontract.diff.schemas.texts import render_schema

if TYPE_CHECKING:
    from taskcontract.diff.schemas.values import Json

K = TypeVar("K")
V = TypeVar("V")

#: What one comparison may spend, unless its caller says otherwise.
SECONDS, STEPS = 2.0, 400_000

_REMEMBERED, _LONGEST_TEXT = 4_096, 20_000


_valid: dict[str, None] = {}
_remembered: dict[tuple[str, str, str], SchemaComparison] = {}


def compare_schemas(
    old: Json,
    new: Json,
    *,
    formats: Literal["annotation", "asserted"] = "annotation",
    seconds: float = SECONDS,
    steps: int = STEPS,
) -> SchemaComparison:
    """Whether every JSON value valid under `old` is valid under `new`: a proof, a witness, or neither.

    The schemas are dicts or booleans, of the draft that their `$schema` names (2020-12 without one).
    `format` is an annotation, as the drafts say, unless `formats` is `"asserted"`. Nothing is fetched. Raises
    SpecError, with the JSON path, for an invalid schema. What needs more `seconds` or `steps` than allowed is
    `undecided`.
    """
    before, after = render_schema(old), render_schema(new)
    if before == after and before in _valid:
        return SAME
    key = (before, after, formats)
    known = _remembered.get(key)
    if known is not None:
        return known
    # The engine is imported for the first pair that needs it: most pairs of a run are the same schema twice.
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.inclusion import compare_texts

    found = compare_texts(before, after, Budget(seconds, steps), formats == "asserted")
    if len(before) + len(after) < _LONGEST_TEXT:
        _remember(_valid, before, None)
        if found.verdict != "undecided":
            _remember(_remembered, key, found)
    return found


def _remember(memory: dict[K, V], key: K, value: V) -> None:
    if len(memory) >= _REMEMBERED:
        del memory[next(iter(memory))]
    memory[key] = value
