"""A rehearsal, as a page and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.page import Block, Style, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.model.canonical import Json
    from taskcontract.operations.inflight import InFlight
    from taskcontract.operations.inflight.fate import Outcome
    from taskcontract.operations.rehearsal import Group, Rehearsal

__all__ = ["SAID", "render_rehearsal", "write_rehearsal"]

SAID: dict[Outcome, tuple[str, Style]] = {
    "moved": ("would land in other parameters", "breaking"),
    "refused": ("would be refused", "breaking"),
    "unknown": ("could not be judged", "dangerous"),
    "refused-already": ("refused now, too", ""),
    "taken": ("refused now, would be taken", ""),
    "same": ("would mean the same", "safe"),
}
MOST_SHOWN = 20
"""Groups that a page shows of each outcome."""


def render_rehearsal(rehearsal: Rehearsal, queues: Iterable[str]) -> Iterator[Block]:
    """Yield how many messages fare how, and for each group that does not fare as now, why and an example."""
    number = rehearsal.messages
    waiting = f"{number:,} message{'' if number == 1 else 's'}"
    yield line(
        (rehearsal.service, "name"),
        f": {waiting} in {', '.join(queues)}, from {rehearsal.old} to {rehearsal.new}",
    )
    for outcome, (said, style) in SAID.items():
        count = rehearsal.outcomes.get(outcome, 0)
        if not count:
            continue
        yield line("  ", (f"{count:,} {said}", style))
        groups = [group for group in rehearsal.groups if group.outcome == outcome]
        for group in groups[:MOST_SHOWN]:
            yield from _show(group)
        if len(groups) > MOST_SHOWN:
            rest = sum(group.count for group in groups[MOST_SHOWN:])
            yield line(f"    {rest:,} more, for {len(groups) - MOST_SHOWN} other reasons")
    for queue, most in rehearsal.cut:
        yield line(f"  only the first {most:,} of {queue} were looked at")


def _show(group: Group) -> Iterator[Block]:
    consumer = f" from {group.consumer}" if group.consumer else ""
    yield line(f"    {group.count:,} of ", (group.task or "(no task)", "name"), f"{consumer}: {group.reason}")
    if group.first.place != "counted":
        shown = f": {group.shown}" if group.shown else ""
        yield line(
            (f"      {'the first is ' if group.count > 1 else ''}{_spell(group.first)}{shown}", "aside")
        )


def _spell(message: InFlight) -> str:
    if message.place == "beat":
        return f"the entry {message.id!r} of beat"
    eta = f", eta {message.eta}" if message.eta else ""
    return f"{message.id or '(no id)'}, {message.place} in {message.queue}{eta}"


def write_rehearsal(rehearsal: Rehearsal) -> Json:
    """Return the rehearsal as JSON; what becomes of each message stands beside the message."""
    return {
        "service": rehearsal.service,
        "from": rehearsal.old,
        "against": rehearsal.new,
        "verdict": rehearsal.verdict,
        "outcomes": dict(rehearsal.outcomes),
        "groups": [
            {
                "outcome": group.outcome,
                "task": group.task,
                "consumer": group.consumer,
                "reason": group.reason,
                "count": group.count,
                "first": group.first.id,
                "shown": group.shown,
            }
            for group in rehearsal.groups
        ],
    }
