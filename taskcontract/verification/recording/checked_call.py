"""A message on its way to a service, checked against the bindings as its workers would check it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.declare.cargo import unload
from taskcontract.errors import ContractError

if TYPE_CHECKING:
    from taskcontract.declare import Service, Task
    from taskcontract.verification.recording.outgoing import Arguments, Message

__all__ = ["CheckedCall", "check_call"]


@dataclass(frozen=True, slots=True)
class CheckedCall:
    """A call of `task`: its message, the arguments as sent, and as the worker's function would get them."""

    task: Task[..., Any]
    message: Message
    arguments: Arguments
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def __str__(self) -> str:
        arguments = self.arguments
        return self.task.name + self.task.binder.text.of_call(arguments.args, arguments.kwargs)


def check_call(service: Service, message: Message) -> CheckedCall | None:
    """Return the call of `service` that `message` makes; None if it goes elsewhere.

    Raises a ContractError, or the errors of a delegate, for what no worker of the service would serve.
    """
    task = service.find(message.name)
    if task is None:
        if message.name.startswith(f"{service.name}."):
            known = ", ".join(sorted(task.wire_name for task in service.tasks))
            raise ContractError(f"{service.name} has no task {message.name!r}", do=f"Its tasks: {known}.")
        return None
    arguments = message.read()
    own = unload(service.carries, arguments.kwargs, message.headers)
    args, kwargs = task.binder.decode_call(arguments.args, own)
    if task.queue is not None and message.queue != task.queue:
        raise ContractError(
            f"{task.id} was sent to the queue {message.queue!r}; its workers listen on {task.queue!r}",
            do="Leave the queue out, so that the bindings choose it.",
        )
    return CheckedCall(task, message, arguments, args, kwargs)
