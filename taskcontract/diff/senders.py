"""Which of a project's own old senders a change of a task breaks, with what they have sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from taskcontract.diff.calls.fitting import find_misfit
from taskcontract.diff.calls.landing import find_landing
from taskcontract.diff.calls.shape import shape_of
from taskcontract.diff.rule_index import find_room
from taskcontract.model.finding import Sender, Senders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from taskcontract.diff.calls.shape import Shape
    from taskcontract.extract.found import CallSite
    from taskcontract.model.finding import Finding
    from taskcontract.model.service import ServiceSpec

__all__ = ["add_senders", "concerns_senders"]

ROOMS = ("tasks", "signatures", "parameters", "remainder")
"""Folders of the rules whose findings depend on how a task is called; of what is sent, a call site tells
nothing."""


def concerns_senders(finding: Finding) -> bool:
    """Return whether what becomes of a sender can be told by how it calls, and by nobody's version."""
    return not finding.version and "backward" in finding.directions and find_room(finding.rule) in ROOMS


def add_senders(
    findings: Iterable[Finding], calls: Sequence[CallSite], old: ServiceSpec, new: ServiceSpec
) -> Iterator[Finding]:
    """Yield `findings`; those that break calls of a task without a version say which of `calls` break.

    `calls` are what the old project's own code sends. The severity stays: others may send too, and
    messages that were sent by older code may wait.
    """
    shapes_old, shapes_new = (
        {name: shape_of(task.parameters) for task in spec.tasks for name in task.wire_names}
        for spec in (old, new)
    )
    by_task: dict[str, list[CallSite]] = {}
    for call in calls:
        if call.form != "route":
            by_task.setdefault(call.task, []).append(call)
    judged: dict[str, Senders] = {}
    for finding in findings:
        if not concerns_senders(finding):
            yield finding
            continue
        task = finding.task
        if task not in judged:
            judged[task] = _judge(by_task.get(task, ()), shapes_old.get(task), shapes_new.get(task))
        yield replace(finding, senders=judged[task])


def _judge(calls: Iterable[CallSite], old: Shape | None, new: Shape | None) -> Senders:
    """Sort the calls of one task by what becomes of them; `new` is None where the task is gone."""
    broken: list[Sender] = []
    unknown: list[Sender] = []
    working = 0
    for call in calls:
        if old is not None and find_misfit(call, old) is not None:
            continue  # broken already: not by this change
        why = _find_fault(call, old, new)
        if why:
            broken.append(Sender(call.place, call.spell(), why))
        elif not call.is_exact:
            unknown.append(Sender(call.place, call.spell(), ""))
        else:
            working += 1
    return Senders(tuple(broken), tuple(unknown), working)


def _find_fault(call: CallSite, old: Shape | None, new: Shape | None) -> str:
    """Return why the new task refuses what the call sends, or takes it for something else; or nothing."""
    if new is None:
        return "no task has this name"
    misfit = find_misfit(call, new)
    if misfit is not None:
        return misfit.said
    if old is None:
        return ""
    return find_landing(old, new, call.positional + (call.leading or 0), call.keywords)
