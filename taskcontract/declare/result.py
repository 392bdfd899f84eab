"""The result of a sent call, as its declared type."""

from __future__ import annotations

from types import GenericAlias
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from celery import states
from celery.backends.base import DisabledBackend
from celery.result import AsyncResult
from pydantic_core import ValidationError

from taskcontract.celery_compat.results import HookedResult
from taskcontract.declare.app import describe_app
from taskcontract.declare.codec import Codec
from taskcontract.declare.describe import show_value
from taskcontract.declare.refusal import say_spot, spell_type
from taskcontract.errors import BrokerError, ResultValueError
from taskcontract.servers import explain_backend_fault

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.declare.protocols import TaskLike
    from taskcontract.model.canonical import Json

__all__ = ["Result", "decode_result"]

R = TypeVar("R")


class Result(HookedResult, Generic[R]):
    """Celery's AsyncResult, except that `get()` and `result` give the task's declared type.

    A result outside that type is a ResultValueError, raised where it is read. `many` says that it is
    the list of the results of many calls.
    """

    UNREAD: Any = object()

    def __init__(self, task_id: str, *, task: TaskLike[Any], app: Celery, many: bool = False) -> None:
        try:
            super().__init__(task_id, app=app)
        except Exception as error:  # each backend has errors of its own for a URL that it cannot read
            raise explain_backend_fault(app, error) from None
        self._task = task
        self._many = many
        self._typed: Any = Result.UNREAD

    def get(self, *args: Any, **kwargs: Any) -> R:
        """Wait as Celery's `get` does, with the same arguments, and give the declared type."""
        if self.ignored:
            return cast("R", None)
        self.before_reading()
        super().get(*args, **kwargs)
        return cast("R", self.result)

    wait = get

    async def aget(self, timeout: float | None = None, **kwargs: Any) -> R:
        """Return as `get`, with the same arguments and errors, but the event loop goes on meanwhile."""
        from taskcontract.declare.waiting import wait_until_ready

        if not self.ignored:
            self.before_reading()
            if getattr(self.backend, "answers_at_once", False):  # a test's: nothing will come later
                return self.get(timeout, **kwargs)
            await wait_until_ready(self, timeout, **kwargs)
        return self.get(**kwargs)

    @property
    def result(self) -> Any:
        """What the task returned, as its declared type; or the exception that it raised."""
        meta = self.read_meta()
        if meta["status"] != states.SUCCESS:
            return meta["result"]
        if self._typed is Result.UNREAD:
            self._typed = decode_result(self._task, meta["result"], many=self._many)
        return self._typed

    @property
    def info(self) -> Any:
        """As `result`."""
        return self.result

    @property
    def supports_native_join(self) -> bool:
        """No: a group that reads many results at once would give them as the store has them."""
        return False

    def forget(self) -> None:
        """Let the store forget the result."""
        self.before_reading()
        super().forget()

    def exists(self) -> bool:
        """Return whether the store has a result, as Celery's `exists` says from its 5.7 on."""
        self.before_reading()
        return bool(super().exists())  # type: ignore[misc]

    def before_reading(self) -> None:
        """Raise a BrokerError where the app has no result store."""
        if isinstance(self.backend, DisabledBackend):
            raise BrokerError(
                f"the result of {self._task.id} cannot be read: "
                f"{describe_app(self.app)} has no result backend",
                do="Set its result_backend (or CELERY_RESULT_BACKEND) to the one of the service's workers.",
            )

    def __copy__(self) -> Result[R]:
        copied: Result[R] = Result(self.id, task=self._task, app=self.app, many=self._many)
        copied.parent = self.parent
        return copied

    def __reduce__(self) -> tuple[Any, ...]:
        return (AsyncResult, (self.id, None, None, self.app, self.parent))


def decode_result(task: TaskLike[R], value: Json, *, many: bool = False) -> Any:
    """Return the declared type's value for `value`; raise a ResultValueError if it is not of that type.

    With `many`, the list of them for a list of results.
    """
    codec = task.binder.result
    if many:
        codec = Codec(GenericAlias(list, (codec.annotation,)))
    try:
        return codec.decode(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        spot = say_spot(first["loc"])
        why = "" if codec.holds_secrets else f" ({f'at {spot}: ' if spot else ''}{first['msg']})"
        raise ResultValueError(
            f"{task.id} returned {show_value(value, codec)}, "
            f"which is not {spell_type(codec.annotation)}{why}",
            do=f"Compare the provider's version of {task.wire_name} with these bindings.",
        ) from None
