"""Everything in flight for some queues: what the broker, the quarantine and the workers hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kombu import Queue

from taskcontract.errors import BrokerError
from taskcontract.provider.inflight.brokers import LOOKERS
from taskcontract.provider.inflight.message import InFlight, Place, read_headers
from taskcontract.provider.quarantine import Quarantine
from taskcontract.provider.reaching import reaching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from celery import Celery

__all__ = ["find_in_flight"]


def find_in_flight(
    app: Celery, queues: Iterable[str], tasks: Iterable[str] = (), *, timeout: float = 1.0
) -> list[InFlight]:
    """Each message in flight for `queues` once; `timeout` is how many seconds the workers have to answer.

    What workers and the quarantine hold for `tasks` (wire names) counts too, whatever queue it is of.
    What a worker holds is told by the worker, as it knows more than the broker: scheduled, reserved or
    active. A BrokerError where the broker is away or of a kind that cannot be looked into.
    """
    wanted, named = set(queues), set(tasks)
    on_broker = [*_look(app, sorted(wanted)), *_look_into_quarantine(app)]
    held = _ask_workers(app, timeout)
    found: dict[str, InFlight] = {}
    for index, each in enumerate([*on_broker, *held]):
        key = each.id or str(index)
        if key in found or each.queue in wanted or each.task in named:
            found[key] = _joined(each, found.get(key))
    return sorted(found.values(), key=lambda each: (each.task, each.version, each.place, each.id))


def _look(app: Celery, queues: Iterable[str]) -> Iterator[InFlight]:
    with reaching(app, "the broker") as connection:
        looker = LOOKERS.get(connection.transport.driver_type)
        if looker is None:
            raise BrokerError(
                "the queues of this kind of broker cannot be looked into",
                where=connection.as_uri(),
                do=f"It can be done for {', '.join(sorted(LOOKERS))}.",
            )
        configured: Any = app.amqp.queues
        for queue in queues:
            yield from looker(connection, configured.get(queue) or Queue(queue))


def _look_into_quarantine(app: Celery) -> Iterator[InFlight]:
    with Quarantine(app) as quarantine:
        for kept in quarantine.look():
            yield read_headers(kept.headers, kept.note.queue, "quarantined")


def _ask_workers(app: Celery, timeout: float) -> Iterator[InFlight]:
    places: tuple[Place, ...] = ("scheduled", "reserved", "active")
    with reaching(app, "the workers") as connection:
        inspect: Any = app.control.inspect(timeout=timeout, connection=connection)
        answers = {place: getattr(inspect, place)() or {} for place in places}
    for place in places:
        for held in answers[place].values():
            for entry in held:
                request = entry.get("request", entry)
                delivery = request.get("delivery_info") or {}
                yield InFlight(
                    id=str(request.get("id") or ""),
                    task=str(request.get("name") or request.get("type") or ""),
                    version="",
                    consumer="",
                    queue=str(delivery.get("routing_key") or ""),
                    place=place,
                    eta=str(entry.get("eta") or ""),
                )


def _joined(latest: InFlight, known: InFlight | None) -> InFlight:
    """The latest word on a message, with what was known of its header: a worker tells less of that."""
    if known is None:
        return latest
    return replace(
        latest,
        task=latest.task or known.task,
        version=latest.version or known.version,
        consumer=latest.consumer or known.consumer,
        queue=known.queue,
        eta=latest.eta or known.eta,
    )
