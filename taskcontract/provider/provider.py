"""The provider: ties the functions that do the work to the versions that bindings declare."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, TypeVar, overload

from taskcontract import embedded
from taskcontract.declare.failures.transport import carry_errors
from taskcontract.declare.serving import add_provider, find_providers
from taskcontract.operations.live_api import answer_api
from taskcontract.operations.served_versions import answer_inspections
from taskcontract.provider.adapter_path import refuse_second
from taskcontract.provider.adapters import require_mappable
from taskcontract.provider.declared import Declared
from taskcontract.provider.example_policy import ExamplePolicy, policy_of
from taskcontract.provider.fitting import require_adapter, require_documented, require_fit
from taskcontract.provider.startup_checks import check_promises, refuse_to_start
from taskcontract.provider.states import StateTable, Where, require_name
from taskcontract.provider.sunset import find_sunset, read_brownout
from taskcontract.provider.versions import find_target, require_version
from taskcontract.provider.worker_step import install_step
from taskcontract.safety_net import install_safety_net
from taskcontract.safety_net.stored_requests import hide_when_stored
from taskcontract.usage import UsageCounter, store_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from celery import Celery

    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Call, Task
    from taskcontract.errors import SunsetError
    from taskcontract.provider.example_policy import Examples

__all__ = ["Provider", "providers_of"]

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
E = TypeVar("E", bound=Exception)
E2 = TypeVar("E2", bound=Exception)
X = TypeVar("X", bound=Exception)
F = TypeVar("F", bound="Callable[..., Any]")


class Provider:
    """Serves `service` in the workers of `app`.

    Only the newest version of a task needs a function of its own; older ones are adapted to it.
    The app's worker refuses to start (exit code 2) while a declared version is not served.
    `today` is the clock that sunset dates are read by.
    """

    def __init__(self, app: Celery, service: Service, *, today: Callable[[], date] = date.today) -> None:
        embedded.register()
        install_safety_net(app)
        carry_errors(app, service)
        hide_when_stored(app)
        answer_inspections()
        answer_api()
        install_step(app)
        self.app = app
        self.service = service
        self.declared = Declared(app, service)
        self.states = StateTable()
        self.today = today
        self.brownouts: dict[str, float] = {}
        self.usage = UsageCounter(service.name, lambda: store_for(app))
        add_provider(app, self)

    @overload
    def implements(
        self, task: Task[P, R], *, bind: Literal[False] = False, examples: Examples = True, **options: Any
    ) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
    @overload
    def implements(
        self, task: Task[P, R], *, bind: Literal[True], examples: Examples = True, **options: Any
    ) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]: ...
    def implements(
        self, task: Task[Any, Any], *, bind: bool = False, examples: Examples = True, **options: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Serve the calls of `task` with the decorated function, which stays callable as it is.

        `options` are Celery's task options (`autoretry_for`, `acks_late`, `base`, ...); with `bind`
        the function gets the Celery task as its first argument. `examples` says whether
        `pytest --taskcontract-examples` may send it calls that are made up, or in which provider states:
        False, `"a writable bucket"`, or `{"a bucket": {"objects": 3}}`. Older versions that are adapted to
        this one follow it.

        What `@app.task` or `@shared_task` made is taken as well, `provider.implements(send)(existing_task)`:
        it keeps its name and its options, and its calls are checked by the binding from then on.
        """
        require_version(task, self.service, "@provider.implements")

        def implement(function: Callable[..., Any]) -> Callable[..., Any]:
            self.declared.implement(task, function, bind=bind, options=options, examples=examples)
            return function

        return implement

    @overload
    def upcasts(self, old: Task[P, Any]) -> Callable[[Callable[P, Call[S]]], Callable[P, Call[S]]]: ...
    @overload
    def upcasts(
        self, old: Task[P, Any], *, to: Task[..., S]
    ) -> Callable[[Callable[P, Call[S]]], Callable[P, Call[S]]]: ...
    def upcasts(
        self, old: Task[P, Any], *, to: Task[..., S] | None = None
    ) -> Callable[[Callable[P, Call[S]]], Callable[P, Call[S]]]:
        """Serve the calls of `old` by what the decorated function makes of them: calls of `to`.

        That is a newer version; left out, the next one that is declared.
        """
        require_version(old, self.service, "@provider.upcasts")
        target = find_target(old, to, "@provider.upcasts")

        def adapt(function: Callable[P, Call[S]]) -> Callable[P, Call[S]]:
            require_documented(function, f"the upcaster of {old.id}")
            require_fit(old, function)
            refuse_second(self.declared.path_of(old), function)
            self.declared.adapters.add_upcast(old, target, function)
            self.declared.registrations.follow()
            return function

        return adapt

    @overload
    def downcasts(self, old: Task[..., R]) -> Callable[[Callable[[S], R]], Callable[[S], R]]: ...
    @overload
    def downcasts(
        self, old: Task[..., R], *, to: Task[..., S]
    ) -> Callable[[Callable[[S], R]], Callable[[S], R]]: ...
    def downcasts(
        self, old: Task[..., R], *, to: Task[..., S] | None = None
    ) -> Callable[[Callable[[S], R]], Callable[[S], R]]:
        """Give the callers of `old` what the decorated function makes of a newer version's result.

        `to` is the version that the upcaster of `old` calls; naming it lets type checkers compare.
        """
        require_version(old, self.service, "@provider.downcasts")
        target = None if to is None else find_target(old, to, "@provider.downcasts")

        def adapt(function: Callable[[S], R]) -> Callable[[S], R]:
            require_adapter(function, f"the downcaster of {old.id}")
            self.declared.adapters.add_downcast(old, target, function)
            self.declared.registrations.follow()
            return function

        return adapt

    @overload
    def maps_error(
        self, old: Task[..., Any], error: type[E], /
    ) -> Callable[[Callable[[E], X]], Callable[[E], X]]: ...
    @overload
    def maps_error(
        self, old: Task[..., Any], error: type[E], other: type[E2], /
    ) -> Callable[[Callable[[E | E2], X]], Callable[[E | E2], X]]: ...
    @overload
    def maps_error(
        self, old: Task[..., Any], /, *errors: type[Exception]
    ) -> Callable[[Callable[[Exception], X]], Callable[[Exception], X]]: ...
    def maps_error(
        self, old: Task[..., Any], /, *errors: type[Exception]
    ) -> Callable[[Callable[[Any], X]], Callable[[Any], X]]:
        """Give the callers of `old` what the decorated function makes of a newer version's `errors`.

        Their subclasses count too, unless they have an adapter of their own. It is asked once
        retries are exhausted: they look for the errors of the implementation. What it returns must be
        an error that `old` declares, where that declares any.
        """
        require_version(old, self.service, "@provider.maps_error")
        require_mappable(old, errors)

        def adapt(function: Callable[[Any], X]) -> Callable[[Any], X]:
            require_adapter(function, f"the error adapter of {old.id}")
            for error in errors:
                self.declared.adapters.add_error(old, error, function)
            self.declared.registrations.follow()
            return function

        return adapt

    def brown_out(self, old: Task[..., Any], share: float) -> None:
        """Refuse a `share` (0 to 1) of the calls of `old` before its sunset, so that its callers notice."""
        require_version(old, self.service, "provider.brown_out")
        self.brownouts[old.wire_name] = read_brownout(old, share)

    def state(
        self, name: str, *, where: Where = "worker", touches: str | Sequence[str] | None = None
    ) -> Callable[[F], F]:
        """Declare how the provider state `name` is brought about; behind a `yield`, how it ends.

        A function that is yielded is called once the reply is there: it raises where the call's effect is
        missing. The state's function runs in the worker's process, or `where="tests"` in that of pytest.
        `touches` names what it changes (`"bucket:{name}"`): what touches something else may run meanwhile.
        """
        require_name(name)

        def declare(function: F) -> F:
            self.states.add(name, function, where=where, touches=touches)
            return function

        return declare

    def check(self) -> None:
        """Raise a ProviderError that lists every promise of the bindings that this provider breaks."""
        check_promises(self.declared, self.today())

    def refuse_to_start(self, worker: Any) -> None:
        """End the process of Celery's `worker` with exit code 2 and a message if `check` finds something."""
        refuse_to_start(self.declared, self.today(), worker)

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
        """Count a call of `task` by its wire `name`; `events` is the worker's dispatcher, or None."""
        self.usage.count(task, headers, events, name=name, args=args, kwargs=kwargs, redelivered=redelivered)

    def find_refusal(self, task: Task[..., Any], task_id: str) -> SunsetError | None:
        """Return why the call `task_id` of `task` is refused today: its sunset, or a brown-out before it."""
        return find_sunset(task, task_id, self.today(), self.brownouts.get(task.wire_name, 0.0))

    def examples_of(self, task: Task[..., Any]) -> ExamplePolicy:
        """Return whether calls of `task` may be made up, and the states that they need; today."""
        sunset = find_sunset(task, "", self.today(), 0.0)
        return ExamplePolicy(refusal=sunset.what) if sunset else policy_of(self.declared.path_of(task))


def providers_of(app: Celery) -> tuple[Provider, ...]:
    """Return the providers that serve in the workers of `app`."""
    return tuple(each for each in find_providers(app) if isinstance(each, Provider))
