"""Whether one schema takes a value, as our own engines read it: yes, no, or not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.budget import Budget, BudgetSpentError
from taskcontract.diff.schemas.dialects import find_readings
from taskcontract.diff.schemas.document import Document
from taskcontract.diff.schemas.evaluation import Evaluator
from taskcontract.diff.schemas.factory import Formulas
from taskcontract.diff.schemas.keywords import find_handlers
from taskcontract.diff.schemas.patterns import Patterns
from taskcontract.diff.schemas.places import ROOT
from taskcontract.diff.schemas.reader import Reader
from taskcontract.diff.schemas.texts import render_schema

if TYPE_CHECKING:
    from taskcontract.diff.schemas.formulas import Formula
    from taskcontract.diff.schemas.patterns import PatternReading
    from taskcontract.diff.schemas.values import Json

__all__ = ["Acceptance"]

SECONDS, STEPS = 600.0, 20_000_000
"""What reading a schema and judging any number of values may take before it is read anew."""


class Acceptance:
    """One schema, read once, that is asked about many values; patterns as Rust's engine reads them, or any.

    A check that no keyword shows makes the answer about what passes all else unknown.
    """

    def __init__(self, schema: Json, *, patterns: PatternReading = "rust") -> None:
        self._schema = schema
        self._patterns: PatternReading = patterns
        self._read: tuple[Evaluator, Formula] | None = None

    def judge(self, value: Json) -> bool | None:
        """Return whether the schema takes `value`; None where that is not known."""
        try:
            self._read = self._read or self._open()
            if self._read is None:
                return None
            evaluator, formula = self._read
            evaluator.forget()
            return evaluator.holds(formula, value)
        except (BudgetSpentError, RecursionError):
            self._read = None
            return None

    def _open(self) -> tuple[Evaluator, Formula] | None:
        text = render_schema(self._schema)
        readings = find_readings(self._schema, text)
        if not readings:
            return None
        budget = Budget(SECONDS, STEPS)
        patterns = Patterns(budget, self._patterns)
        document = Document(self._schema, text, readings[0].draft)
        reader = Reader(
            document,
            readings[0],
            Formulas(budget),
            budget,
            find_handlers(readings[0]),
            formats=False,
            patterns=patterns,
        )
        formula = reader.read(document.root.root, ROOT)
        return Evaluator(patterns, budget), formula
