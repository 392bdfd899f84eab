"""Serving metrics over HTTP: those of a worker, and those of `taskcontract metrics`."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakSet

from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from socketserver import BaseServer

__all__ = ["VARIABLE", "Address", "MetricsServer", "demand_prometheus", "read_address"]

VARIABLE = "TASKCONTRACT_METRICS"
"""The environment variable that names the address where a worker serves its metrics."""

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""Where `prometheus_client` has processes write their metrics, so that one of them can serve all."""

ADDRESS = re.compile(r"(?:(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):)?(?P<port>[0-9]{1,5})")
LOCAL = "127.0.0.1"
LAST_PORT = 65_535

_open: WeakSet[BaseServer] = WeakSet()
"""The servers whose sockets a forked child must not keep: with them the port outlives this process."""


class Address(NamedTuple):
    """Where to listen; port 0 is any that is free."""

    host: str
    port: int


def read_address(text: str, place: str) -> Address:
    """Read `127.0.0.1:9540`, `[::1]:9540` or `9540`, which is on this machine alone; a ConfigError else.

    `place` is where the `text` stands.
    """
    read = ADDRESS.fullmatch(text)
    if read is None or int(read["port"]) > LAST_PORT:
        raise ConfigError(
            f"{text!r} is no address to listen at",
            where=place,
            do="Write a host and a port, such as 127.0.0.1:9540, or a port alone.",
        )
    return Address((read["host"] or LOCAL).strip("[]"), int(read["port"]))


def demand_prometheus() -> None:
    """Raise a ConfigError where the library that writes metrics is not installed."""
    try:
        import prometheus_client  # noqa: F401
    except ModuleNotFoundError:
        raise ConfigError(
            "prometheus-client is not installed", do="Install it: pip install 'taskcontract[metrics]'."
        ) from None


class MetricsServer:
    """Serves a `registry` of `prometheus_client` at an `address`, in a thread; a ConfigError if it cannot."""

    def __init__(self, address: Address, registry: Any, place: str) -> None:
        from prometheus_client import start_http_server

        try:
            self._server, self._thread = start_http_server(address.port, address.host, registry)
        except (OSError, UnicodeError) as error:  # the port is taken, the host is none of this machine's
            raise ConfigError(
                f"metrics cannot be served at {_spell(address)}: {error}",
                where=place,
                do="Name another address, or end what listens there. Each worker needs one of its own.",
            ) from None
        _open.add(self._server)
        self.url = f"http://{_spell(Address(address.host, self._server.server_port))}/metrics"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def choose_registry() -> Any:
    """Return the registry of a worker: with the metrics of all its processes, where they write them down.

    What is asked of the broker is written nowhere: the process that serves asks it.
    """
    from prometheus_client import REGISTRY, CollectorRegistry

    if not os.environ.get(MULTIPROCESS):
        return REGISTRY
    from prometheus_client.multiprocess import MultiProcessCollector

    from taskcontract.safety_net.metrics import WATCHED

    registry: Any = CollectorRegistry()
    try:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise ConfigError(str(error), where=MULTIPROCESS, do="Make that folder, empty, first.") from None
    registry.register(WATCHED)
    return registry


def _spell(address: Address) -> str:
    return f"[{address.host}]:{address.port}" if ":" in address.host else f"{address.host}:{address.port}"


def _close_in_child() -> None:
    for server in list(_open):
        server.server_close()


os.register_at_fork(after_in_child=_close_in_child)
