"""Provider states: what must hold before an interaction is replayed, by name."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import isgeneratorfunction
from typing import TYPE_CHECKING, Any, Literal, get_args

from taskcontract.errors import ProviderError
from taskcontract.provider.functions import find_place
from taskcontract.provider.touching import defaults_of, read_touches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from taskcontract.model.canonical import Json

__all__ = ["DeclaredState", "OpenState", "StateTable", "Where", "require_name"]

Where = Literal["worker", "tests"]
"""The process in which a state's function runs: the worker's, or that of pytest."""


def require_name(name: object) -> None:
    """Raise a ProviderError where `name` is not text: the decorator was used without a name."""
    if not isinstance(name, str):
        raise ProviderError(
            "@provider.state takes the name of a state",
            where=find_place(name) if callable(name) else "",
            do='Write @provider.state("an item in stock").',
        )


@dataclass(frozen=True, slots=True)
class DeclaredState:
    """A state's function, where it runs, and what it touches: names with places for its parameters.

    Without `touches` nobody knows: nothing else may run while it holds.
    """

    name: str
    function: Callable[..., Any]
    where: Where = "worker"
    touches: tuple[str, ...] | None = None

    @property
    def defaults(self) -> dict[str, str]:
        """The defaults of its parameters, as they stand in the names of what it touches."""
        return defaults_of(self.function)


class OpenState:
    """A state that is set up: what its function yielded may be a check, and what is behind is its end."""

    def __init__(self, declared: DeclaredState, params: dict[str, Json]) -> None:
        self.name = declared.name
        self._generator: Iterator[Any] | None = None
        self._yielded: Any = None
        if isgeneratorfunction(declared.function):
            generator: Iterator[Any] = declared.function(**params)
            self._generator = generator
            self._yielded = next(generator, None)
        else:
            self._yielded = declared.function(**params)

    @property
    def values(self) -> dict[str, Any]:
        """What the state hands out for arguments: the dict that its function yielded or returned."""
        return self._yielded if isinstance(self._yielded, dict) else {}

    def check(self) -> None:
        """Call the function that the state yielded, if it did: it raises where the effect is missing."""
        if self._generator is not None and callable(self._yielded):
            self._yielded()

    def tear_down(self) -> None:
        """Run what is behind the `yield`."""
        if self._generator is not None and next(self._generator, self) is not self:
            raise ProviderError(f"the state {self.name!r} yields twice", do="Yield once.")


class StateTable:
    """The states of one provider: functions by name.

    A state is a function of its parameters; one that yields is torn down after the interaction by
    what stands behind the `yield`. A function that it yields is called before that: it raises where what
    the call should have done is not to be seen.
    """

    def __init__(self) -> None:
        self._declared: dict[str, DeclaredState] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The declared names, sorted."""
        return tuple(sorted(self._declared))

    @property
    def declared(self) -> tuple[DeclaredState, ...]:
        """All states, by name."""
        return tuple(self._declared[name] for name in self.names)

    def add(
        self,
        name: str,
        function: Callable[..., Any],
        *,
        where: Where = "worker",
        touches: str | Sequence[str] | None = None,
    ) -> None:
        """Declare the state `name`; a ProviderError where it is declared already, or wrongly."""
        if name in self._declared:
            raise ProviderError(f"the state {name!r} is declared twice", do="Keep one of the two functions.")
        if where not in get_args(Where):
            raise ProviderError(
                f"the state {name!r} cannot be brought about in {where!r}",
                do='Write where="worker", for the worker\'s process, or where="tests", for that of pytest.',
            )
        self._declared[name] = DeclaredState(name, function, where, read_touches(touches, function, name))

    def open(self, name: str, params: dict[str, Json]) -> OpenState:
        """Bring about the state `name`, to be torn down by the caller; its errors pass through."""
        declared = self._declared.get(name)
        if declared is None:
            known = ", ".join(map(repr, self.names)) or "none"
            raise ProviderError(
                f"the provider declares no state {name!r}",
                do=f"Its states: {known}. Declare this one with @provider.state({name!r}).",
            )
        return OpenState(declared, params)
