"""What the running system tells, as text: quarantine, usage, messages in flight, drift, retirement."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from math import floor
from typing import TYPE_CHECKING

from taskcontract.model.version import parse_version
from taskcontract.provider.retirement import DAY
from taskcontract.reporting.columns import align, pluralise

if TYPE_CHECKING:
    from taskcontract.declare.service import Service
    from taskcontract.model.canonical import Json
    from taskcontract.provider.drift import Drift
    from taskcontract.provider.inflight import Findings
    from taskcontract.provider.retirement import Retirement
    from taskcontract.provider.usage import Counted

__all__ = [
    "render_drift",
    "render_in_flight",
    "render_retirement",
    "render_usage",
    "render_usage_json",
    "spell_age",
]

UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def spell_age(seconds: float) -> str:
    """How long ago something was: `2 h ago`, `just now`."""
    return f"{_spell_duration(seconds)} ago" if seconds >= 1 else "just now"


def render_usage(service: Service, counted: Counted, *, days: float, now: float | None = None) -> str:
    """Each version with its consumers, when they called last and whether it is safe to remove."""
    if counted.since is None:
        return f"{service.name}: no worker has counted its calls yet\n"
    now = time.time() if now is None else now
    lines = [f"{service.name}: calls have been counted for {_spell_duration(now - counted.since)}"]
    for task in service.tasks:
        of_task = [use for use in counted.uses if use.key.task == task.wire_name]
        recent = [use for use in of_task if use.last_seen >= now - days * DAY]
        count = len({use.key.consumer for use in recent})
        seen = (
            f"last seen {spell_age(now - max(use.last_seen for use in of_task))}" if of_task else "never seen"
        )
        newest = max((each.version for each in service.tasks if each.name == task.name), key=parse_version)
        if task.version == newest:
            safe = "current"
        elif recent:
            safe = "safe to remove: no"
        elif now - counted.since < days * DAY:
            safe = f"safe to remove: not known before {days:g} days are counted"
        else:
            safe = (
                "safe to remove: yes, if no contract calls it and nothing is in flight: "
                f"ask `taskcontract retire {task.id}`"
            )
        dates = f", sunset {task.sunset}" if task.sunset else ""
        lines.append(f"  {task.id}: {pluralise(count, 'consumer')}, {seen}{dates}; {safe}")
        rows = [
            (
                f"    {use.key.consumer}",
                use.key.version,
                pluralise(use.count, "call"),
                spell_age(now - use.last_seen),
            )
            for use in sorted(of_task, key=lambda use: -use.last_seen)
        ]
        lines.extend(align(rows))
    return "\n".join(lines) + "\n"


def render_usage_json(counted: Counted, days: float) -> Json:
    """What was counted of a service; `recent` is who called within `days` days."""
    now = time.time()
    return {
        "counted_since": counted.since,
        "uses": [
            {
                "task": use.key.task,
                "version": use.key.version,
                "consumer": use.key.consumer,
                "count": use.count,
                "last_seen": use.last_seen,
                "recent": use.last_seen >= now - days * DAY,
            }
            for use in counted.uses
        ],
    }


def render_in_flight(found: Findings) -> str:
    """How many messages wait, by task, version and place, with the soonest and latest ETA."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for each in found.messages:
        unnamed = "(any task)" if each.place == "counted" else "(no task)"
        groups.setdefault((each.task or unnamed, each.version or "?", each.place), []).append(each.eta)
    rows = []
    for group, times in sorted(groups.items()):
        etas = sorted({_spell_time(each) for each in times if each})
        until = f" to {etas[-1]}" if len(etas) > 1 else ""
        rows.append((*group, str(len(times)), f"eta {etas[0]}{until}" if etas else ""))
    lines = [*align(rows), f"{len(found.messages)} in flight for {', '.join(found.queues)}"]
    if any(each.place == "counted" for each in found.messages):
        lines.append("counted: quorum queues are not looked into, as they drop what is given back too often")
    return "\n".join(lines) + "\n"


def render_retirement(retirement: Retirement) -> str:
    """Yes, or no with every reason."""
    if retirement.may_go:
        nobody = (
            "who called it was not asked"
            if retirement.counted_days is None
            else f"nobody called it within {retirement.days:g} days"
        )
        return f"{retirement.task} may go: no contract calls it, nothing is in flight for it, and {nobody}\n"
    lines = [f"{retirement.task} may not go:"]
    lines.extend(f"  {consumer} has a contract that calls it" for consumer in retirement.expecting)
    now = time.time()
    lines.extend(
        f"  {use.key.consumer} called it {spell_age(now - use.last_seen)}, "
        f"{pluralise(use.count, 'call')} in all"
        for use in retirement.calling
    )
    if retirement.counted_days is not None and retirement.counted_too_short:
        for_now = floor(retirement.counted_days * 100) / 100
        lines.append(
            f"  calls have been counted for {_spell_duration(retirement.counted_days * DAY)} only, less than "
            f"{retirement.days:g} days; --days {for_now:g} asks for less"
        )
    if retirement.in_flight:
        lines.append(f"  {retirement.in_flight} of its messages are in flight")
    if retirement.untold:
        lines.append(f"  {pluralise(retirement.untold, 'message')} in its queue cannot be told apart")
    return "\n".join(lines) + "\n"


def render_drift(service: str, drift: Drift) -> str:
    """Which worker keeps the contract, which lacks what, and which queue nobody consumes."""
    if drift.silent:
        return f"{service}: no worker answers\n"
    lines = [f"no running worker consumes the queue {queue!r}" for queue in drift.unconsumed]
    lines.extend(
        f"{number} workers are called {name}: give them names with -n" for name, number in drift.namesakes
    )
    for worker in drift.workers:
        if worker.keeps_the_contract:
            lines.append(f"{worker.worker} keeps the contract")
        lines.extend(f"{worker.worker} does not serve {task}" for task in worker.missing)
        lines.extend(
            f"{worker.worker} serves {version} where the bindings declare {task}"
            for task, version in worker.other
        )
    return "".join(f"{service}: {line}\n" for line in lines)


def _spell_duration(seconds: float) -> str:
    for size, unit in UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "less than 1 s"


def _spell_time(text: str) -> str:
    """An ISO time to the second, in UTC where it has a zone; anything else as it is."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (time.astimezone(UTC) if time.tzinfo else time).isoformat(timespec="seconds")
