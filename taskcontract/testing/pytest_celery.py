"""Nodes for pytest-celery's clusters that are plain processes and servers that run already, without Docker.

`pip install taskcontract[pytest-celery]`; a project's conftest.py gives them out where pytest-celery looks
for its own nodes: see the page *Verification*.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pytest_celery import CeleryTestBackend, CeleryTestBroker, CeleryTestWorker

from taskcontract.errors import VerificationError
from taskcontract.urls import hide_password

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["ServerBackend", "ServerBroker", "WorkerProcess"]

READY = " ready."
"""What a Celery worker logs once it consumes."""
LOOK_AGAIN = 0.02
QUICK = ("--without-mingle", "--without-gossip", "--without-heartbeat")
TAIL = 2_000
"""Characters of a worker's log that an error shows."""


class _Server:
    """What a node of a server shows that runs already, and goes on: it is neither started nor stopped."""

    def __init__(self, url: str, app: Celery | None = None) -> None:
        self.url = url
        self._app = app

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.url == getattr(other, "url", None)

    def ready(self) -> bool:
        """Return True: whether it answers is seen when it is used."""
        return True

    def config(self, *_: Any, **more: Any) -> dict[str, Any]:
        """Return the URL as pytest-celery's clusters ask for it: from a container, and from the host."""
        return {"url": self.url, "host_url": self.url, **more}

    def logs(self) -> str:
        """Return nothing: a server's log is its own."""
        return ""

    def name(self) -> str:
        """Return the URL, without its password."""
        return hide_password(self.url)

    def teardown(self) -> None:
        """Leave the server alone."""


class ServerBroker(_Server, CeleryTestBroker):
    """A broker that runs already, by its URL."""


class ServerBackend(_Server, CeleryTestBackend):
    """A result backend that runs already, by its URL."""


class WorkerProcess(CeleryTestWorker):
    """A worker of `app` (as for `celery -A`) in a process of its own, started in `folder` and at once.

    It uses the servers with the URLs `broker` and `backend`, whatever its app configures by its settings, and
    consumes `queues` (by default those that the app does). `options` go to `celery worker`, and `python` is
    the interpreter to run it with: that of another environment has another version of the service.
    """

    def __init__(
        self,
        app: str,
        *,
        broker: str,
        backend: str,
        queues: str = "",
        folder: str | os.PathLike[str] = ".",
        options: tuple[str, ...] = ("--pool", "threads", "--concurrency", "2"),
        python: str = sys.executable,
        startup_timeout: float = 30.0,
    ) -> None:
        self._app: Celery | None = None
        self._startup_timeout = startup_timeout
        self._hostname = f"{app.partition(':')[0]}-{uuid4().hex[:8]}@localhost"
        self._queues = queues
        handle, name = tempfile.mkstemp(prefix="taskcontract-worker-", suffix=".log")
        self._log = Path(name)
        command = [python, "-m", "celery", "-A", app, "worker", "--loglevel", "info", *QUICK]
        command += ["--hostname", self._hostname, *(("-Q", queues) if queues else ()), *options]
        try:
            with os.fdopen(handle, "wb") as output:
                self._process = subprocess.Popen(  # noqa: S603 - what the test names
                    command,
                    cwd=folder,
                    env={**os.environ, "CELERY_BROKER_URL": broker, "CELERY_RESULT_BACKEND": backend},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                )
        except BaseException:
            self._log.unlink(missing_ok=True)
            raise

    def __eq__(self, other: object) -> bool:
        return self is other

    @property
    def pid(self) -> int:
        """The id of its main process."""
        return self._process.pid

    @property
    def version(self) -> str:
        """The version of its Celery, as far as it is this process's."""
        from celery import __version__

        return str(__version__)

    @property
    def worker_name(self) -> str:
        """Its name, before the `@`."""
        return self._hostname.partition("@")[0]

    @property
    def worker_queue(self) -> str:
        """The first of its queues."""
        return self._queues.partition(",")[0] or "celery"

    def hostname(self) -> str:
        """Return its name as Celery's remote control has it."""
        return self._hostname

    def name(self) -> str:
        """Return its name as Celery's remote control has it."""
        return self._hostname

    def ready(self) -> bool:
        """Wait until it consumes; a VerificationError, with the end of its log, if that comes to nothing."""
        deadline = time.monotonic() + self._startup_timeout
        while READY not in (said := self.logs()):
            code = self._process.poll()
            if code is not None or time.monotonic() > deadline:
                why = f"ended with exit code {code}" if code is not None else "does not consume"
                raise VerificationError(
                    f"the worker {self._hostname} {why} within {self._startup_timeout:g} s",
                    do=f"Its log ends so:\n{said[-TAIL:].rstrip() or '(empty)'}",
                )
            time.sleep(LOOK_AGAIN)
        return True

    def logs(self) -> str:
        """Return all that it has logged."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def kill(self, signal: str | int = "SIGKILL", reload_container: bool = True) -> None:
        """Send its main process a signal."""
        if self._process.poll() is None:
            self._process.send_signal(_number_of(signal))

    def restart(self, reload_container: bool = True, force: bool = False) -> None:
        """Refuse: a worker that has ended is replaced by a new one."""
        raise VerificationError(
            "a worker process is not restarted", do="Make another WorkerProcess with the same arguments."
        )

    def teardown(self) -> None:
        """End it: asked first, then forced. May be called twice."""
        if self._process.poll() is None:
            self._process.terminate()  # its main process alone: the children's signal would disturb its end
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
        self._log.unlink(missing_ok=True)


def _number_of(name: str | int) -> int:
    return signal.Signals[name] if isinstance(name, str) else name
