"""What the running system tells, as text: quarantine, usage, messages in flight, drift, retirement."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from math import floor
from typing import TYPE_CHECKING

from taskcontract.reporting.columns import align, pluralise
from taskcontract.reporting.escape import flatten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.declare.beat.judging import WrongEntry
    from taskcontract.model.canonical import Json
    from taskcontract.operations.drift import Drift
    from taskcontract.operations.inflight import Findings
    from taskcontract.operations.retirement import Retirement
    from taskcontract.operations.usage import NameUsage, ServiceUsage

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
    """Return how long ago something was: `2 h ago`, `just now`."""
    return f"{_spell_duration(seconds)} ago" if seconds >= 1 else "just now"


def render_usage(usage: ServiceUsage) -> str:
    """Return each version with its consumers, when they called last and whether it is safe to remove."""
    if usage.since is None:
        return f"{usage.service}: no worker has counted its calls yet\n"
    lines = [
        f"{usage.service}: calls have been counted for {_spell_duration(usage.at - usage.since)}, and "
        "counts of killed workers may be missing"
    ]
    for each in usage.names:
        lines.extend(_list_uses(each, usage))
    return "\n".join(map(flatten, lines)) + "\n"


def _list_uses(used: NameUsage, usage: ServiceUsage) -> list[str]:
    seen = f"last seen {spell_age(usage.at - used.uses[0].last_seen)}" if used.uses else "never seen"
    dates = f", sunset {used.sunset}" if used.sunset else ""
    subject = f"{used.task} by its alias {used.name}" if used.is_alias else used.task
    rows = [
        (
            f"    {use.key.consumer}",
            use.key.version,
            pluralise(use.count, "call"),
            spell_age(usage.at - use.last_seen),
        )
        for use in used.uses
    ]
    head = f"  {subject}: {pluralise(used.recent, 'consumer')}, {seen}{dates}; {_say_removable(used, usage)}"
    return [head, *align(rows)]


def _say_removable(used: NameUsage, usage: ServiceUsage) -> str:
    match used.removable:
        case "current":
            return "current"
        case "no":
            return "safe to remove: no"
        case "not known":
            return f"safe to remove: not known before {usage.days:g} days are counted"
        case "yes":
            return (
                "safe to remove: yes, if no contract calls it and nothing is in flight: "
                f"ask `taskcontract retire {used.name if used.is_alias else used.task}`"
            )


def render_usage_json(usage: ServiceUsage) -> Json:
    """Return what was counted of a service, with the verdict on each of its versions' names."""
    return {
        "counted_since": usage.since,
        "versions": [
            {
                "task": each.task,
                "name": each.name,
                "sunset": each.sunset,
                "recent_consumers": each.recent,
                "removable": each.removable,
            }
            for each in usage.names
        ],
        "uses": [
            {
                "task": use.key.task,
                "version": use.key.version,
                "consumer": use.key.consumer,
                "count": use.count,
                "last_seen": use.last_seen,
                "recent": use.is_within(usage.days, usage.at),
            }
            for use in usage.uses
        ],
    }


def render_in_flight(found: Findings) -> str:
    """Return how many messages wait, by task, version and place, with the soonest and latest ETA."""
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
            f"  calls have been counted for {_spell_duration(retirement.counted_seconds)} only, less than "
            f"{retirement.days:g} days; --days {for_now:g} asks for less"
        )
    if retirement.in_flight:
        lines.append(f"  {retirement.in_flight} of its messages are in flight or in quarantine")
    if retirement.untold:
        lines.append(f"  {pluralise(retirement.untold, 'message')} in its queue cannot be told apart")
    return "\n".join(map(flatten, lines)) + "\n"


def render_schedule(entries: int, wrong: Sequence[WrongEntry]) -> str:
    """Return which of beat's entries for declared tasks are wrong, and of how many; empty if none."""
    lines = [f"beat: {each}" for each in wrong]
    if entries and not wrong:
        lines.append(f"beat: {pluralise(entries, 'call')} of declared tasks, each inside the contract")
    return "".join(f"{flatten(line)}\n" for line in lines)


def render_drift(service: str, drift: Drift) -> str:
    """Return which worker keeps the contract, which lacks what, and which queue nobody consumes."""
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
    """Return an ISO time to the second, in UTC where it has a zone; anything else as it is."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (time.astimezone(UTC) if time.tzinfo else time).isoformat(timespec="seconds")
