"""The question of inclusion put to the solver, and what it finds confirmed by a validator."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING

from taskcontract.diff.schemas.answers import FOUND, MISSING, NONE, Answer
from taskcontract.diff.schemas.budget import Budget, BudgetSpentError
from taskcontract.diff.schemas.dialects import DRAFT_4, Reading, find_readings
from taskcontract.diff.schemas.document import Document
from taskcontract.diff.schemas.evaluation import Evaluator
from taskcontract.diff.schemas.factory import Formulas
from taskcontract.diff.schemas.keywords import find_handlers
from taskcontract.diff.schemas.outcomes import INCLUDED, SAME, SchemaComparison, undecide
from taskcontract.diff.schemas.patterns import Patterns, is_plain
from taskcontract.diff.schemas.places import ROOT
from taskcontract.diff.schemas.reader import Reader, refuse_loops
from taskcontract.diff.schemas.solver import Solver
from taskcontract.diff.schemas.values import ANY, WHOLE, count_nodes, list_strings
from taskcontract.model.checks import CHECKS

if TYPE_CHECKING:
    from taskcontract.diff.schemas.formulas import Formula, Goal
    from taskcontract.diff.schemas.patterns import PatternReading
    from taskcontract.diff.schemas.values import Json

#: A witness with more values than this is not shown.
LARGEST_WITNESS = 20_000


def compare_texts(
    before: str, after: str, budget: Budget, formats: bool, patterns: PatternReading, *, confirmed: bool
) -> SchemaComparison:
    """Compare two schemas given as canonical JSON, in every way in which they can be read.

    A witness is `confirmed` by an independent validator, or is what the engines here say.
    """
    old, new = json.loads(before), json.loads(after)
    old_readings, new_readings = find_readings(old, before), find_readings(new, after)
    if old_readings is None or new_readings is None:
        if before == after:
            return SAME
        return undecide(
            f"$.$schema: the dialect of the {'old' if old_readings is None else 'new'} schema is not known"
        )
    found: list[SchemaComparison] = []
    # Where both are open in the same way, a validator reads both in one of the ways.
    alike = old_readings == new_readings or (_differ_alike(old_readings) and _differ_alike(new_readings))
    for readings in (
        zip(old_readings, new_readings, strict=True) if alike else product(old_readings, new_readings)
    ):
        try:
            found.append(
                _Inclusion(
                    (old, new), (before, after), readings, budget, formats, patterns, confirmed=confirmed
                ).compare()
            )
        except BudgetSpentError as spent:
            return undecide(f"$: {spent}")
        except RecursionError:
            return undecide("$: the schemas are nested too deeply to be compared")
    if len({one.verdict for one in found}) > 1:
        return undecide(
            "$: the drafts that the schemas could be of give different answers; name one with `$schema`"
        )
    return found[0]


def _differ_alike(readings: list[Reading]) -> bool:
    """Whether it is `dependencies` alone that can be read in two ways."""
    return len(readings) == 2 and readings[0].draft == readings[1].draft


class _Inclusion:
    """One comparison of two documents, each read in one way."""

    def __init__(
        self,
        schemas: tuple[Json, Json],
        texts: tuple[str, str],
        readings: tuple[Reading, Reading],
        budget: Budget,
        formats: bool,
        patterns: PatternReading,
        *,
        confirmed: bool,
    ) -> None:
        self._documents = [
            Document(schema, text, reading.draft)
            for schema, text, reading in zip(schemas, texts, readings, strict=True)
        ]
        self._texts = texts
        self._readings = readings
        self._budget = budget
        self._formats = formats
        self._confirmed = confirmed
        self._formulas = Formulas(budget)
        self._patterns = Patterns(budget, patterns)
        self._evaluator = Evaluator(self._patterns, budget)
        types = ANY if any(reading.draft == DRAFT_4 for reading in readings) else ANY & ~WHOLE
        self._solver = Solver(self._formulas, self._evaluator, self._patterns, budget, types)

    def compare(self) -> SchemaComparison:
        old = self._read(0)
        if self._texts[0] == self._texts[1]:
            return SAME
        new = self._read(1)
        goal: Goal = frozenset(((old, True), (new, False)))
        if old is new:
            return INCLUDED
        answer = self._solver.solve(goal)
        if answer.status == NONE:
            return INCLUDED
        if answer.value is MISSING:
            return undecide(answer.reason)
        return self._confirm(answer, old, new, goal)

    def _read(self, side: int) -> Formula:
        reading = self._readings[side]
        document = self._documents[side]
        reader = Reader(
            document,
            reading,
            self._formulas,
            self._budget,
            find_handlers(reading),
            formats=self._formats,
            patterns=self._patterns,
        )
        formula = reader.read(document.root.root, ROOT)
        refuse_loops(reader.loops)
        return formula

    def _confirm(self, answer: Answer, old: Formula, new: Formula, goal: Goal) -> SchemaComparison:
        value = answer.value
        if count_nodes(value, LARGEST_WITNESS) > LARGEST_WITNESS:
            return undecide(
                "$: the smallest value that could tell the schemas apart is too large to be checked"
            )
        held = self._solver.hold_goal(goal, value)
        if held is None and self._patterns.reading == "any" and not all(map(is_plain, list_strings(value))):
            return undecide(
                answer.reason or "$: the dialects of regular expressions differ on the value found"
            )
        if held is None and self._evaluator.is_disputed((old, new), value):
            return undecide(answer.reason or "$: validators could disagree on a number in the value found")
        if held is False:
            return undecide(answer.reason or "$: the value found does not stand up to a second look")
        if f'"{CHECKS}"' in self._texts[0] and self._evaluator.holds(old, value) is not True:
            # A validator passes over them.
            return undecide(answer.reason or "$: a check that no schema shows may refuse the value found")
        if self._confirmed:
            doubt = self._doubt(answer)
            if doubt:
                return undecide(doubt)
        from taskcontract.diff.schemas.explanation import explain_refusal

        refusal = explain_refusal(self._evaluator, old, new, value)
        return SchemaComparison(
            "not-included", refusal.render(), value, refusal.render().partition(": ")[0], refusal.kind
        )

    def _doubt(self, answer: Answer) -> str:
        """Why a validator does not confirm the value that was found; empty if it does."""
        value = answer.value
        hopeless = self._foresee(value)
        if hopeless:
            return f"$: {hopeless}"
        from taskcontract.diff.schemas.validation import validate

        taken, refused = (
            validate(document, value, self._budget, formats=self._formats, patterns=self._patterns.reading)
            for document in self._documents
        )
        if taken is True and refused is False:
            return ""
        doubt = "$: an independent validator does not confirm the value that was found"
        return answer.reason if answer.status != FOUND else doubt

    def _foresee(self, value: Json) -> str:
        """Why it would take a validator too long to look at a value; empty if it would not."""
        from taskcontract.diff.schemas import validation_work as work

        if any(work.estimate_work(one, value, self._budget) > work.MOST_WORK for one in self._documents):
            return "a validator would never come to an end with the value that was found"
        own = self._patterns.reading == "any"
        if own and any(work.estimate_patterns(one) > work.MOST_PATTERNS for one in self._documents):
            return "the patterns are too large for a validator to look at the value that was found"
        return ""
