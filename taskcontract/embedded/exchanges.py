"""The exchanges and bindings of a Kombu channel of `embedded://`: files that all processes share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from kombu.exceptions import ChannelError
from kombu.transport import virtual

from taskcontract.embedded.routes import Binding

if TYPE_CHECKING:
    from collections.abc import Generator

    from kombu.transport.virtual.exchange import ExchangeType

    from taskcontract.embedded.connection import FolderConnection


class ExchangeChannel(virtual.Channel):
    """Declares exchanges and binds queues to them, whichever process made either."""

    def __init__(self, connection: FolderConnection, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self._routes = connection.routes
        self._state = connection.state
        self._known_types: dict[str, str] = {}

    @property
    def state(self) -> virtual.BrokerState:
        """What was bound through this connection, to bind it again."""
        return self._state

    def exchange_declare(
        self,
        exchange: str | None = None,
        type: str = "direct",  # noqa: A002 - Kombu passes it by this name
        durable: bool = False,
        auto_delete: bool = False,
        arguments: dict[str, Any] | None = None,
        nowait: bool = False,
        passive: bool = False,
    ) -> None:
        """Create an exchange unless it exists; ChannelError for another type, or none when passive."""
        kind = type or "direct"
        exchange = exchange or f"amq.{kind}"
        found = self._routes.find_type(exchange) if passive else self._routes.declare(exchange, kind)
        if found is None:
            raise ChannelError(
                f"NOT_FOUND - no exchange {exchange!r}", (50, 10), "Channel.exchange_declare", 404
            )
        if found != kind and not passive:
            raise ChannelError(
                f"PRECONDITION_FAILED - exchange {exchange!r} is {found}, not {kind}",
                (50, 10),
                "Channel.exchange_declare",
                406,
            )
        self._known_types[exchange] = found

    def exchange_delete(self, exchange: str, if_unused: bool = False, nowait: bool = False) -> None:
        """Remove an exchange and its bindings; the queues stay."""
        self._known_types.pop(exchange, None)
        self._routes.delete(exchange)

    def typeof(self, exchange: str, default: str = "direct") -> ExchangeType:
        """Return the rules of an exchange's type, in whatever process it was declared."""
        kind = self._known_types.get(exchange) or self._routes.find_type(exchange)
        # The base class puts an instance of each type where it declares the types.
        return cast("ExchangeType", self.exchange_types[kind or default])

    def get_exchanges(self) -> list[str]:
        """Return the names of all exchanges in the folder."""
        return self._routes.list_exchanges()

    def list_bindings(self) -> Generator[tuple[str, str, str], None, None]:
        """Yield queue, exchange and routing key of each binding in the folder."""
        for exchange in self.get_exchanges():
            for routing_key, _, queue in self.get_table(exchange):
                yield queue, exchange, routing_key

    def get_table(self, exchange: str) -> list[tuple[str, str, str]]:
        """Return the bindings of an exchange, in whatever process they were made."""
        return [*self._routes.read_bindings(exchange)]

    def queue_bind(
        self,
        queue: str,
        exchange: str | None = None,
        routing_key: str = "",
        arguments: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        """Lead from an exchange to a queue."""
        exchange = exchange or "amq.direct"
        self.state.binding_declare(queue, exchange, routing_key, arguments)
        self._bind(queue, exchange, routing_key, arguments)

    def queue_unbind(
        self,
        queue: str,
        exchange: str | None = None,
        routing_key: str = "",
        arguments: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        """Remove a binding."""
        exchange = exchange or "amq.direct"
        self.state.binding_delete(queue, exchange, routing_key)
        self._routes.unbind(exchange, self._describe(queue, exchange, routing_key, arguments))

    def _bind(self, queue: str, exchange: str, routing_key: str, arguments: Any) -> None:
        self._routes.bind(exchange, self._describe(queue, exchange, routing_key, arguments))

    def _describe(self, queue: str, exchange: str, routing_key: str, arguments: Any) -> Binding:
        pattern = self.typeof(exchange).prepare_bind(queue, exchange, routing_key, arguments)[1]
        return Binding(routing_key, pattern or "", queue)
