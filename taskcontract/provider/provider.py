"""The provider: ties the functions that do the work to the versions that bindings declare."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, TypeVar, cast, overload
from weakref import WeakKeyDictionary

from celery import signals

from taskcontract import embedded
from taskcontract.declare.parameter import place_of
from taskcontract.errors import ProviderError
from taskcontract.provider.adapters import AdapterTable, documented
from taskcontract.provider.celery_task import register
from taskcontract.provider.drift import answer_inspections
from taskcontract.provider.fitting import require_fit
from taskcontract.provider.route import Implementation, Route
from taskcontract.provider.safety_net import install_safety_net
from taskcontract.provider.startup import check_promises, refuse_to_start
from taskcontract.provider.states import StateTable
from taskcontract.provider.usage import UsageCounter, store_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

    from taskcontract.declare.call import Call
    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task

__all__ = ["Provider", "providers_of"]

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
E = TypeVar("E", bound=Exception)
E2 = TypeVar("E2", bound=Exception)
X = TypeVar("X", bound=Exception)
F = TypeVar("F", bound="Callable[..., Any]")

_PROVIDERS: WeakKeyDictionary[Celery, list[Provider]] = WeakKeyDictionary()


class Provider:
    """Serves `service` in the workers of `app`.

    Only the newest version of a task needs a function of its own; older ones are adapted to it.
    The app's worker refuses to start (exit code 2) while a declared version is not served.
    `today` is the clock that sunset dates are read by.
    """

    def __init__(self, app: Celery, service: Service, *, today: Callable[[], date] = date.today) -> None:
        embedded.register()
        install_safety_net(app)
        answer_inspections()
        self.app = app
        self.service = service
        self.implementations: dict[str, Implementation] = {}
        self.adapters = AdapterTable()
        self.states = StateTable()
        self.today = today
        self.brownouts: dict[str, float] = {}
        self.usage = UsageCounter(app, service, lambda: store_for(app))
        _PROVIDERS.setdefault(app, []).append(self)
        app.on_after_finalize.connect(self._register_all, weak=False)
        signals.worker_init.connect(self._on_worker_init, weak=False)

    @overload
    def implements(
        self, task: Task[P, R], *, bind: Literal[False] = False, **options: Any
    ) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
    @overload
    def implements(
        self, task: Task[P, R], *, bind: Literal[True], **options: Any
    ) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]: ...
    def implements(
        self, task: Task[Any, Any], *, bind: bool = False, **options: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Serve the calls of `task` with the decorated function, which stays callable as it is.

        `options` are Celery's task options (`autoretry_for`, `acks_late`, `base`, ...); with `bind`
        the function gets the Celery task as its first argument.
        """
        self._refuse_foreign(task)

        def implement(function: Callable[..., Any]) -> Callable[..., Any]:
            if task.wire_name in self.implementations:
                raise ProviderError(
                    f"{task.id} is implemented twice",
                    where=place_of(function),
                    do="Keep one of the functions.",
                )
            require_fit(task, function, bind=bind)
            self.implementations[task.wire_name] = Implementation(task, function, bind=bind, options=options)
            self._register_late()
            return function

        return implement

    def upcasts(self, old: Task[P, R]) -> Callable[[Callable[P, Call[S]]], Callable[P, Call[S]]]:
        """Serve the calls of `old` by what the decorated function makes of them: a newer version's call."""
        self._refuse_foreign(old)

        def adapt(function: Callable[P, Call[S]]) -> Callable[P, Call[S]]:
            documented(function, f"the upcaster of {old.id}")
            require_fit(old, function)
            self.adapters.add_upcast(old, function)
            self._register_late()
            return function

        return adapt

    def downcasts(self, old: Task[P, R]) -> Callable[[Callable[[S], R]], Callable[[S], R]]:
        """Give the callers of `old` what the decorated function makes of a newer version's result."""
        self._refuse_foreign(old)

        def adapt(function: Callable[[S], R]) -> Callable[[S], R]:
            documented(function, f"the downcaster of {old.id}")
            self.adapters.add_downcast(old, function)
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
        self._refuse_foreign(old)
        if not errors:
            raise ProviderError(
                f"maps_error({old.__name__}) names no error", do="Name those that its callers do not know."
            )

        def adapt(function: Callable[[Any], X]) -> Callable[[Any], X]:
            documented(function, f"the error adapter of {old.id}")
            for error in errors:
                self.adapters.add_error(old, error, function)
            return function

        return adapt

    def brown_out(self, old: Task[..., Any], share: float) -> None:
        """Refuse a `share` (0 to 1) of the calls of `old` before its sunset, so that its callers notice."""
        self._refuse_foreign(old)
        if not 0 <= share <= 1:
            raise ProviderError(
                f"a brown-out of {share!r} of the calls of {old.id}", do="Give a share between 0 and 1."
            )
        if old.sunset is None:
            raise ProviderError(
                f"{old.id} has no sunset to be browned out before", do="Declare it with sunset=..."
            )
        self.brownouts[old.wire_name] = share

    def state(self, name: str) -> Callable[[F], F]:
        """Declare how the provider state `name` is brought about; behind a `yield`, how it ends."""

        def declare(function: F) -> F:
            self.states.add(name, function)
            return function

        return declare

    def check(self) -> None:
        """Raise a ProviderError that lists every promise of the bindings that this provider breaks."""
        check_promises(self, self.today())

    def _refuse_foreign(self, task: Task[..., Any]) -> None:
        if task.service is not self.service:
            raise ProviderError(
                f"{task.id} belongs to {task.service.name!r}, not to {self.service.name!r}",
                where=place_of(task.function),
                do=f"Make a Provider(app, ...) for {task.service.name!r}.",
            )

    def _register_all(self, **_: object) -> None:
        for task in self.service.tasks:
            implementation = self.implementations.get(task.wire_name) or self._newest(task)
            if implementation is not None and task.wire_name not in self.app.tasks:
                register(self.app, Route(task, self.implementations, self.adapters), implementation)

    def _newest(self, task: Task[..., Any]) -> Implementation | None:
        """The implementation that an adapted version leads to: its options hold for old calls too."""
        if task.wire_name not in self.adapters.upcasts:
            return None
        versions = [each for each in self.service.tasks if each.name == task.name]
        served = [each for each in versions if each.wire_name in self.implementations]
        return self.implementations[served[-1].wire_name] if served else None

    def _register_late(self) -> None:
        finalized: bool = cast("Any", self.app).finalized
        if finalized:
            self._register_all()

    def _on_worker_init(self, sender: Any = None, **_: object) -> None:
        if getattr(sender, "app", None) is self.app:
            refuse_to_start(self, self.today())


def providers_of(app: Celery) -> tuple[Provider, ...]:
    """The providers that serve in the workers of `app`."""
    return tuple(_PROVIDERS.get(app, ()))
