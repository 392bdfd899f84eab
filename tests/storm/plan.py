"""What the callers send: which call comes when, and what its results must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from celery import chain, chord, group

if TYPE_CHECKING:
    from celery import Celery
    from celery.canvas import Signature

    from taskcontract import Task

__all__ = ["KINDS", "Planned", "Signer", "plan_call"]

KINDS = (
    *("plain", "chain", "plain", "retry", "plain", "countdown", "plain", "chain", "plain", "group"),
    *("plain", "retry", "plain", "chain", "plain", "countdown", "plain", "chain", "retry", "chord"),
)
"""The kinds of twenty calls in a row."""

FACTOR = 3


class Signer:
    """Makes calls of the service's tasks: by name on bare Celery, else by the delegates of `bindings`."""

    def __init__(self, app: Celery, bindings: Any = None) -> None:
        self._app = app
        self._bindings = bindings

    def sign(self, task: str, *args: Any, whole: bool = True) -> Signature[Any]:
        """The call of a task; without `whole` a parent's result comes in front of `args`."""
        if self._bindings is not None:
            delegate: Task[..., Any] = getattr(self._bindings, task)
            return delegate.si(*args) if whole else delegate.s(*args)
        return self._app.signature(f"storm.{task}", args=args, queue="storm", immutable=whole)

    def send(self, task: str, *args: Any, **options: Any) -> Any:
        """Send one call; gives its AsyncResult."""
        if self._bindings is not None:
            return getattr(self._bindings, task).apply_async(args, **options)
        return self._app.send_task(f"storm.{task}", args, queue="storm", **options)


@dataclass(frozen=True)
class Planned:
    """A call that was sent: the task ids that its caller waits for, each with its right result."""

    name: str
    kind: str
    version: int
    expected: dict[str, Any]


def plan_call(signer: Signer, index: int, version: int, caller: str) -> Planned:
    """Send the call number `index` of a caller that knows the tasks up to `version`."""
    kind = KINDS[index % len(KINDS)]
    name = f"{caller}-{index}"
    send = _SENDERS[kind]
    return Planned(name, kind, version, send(signer, index, version, name))


def _right(number: int, version: int) -> Any:
    return number * 2 if version == 1 else {"value": number * FACTOR, "factor": FACTOR}


def _task(task: str, version: int) -> tuple[str, tuple[int, ...]]:
    """The task's name, and what its newest version wants besides."""
    return (task, ()) if version == 1 else (f"{task}_v2", (FACTOR,))


def _send_plain(signer: Signer, index: int, version: int, name: str, **options: Any) -> dict[str, Any]:
    task, more = _task("scale", version)
    return {signer.send(task, index, name, *more, **options).id: _right(index, version)}


def _send_countdown(signer: Signer, index: int, version: int, name: str) -> dict[str, Any]:
    return _send_plain(signer, index, version, name, countdown=index % 51 / 10)


def _send_retry(signer: Signer, index: int, version: int, name: str) -> dict[str, Any]:
    task, more = _task("stubborn", version)
    return {signer.send(task, index, name, 1 + index % 2, *more).id: _right(index, version)}


def _send_chain(signer: Signer, index: int, version: int, name: str) -> dict[str, Any]:
    sign = signer.sign
    doubled = sign("scale", name, whole=False)
    if version == 1:
        links, last = [sign("scale", index, name), doubled, doubled], index * 8
    elif index % 4 == 1:
        links = [sign("scale_v2", index, name, FACTOR), sign("scale", index, name), doubled]
        last = index * 4
    else:
        links = [sign("scale", index, name), sign("scale_v2", name, FACTOR, whole=False)]
        return {chain(*links).apply_async().id: _right(index * 2, version)}
    return {chain(*links).apply_async().id: last}


def _send_group(signer: Signer, index: int, version: int, name: str) -> dict[str, Any]:
    versions = (1, version, 1, version)
    members = []
    for place, each in enumerate(versions):
        task, more = _task("scale", each)
        members.append(signer.sign(task, index + place, name, *more))
    sent: Any = group(members).apply_async()
    pairs = zip(sent.results, versions, strict=True)
    return {result.id: _right(index + place, each) for place, (result, each) in enumerate(pairs)}


def _send_chord(signer: Signer, index: int, version: int, name: str) -> dict[str, Any]:
    task, more = _task("scale", version)
    header = [signer.sign(task, index + place, name, *more) for place in range(3)]
    body = signer.sign(_task("total", version)[0], name, whole=False)
    sent: Any = chord(header)(body)
    return {sent.id: _right(3 * index + 3, version)}


_SENDERS = {
    "plain": _send_plain,
    "countdown": _send_countdown,
    "retry": _send_retry,
    "chain": _send_chain,
    "group": _send_group,
    "chord": _send_chord,
}
