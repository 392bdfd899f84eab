"""The running workers, asked one question after the other."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from taskcontract.brokers.connections import reaching
from taskcontract.brokers.listeners import AllAnswered, list_listeners, stop_after
from taskcontract.declare.serving import IMPLEMENTED_AS
from taskcontract.errors import BrokerError
from taskcontract.urls import spell_server

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from celery import Celery

__all__ = ["Answers", "NoBroadcastError", "Workers", "reach_workers"]

OURS = "taskcontract."
"""How the names of our own tasks begin, which serve a worker's own ends as Celery's do."""

FURTHER = 5.0
"""Seconds that a worker has for a further question: it is known to be there, and busy at most."""

Answers = list[tuple[str, Any]]
"""A worker's name and what it says. Two workers that share a name are here twice."""


class NoBroadcastError(BrokerError):
    """What only the workers know is not known on this kind of broker."""


@contextmanager
def reach_workers(app: Celery, timeout: float, *, listening_alone: bool = False) -> Iterator[Workers]:
    """Yield the running workers of the broker of `app`; a BrokerError where that is away.

    `listening_alone`: those that the broker says listen are all, where it can say that.
    """
    with reaching(app, "the workers", timeout=timeout) as connection:
        yield Workers(app, connection, timeout, listening_alone=listening_alone)


class Workers:
    """The workers that answer within `timeout` seconds, asked through the open `connection`.

    Only the first question is asked into the dark and waits that long, unless those that are known to
    be `listening_alone` have answered; the others end with the last answer, and a busy worker has longer
    for them. `registered` are the names of the tasks that each worker
    has code for, `ignoring` those, by worker, whose results it drops; `ours` names the workers that have a
    provider.
    """

    def __init__(
        self, app: Celery, connection: Any, timeout: float, *, listening_alone: bool = False
    ) -> None:
        _demand_broadcast(connection)
        # A control of our own: the app's publishes through a pool that waits for a broker without end.
        make_control: Any = type(app.control)
        self._control: Any = make_control(app)
        self._control.mailbox.producer_pool = None
        self._connection = connection
        self._timeout = timeout
        self._gone: set[str] = set()
        # Only a provider's tasks have that attribute. Our own command is asked of their workers alone:
        # one that does not know it would log an error.
        listeners = list_listeners(connection, self._control.mailbox) if listening_alone else None
        answers = self._broadcast(
            "registered", listeners=listeners, taskinfoitems=[IMPLEMENTED_AS, "ignore_result"]
        )
        self.registered: Answers = [
            (name, {line.partition(" ")[0] for line in _listed(name, lines) if not line.startswith(OURS)})
            for name, lines in answers
        ]
        self.ignoring: dict[str, set[str]] = {
            name: {line.partition(" ")[0] for line in _listed(name, lines) if "ignore_result=True]" in line}
            for name, lines in answers
        }
        self.ours = {name for name, lines in answers if any(f"[{IMPLEMENTED_AS}=" in line for line in lines)}

    def knowing(self, tasks: Iterable[str]) -> set[str]:
        """Return the names of the workers that have code for one of `tasks` (wire names)."""
        wanted = set(tasks)
        return {name for name, registered in self.registered if wanted & registered}

    def ask(self, command: str, names: Iterable[str], *, needed: Iterable[str] = ()) -> Answers:
        """Return the answers of the workers of these `names` to an inspect command.

        A BrokerError where one of the `needed` names does not answer any more: what it would say is not
        known. The others may have ended meanwhile.
        """
        chosen, required = set(names), set(needed)
        expected = Counter(name for name, _ in self.registered if name in chosen - self._gone)
        answers, silent = self._ask_all(command, expected, required)
        # Of two workers that share a name one may be silent for ever; what gave no answer at all has ended.
        self._gone |= silent.keys() - {name for name, _ in answers}
        missed = sorted((silent.keys() | self._gone & chosen) & required)
        if missed:
            raise BrokerError(
                f"{', '.join(missed)} answered once and not again",
                where=spell_server(self._connection),
                do="Ask again when it has started or stopped, or give it longer with --timeout.",
            )
        return answers

    def ask_queues(self, *, needed: Iterable[str] = ()) -> list[tuple[str, set[str]]]:
        """Return the names of the queues that each worker consumes; `needed` as for `ask`."""
        names = (name for name, _ in self.registered)
        return [
            (name, {str(queue["name"]) for queue in _listed(name, queues)})
            for name, queues in self.ask("active_queues", names, needed=needed)
        ]

    def ask_held(self, place: str, names: Iterable[str]) -> list[dict[str, Any]]:
        """Return what the workers of these `names` have in a `place`: scheduled, reserved or active."""
        chosen = set(names)
        answers = self.ask(place, chosen, needed=chosen)
        return [entry for name, held in answers for entry in _listed(name, held)]

    def _ask_all(
        self, command: str, expected: Counter[str], required: set[str]
    ) -> tuple[Answers, Counter[str]]:
        """Return the answers of the `expected` workers, and how many of each name gave none."""
        answers: Answers = []
        silent = expected
        share_a_name = any(number > 1 for number in expected.values())
        # A late answer to an earlier question takes the place of one to this: then all are asked again.
        for limit in (expected.total(), None):
            if silent:
                # Of those that share a name one may be silent for ever: that is waited out where it matters.
                short = share_a_name and not (limit is None and silent.keys() & required)
                patience = self._timeout if short else max(self._timeout, FURTHER)
                answers = self._broadcast(
                    command, destination=sorted(expected), limit=limit, timeout=patience
                )
                silent = expected - Counter(name for name, _ in answers)
        return answers, silent

    def _broadcast(
        self,
        command: str,
        destination: list[str] | None = None,
        limit: int | None = None,
        timeout: float | None = None,
        listeners: frozenset[str] | None = None,
        **arguments: Any,
    ) -> Answers:
        """Return the answers: of `limit` workers, or of all `listeners`, or those within the time."""
        replies: list[dict[str, Any]] = []
        with suppress(AllAnswered):
            self._control.broadcast(
                command,
                arguments=arguments,
                destination=destination,
                connection=self._connection,
                reply=True,
                timeout=self._timeout if timeout is None else timeout,
                limit=limit,
                callback=replies.append if listeners is None else stop_after(listeners, replies),
            )
        return [pair for reply in replies for pair in reply.items()]


def _demand_broadcast(connection: Any) -> None:
    """Raise a BrokerError where a question reaches no worker: some of kombu's transports have no fanout."""
    if not getattr(connection.default_channel, "supports_fanout", True):
        raise NoBroadcastError(
            "no worker can be asked here: this kind of broker sends nothing to all of them",
            where=spell_server(connection),
            do="Ask on another broker. What only the workers know is not known on this one.",
        )


def _listed(name: str, answer: Any) -> list[Any]:
    if isinstance(answer, list):
        return answer
    raise BrokerError(f"{name} gives no answer but {answer!r}", do="See its log, and ask again.")
