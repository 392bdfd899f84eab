"""Whom a finding hits of those who were observed: each call's shape, judged against the new side.

What a shape does not tell is never taken for a call that nobody sends: it may be hit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from taskcontract.diff.calls.binding import bind_call
from taskcontract.diff.calls.landing import find_landing
from taskcontract.diff.calls.shape import shape_of
from taskcontract.diff.rule_index import find_room
from taskcontract.diff.schemas.comparison import compare_schemas
from taskcontract.model.finding import Traffic
from taskcontract.usage.alternatives import find_alternatives
from taskcontract.usage.call_shape import UNTOLD, read_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding
    from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
    from taskcontract.usage.call_shape import CallShape
    from taskcontract.usage.use import Counted, Use

__all__ = ["add_traffic"]

Fate = Literal["hit", "may", "not"]

BY_SHAPE = {
    "param-added-required",
    "param-became-required",
    "param-inserted-optional",
    "param-kind-relaxed",
    "param-lists-incompatible",
    "param-made-keyword-only",
    "param-made-positional-only",
    "param-removed",
    "param-removed-swallowed",
    "param-renamed",
    "param-renamed-swallowed",
    "param-reordered",
    "varargs-removed",
    "varkwargs-removed",
}
"""Rules on what the number and the names of a call's arguments decide."""

IF_SENT = {"param-made-keyword-only", "param-made-positional-only", "param-removed", "param-renamed"}
"""Those of them that only calls which send the parameter can meet."""


def add_traffic(
    findings: Iterable[Finding],
    old: ServiceSpec,
    new: ServiceSpec,
    counted: Counted,
    *,
    days: float,
    now: float,
    lower: bool = False,
) -> Iterator[Finding]:
    """Yield `findings`, each that could hit a caller with the traffic that it hits within `days` days.

    With `lower`, a breaking one that no observed call meets is dangerous, if all that time is counted.
    """
    judged = _Traffic(old, new, counted, days, now)
    for finding in findings:
        traffic = judged.of(finding)
        if traffic is None:
            yield finding
            continue
        if lower and finding.severity == "breaking" and traffic.is_quiet:
            bump = "minor" if finding.bump == "major" else finding.bump
            finding = replace(finding, severity="dangerous", bump=bump)
        yield replace(finding, traffic=traffic)


class _Traffic:
    """The observed calls of a service, and what becomes of them."""

    def __init__(self, old: ServiceSpec, new: ServiceSpec, counted: Counted, days: float, now: float) -> None:
        self._old, self._new = old, new
        self._counted = counted
        self._days, self._now = days, now
        self._proved: dict[tuple[str, str, str], bool] = {}

    def of(self, finding: Finding) -> Traffic | None:
        """Return whom a finding hits; None where that is no question of who calls."""
        if finding.severity == "safe" or not finding.task or not {*finding.directions} - {"forward"}:
            return None
        named = finding.task, finding.version
        task = next((each for each in self._old.tasks if (each.name, each.version) == named), None)
        if task is None:
            return None
        uses = [use for use in self._counted.uses if use.key.task in task.wire_names]
        recent = [use for use in uses if use.is_within(self._days, self._now)]
        hit: dict[str, int] = {}
        may: dict[str, int] = {}
        for use in recent:
            for fate, count in self._fates(use, finding, task):
                if fate != "not":
                    met = hit if fate == "hit" else may
                    met[use.key.consumer] = met.get(use.key.consumer, 0) + count
        since = self._counted.shapes_since
        return Traffic(
            hit=tuple(sorted(hit)),
            may=tuple(sorted(may.keys() - hit.keys())),
            consumers=len({use.key.consumer for use in recent}),
            calls=sum(hit.values()) + sum(may.values()),
            counted=0.0 if since is None else max(0.0, self._now - since),
            days=self._days,
        )

    def _fates(self, use: Use, finding: Finding, task: TaskSpec) -> Iterator[tuple[Fate, int]]:
        """Yield what becomes of the recent calls of one caller, and how many they are."""
        told = 0
        for each in self._counted.shapes:
            if each.key != use.key:
                continue
            told += each.count
            if each.is_within(self._days, self._now):
                shape = read_shape(each.shape)
                if shape is not None:
                    yield self._judge(shape, finding, task, use.key.task), each.count
                else:
                    yield "may", each.count
        if told < use.count:  # counted by a release that tells no shapes
            yield "may", use.count - told

    def _judge(self, call: CallShape, finding: Finding, task: TaskSpec, wire_name: str) -> Fate:
        after = self._new.find(wire_name)
        if after is None:
            return "hit"
        shapes = shape_of(task.parameters), shape_of(after.parameters)
        before = bind_call(shapes[0], call.positionals, dict(call.keywords))
        if before is None:
            return "may"  # the worker that took it had another signature, or refused it
        room = find_room(finding.rule)
        if room == "payloads":
            return self._judge_payload(before, finding, task, after)
        if finding.rule not in BY_SHAPE:
            return "may"
        name = finding.path.removeprefix("parameters.")
        if finding.rule in IF_SENT and finding.path != name and name not in before:
            return "not"
        if bind_call(shapes[1], call.positionals, dict(call.keywords)) is None:
            return "hit"
        return "hit" if find_landing(*shapes, len(call.positionals), call.names) else "not"

    def _judge_payload(
        self, bound: dict[str, Any], finding: Finding, task: TaskSpec, after: TaskSpec
    ) -> Fate:
        """Return whether a value that was sent is beyond the new type: for sure only where it is known."""
        name = finding.path.removeprefix("parameters.").partition(".")[0].partition("[")[0]
        old, new = (_find(side, name) for side in (task, after))
        if old is None or new is None:
            return "may"
        sent = bound.get(name, ())
        kinds = [sent] if isinstance(sent, str) else [*(sent.values() if isinstance(sent, dict) else sent)]
        return "may" if any(not self._is_taken(kind, old, new) for kind in kinds) else "not"

    def _is_taken(self, kind: str, old: ParameterSpec, new: ParameterSpec) -> bool:
        """Return whether each value of the old type that is told so is proved to be one of the new type."""
        key = old.name, kind, repr((old.schema, new.schema))
        if key not in self._proved:
            part = _narrow(old.schema, kind)
            self._proved[key] = (
                part is not None and compare_schemas(part, new.schema, patterns="rust").verdict == "included"
            )
        return self._proved[key]


def _find(task: TaskSpec, name: str) -> ParameterSpec | None:
    return next((each for each in task.parameters if each.name == name), None)


def _narrow(schema: Json, told: str) -> Json | None:
    """Return the schema of those values of `schema` that are told as `told`; None where that says nothing."""
    kind, _, label = told.partition(":")
    if kind == UNTOLD or '"$ref": "#"' in str(schema).replace("'", '"'):
        return None
    if label:
        found = find_alternatives(schema)
        if found is None or label not in found.schemas:
            return None
        return found.schemas[label]
    if not isinstance(schema, dict):
        return {"type": kind} if schema else False
    rest = {key: value for key, value in schema.items() if key != "$defs"}
    narrowed: dict[str, Json] = {"type": kind, "allOf": [rest]}
    return {**narrowed, "$defs": schema["$defs"]} if "$defs" in schema else narrowed
