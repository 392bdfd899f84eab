"""Many calls of one task in few messages: Celery's `map`, `starmap` and `chunks`, each call checked."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeVar, cast

from celery.canvas import chunks, group
from celery.utils.functional import chunks as chunked

from taskcontract.celery_compat.signatures import own_app
from taskcontract.declare.cargo import hidden_keywords
from taskcontract.declare.sending import settle
from taskcontract.declare.signature import TaskSignature, make_signature
from taskcontract.errors import ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from taskcontract.declare.protocols import TaskLike

__all__ = ["make_chunks", "make_map"]

R = TypeVar("R")


class TaskMap(TaskSignature[R]):
    """Calls of one task in one message, one after the other, by Celery's `celery.map` or `celery.starmap`."""

    many = True

    def _message(self, args: Any, kwargs: Any, options: Mapping[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        _, sent = settle(self.binding, self.app, kwargs["task"]["kwargs"], options)
        sent.setdefault("route_name", self.binding.wire_name)
        size = len(kwargs["it"])
        sent["argsrepr"], sent["kwargsrepr"] = "()", f"<{size} calls of {self.binding.id}>"
        return (), {"task": dict(kwargs["task"]), "it": list(kwargs["it"])}, sent

    def reprcall(self, *args: Any, **kwargs: Any) -> str:
        """Return what `repr` gives."""
        return f"{self.wire_name}(<{len(self.kwargs['it'])} calls of {self.binding.id}>)"


class TaskChunks(chunks):
    """`task.chunks(it, n)`: a group of `starmap`s of `n` calls each."""

    def __init__(self, binding: TaskLike[Any], calls: Sequence[Any], size: int) -> None:
        inner = make_signature(binding, (), {}, {}, immutable=False)
        super().__init__(cast("Any", inner), calls, size, app=own_app(inner), **inner.options)
        self._binding = binding

    def reprcall(self, *args: Any, **kwargs: Any) -> str:
        """Return what `repr` gives."""
        return f"celery.chunks(<{len(self.kwargs['it'])} calls of {self._binding.id}>)"

    def group(self) -> Any:
        """Return the group of its parts."""
        parts = chunked(iter(self.kwargs["it"]), self.kwargs["n"])
        signatures = [_wrap_calls(self._binding, "celery.starmap", part) for part in parts]
        return group(signatures, app=own_app(self))


def make_map(task: TaskLike[R], calls: Iterable[Sequence[Any]], *, star: bool) -> TaskMap[list[R]]:
    """Return a signature of all `calls` of `task` in one message; each is checked."""
    _refuse_hidden(task)
    encoded = [list(task.binder.encode_call(tuple(args), {})[0]) for args in calls]
    if star:
        return _wrap_calls(task, "celery.starmap", encoded)
    return _wrap_calls(task, "celery.map", [args[0] for args in encoded])


def make_chunks(task: TaskLike[Any], calls: Iterable[Sequence[Any]], size: int) -> TaskChunks:
    """Return as `make_map` of starmaps, `size` calls in each message."""
    _refuse_hidden(task)
    encoded = [list(task.binder.encode_call(tuple(args), {})[0]) for args in calls]
    return TaskChunks(task, encoded, size)


def _refuse_hidden(task: TaskLike[Any]) -> None:
    hidden = hidden_keywords(task.service.carries)
    if hidden:
        raise ArgumentTypeError(
            f"each call carries the keyword {min(hidden)!r}, which Celery's map would drop",
            where=task.id,
            do=f"Send a group: group({task.__name__}.s(...) for ...).",
        )


def _wrap_calls(task: TaskLike[Any], name: str, calls: Sequence[Any]) -> TaskMap[Any]:
    inner = make_signature(task, (), {}, {}, immutable=False)
    message = {
        "task": name,
        "args": (),
        "kwargs": {"task": dict(inner), "it": list(calls)},
        "options": deepcopy(inner.options),
        "subtask_type": None,
        "immutable": True,
    }
    return TaskMap(task, message, own_app(inner))
