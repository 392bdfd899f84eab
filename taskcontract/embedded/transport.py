"""The Kombu transport `embedded://`: a connection is a folder, and an event a message found in it."""

from __future__ import annotations

import sys
import time
from queue import Empty
from typing import TYPE_CHECKING, Any

from kombu.transport import virtual

from taskcontract.embedded.channel import Channel
from taskcontract.embedded.housekeeping import PERIOD, keep_house
from taskcontract.embedded.leases import Leases
from taskcontract.embedded.location import SCHEME, FolderLostError, has_served, prepare, read_url, write_url
from taskcontract.embedded.pace import INTERVAL, choose_nap
from taskcontract.embedded.routes import Routes
from taskcontract.embedded.spool import Spool

if TYPE_CHECKING:
    from collections.abc import KeysView

    from kombu import Connection


class Transport(virtual.Transport):
    """One connection to a folder. `broker_transport_options={"polling_interval": seconds}` sets its pace."""

    Channel = Channel
    can_parse_url = True
    default_port = None
    driver_type = "embedded"
    driver_name = "embedded"
    polling_interval = INTERVAL
    implements = virtual.Transport.implements.extend(exchange_type=frozenset(["direct", "topic", "fanout"]))
    connection_errors = (*virtual.Transport.connection_errors, FolderLostError)

    def __init__(self, client: Connection, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.folder = read_url(client.hostname or SCHEME)
        if not has_served(self.folder):
            prepare(self.folder)
        self.spool = Spool(self.folder)
        self.routes = Routes(self.folder)
        self.leases = Leases(self.folder)
        #: What was bound through this connection.
        self.state = virtual.BrokerState()
        #: How long each transient queue lives unused, in seconds.
        self.terms: dict[str, float] = {}
        self._interval = self.polling_interval or INTERVAL
        self._latest_event = time.monotonic()
        self._next_housekeeping = 0.0

    def establish_connection(self) -> Transport:
        """Make the folder ready; FolderLostError while that is not possible."""
        prepare(self.folder)
        super().establish_connection()
        return self

    def driver_version(self) -> str:
        """Say nothing: there is no driver."""
        return "N/A"

    def as_uri(self, uri: str, include_password: bool = False, mask: str = "**") -> str:
        """Give the URL with the folder that it stands for."""
        return write_url(self.folder)

    def drain_events(  # type: ignore[override]  # as in Kombu's own classes
        self, connection: Connection, timeout: float | None = None
    ) -> None:
        """Deliver one message; TimeoutError when none came in `timeout` seconds, or the worker is to stop."""
        deadline = None if timeout is None else time.monotonic() + timeout
        cycle: Any = self.cycle
        while True:
            now = time.monotonic()
            due = now >= self._next_housekeeping
            if due:
                self._next_housekeeping = now + PERIOD
                keep_house(self.spool, self.routes, self.leases, self.terms.keys() & self._consumed)
            if due or self.spool.may_have_news(self._consumed):
                try:
                    cycle.get(self._deliver, timeout=timeout)
                except Empty:
                    now = time.monotonic()
                else:
                    self._latest_event = time.monotonic()
                    return
            nap = choose_nap(now - self._latest_event, self._interval)
            if deadline is not None:
                nap = min(nap, deadline - now)
            if nap <= 0 or _is_worker_stopping():
                raise TimeoutError
            time.sleep(nap)

    @property
    def _consumed(self) -> KeysView[str]:
        return (self._callbacks or {}).keys()


def _is_worker_stopping() -> bool:
    """Say whether this process is a Celery worker that was told to stop.

    Its loop asks for the events of two seconds, and a signal ends no sleep: it would stop that late.
    """
    state: Any = sys.modules.get("celery.worker.state")
    if state is None:
        return False
    # The exit code 0 is a request too: these are compared as Celery does.
    return not all(flag is None or flag is False for flag in (state.should_stop, state.should_terminate))
