"""Inside the worker: what it cannot serve is kept in quarantine, and its caller is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.provider.quarantine import SETTING

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["install_safety_net"]


def install_safety_net(app: Celery, *, quarantine: str | None = None) -> None:
    """Keep what the workers of `app` cannot serve, instead of losing it; needs no bindings.

    An unknown task, a refused content type, an undecodable or invalid message, and with bindings a
    version after its sunset or arguments outside the contract: each is put into the quarantine queue
    of the same broker before it is acknowledged, and its caller, chain, chord and errbacks get an
    error. Call it before the worker starts. A `Provider` does so by itself. `quarantine` names
    another queue than the common one; with `""` nothing is kept: for tests, whose messages nobody misses.
    """
    if quarantine is not None:
        app.conf[SETTING] = quarantine
    app.conf.worker_consumer = "taskcontract.provider.safety_net.consumer:SafeConsumer"
