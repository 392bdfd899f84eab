"""Provider states: what must hold before an interaction is replayed, by name."""

from __future__ import annotations

from inspect import isgeneratorfunction
from typing import TYPE_CHECKING, Any

from taskcontract.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.model.canonical import Json

__all__ = ["StateTable"]


class StateTable:
    """The states of one provider: functions by name, and those set up and not yet torn down.

    A state is a function of its parameters; one that yields is torn down after the interaction by
    what stands behind the `yield`.
    """

    def __init__(self) -> None:
        self._functions: dict[str, Callable[..., Any]] = {}
        self._open: list[tuple[str, Iterator[Any]]] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The declared names, sorted."""
        return tuple(sorted(self._functions))

    def add(self, name: str, function: Callable[..., Any]) -> None:
        """Declare the state `name`; a ProviderError where it is declared already."""
        if name in self._functions:
            raise ProviderError(f"the state {name!r} is declared twice", do="Keep one of the two functions.")
        self._functions[name] = function

    def set_up(self, name: str, params: dict[str, Json]) -> None:
        """Bring about the state `name`; what its function raises passes through."""
        function = self._functions.get(name)
        if function is None:
            known = ", ".join(map(repr, self.names)) or "none"
            raise ProviderError(
                f"the provider declares no state {name!r}",
                do=f"Its states: {known}. Declare this one with @provider.state({name!r}).",
            )
        if not isgeneratorfunction(function):
            function(**params)
            return
        generator = function(**params)
        next(generator, None)
        self._open.append((name, generator))

    def tear_down(self) -> None:
        """Undo all that is set up, the last first; every one is run, then the first error is raised."""
        errors: list[Exception] = []
        while self._open:
            name, generator = self._open.pop()
            try:
                if next(generator, self) is not self:
                    errors.append(ProviderError(f"the state {name!r} yields twice", do="Yield once."))
            except Exception as error:  # whatever the provider's own code raises
                errors.append(error)
        if errors:
            raise errors[0]
