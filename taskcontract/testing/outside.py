"""Hypothesis strategies for JSON values that a schema refuses: valid ones with one part changed, mostly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from taskcontract.diff.schemas.acceptance import Acceptance
from taskcontract.testing.json_containers import ANYTHING
from taskcontract.testing.json_values import values_of

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from taskcontract.model.canonical import Json

__all__ = ["outside_of"]

PROBES: tuple[Json, ...] = (None, True, 0, -1, 0.5, 10**30, "", "?", "x" * 300, [], [None], {}, {"?": None})
"""Values of which a schema that says anything refuses some."""


def outside_of(schema: Json) -> SearchStrategy[Any] | None:
    """JSON values that `schema` is known to refuse; None where it takes whatever is tried."""
    acceptance = Acceptance(schema)
    refused = [value for value in PROBES if acceptance.judge(value) is False]
    if not refused:
        return None
    changed = _changed(values_of(schema)).filter(lambda value: acceptance.judge(value) is False)
    return st.sampled_from(refused) | changed


@st.composite
def _changed(draw: DrawFn, values: SearchStrategy[Any]) -> Any:
    return _change(draw, draw(values))


def _change(draw: DrawFn, value: Any) -> Any:
    """Return `value` with one part of it changed: nearly what it was, or something else altogether."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(value)))
        rest = {key: item for key, item in value.items() if key != name}
        ways = draw(st.sampled_from(("drop", "change", "add")))
        if ways == "drop":
            return rest
        return {**value, f"{name}?": None} if ways == "add" else {**rest, name: _change(draw, value[name])}
    if isinstance(value, list) and draw(st.booleans()):
        at = draw(st.integers(min_value=0, max_value=len(value)))
        if at == len(value):
            return [*value, draw(st.sampled_from(value))] if value else [None]
        kept = [*value[:at], *value[at + 1 :]]
        return kept if draw(st.booleans()) else [*value[:at], _change(draw, value[at]), *value[at + 1 :]]
    if isinstance(value, str) and draw(st.booleans()):
        at = draw(st.integers(min_value=0, max_value=len(value)))
        return value[:at] + draw(st.sampled_from(("", "0", "-", " ", "é"))) + value[at + 1 :]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and draw(st.booleans()):
        return value + draw(st.sampled_from((1, -1, 0.5, 10**6, -(10**6))))
    return draw(ANYTHING)
