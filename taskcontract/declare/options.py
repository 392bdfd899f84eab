"""The options of a send: which there are, and what is said of one that there is not.

Celery takes any keyword and drops what it does not know: a typing error, or an argument of the task's
in the wrong place, is gone without a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from taskcontract.errors import ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from celery.canvas import Signature
    from kombu import Connection, Exchange, Producer, Queue

    from taskcontract.declare.protocols import TaskLike


__all__ = ["LOCAL_OPTIONS", "OPTIONS", "ApplyOptions", "SendOptions", "require_options"]


class SendOptions(TypedDict, total=False):
    """What `apply_async`, and a signature's `set`, take beside the arguments; None stands for the default."""

    # When, and for how long.
    countdown: float | None
    eta: datetime | str | None
    expires: float | datetime | str | None
    time_limit: float | None
    soft_time_limit: float | None
    # Where to.
    queue: str | Queue | None
    exchange: str | Exchange | None
    exchange_type: str | None
    routing_key: str | None
    route_name: str | None
    router: Any
    priority: int | None
    declare: Sequence[Any] | None
    # What follows, and what it belongs to.
    link: Signature[Any] | Sequence[Signature[Any]] | None
    link_error: Signature[Any] | Sequence[Signature[Any]] | None
    chain: Sequence[Any] | None
    chord: Any
    group_id: str | None
    group_index: int | None
    root_id: str | None
    parent_id: str | None
    add_to_parent: bool | None
    replaced_task_nesting: int
    stamped_headers: Sequence[str] | None
    # Who it is, and how it shows.
    task_id: str | None
    retries: int
    shadow: str | None
    origin: str | None
    argsrepr: str | None
    kwargsrepr: str | None
    ignore_result: bool | None
    reply_to: str | None
    # How it is written and published.
    serializer: str | None
    compression: str | None
    headers: Mapping[str, Any] | None
    retry: bool | None
    retry_policy: Mapping[str, Any] | None
    producer: Producer | None
    publisher: Producer | None
    connection: Connection | None
    event_dispatcher: Any
    timeout: float | None
    confirm_timeout: float | None
    delivery_mode: int | str | None
    mandatory: bool
    immediate: bool
    # Properties of an AMQP message.
    content_type: str
    content_encoding: str
    correlation_id: str
    expiration: float | None
    message_id: str
    timestamp: int
    type: str
    user_id: str
    app_id: str
    cluster_id: str


class ApplyOptions(SendOptions, total=False):
    """What `apply` takes beside the arguments: the options of a send, and its own."""

    throw: bool | None
    logfile: str | None
    loglevel: int | str | None


OPTIONS = frozenset(SendOptions.__annotations__)
LOCAL_OPTIONS = frozenset(ApplyOptions.__annotations__)


def require_options(task: TaskLike[Any], options: Mapping[str, Any], known: frozenset[str] = OPTIONS) -> None:
    """Raise an ArgumentTypeError for an option that is not `known`, with what was probably meant.

    Stamps are options of any name that `stamped_headers` lists.
    """
    unknown = options.keys() - known
    if not unknown:
        return
    unknown -= set(options.get("stamped_headers") or ())
    for name in sorted(unknown):
        raise ArgumentTypeError(
            f"{name!r} is not an option of a call: Celery would drop it silently",
            where=task.id,
            do=_advise(task, name, options[name], known),
        )


def _advise(task: TaskLike[Any], name: str, value: Any, known: frozenset[str]) -> str:
    slot = next((slot for slot in task.binder.slots if slot.name == name), None)
    if slot is not None and slot.kind not in ("positional-only", "var-positional", "var-keyword"):
        return f"Did you mean kwargs={task.binder.text.of_kwargs({name: value})}?"
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    if near:
        return f"Did you mean {near[0]}?"
    return (
        "The task's own arguments go into args=(...) and kwargs={...}; the options are listed in SendOptions."
    )
