"""The provider's own app, made to talk to the servers of one run alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.verification.sandbox.sandbox import RunSandbox

__all__ = ["configure", "name_servers"]


def name_servers(sandbox: RunSandbox) -> dict[str, str]:
    """Return the environment in which the app is imported.

    Celery reads URLs from there first; so do other apps that the provider may have.
    """
    names = ("CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL")
    return {
        **dict.fromkeys(names, sandbox.broker),
        "CELERY_RESULT_BACKEND": sandbox.backend,
        # A replayed call does not count as a use of a version.
        "TASKCONTRACT_USAGE": "off",
    }


def configure(app: Celery, sandbox: RunSandbox, run: str) -> None:
    """Let `app` use the sandbox's servers, and queues whose names are those of `run`."""
    from taskcontract.verification.sandbox.run_queues import make_amqp
    from taskcontract.verification.sandbox.sandbox import UNUSED_SECONDS

    app.conf.update(
        broker_url=sandbox.broker,
        broker_read_url=sandbox.broker,
        broker_write_url=sandbox.broker,
        result_backend=sandbox.backend,
        broker_transport_options=sandbox.transport_options(),
        result_backend_transport_options=sandbox.transport_options(),
        broker_connection_retry_on_startup=False,
        result_expires=UNUSED_SECONDS,
        task_always_eager=False,
        worker_direct=False,
        worker_enable_remote_control=False,
        worker_state_db=None,
        # What the worker refuses is the verifier's own: there is nothing to keep.
        taskcontract_quarantine="",
    )
    app.__dict__["amqp"] = make_amqp(sandbox, run)(app)
