"""Everything in flight for some queues: what the broker holds and what the workers hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.errors import BrokerError
from taskcontract.provider.inflight.brokers import LOOKERS
from taskcontract.provider.inflight.message import InFlight, Place
from taskcontract.provider.reaching import reaching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from celery import Celery

__all__ = ["find_in_flight"]


def find_in_flight(app: Celery, queues: Iterable[str], *, timeout: float = 1.0) -> list[InFlight]:
    """Each message in flight for `queues` once; `timeout` is how many seconds the workers have to answer.

    What a worker holds is told by the worker, as it knows more than the broker: scheduled, reserved or
    active. A BrokerError where the broker is away or of a kind that cannot be looked into.
    """
    wanted = set(queues)
    found = {each.id or str(index): each for index, each in enumerate(_look(app, sorted(wanted)))}
    for held in _ask_workers(app, timeout):
        known = found.get(held.id)
        if known is not None or held.queue in wanted:
            found[held.id] = _joined(held, known)
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
        for queue in queues:
            yield from looker(connection, queue)


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


def _joined(held: InFlight, known: InFlight | None) -> InFlight:
    """A worker's word on a message, with what the broker knows of its header."""
    if known is None:
        return held
    return InFlight(
        held.id,
        held.task or known.task,
        known.version,
        known.consumer,
        known.queue,
        held.place,
        held.eta or known.eta,
    )
