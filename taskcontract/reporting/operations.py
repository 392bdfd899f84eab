"""What the running system tells, as text: quarantine, usage, messages in flight, drift, retirement."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.declare.service import Service
    from taskcontract.model.canonical import Json
    from taskcontract.provider.drift import Drift
    from taskcontract.provider.inflight import InFlight
    from taskcontract.provider.quarantine import Kept
    from taskcontract.provider.retirement import Retirement
    from taskcontract.provider.usage import Use

__all__ = [
    "render_drift",
    "render_in_flight",
    "render_kept",
    "render_kept_json",
    "render_kept_list",
    "render_retirement",
    "render_usage",
    "spell_age",
]

UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def spell_age(seconds: float) -> str:
    """How long ago something was: `2 h ago`, `just now`."""
    for size, unit in UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return "just now"


def render_kept_list(kept: Sequence[Kept], did: str) -> str:
    """One line per quarantined message and a summary: `did` says what was done with them."""
    rows = [
        (each.id[:8], each.note.reason, each.task or "(no task)", each.arguments[:60], each.note.at)
        for each in kept
    ]
    lines = _columns(rows)
    summary = f"{_count(len(kept), 'message')} {did}"
    return "\n".join([*lines, summary]) + "\n"


def render_kept(kept: Kept) -> str:
    """All of one quarantined message that a person can read."""
    facts = {
        "task": kept.task or "(none)",
        "reason": f"{kept.note.reason}: {kept.note.explanation}",
        "kept": f"{kept.note.at} by {kept.note.worker}",
        "queue": kept.note.queue,
        "content": f"{kept.content_type}, {len(kept.body)} bytes",
        "body": kept.body[:2000].decode("utf-8", "backslashreplace"),
    }
    return f"{kept.id}\n" + "".join(f"  {name:<8} {value}\n" for name, value in facts.items())


def render_kept_json(kept: Kept) -> Json:
    """One quarantined message as JSON; the body as text, undecodable bytes spelled out."""
    return {
        "id": kept.id,
        "task": kept.task,
        "reason": kept.note.reason,
        "explanation": kept.note.explanation,
        "at": kept.note.at,
        "worker": kept.note.worker,
        "queue": kept.note.queue,
        "content_type": kept.content_type,
        "body": kept.body.decode("utf-8", "backslashreplace"),
    }


def render_usage(service: Service, uses: Sequence[Use], *, days: float, now: float | None = None) -> str:
    """Each version with its consumers, when they called last and whether it is safe to remove."""
    now = time.time() if now is None else now
    lines = [f"{service.name}"]
    for task in service.tasks:
        of_task = [use for use in uses if use.key.task == task.wire_name]
        recent = [use for use in of_task if use.last_seen >= now - days * 86_400]
        count = len({use.key.consumer for use in recent})
        seen = (
            f"last seen {spell_age(now - max(use.last_seen for use in of_task))}" if of_task else "never seen"
        )
        newest = max((each.version for each in service.tasks if each.name == task.name), key=parse_version)
        safe = (
            "current"
            if task.version == newest
            else f"safe to remove: {'no' if recent else 'yes, if nothing is in flight'}"
        )
        dates = f", sunset {task.sunset}" if task.sunset else ""
        lines.append(f"  {task.id}: {_count(count, 'consumer')}, {seen}{dates}; {safe}")
        rows = [
            (
                f"    {use.key.consumer}",
                use.key.version,
                _count(use.count, "call"),
                spell_age(now - use.last_seen),
            )
            for use in sorted(of_task, key=lambda use: -use.last_seen)
        ]
        lines.extend(_columns(rows))
    return "\n".join(lines) + "\n"


def render_in_flight(messages: Sequence[InFlight], queues: Sequence[str]) -> str:
    """How many messages wait, by task, version and place, with the soonest and latest ETA."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for each in messages:
        unnamed = "(any task)" if each.place == "counted" else "(no task)"
        groups.setdefault((each.task or unnamed, each.version or "?", each.place), []).append(each.eta)
    rows = []
    for group, times in sorted(groups.items()):
        etas = sorted(filter(None, times))
        rows.append((*group, str(len(times)), f"eta {etas[0]} to {etas[-1]}" if etas else ""))
    lines = [*_columns(rows), f"{len(messages)} in flight for {', '.join(queues)}"]
    if any(each.place == "counted" for each in messages):
        lines.append("counted: quorum queues are not looked into, as they drop what is given back too often")
    return "\n".join(lines) + "\n"


def render_retirement(retirement: Retirement) -> str:
    """Yes, or no with every reason."""
    if retirement.may_go:
        return (
            f"{retirement.task} may go: no contract calls it, nobody called it within "
            f"{retirement.days:g} days, and nothing is in flight for it\n"
        )
    lines = [f"{retirement.task} may not go:"]
    lines.extend(f"  {consumer} has a contract that calls it" for consumer in retirement.expecting)
    now = time.time()
    lines.extend(
        f"  {use.key.consumer} called it {spell_age(now - use.last_seen)}, {_count(use.count, 'call')} in all"
        for use in retirement.calling
    )
    if retirement.in_flight:
        lines.append(f"  {retirement.in_flight} of its messages are in flight")
    if retirement.untold:
        lines.append(f"  {_count(retirement.untold, 'message')} in its queue cannot be told apart")
    return "\n".join(lines) + "\n"


def render_drift(service: str, drift: Drift) -> str:
    """Which worker keeps the contract, which lacks what, and which queue nobody consumes."""
    if drift.silent:
        return f"{service}: no worker answers\n"
    lines = [f"no running worker consumes the queue {queue!r}" for queue in drift.unconsumed]
    for worker in drift.workers:
        if worker.keeps_the_contract:
            lines.append(f"{worker.worker} keeps the contract")
        lines.extend(f"{worker.worker} does not serve {task}" for task in worker.missing)
        lines.extend(
            f"{worker.worker} serves {version} where the bindings declare {task}"
            for task, version in worker.other
        )
    return "".join(f"{service}: {line}\n" for line in lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """The rows as lines with aligned columns."""
    table = [[str(cell) for cell in row] for row in rows]
    if not table:
        return []
    widths = [max(len(row[index]) for row in table) for index in range(len(table[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
