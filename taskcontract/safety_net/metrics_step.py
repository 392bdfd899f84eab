"""A worker that serves its metrics: at the address that TASKCONTRACT_METRICS names, from its main process."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from celery import bootsteps, signals

from taskcontract.declare.at_start import say_at_start
from taskcontract.errors import ConfigError
from taskcontract.safety_net.metrics_server import (
    VARIABLE,
    MetricsServer,
    choose_registry,
    demand_prometheus,
    read_address,
)

if TYPE_CHECKING:
    from taskcontract.safety_net.metrics_server import Address

__all__ = ["MetricsStep"]

logger = logging.getLogger("taskcontract.safety_net")


class MetricsStep(bootsteps.StartStopStep):
    """Serves metrics once the worker is ready; where it cannot, the log says so and the worker goes on.

    Not before: a pool that forks while a scrape is answered would copy a lock that nobody opens again.
    """

    label = "taskcontract.metrics"

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self._app = parent.app
        self._address: Address | None = None
        self._server: MetricsServer | None = None

    def include_if(self, parent: Any) -> bool:
        """Return whether an address is named."""
        return bool(os.environ.get(VARIABLE))

    def create(self, parent: Any) -> None:
        """Read the address: a worker that is told nonsense does not start."""
        try:
            demand_prometheus()
            self._address = read_address(os.environ[VARIABLE], VARIABLE)
        except ConfigError as error:
            say_at_start(str(error), parent)
            raise SystemExit(2) from None

    def start(self, parent: Any) -> None:
        """Wait until the worker is ready."""
        signals.worker_ready.connect(self._serve, weak=False)

    def stop(self, parent: Any) -> None:
        """Stop serving with the worker."""
        signals.worker_ready.disconnect(self._serve)
        if self._server is not None:
            self._server.close()
            self._server = None

    def _serve(self, sender: Any = None, **_: Any) -> None:
        if self._address is None or self._server is not None or sender.app is not self._app:
            return
        try:
            self._server = MetricsServer(self._address, choose_registry(), VARIABLE)
        except ConfigError as error:
            logger.error("no metrics are served: %s", error)
        else:
            logger.info("metrics are served at %s", self._server.url)
