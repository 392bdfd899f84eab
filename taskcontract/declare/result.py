"""The result of a sent call, as its declared type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from celery import states
from celery.result import AsyncResult
from pydantic_core import ValidationError

from taskcontract.declare.describe import describe_value
from taskcontract.declare.refusal import spell_type
from taskcontract.errors import ResultValueError

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.declare.task import Task
    from taskcontract.model.canonical import Json

__all__ = ["Result", "decode_result"]

R = TypeVar("R")
_UNREAD = object()


class Result(AsyncResult[R], Generic[R]):
    """Celery's AsyncResult, except that `get()` and `result` give the task's declared type.

    A result outside that type is a ResultValueError, raised where it is read.
    """

    def __init__(self, task_id: str, *, task: Task[Any, R], app: Celery) -> None:
        super().__init__(task_id, app=app)
        self._task = task
        self._typed: Any = _UNREAD

    def get(self, *args: Any, **kwargs: Any) -> R:
        """Wait as Celery's `get` does, with the same arguments, and give the declared type."""
        if self.ignored:
            return cast("R", None)
        super().get(*args, **kwargs)
        return cast("R", self.result)

    @property
    def result(self) -> Any:
        """What the task returned, as its declared type; or the exception that it raised."""
        meta: dict[str, Any] = cast("Any", self)._get_task_meta()
        if meta["status"] != states.SUCCESS:
            return meta["result"]
        if self._typed is _UNREAD:
            self._typed = decode_result(self._task, meta["result"])
        return self._typed

    def __reduce__(self) -> tuple[Any, ...]:
        return (AsyncResult, (self.id, None, None, self.app, self.parent))


def decode_result(task: Task[Any, R], value: Json) -> R:
    """The declared type's value for `value`; a ResultValueError says where it differs from the type."""
    codec = task.binder.result
    try:
        return cast("R", codec.decode(value))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        spot = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        raise ResultValueError(
            f"{task.id} returned {describe_value(value)}, which is not {spell_type(codec.annotation)}"
            f" ({f'at {spot}: ' if spot else ''}{first['msg']})",
            do=f"Compare the provider's version of {task.wire_name} with these bindings.",
        ) from None
