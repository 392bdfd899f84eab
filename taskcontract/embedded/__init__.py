"""An embedded Celery broker and result store: a folder, no server. See `docs/embedded-broker.md`."""

from __future__ import annotations

from taskcontract.embedded.location import default_folder, read_url, write_url

__all__ = ["default_folder", "read_url", "register", "write_url"]


def register() -> None:
    """Make `embedded://` known to Kombu as a broker and to Celery as a result store, by name: none is loaded.

    May be called any number of times. Needs no entry point, so a checkout that was never installed works too.
    """
    from celery.app.backends import BACKEND_ALIASES
    from kombu.transport import TRANSPORT_ALIASES

    TRANSPORT_ALIASES.setdefault("embedded", "taskcontract.embedded.transport:Transport")
    BACKEND_ALIASES.setdefault("embedded", "taskcontract.embedded.backend:EmbeddedBackend")
