"""Inside the worker: what it cannot serve is kept in quarantine, and its caller is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.safety_net.errbacks import add_errback_task
from taskcontract.safety_net.observer import install_observer
from taskcontract.safety_net.quarantine import LIMIT, SETTING, WHEN_FULL, WhenFull, read_limit
from taskcontract.safety_net.step import install_step

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["install_observer", "install_safety_net"]


def install_safety_net(
    app: Celery,
    *,
    quarantine: str | None = None,
    quarantine_limit: int | None = None,
    when_full: WhenFull | None = None,
) -> None:
    """Keep what the workers of `app` cannot serve, instead of losing it; needs no bindings.

    An unknown task, a refused content type, an undecodable or invalid message, and with bindings a
    version after its sunset or arguments outside the contract: each is put into the quarantine queue
    of the same broker before it is acknowledged, and its caller, chain, chord and errbacks get an
    error. Call it before the worker starts. A `Provider` does so by itself. A consumer class of the
    project's own (`worker_consumer`) stays, above the net. `quarantine` names another queue than the
    common one; with `""` nothing is kept: for tests, whose messages may be lost.

    The quarantine takes `quarantine_limit` messages (100,000; 0 for no bound). When it is full, `when_full`
    says what becomes of the next one: `"wait"` (it is not acknowledged before there is room) or `"discard"`
    (it is logged, its caller is told, and it is gone). A ConfigError for other values.

    Calls are counted, as `install_observer` does.
    """
    settings = {SETTING: quarantine, LIMIT: quarantine_limit, WHEN_FULL: when_full}
    given = {key: value for key, value in settings.items() if value is not None}
    read_limit(given)
    for key, value in given.items():
        app.conf[key] = value
    install_observer(app)
    add_errback_task(app)
    install_step(app)
