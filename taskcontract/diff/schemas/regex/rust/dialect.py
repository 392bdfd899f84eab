"""Patterns as Rust's `regex` crate reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from taskcontract.diff.schemas.regex.characters import PLAIN
from taskcontract.diff.schemas.regex.machines import Letter
from taskcontract.diff.schemas.regex.rust.machine import RustMachine
from taskcontract.diff.schemas.regex.rust.oracle import PatternRefusedError, open_pattern
from taskcontract.diff.schemas.regex.rust.syntax import parse_pattern
from taskcontract.diff.schemas.regex.trees import UnsupportedPatternError
from taskcontract.model.character_ranges import LAST, SURROGATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.regex.machines import Machine


class RustDialect:
    """What the engine compiles is read as the engine reads it."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    def open(self, pattern: str) -> Machine:
        """Return the machine of a pattern; raise UnsupportedPatternError if it cannot be built."""
        try:
            open_pattern(pattern, self._budget)
        except PatternRefusedError as refused:
            raise UnsupportedPatternError(str(refused)) from None
        return RustMachine(parse_pattern(pattern, self._budget), self._budget)

    def choose_letters(self, machines: Sequence[Machine], apart: Iterable[int]) -> list[Letter]:
        """Return a character for each way in which the machines read one, and for each code in `apart`."""
        single = set(apart)
        starts = {start for machine in cast("Sequence[RustMachine]", machines) for start in machine.starts}
        starts.update(single, (code + 1 for code in single), (0,))
        found: dict[tuple[int, ...], Letter] = {}
        for code in (*PLAIN, *sorted(starts)):
            if code <= LAST and not SURROGATES[0] <= code <= SURROGATES[1]:
                read = tuple(machine.read(code) for machine in machines)
                found.setdefault((*read, code) if code in single else read, Letter(code, read))
        return list(found.values())
