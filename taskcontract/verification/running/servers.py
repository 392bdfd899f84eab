"""The servers of workers that run already, and how their app configures them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from celery.app.defaults import DEFAULTS
from kombu import Exchange, Queue

from taskcontract import embedded
from taskcontract.errors import ConfigError
from taskcontract.servers import check_backend_url, check_broker_url
from taskcontract.urls import hide_password
from taskcontract.verification.calls.caller import Servers

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.model.config import Config

__all__ = ["AS_CONFIGURED", "find_servers", "import_app"]

AS_CONFIGURED = "app"
"""In the place of a URL: the broker that the app itself configures."""

NOT_OURS = ("beat_", "worker_", "task_", "event_", "accept_")
"""How the names of settings begin that say nothing of servers, or that the verifier chooses itself."""

ADVICE = "See that it runs and that the URL is right: it is the one of the workers that run already."


def import_app(config: Config) -> Celery:
    """Return the configured app, with the modules of its tasks; a ConfigError where that fails."""
    from celery.app.utils import find_app

    assert config.app is not None
    if str(config.root) not in sys.path:
        sys.path.insert(0, str(config.root))  # as for its workers, which are started there
    embedded.register()
    try:
        app: Celery = find_app(config.app)
        app.loader.import_default_modules()
    except (Exception, SystemExit) as error:  # whatever importing the user's modules raises
        raise ConfigError(
            f"the app {config.app!r} cannot be imported: {error!r}",
            do="See that `celery -A` finds it: it says how its workers' servers are used.",
        ) from None
    return app


def find_servers(broker: str, backend: str | None, app: Celery | None) -> Servers:
    """Return the servers at these URLs, used as `app` configures it; it names those that are not given.

    Queues are those that the workers consume: nothing is declared. Raises a ConfigError where there is no
    result backend, or a URL that cannot be used.
    """
    embedded.register()
    if broker == AS_CONFIGURED:
        if app is None:
            raise ConfigError(
                "no app is configured whose broker could be used",
                do="Name the broker's URL, or the app: --taskcontract-app.",
            )
        broker = _joined(app.conf.broker_write_url)
    if backend is None and app is not None:
        backend = getattr(app, "backend_cls", None) or app.conf.result_backend
    if not isinstance(backend, str) or backend in ("", "disabled", "disabled://"):
        raise ConfigError(
            f"no result backend is known for the workers at {hide_password(broker)}",
            do="Name the one that they store results in: --taskcontract-backend, or the app that says it.",
        )
    check_broker_url(broker)
    check_backend_url(backend)
    settings = _settings_of(app) if app is not None else {}
    return Servers(broker, backend, settings, _find_queue, ADVICE)


def _find_queue(name: str, _run: str) -> Queue:
    """Return a queue that is there: the nameless exchange leads to it, and nothing is declared."""
    return Queue(name, Exchange(""), routing_key=name, no_declare=True)


def _settings_of(app: Celery) -> dict[str, Any]:
    """Return what `app` configures of its servers: options of transports, TLS, how results are named."""
    settings: Any = app.conf
    return {
        name: settings[name]
        for name, default in DEFAULTS.items()
        if not name.startswith(NOT_OURS) and "_url" not in name and settings.get(name) != default
    }


def _joined(urls: Any) -> str:
    return urls if isinstance(urls, str) else ";".join(urls)
