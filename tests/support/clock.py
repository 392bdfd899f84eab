"""A clock that a test sets: time passes only where something sleeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Clock"]


class Clock:
    """Takes the place of the module `time` in a module under test; starts at 0 s.

    `at` plans what happens meanwhile: it is run by the sleep that reaches its moment.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._plan: list[tuple[float, Callable[[], Any]]] = []

    def at(self, moment: float, action: Callable[[], Any]) -> None:
        """Run `action` when the clock reaches `moment`, in seconds."""
        self._plan.append((moment, action))

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        due = [action for moment, action in self._plan if moment <= self.now]
        self._plan = [planned for planned in self._plan if planned[0] > self.now]
        for action in due:
            action()
