"""What a change of a provider's API means for one call of a contract, proved from the two specs alone."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from taskcontract.diff.calls.landing import find_landing
from taskcontract.diff.changes import find_changes
from taskcontract.diff.receiver import SpecReceiver
from taskcontract.diff.rule_index import find_room
from taskcontract.model.contract import ANYTHING

if TYPE_CHECKING:
    from datetime import date

    from taskcontract.model.contract import Interaction
    from taskcontract.model.finding import Finding
    from taskcontract.model.service import ServiceSpec, TaskSpec

__all__ = ["ApiChange", "Ruling", "rule_on_spec"]

CALLS, RESULTS = frozenset({"backward", "operational"}), frozenset({"result", "operational"})
"""The directions of findings that concern who sends a call of a contract, and who reads its result.

What reaches new callers of old workers alone (forward), or links of a canvas, a contract does not have.
"""

OF_ARGUMENTS = ("signatures", "parameters", "remainder", "payloads")
"""The rooms of rules that speak of arguments: what they say of all calls, one call may not be touched by."""


class Ruling(NamedTuple):
    """What becomes of a call: `same` is proved, `refused` says why, `unknown` what stands in the way."""

    outcome: Literal["same", "refused", "unknown"]
    why: str = ""


class _Sent(NamedTuple):
    """The call of an interaction, as its message has it."""

    task: str
    args: tuple[object, ...]
    kwargs: dict[str, object]
    headers: dict[str, object]


def rule_on_spec(interaction: Interaction, spec: ServiceSpec, today: date) -> Ruling:
    """Return whether a worker of `spec` is known to refuse the call; what else it does is unknown."""
    return _refuse(interaction, SpecReceiver(spec, today)) or Ruling("unknown", "it was never replayed there")


class ApiChange:
    """The change from the API on which a contract holds to another one, on the day `today`."""

    def __init__(self, old: ServiceSpec, new: ServiceSpec, today: date) -> None:
        self._old, self._new = old, new
        self._receivers = SpecReceiver(old, today), SpecReceiver(new, today)

    def is_touched(self, wire_name: str) -> bool:
        """Return whether anything has changed, that may matter to a caller, for calls of `wire_name`.

        If not, a contract need not be read to know that it holds.
        """
        old, new = self._old.find(wire_name), self._new.find(wire_name)
        if old is None or new is None or self._old.carries != self._new.carries:
            return True
        return bool(self._about(old, new))

    def rule(self, interaction: Interaction) -> Ruling:
        """Return what the change means for one call that the old version answered as its consumer expects."""
        refused = _refuse(interaction, self._receivers[1])
        if refused is not None:
            return refused
        task = self._old.find(interaction.wire_name)
        if task is None:
            return Ruling("unknown", "the API of the version where it passed does not have this task")
        if self._old.carries != self._new.carries:
            return Ruling("unknown", "what calls carry beside their arguments has changed")
        for finding in self._about(task, self._new.find(interaction.wire_name)):
            ruling = self._weigh(finding, interaction)
            if ruling is not None:
                return ruling
        return Ruling("same")

    @cached_property
    def _findings(self) -> dict[str, list[Finding]]:
        """The findings that are not safe, by the name of the task that they are about, "" for the service."""
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        if self._old != self._new:
            for finding in find_changes(self._old, self._new):
                if finding.severity != "safe":
                    found[finding.task].append(finding)
        return found

    def _about(self, old: TaskSpec, new: TaskSpec | None) -> list[Finding]:
        """Return the findings on a task.

        Those on the service, such as a queue that is no longer consumed, are about the tasks that changed.
        """
        shared = [] if old == new else self._findings.get("", [])
        return [each for each in self._findings.get(old.name, ()) if each.version == old.version] + shared

    def _weigh(self, finding: Finding, interaction: Interaction) -> Ruling | None:
        """Return what a finding means for the call; None where it does not touch it."""
        reached = frozenset(finding.directions)
        if reached & RESULTS and _looks_at_outcome(interaction):
            return Ruling("unknown", f"{finding.rule}: {finding.consequence}")
        if not reached & CALLS:
            return None
        if find_room(finding.rule) not in OF_ARGUMENTS or _is_made_anew(interaction):
            return Ruling("unknown", f"{finding.rule}: {finding.consequence}")
        return self._compare_call(interaction)

    def _compare_call(self, interaction: Interaction) -> Ruling | None:
        """Return what the change does to this very call, whatever it does to others."""
        call = _send(interaction)
        old, new = self._receivers
        if call.task not in old.names:
            return Ruling("unknown", "the version where it passed serves it under another name")
        for receiver in (old, new):
            taking = receiver.judge(call)
            if not taking.known:
                return Ruling("unknown", "whether its values are taken is not decided")
            if taking.refusal:
                return Ruling(
                    "unknown", f"by its spec, the version where it passed refuses it: {taking.refusal}"
                )
        before, after = old.find_shape(call.task), new.find_shape(call.task)
        if before is None or after is None:
            return Ruling("unknown", "where its values land is not known")
        landing = find_landing(before, after, len(call.args), new.arguments(call))
        return Ruling("refused", landing) if landing else None


def _refuse(interaction: Interaction, receiver: SpecReceiver) -> Ruling | None:
    """Return why a worker refuses the call, whatever made-up values it gets; None where it may take it."""
    if interaction.wire_name not in receiver.names:
        return Ruling("refused", f"no task goes by the name {interaction.wire_name}")
    if _is_made_anew(interaction):
        return None
    taking = receiver.judge(_send(interaction))
    return Ruling("refused", taking.refusal) if taking.known and taking.refusal else None


def _send(interaction: Interaction) -> _Sent:
    return _Sent(interaction.wire_name, interaction.args, interaction.kwargs, interaction.headers)


def _is_made_anew(interaction: Interaction) -> bool:
    """Return whether the message has other values than those in the contract."""
    return bool(interaction.generators or interaction.secrets)


def _looks_at_outcome(interaction: Interaction) -> bool:
    return not interaction.one_way and (interaction.rules != (ANYTHING,) or interaction.error is not None)
