"""A canvas walked as Celery runs it: each place where a task is handed something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from celery.canvas import Signature, chunks, group

from taskcontract.canvas.handing import ManyResults, OneResult, Unknown
from taskcontract.declare.many_calls import TaskChunks, TaskMap
from taskcontract.declare.signature import TaskSignature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.canvas.handing import Handed

__all__ = ["Joint", "find_joints"]


CHAIN, CHORD = "celery.chain", "celery.chord"


class Joint(NamedTuple):
    """A task that is handed something; `is_errback` where that is the id of a failed call."""

    handed: Handed
    taker: Any
    is_errback: bool = False


def find_joints(canvas: Any) -> Iterator[Joint]:
    """Yield each joint of `canvas`, in the order in which it runs."""
    walk = _Walk()
    walk.visit(canvas, None)
    yield from walk.joints


class _Walk:
    """Collects the joints of a canvas; each visit gives what the part hands on."""

    def __init__(self) -> None:
        self.joints: list[Joint] = []

    def visit(self, part: Any, handed: Handed | None) -> Handed:
        """Note the joints in `part`, which is handed `handed` (None at the start); what comes out of it."""
        if part.get("task") == CHAIN:
            result = self._visit_chain(part.tasks, handed)
        elif part.get("task") == CHORD:
            result = self.visit(part.body, self._visit_members(part.tasks, handed))
        elif isinstance(part, group):
            result = self._visit_members(part.tasks, handed)
        else:
            result = self._visit_task(part, handed)
        self._visit_callbacks(part, result)
        return result

    def _visit_chain(self, parts: Sequence[Any], handed: Handed | None) -> Handed:
        result: Handed | None = handed
        steps = [_unroll(part) for part in parts]
        for step in steps:
            if isinstance(step, group) and not _members(step) and len(steps) > 1:
                continue  # Celery leaves out empty groups
            result = self.visit(step, result)
        return result or Unknown("an empty chain", "it is empty")

    def _visit_members(self, members: Any, handed: Handed | None) -> Handed:
        parts = [_unroll(part) for part in _members(members)]
        results = [self.visit(part, handed) for part in parts]
        nested = any(isinstance(part, group) for part in parts)
        if nested:
            return Unknown("a group in a group", "how Celery joins the results of groups in groups varies")
        return ManyResults(results)

    def _visit_task(self, part: Any, handed: Handed | None) -> Handed:
        if handed is not None:
            self.joints.append(Joint(handed, part))
        if isinstance(part, TaskMap):
            return ManyResults([OneResult(part.binding)] * len(part.kwargs["it"]))
        if isinstance(part, (TaskChunks, chunks)):
            return Unknown(name_of(part), "chunks hand on no list of results: use chunks(...).group()")
        if isinstance(part, TaskSignature):
            return OneResult(part.binding)
        return Unknown(name_of(part), f"{name_of(part)} has no bindings")

    def _visit_callbacks(self, part: Any, result: Handed) -> None:
        options = part.get("options") or {}
        for callback in _listed(options.get("link")):
            if isinstance(part, group):
                result = Unknown("a group with callbacks", "Celery adds the callback to the members")
            self.visit(callback, result)
        for errback in _listed(options.get("link_error")):
            self.joints.append(
                Joint(Unknown(f"the failure of {name_of(part)}", ""), errback, is_errback=True)
            )


def name_of(part: Any) -> str:
    """Return how messages name a signature: `reserve@1.0.0`, or Celery's name of the task."""
    binding = getattr(part, "binding", None)
    return str(binding.id if binding is not None else part.get("task"))


def _unroll(part: Any) -> Any:
    """Return the one member of a group of one, which Celery takes for that task where it builds a chain."""
    members = _members(part) if isinstance(part, group) else ()
    return members[0] if len(members) == 1 else part


def _members(part: Any) -> Sequence[Any]:
    return list(part.tasks if isinstance(part, group) else part)


def _listed(value: Any) -> list[Signature[Any]]:
    if not value:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
