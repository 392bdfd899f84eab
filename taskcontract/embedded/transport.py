"""The Kombu transport `embedded://`: a connection is a folder, and an event a message found in it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from kombu.transport import virtual

from taskcontract.celery_compat.virtual_transport import consumed_queues, deliver_one
from taskcontract.embedded.channel import Channel
from taskcontract.embedded.connection import FolderConnection
from taskcontract.embedded.housekeeping import PERIOD, keep_house
from taskcontract.embedded.location import FolderLostError, prepare, write_url
from taskcontract.embedded.polling import INTERVAL, choose_nap

if TYPE_CHECKING:
    from collections.abc import KeysView

    from kombu import Connection

# Others have their turn in a worker's loop after so many messages.
_AT_ONCE = 16


class Transport(FolderConnection):
    """One connection to a folder. `broker_transport_options={"polling_interval": seconds}` sets its pace."""

    Channel = Channel
    can_parse_url = True
    default_port = None
    driver_type = "embedded"
    driver_name = "embedded"
    polling_interval = INTERVAL
    # Outside of the worker's event loop a full prefork pool would block the worker: no remote control.
    implements = virtual.Transport.implements.extend(
        asynchronous=True, exchange_type=frozenset(["direct", "topic", "fanout"])
    )
    connection_errors = (*virtual.Transport.connection_errors, FolderLostError)

    def __init__(self, client: Connection, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self._interval = self.polling_interval or INTERVAL
        self._latest_event = time.monotonic()
        self._next_housekeeping = 0.0
        self._open = True

    def establish_connection(self) -> Transport:
        """Make the folder ready; FolderLostError while that is not possible."""
        prepare(self.folder)
        super().establish_connection()
        return self

    def close_connection(self, connection: Connection) -> None:
        """Close the channels, and leave the worker's event loop."""
        self._open = False
        super().close_connection(connection)

    def driver_version(self) -> str:
        """Say nothing: there is no driver."""
        return "N/A"

    def as_uri(self, uri: str, include_password: bool = False, mask: str = "**") -> str:
        """Return the URL with the folder that it stands for."""
        return write_url(self.folder)

    def drain_events(  # type: ignore[override]  # as in Kombu's own classes
        self, connection: Connection, timeout: float | None = None
    ) -> None:
        """Deliver one message; TimeoutError when none came in `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._deliver_one():
            nap = self._choose_nap()
            if deadline is not None:
                nap = min(nap, deadline - time.monotonic())
            if nap <= 0:
                raise TimeoutError
            time.sleep(nap)

    def register_with_event_loop(self, connection: Connection, loop: Any) -> None:
        """Deliver messages from a worker's event loop for as long as the connection is open."""

        def look() -> None:
            if not self._open:
                return
            nap = 0.0
            try:
                if not all(self._deliver_one() for _ in range(_AT_ONCE)):
                    nap = self._choose_nap()
            finally:
                loop.call_later(nap, look)

        loop.call_later(0, look)

    def _deliver_one(self) -> bool:
        """Hand the next message to its consumer, if there is one and a consumer may have it."""
        now = time.monotonic()
        due = now >= self._next_housekeeping
        if due:
            self._next_housekeeping = now + PERIOD
            keep_house(self.spool, self.routes, self.leases, self.terms.keys() & self._consumed)
        if not (due or self.spool.may_have_news(self._consumed)):
            return False
        if not deliver_one(self):
            return False
        self._latest_event = time.monotonic()
        return True

    def _choose_nap(self) -> float:
        return choose_nap(time.monotonic() - self._latest_event, self._interval)

    @property
    def _consumed(self) -> KeysView[str]:
        return consumed_queues(self)
