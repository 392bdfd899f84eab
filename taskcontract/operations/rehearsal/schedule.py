"""What beat will send next, as messages in flight: they are judged before they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kombu.utils.json import dumps, loads

from taskcontract.declare.beat.entries import LAZY
from taskcontract.operations.inflight import Fate, InFlight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.declare.beat.entries import ScheduledCall
    from taskcontract.operations.inflight.fate import Rehearse

__all__ = ["rehearse_schedule"]


def rehearse_schedule(entries: Iterable[ScheduledCall], rehearse: Rehearse, queue: str) -> Iterator[InFlight]:
    """Yield each entry that beat can send as a message, under its name; `queue` is the default one."""
    for entry in entries:
        if entry.fault:
            continue
        fate = _judge(entry, rehearse)
        if fate is not None:
            place = str(entry.options.get("queue") or queue)
            yield InFlight(entry.name, entry.task, "", "(beat)", place, "beat", fate=fate)


def _judge(entry: ScheduledCall, rehearse: Rehearse) -> Fate | None:
    if any(value is LAZY for value in (*entry.args, *entry.kwargs.values())):
        return Fate("unknown", "a part of it is made when beat sends it")
    try:
        args, kwargs = loads(dumps([entry.args, entry.kwargs]))
    except (TypeError, ValueError):
        return Fate("unknown", "it has values that JSON does not have")
    headers = dict(entry.options.get("headers") or {})
    return rehearse.judge_call(entry.task, args, kwargs, headers)
