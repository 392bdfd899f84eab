"""A service: the tasks that it offers to others, in all their versions."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from taskcontract.declare.beat.watching import watch_schedules
from taskcontract.declare.cargo import check_carries, hidden_keywords
from taskcontract.declare.declaration import (
    check_aliases,
    check_date,
    check_flag,
    check_options,
    check_serializer,
    check_version,
)
from taskcontract.declare.failures.declaring import check_errors
from taskcontract.declare.parameter import place_of
from taskcontract.declare.succession import check_supersedes, family_of
from taskcontract.declare.task import Task
from taskcontract.errors import DeclarationError
from taskcontract.model.version import newest_matching, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from celery import Celery

    from taskcontract.declare.carried import Carried
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ServiceSpec

__all__ = ["Service"]

P = ParamSpec("P")
R = TypeVar("R")


class Service:
    """The bindings of one service: declare each task's versions with `@service.task(version=...)`.

    `queue` is where its workers listen (None: Celery's default queue, `celery` unless an app says
    otherwise); `serializer` one of json, msgpack and yaml. `version` is the version of the whole API;
    left out, it is the newest task's. `carries` is what each call has beside its arguments, such as a tenant.
    """

    def __init__(
        self,
        name: str,
        *,
        queue: str | None = None,
        serializer: str = "json",
        version: str | None = None,
        carries: Sequence[Carried[Any]] = (),
    ) -> None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
            raise DeclarationError(
                f"{name!r} is not a name for a service",
                do="Use letters, digits, - and _: it becomes part of task names and file names.",
            )
        self.name = name
        self.queue = queue
        self.serializer = check_serializer(serializer, f"Service({name!r})")
        self.app: Celery | None = None
        """The Celery app that calls go through; None stands for Celery's current app."""
        self.consumer = ""
        """Who calls, for the message's header; empty stands for the app's name."""
        self.carries = check_carries(carries, f"Service({name!r})")
        self.told_of_no_app = False
        """Whether callers have been warned that no app is named for them."""
        self.today: Callable[[], date] = date.today
        """The clock that deprecation dates are read by."""
        self._declared_version = version
        if version is not None:
            parse_version(version)
        self._tasks: dict[str, Task[..., Any]] = {}
        self._by_name: dict[str, Task[..., Any]] = {}
        self._by_id: dict[str, Task[..., Any]] = {}
        self._chosen: dict[tuple[str, str], Task[..., Any]] = {}
        watch_schedules(self)

    def use(self, app: Celery, *, consumer: str = "") -> None:
        """Send this service's calls through `app`, in the name of `consumer` (default: the app's name)."""
        from taskcontract import embedded
        from taskcontract.declare.failures.transport import carry_errors

        embedded.register()
        self.app = app
        self.consumer = consumer
        watch_schedules(self)
        carry_errors(app, self)

    def task(
        self,
        *,
        version: str | None = None,
        name: str | None = None,
        aliases: tuple[str, ...] = (),
        supersedes: Task[..., Any] | None = None,
        deprecated: str | None = None,
        sunset: str | None = None,
        queue: str | None = None,
        serializer: str | None = None,
        errors: tuple[type[Exception], ...] = (),
        examples: bool = True,
        **options: Json,
    ) -> Callable[[Callable[P, R]], Task[P, R]]:
        """Declare one version of a task by the signature of the decorated function, which has no body.

        `version` is MAJOR.MINOR.PATCH. `name` is the name on the wire; left out, it is
        `service.function`. `aliases` are earlier ones, which workers serve too: no new call should use them
        any more. `supersedes` is the version before this one, an older
        one of the same service. `deprecated` and `sunset`
        are ISO dates. `errors` are the exceptions that callers may expect. `examples=False` keeps calls that
        are made up from it, as each one charges a card, say. `options` are Celery
        options that hold for each call, such as `expires` or `priority`.
        """

        def declare(function: Callable[P, R]) -> Task[P, R]:
            place = place_of(function)
            exact = check_version(version, place)
            check_supersedes(supersedes, exact, self, place)
            task = Task(
                function,
                service=self,
                name=family_of(function.__name__, exact, supersedes),
                version=exact,
                wire_name=name or f"{self.name}.{function.__name__}",
                aliases=check_aliases(aliases, place),
                queue=queue or self.queue,
                serializer=check_serializer(serializer or self.serializer, place),
                supersedes=supersedes,
                deprecated=check_date(deprecated, "deprecated", place),
                sunset=check_date(sunset, "sunset", place),
                errors=check_errors(errors, place),
                options=check_options(options, place),
                examples=check_flag(examples, "examples", place),
            )
            self._add(task, place)
            return task

        return declare

    @property
    def tasks(self) -> tuple[Task[..., Any], ...]:
        """Every declared version of every task, by name and then version."""
        return tuple(sorted(self._tasks.values(), key=lambda task: (task.name, parse_version(task.version))))

    def find(self, wire_name: str) -> Task[..., Any] | None:
        """Return the task that goes by `wire_name` on the broker, be it an alias, or None."""
        return self._by_name.get(wire_name)

    @property
    def version(self) -> str:
        """The version of the whole API."""
        if self._declared_version is not None:
            return self._declared_version
        versions = [task.version for task in self._tasks.values()]
        return max(versions, key=parse_version, default="0.0.0")

    def choose(self, name: str, version: str) -> Task[..., Any]:
        """Return the newest version of the task `name` that `version` admits: `"1"`, `"1.2.0"` or `">=1,<3"`.

        Call it where a module is imported, so that the range is resolved once; it is a dict lookup
        from the second time on.
        """
        found = self._chosen.get((name, version))
        if found is None:
            found = self._chosen[name, version] = self._resolve(name, version)
        return found

    def spec(self) -> ServiceSpec:
        """Return this service's API as plain data; raise a DeclarationError where a type has no JSON form."""
        from taskcontract.declare.spec import spec_of_service

        return spec_of_service(self)

    def _resolve(self, name: str, version: str) -> Task[..., Any]:
        versions = {task.version: task for task in self.tasks if task.name == name}
        if not versions:
            known = ", ".join(sorted({task.name for task in self.tasks})) or "none"
            raise DeclarationError(f"{self.name} declares no task {name!r}", do=f"Its tasks: {known}.")
        chosen = newest_matching(version, versions)
        if chosen is None:
            raise DeclarationError(
                f"{self.name} declares no version {version!r} of {name}",
                do=f"Its versions: {', '.join(versions)}.",
            )
        return versions[chosen]

    def _add(self, task: Task[..., Any], place: str) -> None:
        for index, name in enumerate(task.wire_names):
            other = task if name in task.wire_names[:index] else self._by_name.get(name)
            if other is not None:
                raise _refuse_name(name, task, other, place)
        twin = self._by_id.get(task.id)
        if twin is not None:
            raise DeclarationError(
                f"{task.id} is declared twice, as {twin.wire_name!r} and {task.wire_name!r}",
                where=place,
                do="Give each version its own number.",
            )
        if task.deprecated and task.sunset and task.sunset < task.deprecated:
            raise DeclarationError(
                f"{task.id} has its sunset ({task.sunset}) before its deprecation ({task.deprecated})",
                where=place,
                do="Deprecate first: callers need the time in between.",
            )
        hidden = hidden_keywords(self.carries) & set(task.signature_of_function.parameters)
        if hidden:
            raise DeclarationError(
                f"{task.id} has a parameter {min(hidden)!r}, which each call of {self.name} carries besides",
                where=place,
                do="Rename the one or the other.",
            )
        self._tasks[task.wire_name] = self._by_id[task.id] = task
        self._by_name.update(dict.fromkeys(task.wire_names, task))
        self._chosen.clear()

    def __repr__(self) -> str:
        return f"<Service {self.name} {self.version}>"


def _refuse_name(name: str, task: Task[..., Any], other: Task[..., Any], place: str) -> DeclarationError:
    example = f"{task.name}_v{task.version.split('.')[0]}"
    return DeclarationError(
        f"{task.id} and {other.id} have the same name on the wire, {name!r}",
        where=place,
        do=f"Rename one of the functions (for example {example}), give one a name=, or drop the alias; "
        f"the other is declared at {place_of(other.function)}.",
    )
