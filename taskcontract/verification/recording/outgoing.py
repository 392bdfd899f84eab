"""A task message that was about to leave, and what the task is taken to reply."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kombu.serialization import dumps, loads, prepare_accept_content

from taskcontract.errors import ArgumentTypeError, ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.model.canonical import Json

__all__ = ["Arguments", "Message", "StubReply", "Unknown"]


@dataclass(frozen=True, slots=True)
class Message:
    """A task message that was about to leave: to which task and queue, by which serializer."""

    name: str
    queue: str
    serializer: str
    body: tuple[Sequence[Any], Mapping[str, Any], Mapping[str, Any]]
    headers: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    """Celery's options as the call was made with them: `countdown`, `priority`, ..."""

    def read(self) -> Arguments:
        """Return the arguments that it carries.

        Raises a ContractError, an ArgumentTypeError or kombu's EncodeError if it could not be sent.
        """
        if any(_is_unknown(value) for value in self.body[0]):
            raise ContractError(
                f"the result of another task goes into {self.name}, and the test does not say what it is",
                do="Say what comes back: .expect(task, returns=...), for the tasks before this one.",
            )
        received, plain = _over_the_wire(self)
        return Arguments(tuple(received[0]), received[1], tuple(plain[0]), plain[1])


@dataclass(frozen=True, slots=True)
class Arguments:
    """`args` and `kwargs` are what a worker would be given, `plain_args` and `plain_kwargs` their JSON."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    plain_args: tuple[Json, ...]
    plain_kwargs: dict[str, Json]


@dataclass(frozen=True, slots=True)
class StubReply:
    """What the task shall return, or the `error` to raise; `known` is False if the test does not say.

    With `pending` it has not ended yet, with `unread` its result may not be read.
    """

    value: Json = None
    known: bool = True
    error: Exception | None = None
    pending: bool = False
    unread: bool = False


class Unknown:
    """What goes on in a canvas for a result that the test does not say."""

    __slots__ = ()


def _is_unknown(value: Any) -> bool:
    """Return whether `value` is an Unknown, or the results of a chord with one among them."""
    return isinstance(value, Unknown) or (isinstance(value, list) and any(map(_is_unknown, value)))


def _over_the_wire(message: Message) -> tuple[Any, Any]:
    """Return the body as a worker would decode it, and its plain JSON."""
    name, serializer = message.name, message.serializer
    if serializer == "pickle":
        raise ArgumentTypeError(
            f"{name} is sent as pickle: a worker that loads it runs the sender's code",
            do="Leave the serializer out, or use json.",
        )
    content_type, encoding, payload = dumps(message.body, serializer)
    received = loads(payload, content_type, encoding, accept=prepare_accept_content([serializer]))
    if content_type == "application/json":
        return received, json.loads(payload)
    try:
        return received, json.loads(json.dumps(received))
    except (TypeError, ValueError) as error:
        raise ContractError(
            f"the arguments of {name}, sent as {serializer}, cannot be written into a contract: {error}",
            do="Send what JSON can hold; the delegates of the bindings see to that.",
        ) from None
