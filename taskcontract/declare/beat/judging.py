"""Whether a worker would take what beat sends: by the codecs, router and binder that are really used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from inspect import signature
from typing import TYPE_CHECKING, Any

from celery.utils.time import maybe_iso8601
from kombu.serialization import dumps, loads

from taskcontract.celery_compat.task_options import options_of
from taskcontract.declare.beat.entries import LAZY
from taskcontract.declare.cargo import without_keywords
from taskcontract.declare.carried import NOTHING
from taskcontract.declare.deprecation import successor_of
from taskcontract.declare.options import require_options
from taskcontract.declare.slots import HOLE
from taskcontract.errors import ArgumentTypeError, ArgumentValueError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from celery import Celery

    from taskcontract.declare.beat.entries import ScheduledCall
    from taskcontract.declare.protocols import ServiceLike, TaskLike

__all__ = ["WrongEntry", "find_wrong_entries"]

NUMBERS = ("countdown", "priority", "soft_time_limit", "time_limit")
"""Options that must be numbers; without a check here, only a worker would find out."""


@dataclass(frozen=True, slots=True)
class WrongEntry:
    """An entry of beat's that calls `task`, a wire name, and why a worker does not take the call.

    It is not certain where it waits in a queue that some worker may consume, though bindings name another.
    """

    entry: str
    task: str
    why: str
    is_certain: bool = True

    def __str__(self) -> str:
        return f"the entry {self.entry!r} calls {self.task}: {self.why}"


class _WrongError(Exception):
    """Why a call is wrong."""


class _WrongQueueError(_WrongError):
    """A call may wait for ever."""


def find_wrong_entries(
    app: Celery,
    services: Collection[ServiceLike],
    entries: Iterable[ScheduledCall],
    *,
    consumed: Collection[str] = (),
    today: date | None = None,
) -> Iterator[WrongEntry]:
    """Yield each entry of the schedule of `app` whose call the workers of `services` would not take.

    Entries that call no task of theirs are left alone. `consumed` are queues that are known to be
    consumed; `today` replaces the services' own clocks.
    """
    for entry in entries:
        for name in sorted(entry.calls):
            asked = [service for service in services if _is_for(app, service, name)]
            wrong = [_find_wrong(app, entry, name, service, consumed, today) for service in asked]
            if wrong and all(wrong):
                is_certain = not any(isinstance(each, _WrongQueueError) for each in wrong)
                yield WrongEntry(entry.name, name, str(wrong[0]), is_certain)


def _is_for(app: Celery, service: ServiceLike, name: str) -> bool:
    """Return whether `service` declares the task, or would, and no other service has it."""
    if service.find(name) is not None:
        return True
    prefix, _, rest = name.partition(".")
    return prefix == service.name and "." not in rest and name not in app.tasks


def _find_wrong(
    app: Celery,
    entry: ScheduledCall,
    name: str,
    service: ServiceLike,
    consumed: Collection[str],
    today: date | None,
) -> _WrongError | None:
    task = service.find(name)
    try:
        if task is None:
            near = get_close_matches(name, [each.wire_name for each in service.tasks], n=1)
            raise _WrongError(
                f"{service.name} declares no such task{f': did you mean {near[0]}?' if near else ''}"
            )
        if task.sunset is not None and date.fromisoformat(task.sunset) < (today or service.today()):
            newer = successor_of(task)
            step = f": call {newer.wire_name} ({newer.id})" if newer else ""
            raise _WrongError(f"{task.id} had its sunset on {task.sunset}{step}")
        if name == entry.task:
            _require_call(app, entry, task, consumed)
    except _WrongError as wrong:
        return wrong
    return None


def _require_call(app: Celery, entry: ScheduledCall, task: TaskLike[Any], consumed: Collection[str]) -> None:
    if entry.fault:
        raise _WrongError(entry.fault)
    _require_options(task, entry.options)
    options = _with_own(app, entry)
    args, kwargs = _receive(app, entry, options, task)
    carries = task.service.carries
    try:
        for each in carries:
            value = each.find(kwargs, options.get("headers"))
            if value is NOTHING:
                each.refuse_missing()
            elif value is not HOLE:
                each.decode(value)
        own = dict(without_keywords(carries, kwargs))
        task.binder.decode_call(*_without_more_holes(task, args, own))
    except (ArgumentTypeError, ArgumentValueError) as error:
        raise _WrongError(error.what) from None
    _require_queue(app, entry, options, task, consumed)


def _require_options(task: TaskLike[Any], options: Mapping[str, Any]) -> None:
    try:
        require_options(task, options)
    except ArgumentTypeError as error:
        raise _WrongError(f"{error.what}: {error.do}") from None
    for name, value in options.items():
        if name in NUMBERS and value is not None and not isinstance(value, (int, float)):
            raise _WrongError(f"its option {name} is {value!r}, which is not a number")


def _with_own(app: Celery, entry: ScheduledCall) -> dict[str, Any]:
    """Return the options of the call, with those of the Celery task where this app has it."""
    return {**options_of(app.tasks.get(entry.task)), **entry.options}


def _receive(
    app: Celery, entry: ScheduledCall, options: Mapping[str, Any], task: TaskLike[Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments as a worker reads them: written and read by kombu's codecs, not the bindings'."""
    amqp: Any = app.amqp
    args = [None if value is LAZY else value for value in entry.args]
    kwargs = {name: None if value is LAZY else value for name, value in entry.kwargs.items()}
    taken = signature(amqp.as_task_v2).parameters.keys() - {"task_id", "name", "args", "kwargs", "options"}
    serializer = options.get("serializer") or app.conf.task_serializer
    if serializer not in ("json", task.serializer):
        raise _WrongError(f"it is sent as {serializer}, but {task.id} as {task.serializer}")
    try:
        for time in (options.get("eta"), options.get("expires")):
            if isinstance(time, str):
                maybe_iso8601(time)
        taken |= set(options.get("stamped_headers") or ())
        said = {name: value for name, value in options.items() if name in taken}
        amqp.as_task_v2("id", entry.task, args, kwargs, **said)
        content_type, encoding, body = dumps((args, kwargs, {}), serializer)
        args, kwargs, _ = loads(body, content_type, encoding, accept=[content_type])
    except Exception as error:  # a codec, or an invalid time, may raise anything
        raise _WrongError(f"it cannot be sent as {serializer}: {error}") from None
    for index, value in enumerate(entry.args):
        args[index] = HOLE if value is LAZY else args[index]
    return args, {name: HOLE if entry.kwargs.get(name) is LAZY else value for name, value in kwargs.items()}


def _without_more_holes(
    task: TaskLike[Any], args: list[Any], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments without the unknown ones of `*args` and `**kwargs`, which may be left out."""
    kinds = [slot.kind for slot in task.binder.slots]
    named = {slot.name for slot in task.binder.slots if not slot.kind.startswith("var-")}
    if "var-positional" in kinds:
        args = [
            value
            for index, value in enumerate(args)
            if value is not HOLE or index < kinds.index("var-positional")
        ]
    if "var-keyword" in kinds:
        kwargs = {name: value for name, value in kwargs.items() if value is not HOLE or name in named}
    return args, kwargs


def _require_queue(
    app: Celery,
    entry: ScheduledCall,
    options: Mapping[str, Any],
    task: TaskLike[Any],
    consumed: Collection[str],
) -> None:
    """Beat routes as the app does; who sends by name does not know where the bindings want it."""
    if task.queue is None or options.get("exchange"):
        return
    amqp: Any = app.amqp
    # Queues of our own: to look one up may make it, and a worker would consume it.
    router = amqp.Router(amqp.Queues(app.conf.task_queues))
    try:
        route = router.route(
            dict(options), entry.task, entry.args, dict(entry.kwargs), app.tasks.get(entry.task)
        )
    except Exception as error:  # routers are the project's
        raise _WrongError(f"it cannot be routed: {error}") from None
    queue = getattr(route.get("queue"), "name", None)
    if queue not in (None, task.queue, *consumed):
        raise _WrongQueueError(
            f"it goes to the queue {queue!r}, but {task.id} is served from {task.queue!r}: add "
            f"'options': {{'queue': {task.queue!r}}}"
        )
