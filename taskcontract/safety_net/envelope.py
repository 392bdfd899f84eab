"""What a task message says, whichever of Celery's protocols it follows; or why it is not one."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from celery.utils.time import maybe_iso8601, maybe_make_aware, timezone
from kombu.exceptions import ContentDisallowed

from taskcontract.celery_compat.amqp_frames import UNREAD
from taskcontract.errors import RefusedContentError, RefusedMessageError, UnreadableMessageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Envelope", "decode", "explain_unreadable", "read_envelope", "read_name"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """The call in a task message: a task's wire name, the call's id and arguments, and its headers."""

    task: str
    id: str
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    headers: Mapping[str, Any]


def read_name(message: Any) -> str:
    """Return the wire name in the kombu `message`; an UnreadableMessageError if it is not a task message.

    Protocol 2 says it in a header, so that the body need not be decoded.
    """
    headers = message.headers
    if not isinstance(headers, dict):
        raise UnreadableMessageError("its headers are not a mapping")
    if UNREAD in headers:
        raise UnreadableMessageError(f"its headers cannot be read: {headers[UNREAD]}")
    body = {} if "task" in headers else decode(message)
    name = headers.get("task") or (body.get("task") if isinstance(body, dict) else None)
    if not isinstance(name, str):
        raise UnreadableMessageError("this is not a Celery message: it names no task")
    return name


def read_envelope(message: Any, name: str) -> Envelope:
    """Return the call of the task `name` in the kombu `message`; RefusedMessageError if it is not one.

    Celery's worker would end, or forget the message, where the form is not as it expects.
    """
    headers, body = message.headers, decode(message)
    if isinstance(body, dict):  # protocol 1, or its body with the headers of protocol 2
        task_id = body.get("id", headers.get("id"))
        args, kwargs, embed = body.get("args", ()), body.get("kwargs", {}), {}
    elif isinstance(body, (list, tuple)) and len(body) == 3:
        task_id = headers.get("id")
        args, kwargs, embed = body
    else:
        raise UnreadableMessageError("its body is not a call's: arguments, keywords and what follows")
    faults = {
        "it has no id": not (isinstance(task_id, str) and task_id),
        "its arguments are not a list": not isinstance(args, (list, tuple)),
        "its keywords are not a mapping": not isinstance(kwargs, dict),
        "what follows its call is not a mapping": not isinstance(embed, (dict, type(None))),
    }
    for fault, is_there in faults.items():
        if is_there:
            raise UnreadableMessageError(fault)
    _judge_options(headers)
    if isinstance(body, dict):  # Celery takes from there what the headers do not say
        _judge_options(body)
    return Envelope(name, task_id, args, kwargs, headers)


def _judge_options(options: Mapping[str, Any]) -> None:
    """See that the worker's main process can reckon with what is said of the call beside its arguments."""
    faults = {
        "its time limits are not two numbers": not _are_limits(options.get("timelimit")),
        "its stamps are not a mapping": not isinstance(options.get("stamps"), (dict, type(None))),
        "its stamped headers are not a list": not isinstance(
            options.get("stamped_headers"), (list, tuple, type(None))
        ),
        "its ETA is not a time": not _is_time(options.get("eta")),
    }
    for fault, is_there in faults.items():
        if is_there:
            raise UnreadableMessageError(fault)


def explain_unreadable(error: Exception) -> RefusedMessageError:
    """Return the refusal that an `error` of decoding a message means."""
    if isinstance(error, ContentDisallowed):
        return RefusedContentError(str(error), do="Send it as JSON.")
    said = str(error).partition("\n")[0]  # a codec may go on with an extract of what it could not read
    return UnreadableMessageError(f"it cannot be read: {said}")


def decode(message: Any) -> Any:
    """Return the decoded body of the kombu `message`; raise a RefusedMessageError if it cannot be decoded."""
    try:
        return message.payload
    except Exception as error:  # a codec may raise anything
        raise explain_unreadable(error) from error


def _are_limits(value: Any) -> bool:
    return value is None or (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and all(each is None or _is_duration(each) for each in value)
    )


def _is_duration(value: Any) -> bool:
    """Return whether the pool's clock can add it to a time: an integer in JSON may be beyond every float."""
    try:
        return isinstance(value, (int, float)) and isfinite(value)
    except OverflowError:
        return False


def _is_time(value: Any) -> bool:
    """Return whether Celery can wait for it: a time may be well written and beyond all clocks."""
    if value is None:
        return True
    try:
        due: Any = maybe_iso8601(value)
        timezone.to_system(maybe_make_aware(due)).timestamp()
    except (ValueError, TypeError, OverflowError, AttributeError):
        return False
    return True
