"""A string within a length, matching some patterns and not others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.answers import NO_VALUE, Answer, found
from taskcontract.diff.schemas.atoms import HasFormat, LengthAtLeast, LengthAtMost, Matches
from taskcontract.diff.schemas.patterns import UnknownLanguageError, is_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.schemas.atoms import Atom
    from taskcontract.diff.schemas.solver import Solver

#: A longer string is not built to be shown.
LONGEST = 100_000

#: A value of each format, to try where formats are asserted.
EXAMPLES = {
    "date": "2024-02-29",
    "date-time": "2024-02-29T12:00:00Z",
    "duration": "P1D",
    "email": "a@example.org",
    "hostname": "example.org",
    "idn-email": "a@example.org",
    "idn-hostname": "example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "iri": "https://example.org/",
    "iri-reference": "/a",
    "json-pointer": "/a",
    "regex": "a+",
    "relative-json-pointer": "0",
    "time": "12:00:00Z",
    "uri": "https://example.org/",
    "uri-reference": "/a",
    "uri-template": "/{a}",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
}


def solve_string(solver: Solver, atoms: Sequence[tuple[Atom, bool]], excluded: list[str]) -> Answer:
    """A string that satisfies the atoms and is none of the excluded."""
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
            bound = atom.count if sign else atom.count - 1 if isinstance(atom, LengthAtLeast) else atom.count + 1
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
    solver: Solver, matching: list[str], failing: list[str], least: int, most: int | None, excluded: list[str]
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
    sensitive = any(map(solver.patterns.is_sensitive, matching + failing))
    try:
        text = solver.patterns.find(matching, failing, least, most, relevant, python=False)
        if text is not None and (not sensitive or is_plain(text) or _agrees(solver, text, matching, failing)):
            return found(text)
        if text is None and not sensitive:
            return NO_VALUE
        other = solver.patterns.find(matching, failing, least, most, relevant, python=True)
    except UnknownLanguageError as why:
        return solver.doubt(str(why))
    if text is None and other is None:
        return NO_VALUE
    return solver.doubt(
        "ECMA-262 and Python read the patterns differently, and only one of them allows a value",
        other if text is None else text,
    )


def _agrees(solver: Solver, text: str, matching: list[str], failing: list[str]) -> bool:
    match = solver.patterns.match
    return all(match(pattern, text) is True for pattern in matching) and all(
        match(pattern, text) is False for pattern in failing
    )


def _find_any(solver: Solver, least: int, most: int | None, excluded: set[str]) -> Answer:
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


def _try_formats(solver: Solver, formats: list[tuple[str, bool]], answer: Answer) -> Answer:
    wanted = [name for name, sign in formats if sign]
    example = EXAMPLES.get(wanted[0]) if wanted else answer.value
    return solver.doubt(f"the format {formats[0][0]} is not reasoned about", example)
