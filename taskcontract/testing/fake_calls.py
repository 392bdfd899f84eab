"""A call that a fake was given, as its worker would have got it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.declare.header import HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.declare.task import Task
    from taskcontract.verification.recording.checked_call import CheckedCall

__all__ = ["FakeCall", "keep_call"]

INTERNAL = frozenset(
    {
        "add_to_parent", "argsrepr", "connection", "declare", "kwargsrepr", "parent_id", "producer",
        "publisher", "replaced_task_nesting", "reply_to", "result_cls", "root_id", "route_name", "router",
        "task_type",
    }
)  # fmt: skip
"""What Celery and we say to each other: not options of a caller."""


@dataclass(frozen=True, slots=True)
class FakeCall:
    """A call of `task`, with `args` and `kwargs` as they were passed and decoded as its worker decodes them.

    `arguments` has all of them by parameter, defaults too; `options` are Celery's: `queue`, `serializer`
    and what the caller said, such as `countdown` or `priority`.
    """

    task: Task[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    arguments: Mapping[str, Any]
    options: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The version of the task that was called."""
        return self.task.version

    def __repr__(self) -> str:
        return self.task.name + self.task.binder.text.of_call(self.args, self.kwargs)


def keep_call(call: CheckedCall) -> FakeCall:
    """Return what a fake keeps of a checked call."""
    bound = call.task.signature_of_function.bind(*call.args, **call.kwargs)
    bound.apply_defaults()
    options = call.message.options.items()
    said = {name: value for name, value in options if name not in INTERNAL and value is not None}
    headers = {name: value for name, value in (said.pop("headers", None) or {}).items() if name != HEADER}
    shown = {**said, "queue": call.message.queue, "serializer": call.message.serializer}
    if headers:
        shown["headers"] = headers
    return FakeCall(call.task, call.args, call.kwargs, dict(bound.arguments), shown)
