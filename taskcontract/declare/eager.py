"""Running a call in this process, through all that its message would go: `task_always_eager`, `apply`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar, cast

from celery import result as celery_result
from celery import states
from kombu.exceptions import EncodeError, SerializerNotInstalled
from kombu.serialization import dumps, loads

from taskcontract.declare.app import describe_app
from taskcontract.declare.failures.transport import as_received
from taskcontract.declare.result import Result
from taskcontract.errors import ArgumentTypeError, NotServedHereError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from celery import Celery

    from taskcontract.declare.protocols import TaskLike
    from taskcontract.model.canonical import Json

__all__ = ["EagerResult", "explain_unsendable", "find_served", "run_eagerly"]

R = TypeVar("R")


class EagerResult(  # pyright: ignore[reportIncompatibleMethodOverride]  # of `wait`, overridden
    celery_result.EagerResult,  # type: ignore[type-arg]  # as in `Result`
    Result[R],
):
    """The result of a call that ran in this process; it is read as one that comes from a worker.

    Celery's canvas gets it as a message would have it, and hands it on to the next call.
    """

    def __init__(self, ran: Any, value: Any, *, task: TaskLike[Any], many: bool, ignored: bool) -> None:
        celery_result.EagerResult.__init__(self, ran.id, value, ran.state, ran.traceback, ran.name)
        self._task = task
        self._many = many
        self._typed = Result.UNREAD
        self.ignored = ignored

    def get(self, *args: Any, **kwargs: Any) -> R:
        """Return as `Result.get`; there is nothing to wait for."""
        if self.successful() and _is_handed_on():
            return cast("R", super().result)
        if self.ignored:
            return cast("R", None)
        return cast("R", celery_result.EagerResult.get(self, *args, **kwargs))

    wait = get

    async def aget(self, timeout: float | None = None, **kwargs: Any) -> R:
        """Return as `get`."""
        return self.get(timeout, **kwargs)

    @property
    def result(self) -> Any:
        """What the task returned, as its declared type; or the exception that it raised."""
        return Result.result.__get__(self)

    def before_reading(self) -> None:
        """Do nothing, as nothing is read from anywhere."""

    def read_meta(self) -> Mapping[str, Any]:
        """See HookedResult."""
        return {"status": self.state, "result": super().result, "traceback": self.traceback}

    def __copy__(self) -> EagerResult[R]:
        return EagerResult(self, super().result, task=self._task, many=self._many, ignored=self.ignored)

    def __reduce__(self) -> tuple[Any, ...]:
        return celery_result.EagerResult, cast("Any", self).__reduce_args__()


def run_eagerly(
    task: TaskLike[Any],
    app: Celery,
    name: str,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    options: Mapping[str, Any],
    *,
    many: bool = False,
) -> EagerResult[Any]:
    """Run the encoded call of `task`, or `many` in the one message `name`, by what `app` has for it.

    Arguments and result pass through the serializers as they would on their way. A NotServedHereError
    where nothing here serves the task.
    """
    find_served(task, app)
    try:
        args, kwargs = _over_the_wire([list(args), dict(kwargs)], options["serializer"])
    except (EncodeError, SerializerNotInstalled) as error:
        raise explain_unsendable(task, options["serializer"], error) from None
    celery_task: Any = app.tasks[name]
    try:
        ran = celery_task.apply(args, kwargs, **{key: options[key] for key in options if key != "producer"})
    except Exception as error:  # Celery is configured to raise it here
        found = as_received(error, task.service)
        if found is error:
            raise
        raise found from error.__cause__
    if ran.state == states.SUCCESS:
        conf: Any = app.conf
        value = _over_the_wire(ran.result, conf.result_serializer)
    else:
        value = as_received(ran.result, task.service)
    return EagerResult(ran, value, task=task, many=many, ignored=bool(options.get("ignore_result")))


def find_served(task: TaskLike[Any], app: Celery) -> Any:
    """Return the Celery task that serves `task` in this process; raise a NotServedHereError if none does."""
    found = app.tasks.get(task.wire_name)
    if found is None:
        service = task.service.name
        raise NotServedHereError(
            f"{task.id} is to run in this process, where {describe_app(app)} has no task {task.wire_name!r}",
            do=f"Import what provides {service} for this app, record the calls by a contract test, or switch "
            "task_always_eager off, so that they are sent.",
        )
    return found


def explain_unsendable(
    task: TaskLike[Any], serializer: str, error: EncodeError | SerializerNotInstalled
) -> ArgumentTypeError:
    """Return what an `error` of writing the message of `task` means for its caller."""
    if isinstance(error, SerializerNotInstalled):
        do = "Install what it needs, or name another serializer: json is always there."
    else:
        do = "Declare the parameters' types, so that they are checked and encoded; send canvases as json."
    return ArgumentTypeError(f"the arguments of {task.id} cannot be sent as {serializer}: {error}", do=do)


def _over_the_wire(value: Json, serializer: str) -> Any:
    content_type, encoding, data = dumps(value, serializer)
    return loads(data, content_type, encoding, accept=[content_type])


def _is_handed_on() -> bool:
    """Return whether Celery's canvas asks, to hand a result on to what comes next."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_globals.get("__name__") == "celery.result":
        frame = frame.f_back
    return frame.f_globals.get("__name__") == "celery.canvas" and frame.f_code.co_name == "apply"
