"""A connection of `embedded://` as its channels see it: a folder's parts, and what was bound through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kombu.transport import virtual

from taskcontract.embedded.leases import Leases
from taskcontract.embedded.location import has_served, prepare, read_url
from taskcontract.embedded.routes import Routes
from taskcontract.embedded.spool import Spool

if TYPE_CHECKING:
    from kombu import Connection

__all__ = ["FolderConnection"]


class FolderConnection(virtual.Transport):
    """One connection to a folder; the transport adds its channels and its events."""

    def __init__(self, client: Connection, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.folder = read_url(client.hostname or "")
        if not has_served(self.folder):
            prepare(self.folder)
        self.spool = Spool(self.folder)
        self.routes = Routes(self.folder)
        self.leases = Leases(self.folder)
        #: What was bound through this connection.
        self.state = virtual.BrokerState()
        #: How long each transient queue lives unused, in seconds.
        self.terms: dict[str, float] = {}
