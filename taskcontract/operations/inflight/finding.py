"""Everything in flight for some queues: what the broker, the workers and the quarantine hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kombu import Queue

from taskcontract.brokers.connections import reaching
from taskcontract.brokers.workers import Workers
from taskcontract.errors import BrokerError
from taskcontract.operations.inflight.brokers import LOOKERS, MOST, Look
from taskcontract.operations.inflight.message import InFlight, MessagePlace, read_message
from taskcontract.safety_net.quarantine import Quarantine
from taskcontract.urls import spell_server

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from celery import Celery

    from taskcontract.operations.inflight.fate import Fate, Rehearse

__all__ = ["Findings", "find_in_flight"]

PLACES: tuple[MessagePlace, ...] = ("scheduled", "reserved", "active")
"""Where a worker has messages; each is also the command that asks for them."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The messages in flight, by task, version and place, and the queues that were looked into, sorted."""

    messages: tuple[InFlight, ...]
    queues: tuple[str, ...]
    cut: tuple[tuple[str, int], ...] = ()
    """The queues with more messages than one look reads, each with how many it read."""


def find_in_flight(
    app: Celery,
    queues: Iterable[str],
    tasks: Mapping[str, str] | None = None,
    *,
    timeout: float = 1.0,
    look: Look = Look(),  # noqa: B008 - it cannot be changed
) -> Findings:
    """Return each message in flight for `queues` once; the workers have `timeout` seconds to answer.

    `tasks` maps wire names to their declared versions. What waits for them elsewhere counts too: at a
    worker, in quarantine, and in the other queues of the app and of the workers that serve them.
    `look` says how many messages of each queue are looked at, and who judges them.
    What a worker holds is reported by the worker, which knows more than the broker: scheduled, reserved or
    active. A BrokerError where the broker is away or of a kind that cannot be looked into, and where
    a consumer holds messages and does not say which.
    """
    named, wanted = dict(tasks or {}), set(queues)
    with reaching(app, "the broker", timeout=timeout) as connection:
        looker = _looker_for(connection)
        # In the order that messages move in: one that moves meanwhile is seen twice, and joined, not missed.
        workers = Workers(app, connection, timeout)
        answering = Counter[str]()
        others = set(app.amqp.queues) if named and app.conf.task_queues else set[str]()
        serving = workers.knowing(named)
        consumed = workers.ask_queues(needed=serving)
        for name, here in consumed:
            answering.update(here)
            others |= here if name in serving else set()
        looked = sorted(wanted | others)
        holding = {name for name, here in consumed if name in serving or here & wanted}
        messages: list[InFlight] = []
        cut: list[tuple[str, int]] = []
        configured: Any = app.amqp.queues
        for queue in looked:
            seen = looker(connection, configured.get(queue) or Queue(queue), look)
            if seen.holders > answering[queue]:
                raise _silence(connection, queue, seen.holders, answering[queue])
            messages.extend(seen.messages)
            cut += [(queue, look.most)] if seen.is_cut else []
        messages.extend(_held(workers, holding, look.rehearse))
    if look.quarantined:
        with Quarantine(app) as quarantine:
            messages.extend(_look_into(quarantine, look.rehearse))
            cut += [(quarantine.name, MOST)] if quarantine.is_cut else []
    told = [
        replace(each, version=each.version or named.get(each.task, ""))
        for each in _distinct(messages, wanted, named)
    ]
    told.sort(key=lambda each: (each.task, each.version, each.place, each.id))
    return Findings(tuple(told), tuple(looked), tuple(cut))


def _looker_for(connection: Any) -> Any:
    looker = LOOKERS.get(connection.transport.driver_type)
    if looker is None:
        raise BrokerError(
            "the queues of this kind of broker cannot be looked into",
            where=spell_server(connection),
            do=f"It can be done for {', '.join(sorted(LOOKERS))}.",
        )
    return looker


def _silence(connection: Any, queue: str, holders: int, answering: int) -> BrokerError:
    return BrokerError(
        f"what is in flight cannot be found out: the queue {queue!r} has {holders} consumer(s), "
        f"{answering} of them answered, and only they can tell what they hold",
        where=spell_server(connection),
        do="Wait until each worker there answers, or give them longer with --timeout. Workers that share "
        "a name do not all answer: give them names with -n.",
    )


def _held(workers: Workers, names: Iterable[str], rehearse: Rehearse | None) -> Iterator[InFlight]:
    for place in PLACES:
        for entry in workers.ask_held(place, names):
            request = entry.get("request", entry)
            delivery = request.get("delivery_info") or {}
            task = str(request.get("type") or request.get("name") or "")
            yield InFlight(
                id=str(request.get("id") or ""),
                task=task,
                version="",
                consumer="",
                queue=str(delivery.get("routing_key") or ""),
                place=place,
                eta=str(entry.get("eta") or ""),
                fate=_judge_held(task, request, rehearse),
            )


def _judge_held(task: str, request: dict[str, Any], rehearse: Rehearse | None) -> Fate | None:
    if rehearse is None:
        return None
    return rehearse.judge_call(task, request.get("args"), request.get("kwargs"))


def _look_into(quarantine: Quarantine, rehearse: Rehearse | None) -> Iterator[InFlight]:
    for kept in quarantine.look():
        read = read_message(kept.as_message(), kept.note.queue, "quarantined", rehearse)
        yield replace(read, task=read.task or kept.task)


def _distinct(
    messages: Iterable[InFlight], queues: Container[str], tasks: Container[str]
) -> Iterable[InFlight]:
    """Return each message once that is in one of `queues` or for one of `tasks`, or may be for one."""
    found: dict[tuple[object, str], InFlight] = {}
    for index, each in enumerate(messages):
        key = (each.id or index, each.task)  # callers may give two tasks one id
        untold = each.place == "counted"
        if key in found or each.queue in queues or each.task in tasks or untold:
            found[key] = _joined(each, found.get(key))
    return found.values()


def _joined(latest: InFlight, known: InFlight | None) -> InFlight:
    """Return the latest word on a message, with what was known of its header: a worker tells less of that."""
    if known is None:
        return latest
    return replace(
        latest,
        task=latest.task or known.task,
        version=latest.version or known.version,
        consumer=latest.consumer or known.consumer,
        queue=known.queue,
        eta=latest.eta or known.eta,
        fate=known.fate or latest.fate,
    )
