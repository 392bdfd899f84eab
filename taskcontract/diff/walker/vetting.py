"""The last look at a finding's call: the old side takes it, the new one refuses it or binds it elsewhere.

A finding whose call does not stand this gets another one, or is told as what it is then: undecided.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from taskcontract.diff.walker.typed import spell_call
from taskcontract.model.service import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.diff.judge import Judgement
    from taskcontract.diff.walker.context import Context
    from taskcontract.diff.walker.samples import Samples
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding, Witness
    from taskcontract.model.service import CarriedSpec, TaskSpec

__all__ = ["vet"]

NO_CALL = "No call was found that the old version takes and the new one refuses."


def vet(
    finding: Finding,
    context: Context,
    old: TaskSpec,
    new: TaskSpec | None,
    others: Iterable[Witness] = (),
) -> Finding:
    """Return `finding` with a call that both sides confirm; `others` are calls to try in its place.

    Without `new` the task is gone: nothing that is sent to it is taken.
    """
    witness = finding.witness
    if witness is None or witness.is_value:
        return finding
    refused_by_shape = False
    for call in chain((witness,), others):
        before = context.bench.judge_old(old, call.args, call.kwargs or {})
        after = None if new is None else context.bench.judge_new(new, call.args, call.kwargs or {})
        refused_by_shape = refused_by_shape or after is None or after.by_shape
        if context.budget.used_up and not (before.known and (after is None or after.known)):
            context.budget.refuse()  # a call that no side has judged is not shown
            continue
        if not before.refusal and _holds(call, after, new):
            refusal = "" if after is None or after.by_shape else after.refusal
            carries = context.old.carries
            shown = replace(
                call,
                refusal=refusal,
                wire_name=old.wire_name,
                typed=_spell(context, old, call),
                carried=carried_keywords(carries, context.samples),
                options=options_of(old, carries, context.samples),
            )
            return replace(finding, witness=shown)
    if refused_by_shape:
        return replace(finding, witness=None, known="proved")
    milder = finding.severity == "breaking"
    return replace(
        finding,
        witness=None,
        known="undecided",
        silent=False,
        severity="dangerous" if milder else finding.severity,
        bump="minor" if milder and finding.bump == "major" else finding.bump,
        consequence=f"{finding.consequence} {NO_CALL}",
    )


def _holds(call: Witness, after: Judgement | None, new: TaskSpec | None) -> bool:
    """Whether the call shows the break; where types are not enforced, it need not be refused."""
    if after is None or new is None or after.refusal or not after.known or not new.enforced:
        return True
    return call.old_binding is not None and call.old_binding != call.new_binding


def _spell(context: Context, task: TaskSpec, call: Witness) -> str:
    """Spell the call as a typed caller writes it: by the old side's own code, else by its spec."""
    judge = context.bench.old
    spelled = judge.spell(task.wire_name, call.args, call.kwargs or {}) if judge is not None else None
    return spelled or spell_call(task, call.args, call.kwargs or {}, context.budget)


def carried_keywords(carries: Sequence[CarriedSpec], samples: Samples) -> dict[str, Json]:
    """Return the keyword arguments that each call must carry, with values that are accepted."""
    return _required(carries, "keyword", samples)


def options_of(task: TaskSpec, carries: Sequence[CarriedSpec], samples: Samples) -> dict[str, Json]:
    """Return the options that make `app.send_task` send the message that the bindings would send."""
    headers = _required(carries, "header", samples)
    ours = _required(carries, "taskcontract", samples)
    if ours:
        headers[HEADER] = {"version": task.version, "carried": ours}
    options: dict[str, Json] = {}
    if task.queue is not None:
        options["queue"] = task.queue
    if task.serializer != "json":
        options["serializer"] = task.serializer
    if headers:
        options["headers"] = headers
    return options


def _required(carries: Sequence[CarriedSpec], place: str, samples: Samples) -> dict[str, Json]:
    return {
        each.key or each.name: samples.value_of(each.schema, each.name)
        for each in carries
        if each.required and each.place == place
    }
