"""The engine of schemas, asked once for each question of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.checks import CHECKS
from taskcontract.model.equality import fingerprint
from taskcontract.model.forms import FORMS
from taskcontract.model.schema_parts import change_parts

if TYPE_CHECKING:
    from taskcontract.diff.budget import ProofBudget
    from taskcontract.diff.schemas import SchemaComparison
    from taskcontract.model.canonical import Json

__all__ = ["SchemaEngine", "assert_formats"]

STEPS_A_QUESTION = 50
"""What a question takes before the engine's first step, and whatever its answer."""

BYTES_A_STEP = 1_000
"""Bytes of a question that was asked before which count as one step."""


class SchemaEngine:
    """`compare_schemas` for the schemas of specs, whose formats are asserted and whose patterns are Rust's.

    With a memory, as a service's tasks often change in the same way, and on the command's budget: once that
    is used up, every answer is undecided.
    """

    def __init__(self, budget: ProofBudget) -> None:
        self.budget = budget
        self._answers: dict[tuple[bytes, bytes], SchemaComparison] = {}

    def compare(self, old: Json, new: Json) -> SchemaComparison:
        """Whether `new` takes every value of `old`."""
        if self.budget.used_up:
            return self._refuse()
        key = fingerprint(old), fingerprint(new)
        answer = self._answers.get(key)
        if answer is None:
            before, after = assert_formats(old), assert_formats(new)
            answer = self.ask(before, after)
            if answer.verdict == "undecided":
                answer = self._try_examples(old, after) or answer
            self._answers[key] = answer
        else:
            self.budget.spend(1 + (len(key[0]) + len(key[1])) // BYTES_A_STEP)
        return answer

    def ask(self, old: Json, new: Json) -> SchemaComparison:
        """Compare two schemas as they are, without reading their formats as patterns."""
        from taskcontract.diff.schemas.comparison import STEPS, count_comparison

        budget = self.budget
        budget.spend(STEPS_A_QUESTION)
        if budget.used_up:
            return self._refuse()
        answer, steps = count_comparison(old, new, patterns="rust", steps=min(STEPS, budget.remaining))
        budget.spend(steps)
        # What stopped it may have been its own bound as well: another question would not have been put.
        return self._refuse() if answer.verdict == "undecided" and budget.used_up else answer

    def _refuse(self) -> SchemaComparison:
        from taskcontract.diff.schemas.outcomes import undecide

        return undecide(f"$: {self.budget.refuse()}")

    def _try_examples(self, old: Json, new: Json) -> SchemaComparison | None:
        """Look for a value that the old decoder accepted when its spec was written and `new` refuses.

        That is all that can be shown of a check which no schema shows.
        """
        if not isinstance(old, dict) or CHECKS.encode() not in fingerprint(old):
            return None
        for value in old.get("examples", ()):
            refused = self.ask({"const": value}, new)
            if refused.verdict == "not-included":
                return refused
        return None

    def takes(self, schema: Json, value: Json) -> bool:
        """Whether `value` is proved to be valid under `schema`."""
        return self.compare({"const": value}, schema).verdict == "included"

    def refuses(self, schema: Json, value: Json) -> bool:
        """Whether `value` is proved to be invalid under `schema`."""
        return self.compare({"const": value}, schema).verdict == "not-included"


def assert_formats(schema: Json) -> Json:
    """Add the pattern of each known format to `schema`; return `schema` itself if nothing is added."""
    if not isinstance(schema, dict):
        return schema
    asserted = change_parts(schema, assert_formats)
    form = schema.get("format")
    if isinstance(form, str) and form in FORMS and "pattern" not in schema:
        return {**asserted, "pattern": FORMS[form]}
    return asserted
