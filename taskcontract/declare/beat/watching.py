"""Looking at the schedule when beat, or a worker, of an app that has imported bindings starts.

Nothing but the bindings need be there: a process that only runs beat has no provider. Importing them must
stay cheap, so that Celery is not imported for this: in a process that could run beat, it is there already.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from taskcontract.declare.at_start import say_at_start
from taskcontract.errors import TaskContractError

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.declare.beat.entries import ScheduledCall
    from taskcontract.declare.protocols import ServiceLike

__all__ = ["declared_services", "watch_schedules"]

_services: WeakSet[ServiceLike] = WeakSet()


def watch_schedules(service: ServiceLike) -> None:
    """Let beat refuse to start over an entry that calls `service` wrongly."""
    _services.add(service)
    signals = sys.modules.get("celery.signals")
    if signals is not None:
        signals.beat_init.connect(_on_beat_init, weak=False)  # connecting again does nothing
        signals.worker_init.connect(_on_worker_init, weak=False)


def declared_services() -> list[ServiceLike]:
    """Return the services whose bindings this process has imported, by name."""
    return sorted(_services, key=lambda service: service.name)


def _on_beat_init(sender: Any = None, **_: object) -> None:
    from taskcontract.declare.beat.entries import read_scheduler

    app: Celery = sender.app
    try:
        _refuse_wrong("beat", sender, read_scheduler(app, sender.scheduler), None)
    except SystemExit:
        with suppress(Exception):  # whatever a scheduler of the project's own raises
            sender.sync()  # its file is open, and Python may find it half taken down
        raise


def _on_worker_init(sender: Any = None, **_: object) -> None:
    from taskcontract.declare.beat.entries import read_schedule

    app: Celery | None = getattr(sender, "app", None)
    if app is None:
        return
    try:
        entries = read_schedule(app)
    except TaskContractError as error:  # it is beat that needs them
        say_at_start(f"beat's entries are not checked: {error}", sender)
        return
    consumed: Any = app.amqp.queues.consume_from if entries else ()
    _refuse_wrong("the worker", sender, entries, list(consumed))


def _refuse_wrong(who: str, sender: Any, entries: list[ScheduledCall], consumed: list[str] | None) -> None:
    from taskcontract.declare.beat.judging import find_wrong_entries

    found = list(find_wrong_entries(sender.app, declared_services(), entries, consumed=consumed or ()))
    for wrong in found:
        if not wrong.is_certain:
            say_at_start(f"warning: {wrong}", sender)
    certain = [wrong for wrong in found if wrong.is_certain]
    if certain:
        lines = "".join(f"\n  - {wrong}" for wrong in certain)
        calls = f"beat would make {len(certain)} call(s) that no worker takes{lines}"
        say_at_start(f"{who} does not start: {calls}", sender)
        raise SystemExit(2)
