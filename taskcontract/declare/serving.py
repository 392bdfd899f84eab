"""Which providers serve in the workers of an app: the app itself knows them, and they go when it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from celery import Celery

    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task
    from taskcontract.errors import RefusedMessageError
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import ProviderState

__all__ = [
    "IMPLEMENTED_AS",
    "DeclaredState",
    "ExamplePolicy",
    "OpenState",
    "ServiceProvider",
    "States",
    "add_provider",
    "find_providers",
]

IMPLEMENTED_AS = "taskcontract_implemented_as"
"""The attribute of a Celery task that holds the wire name of the version that serves it."""

ATTRIBUTE = "taskcontract_providers"


class DeclaredState(Protocol):
    """A provider state as it was declared."""

    @property
    def name(self) -> str:
        """What contracts call it."""
        ...

    @property
    def where(self) -> str:
        """The process in which its function runs: `worker` or `tests`."""
        ...

    @property
    def touches(self) -> tuple[str, ...] | None:
        """What it changes, with places for its parameters; None where it is not known."""
        ...

    @property
    def defaults(self) -> dict[str, str]:
        """What stands in those places when no parameter is given."""
        ...


class OpenState(Protocol):
    """A provider state that is set up."""

    @property
    def name(self) -> str:
        """What contracts call it."""
        ...

    @property
    def values(self) -> dict[str, Any]:
        """What it hands out for arguments."""
        ...

    def check(self) -> None:
        """Raise where what the call should have done is not to be seen."""
        ...

    def tear_down(self) -> None:
        """Undo it."""
        ...


class States(Protocol):
    """The provider states of one provider."""

    @property
    def declared(self) -> Sequence[DeclaredState]:
        """All of them, by name."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The declared names, sorted."""
        ...

    def open(self, name: str, params: dict[str, Json]) -> OpenState:
        """Bring about the state `name`, to be torn down by the caller."""
        ...


class ExamplePolicy(Protocol):
    """What a provider says of calls that are made up."""

    @property
    def states(self) -> Sequence[ProviderState]:
        """The states in which they may be sent."""
        ...

    @property
    def refusal(self) -> str:
        """Why none may be sent; empty where they may."""
        ...


class ServiceProvider(Protocol):
    """A provider as others see it that do not depend on one: the safety net, the verifier, inspections."""

    @property
    def service(self) -> Service:
        """The service that it serves."""
        ...

    @property
    def states(self) -> States:
        """Its provider states."""
        ...

    def count_call(
        self,
        task: Task[..., Any],
        headers: Any,
        events: Any,
        *,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        redelivered: bool,
    ) -> None:
        """Count a call of `task` by the wire name `name`; `events` is the worker's dispatcher, or None.

        Of its arguments only their shape is kept.
        """
        ...

    def find_refusal(self, task: Task[..., Any], task_id: str) -> RefusedMessageError | None:
        """Return why the call `task_id` of `task` is not served today; None where it is."""
        ...

    def examples_of(self, task: Task[..., Any]) -> ExamplePolicy:
        """Return whether calls of `task` may be made up, and the states that they need."""
        ...


def add_provider(app: Celery, provider: ServiceProvider) -> None:
    """Note that `provider` serves in the workers of `app`."""
    setattr(app, ATTRIBUTE, (*find_providers(app), provider))


def find_providers(app: Celery) -> tuple[ServiceProvider, ...]:
    """Return the providers that serve in the workers of `app`, in the order in which they were made."""
    found: tuple[ServiceProvider, ...] = getattr(app, ATTRIBUTE, ())
    return found
