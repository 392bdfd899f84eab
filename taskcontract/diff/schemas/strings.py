"""A string within a length, matching some patterns and not others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.answers import NO_VALUE, Answer, found
from taskcontract.diff.schemas.assertions import HasFormat, LengthAtLeast, LengthAtMost, Matches
from taskcontract.diff.schemas.formats import EXAMPLES
from taskcontract.diff.schemas.patterns import UnknownLanguageError, Wanted, is_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.schemas.assertions import Assertion
    from taskcontract.diff.schemas.goal_solver import GoalSolver

#: A longer string is not built to be shown.
LONGEST = 100_000


def solve_string(solver: GoalSolver, atoms: Sequence[tuple[Assertion, bool]], excluded: list[str]) -> Answer:
    """Find a string that satisfies the assertions and is not in `excluded`."""
    least, most = 0, None
    matching: list[str] = []
    failing: list[str] = []
    formats: list[tuple[str, bool]] = []
    for atom, sign in atoms:
        if isinstance(atom, Matches):
            (matching if sign else failing).append(atom.pattern)
        elif isinstance(atom, HasFormat):
            formats.append((atom.name, sign))
        elif isinstance(atom, LengthAtLeast | LengthAtMost):
            bound = (
                atom.count if sign else atom.count - 1 if isinstance(atom, LengthAtLeast) else atom.count + 1
            )
            if isinstance(atom, LengthAtLeast) is sign:
                least = max(least, bound)
            else:
                most = bound if most is None else min(most, bound)
    if most is not None and least > most:
        return NO_VALUE
    known = [pattern for pattern in matching if solver.patterns.explain(pattern) is None]
    refused = [pattern for pattern in failing if solver.patterns.explain(pattern) is None]
    mystery = next((why for pattern in matching + failing if (why := solver.patterns.explain(pattern))), None)
    answer = _find(solver, known, refused, least, most, excluded)
    if answer.status == "none" or (mystery is None and not formats):
        return answer
    if formats:
        return _try_formats(solver, formats, answer)
    return solver.doubt(f"the pattern {mystery}", answer.value)


def _find(
    solver: GoalSolver,
    matching: list[str],
    failing: list[str],
    least: int,
    most: int | None,
    excluded: list[str],
) -> Answer:
    if not matching and not failing:
        return _find_any(solver, least, most, set(excluded))
    relevant = [
        text
        for text in excluded
        if len(text) >= least
        and (most is None or len(text) <= most)
        and all(solver.patterns.match(pattern, text) is not False for pattern in matching)
        and all(solver.patterns.match(pattern, text) is not True for pattern in failing)
    ]
    wanted = Wanted(matching, failing, least, most, relevant)
    try:
        return _search(solver, wanted)
    except UnknownLanguageError as why:
        return solver.doubt(str(why))


def _search(solver: GoalSolver, wanted: Wanted) -> Answer:
    find = solver.patterns.find
    text = find(wanted)
    if not any(map(solver.patterns.is_sensitive, wanted.matching + wanted.failing)):
        return NO_VALUE if text is None else found(text)
    if text is not None and (is_plain(text) or _agrees(solver, text, wanted)):
        return found(text)
    if text is not None and (plain := find(wanted, plain=True)) is not None:
        return found(plain)
    other = find(wanted, dialect=1)
    if text is None and other is None:
        return NO_VALUE
    return solver.doubt(
        "ECMA-262 and Python read the patterns differently, and only one of them allows a value",
        other if text is None else text,
    )


def _agrees(solver: GoalSolver, text: str, wanted: Wanted) -> bool:
    match = solver.patterns.match
    return all(match(pattern, text) is True for pattern in wanted.matching) and all(
        match(pattern, text) is False for pattern in wanted.failing
    )


def _find_any(solver: GoalSolver, least: int, most: int | None, excluded: set[str]) -> Answer:
    if least > LONGEST:
        return solver.doubt(f"a string of {least} characters is too long to be built")
    if least not in map(len, excluded):
        return found("a" * least)
    if least == 0:
        if most == 0:
            return NO_VALUE
        least = 1
    for code in (*range(0x61, 0x7B), *range(0x20, 0x61), *range(0xA1, 0xD800)):
        solver.budget.spend()
        text = "a" * (least - 1) + chr(code)
        if text not in excluded:
            return found(text)
    return solver.doubt("so many strings are excluded that none could be chosen")


def _try_formats(solver: GoalSolver, formats: list[tuple[str, bool]], answer: Answer) -> Answer:
    wanted = [name for name, sign in formats if sign]
    example = EXAMPLES.get(wanted[0]) if wanted else answer.value
    return solver.doubt(f"the format {formats[0][0]} is not reasoned about", example)
