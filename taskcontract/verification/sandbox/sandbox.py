"""The sandbox of one run: its broker, its result store, its folder and names, and how it is removed."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from taskcontract.errors import BrokerError
from taskcontract.verification.sandbox.run_servers import (
    EMBEDDED,
    choose_backend,
    clean_server,
    polling_options,
    scheme_of,
)

__all__ = ["LOCK", "UNUSED_SECONDS", "RunSandbox", "open_sandbox", "sandbox_from_json"]

LOCK = "lock"
UNUSED_SECONDS = 300
"""How long a server keeps a queue or a result of a run that was never cleaned up."""


@dataclass(frozen=True, slots=True)
class RunSandbox:
    """Where one run happens, apart from all others that use the same servers.

    `run` is a random word that identifies the run. `folder` belongs to the run alone: it holds its logs
    and, on the embedded broker, its messages. `broker` and `backend` are URLs. The worker's process gets
    the same sandbox as JSON, so that either side can clean up when the other is dead.
    """

    run: str
    folder: str
    broker: str
    backend: str

    @property
    def prefix(self) -> str:
        """What the run's keys begin with on servers that know no queues."""
        return f"taskcontract-{self.run}:"

    @property
    def log_file(self) -> str:
        """Where the worker's log goes, one JSON object a line."""
        return f"{self.folder}/log.jsonl"

    def output_file(self, generation: int) -> str:
        """Return the file for the stdout and stderr of the worker process number `generation`."""
        return f"{self.folder}/output-{generation}.txt"

    def transport_options(self) -> dict[str, Any]:
        """Return the transport options of broker and result store, the same for both sides."""
        return {"global_keyprefix": self.prefix, **polling_options(self.broker)}

    def note_queue(self, name: str) -> None:
        """Remember a queue of this run, so that `close` removes it; any process may do so."""
        descriptor = os.open(self._queues_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{name}\n".encode())
        finally:
            os.close(descriptor)

    def read_queues(self) -> tuple[str, ...]:
        """Return each queue that was noted, once."""
        with suppress(FileNotFoundError):
            return tuple(dict.fromkeys(Path(self._queues_file).read_text(encoding="utf-8").split("\n")[:-1]))
        return ()

    def close(self) -> None:
        """Remove what the run left on its servers, then its folder. May be called twice.

        A server that went away in the meantime is left alone: what is left there expires.
        """
        try:
            for url in dict.fromkeys((self.broker, self.backend)):
                clean_server(url, prefix=self.prefix, queues=self.read_queues())
        finally:
            self._remove_folder()

    def _remove_folder(self) -> None:
        """Remove the lock last: while it is there, another run can clean up what is left of this one."""
        with suppress(FileNotFoundError):
            for path in Path(self.folder).iterdir():
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name != LOCK:
                    path.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def to_json(self) -> dict[str, str]:
        """Return this sandbox as JSON data."""
        return asdict(self)

    @property
    def _queues_file(self) -> str:
        return f"{self.folder}/queues.txt"


def open_sandbox(broker: str, backend: str | None) -> RunSandbox:
    """Create a sandbox on `broker`: a URL, or `embedded` for one without a server.

    Without a `backend`, results go to the same server; over a broker that keeps none, to a folder.
    """
    run = os.urandom(5).hex()
    folder = tempfile.mkdtemp(prefix=f"taskcontract-{run}-", dir=_parent_folder(broker))
    inside = _folder_url(folder)
    if scheme_of(broker) == EMBEDDED:
        broker = inside
    if backend is None:
        backend = choose_backend(broker) or inside
    elif scheme_of(backend) == EMBEDDED:
        backend = inside
    return RunSandbox(run=run, folder=folder, broker=broker, backend=backend)


def sandbox_from_json(data: dict[str, str]) -> RunSandbox:
    """Return the sandbox that `RunSandbox.to_json` wrote."""
    return RunSandbox(**data)


def _parent_folder(broker: str) -> str | None:
    """Return the folder that an `embedded://` URL names; None for the system's temporary folder."""
    if scheme_of(broker) != EMBEDDED or not broker.partition("://")[2]:
        return None
    from taskcontract.embedded import read_url
    from taskcontract.embedded.private import make_folder, open_own, say_what_to_do

    folder = read_url(broker)
    try:
        make_folder(str(folder))
        if not folder.stat().st_mode & stat.S_ISVTX:  # else no other user can replace the run's folder
            with open_own(folder):
                pass
    except OSError as error:
        raise BrokerError(
            f"the embedded broker cannot use this folder: {error.strerror}",
            where=str(folder),
            do=say_what_to_do(error, "Let this user write it, or name another."),
        ) from None
    return str(folder)


def _folder_url(folder: str) -> str:
    from taskcontract.embedded import write_url

    return write_url(Path(folder) / "broker")
