"""One look at a broker: how much is in quarantine, how much waits, and of which versions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.brokers.connections import reaching
from taskcontract.brokers.depths import count_waiting
from taskcontract.errors import TaskContractError
from taskcontract.operations.inflight import Look, find_in_flight
from taskcontract.operations.metrics.numbers import NONE, Numbers
from taskcontract.safety_net.quarantine import Quarantine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from celery import Celery

    from taskcontract.operations.inflight import Findings
    from taskcontract.operations.metrics.numbers import VersionBound

__all__ = ["Watched", "look_at"]

COUNTED = "counted"
"""The place of a message of which nothing is known but its queue."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An app whose broker is looked at: `queues` of it, and wherever a task of `declared` waits.

    `declared` are the service and the version of each task, by its wire name.
    """

    app: Celery
    queues: frozenset[str]
    declared: dict[str, tuple[str, str]]

    @classmethod
    def make(cls, app: Celery, queues: frozenset[str], declared: dict[str, tuple[str, str]]) -> Watched:
        """Return it with the tasks of the app's own that no bindings declare."""
        own = {name: (NONE, NONE) for name in app.tasks if not name.startswith(("celery.", "taskcontract."))}
        return cls(app, queues, own | declared)


def look_at(watched: Sequence[Watched], bound: VersionBound, *, timeout: float, sample: int) -> Numbers:
    """Return the numbers of the apps, which have one broker; nothing is taken, and `sample` of a queue read.

    The workers have `timeout` seconds to answer. What cannot be found is left out, with the fault noted.
    """
    numbers = Numbers()
    told: dict[tuple[str, str, str, str], tuple[str, str, str]] = {}
    for each in watched:
        _measure(each, numbers)
        queues = set(each.queues)
        try:
            found = find_in_flight(
                each.app,
                queues,
                {task: version for task, (_, version) in each.declared.items()},
                timeout=timeout,
                look=Look(sample, quarantined=False),
            )
        except TaskContractError as error:
            numbers.faults.append(error)
            numbers.unknown |= dict.fromkeys(queues, True)
        else:
            queues |= set(found.queues)
            _note(found, numbers, told)
        _count(each.app, sorted(queues), numbers)
    declared = {name: known for each in watched for name, known in each.declared.items()}
    numbers.in_flight = bound.fold(Counter(told.values()), declared)
    return numbers


def _measure(watched: Watched, numbers: Numbers) -> None:
    with Quarantine(watched.app) as quarantine:
        try:
            numbers.quarantines[quarantine.name] = quarantine.measure()
        except TaskContractError as error:
            numbers.quarantines.setdefault(quarantine.name, None)
            numbers.faults.append(error)


def _note(
    found: Findings, numbers: Numbers, told: dict[tuple[str, str, str, str], tuple[str, str, str]]
) -> None:
    """Note each message once, also where several apps share a queue."""
    partly = {queue for queue, _ in found.cut}
    partly |= {each.queue for each in found.messages if each.place == COUNTED}
    for index, each in enumerate(found.messages):
        if each.place != COUNTED:
            place = (each.queue, each.id or f"#{index}", each.task, each.place)
            told[place] = (each.task, each.version, each.place)
    for queue in found.queues:
        numbers.unknown[queue] = numbers.unknown.get(queue, False) or queue in partly


def _count(app: Celery, queues: list[str], numbers: Numbers) -> None:
    try:
        with reaching(app, "the broker") as connection:
            counts = count_waiting(connection, queues)
    except TaskContractError as error:
        numbers.faults.append(error)
        return
    numbers.depths |= {queue: count for queue, count in zip(queues, counts, strict=True) if count is not None}
