"""What the running system tells, as text: quarantine, usage, messages in flight, drift, retirement."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from math import floor
from typing import TYPE_CHECKING, Any

from taskcontract.model.version import parse_version
from taskcontract.provider.retirement import DAY
from taskcontract.reporting.columns import align, pluralise
from taskcontract.reporting.escape import flatten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.declare.beat.judging import WrongEntry
    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task
    from taskcontract.model.canonical import Json
    from taskcontract.provider.drift import Drift
    from taskcontract.provider.inflight import Findings
    from taskcontract.provider.retirement import Retirement
    from taskcontract.provider.usage import Counted

__all__ = [
    "render_drift",
    "render_in_flight",
    "render_retirement",
    "render_schedule",
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
    lines = [
        f"{service.name}: calls have been counted for {_spell_duration(now - counted.since)}, and "
        "counts of killed workers may be missing"
    ]
    for task in service.tasks:
        for name in task.wire_names:
            lines.extend(_list_uses(task, name, counted, counted.since, days, now))
    return "\n".join(map(flatten, lines)) + "\n"


def _list_uses(
    task: Task[..., Any], name: str, counted: Counted, since: float, days: float, now: float
) -> list[str]:
    """The uses of a version by its wire `name` or by an alias, which has its own line."""
    by_name = [use for use in counted.uses if use.key.task == name]
    recent = [use for use in by_name if use.last_seen >= now - days * DAY]
    count = len({use.key.consumer for use in recent})
    seen = f"last seen {spell_age(now - max(use.last_seen for use in by_name))}" if by_name else "never seen"
    versions = [each.version for each in task.service.tasks if each.name == task.name]
    is_alias = name in task.aliases
    if task.version == max(versions, key=parse_version) and not is_alias:
        safe = "current"
    elif recent:
        safe = "safe to remove: no"
    elif now - since < days * DAY:
        safe = f"safe to remove: not known before {days:g} days are counted"
    else:
        safe = (
            "safe to remove: yes, if no contract calls it and nothing is in flight: "
            f"ask `taskcontract retire {name if is_alias else task.id}`"
        )
    dates = f", sunset {task.sunset}" if task.sunset else ""
    subject = f"{task.id} by its alias {name}" if is_alias else task.id
    rows = [
        (
            f"    {use.key.consumer}",
            use.key.version,
            pluralise(use.count, "call"),
            spell_age(now - use.last_seen),
        )
        for use in sorted(by_name, key=lambda use: -use.last_seen)
    ]
    return [f"  {subject}: {pluralise(count, 'consumer')}, {seen}{dates}; {safe}", *align(rows)]


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
    unread = [each.unread for each in found.messages if each.unread]
    if unread:
        lines.append(f"not looked into: the body of {pluralise(len(unread), 'message')}, as {unread[0]}")
    lines.extend(f"only the first {most:,} of {queue} were looked at" for queue, most in found.cut)
    if any(each.place == "counted" for each in found.messages):
        lines.append("counted: quorum queues are not looked into, as they drop what is given back too often")
    return "\n".join(map(flatten, lines)) + "\n"


def render_retirement(retirement: Retirement) -> str:
    """Yes, or no with every reason."""
    if retirement.may_go:
        usage = (
            "who called it was not asked"
            if retirement.counted_days is None
            else f"no caller used it within {retirement.days:g} days"
        )
        return (
            f"{retirement.task} may go: no contract and no entry of this app's beat calls it, "
            f"nothing is in flight for it, and {usage}\n"
        )
    lines = [f"{retirement.task} may not go:"]
    lines.extend(f"  {consumer} has a contract that calls it" for consumer in retirement.expecting)
    lines.extend(f"  beat calls it: the entry {name!r}" for name in retirement.scheduled)
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
        lines.append(f"  {retirement.in_flight} of its messages are in flight or in quarantine")
    if retirement.untold:
        lines.append(f"  {pluralise(retirement.untold, 'message')} in its queue cannot be told apart")
    return "\n".join(map(flatten, lines)) + "\n"


def render_schedule(entries: int, wrong: Sequence[WrongEntry]) -> str:
    """Which of beat's entries that call declared tasks are wrong, of how many; empty where there are none."""
    lines = [f"beat: {each}" for each in wrong]
    if entries and not wrong:
        lines.append(f"beat: {pluralise(entries, 'call')} of declared tasks, each inside the contract")
    return "".join(f"{flatten(line)}\n" for line in lines)


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
    return "".join(f"{service}: {flatten(line)}\n" for line in lines)


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
