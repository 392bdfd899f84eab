"""What the running system tells, as a page: messages in flight, drift, retirement."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from math import floor
from typing import TYPE_CHECKING

from taskcontract.reporting.page import Block, Line, Style, Table, line, pluralise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from taskcontract.declare.beat.judging import WrongEntry
    from taskcontract.model.canonical import Json
    from taskcontract.operations.drift import Drift
    from taskcontract.operations.inflight import Findings, InFlight
    from taskcontract.operations.retirement import Retirement

__all__ = [
    "render_drift",
    "render_in_flight",
    "render_retirement",
    "render_schedule",
    "spell_age",
    "spell_duration",
    "write_in_flight",
]

UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def spell_age(seconds: float) -> str:
    """Return how long ago something was: `2 h ago`, `just now`."""
    return f"{spell_duration(seconds)} ago" if seconds >= 1 else "just now"


def render_in_flight(found: Findings) -> Iterator[Block]:
    """Yield how many messages wait, by task, version and place, with the soonest and latest ETA."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for each in found.messages:
        unnamed = "(any task)" if each.place == "counted" else "(no task)"
        groups.setdefault((each.task or unnamed, each.version or "?", each.place), []).append(each.eta)
    rows = []
    for group, times in sorted(groups.items()):
        etas = sorted({_spell_time(each) for each in times if each})
        until = f" to {etas[-1]}" if len(etas) > 1 else ""
        rows.append((*group, str(len(times)), f"eta {etas[0]}{until}" if etas else ""))
    yield Table(("task", "version", "where", "messages", ""), tuple(rows))
    yield line((f"{len(found.messages)} in flight", "name"), f" for {', '.join(found.queues)}")
    unread = [each.unread for each in found.messages if each.unread]
    if unread:
        yield line(f"not looked into: the body of {pluralise(len(unread), 'message')}, as {unread[0]}")
    for queue, most in found.cut:
        yield line(f"only the first {most:,} of {queue} were looked at")
    if any(each.place == "counted" for each in found.messages):
        yield line("counted: quorum queues are not looked into, as they drop what is given back too often")


def write_in_flight(looks: Iterable[Findings]) -> dict[str, Json]:
    """Return what several looks found together, as JSON."""
    found = list(looks)
    return {
        "queues": sorted({queue for look in found for queue in look.queues}),
        "messages": [_write_message(message) for look in found for message in look.messages],
        "cut": [{"queue": queue, "looked_at": most} for look in found for queue, most in look.cut],
    }


def _write_message(message: InFlight) -> Json:
    facts: dict[str, Json] = {
        name: getattr(message, name)
        for name in ("id", "task", "version", "consumer", "queue", "place", "eta", "unread")
    }
    if message.fate is not None:
        facts |= {"outcome": message.fate.outcome, "reason": message.fate.reason}
    return facts


def render_retirement(retirement: Retirement) -> Iterator[Block]:
    """Yes, or no with every reason."""
    if retirement.may_go:
        usage = (
            "who called it was not asked"
            if retirement.counted_days is None
            else f"no caller used it within {retirement.days:g} days"
        )
        yield line(
            (f"{retirement.task} may go", "safe"),
            ": no contract and no entry of this app's beat calls it, "
            f"nothing is in flight for it, and {usage}",
        )
        return
    yield line((f"{retirement.task} may not go", "breaking"), ":")
    for consumer in retirement.expecting:
        yield line(f"  {consumer} has a contract that calls it")
    for name in retirement.scheduled:
        yield line(f"  beat calls it: the entry {name!r}")
    now = time.time()
    for use in retirement.calling:
        ago = spell_age(now - use.last_seen)
        yield line(f"  {use.key.consumer} called it {ago}, {pluralise(use.count, 'call')} in all")
    if retirement.counted_days is not None and retirement.counted_too_short:
        for_now = floor(retirement.counted_days * 100) / 100
        yield line(
            f"  calls have been counted for {spell_duration(retirement.counted_seconds)} only, less than "
            f"{retirement.days:g} days; --days {for_now:g} asks for less"
        )
    if retirement.in_flight:
        yield line(f"  {retirement.in_flight} of its messages are in flight or in quarantine")
    if retirement.untold:
        yield line(f"  {pluralise(retirement.untold, 'message')} in its queue cannot be told apart")


def render_schedule(entries: int, wrong: Sequence[WrongEntry]) -> Iterator[Block]:
    """Yield which of beat's entries for declared tasks are wrong, and of how many; nothing if none."""
    for each in wrong:
        yield line(("beat", "breaking"), f": {each}")
    if entries and not wrong:
        calls = pluralise(entries, "call")
        yield line(("beat", "safe"), f": {calls} of declared tasks, each inside the contract")


def render_drift(service: str, drift: Drift) -> Iterator[Block]:
    """Yield which worker keeps the contract, which lacks what, and which queues no worker consumes."""

    def say(text: str, style: Style) -> Line:
        return line((service, style), f": {text}")

    if drift.silent:
        yield say("no worker answers", "breaking")
        return
    for queue in drift.unconsumed:
        yield say(f"no running worker consumes the queue {queue!r}", "breaking")
    for name, number in drift.namesakes:
        yield say(f"{number} workers are called {name}: give them names with -n", "breaking")
    for worker in drift.workers:
        if worker.keeps_the_contract:
            yield say(f"{worker.worker} keeps the contract", "safe")
        for task in worker.missing:
            yield say(f"{worker.worker} does not serve {task}", "breaking")
        for task, version in worker.other:
            yield say(f"{worker.worker} serves {version} where the bindings declare {task}", "breaking")


def spell_duration(seconds: float) -> str:
    """Return how long something was, in its largest unit: `2 h`."""
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
