"""The room of one run: its broker, its result store, its names, and its end."""

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

__all__ = [
    "ANOTHER_BROKER",
    "CONNECT_SECONDS",
    "RunSandbox",
    "check_servers",
    "open_sandbox",
    "sandbox_from_json",
    "scheme_of",
]

EMBEDDED = "embedded"
LOCK = "lock"
KEY_STORES = ("redis", "rediss", "valkey", "valkeys")
CONNECT_SECONDS = 5.0
ANOTHER_BROKER = (
    "Start it, or name another with --taskcontract-broker or `broker` in [tool.taskcontract]; "
    "`embedded` needs no server."
)
UNUSED_SECONDS = 300
"""How long a server keeps a queue or a result of a run that nobody could clean up."""


@dataclass(frozen=True, slots=True)
class RunSandbox:
    """Where one run happens, apart from all others that use the same servers.

    `run` is a word that no other run has. `folder` is the run's own, for its logs and, on the
    embedded broker, its messages. `broker` and `backend` are URLs. The worker's process gets the
    same room as JSON, so that either side can clean up when the other is dead.
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
        """Where the stdout and stderr of the worker process number `generation` go."""
        return f"{self.folder}/output-{generation}.txt"

    def transport_options(self) -> dict[str, Any]:
        """The transport options of broker and result store, the same for both sides."""
        return {"global_keyprefix": self.prefix}

    def note_queue(self, name: str) -> None:
        """Remember a queue of this run, so that `close` removes it; any process may note one."""
        descriptor = os.open(self._queues_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{name}\n".encode())
        finally:
            os.close(descriptor)

    def read_queues(self) -> tuple[str, ...]:
        """Every queue that was noted, once."""
        with suppress(FileNotFoundError):
            return tuple(dict.fromkeys(Path(self._queues_file).read_text(encoding="utf-8").split("\n")[:-1]))
        return ()

    def close(self) -> None:
        """Remove what the run left on its servers, then its folder. May be called twice.

        A server that went away in the meantime is left alone: it drops the rest by itself.
        """
        try:
            for url in dict.fromkeys((self.broker, self.backend)):
                _clean(self, url)
        finally:
            self._remove_folder()

    def _remove_folder(self) -> None:
        """The lock goes last: while it is there, another run can tell what is left of this one."""
        with suppress(FileNotFoundError):
            for path in Path(self.folder).iterdir():
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name != LOCK:
                    path.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def to_json(self) -> dict[str, str]:
        """This room as JSON data."""
        return asdict(self)

    @property
    def _queues_file(self) -> str:
        return f"{self.folder}/queues.txt"


def open_sandbox(broker: str, backend: str | None) -> RunSandbox:
    """A new room on `broker`: a URL, or `embedded` for one without a server.

    Without a `backend`, results go to the same server; over a broker that keeps none, to a folder.
    """
    run = os.urandom(5).hex()
    scheme = scheme_of(broker)
    folder = tempfile.mkdtemp(prefix=f"taskcontract-{run}-", dir=_parent_folder(broker))
    inside = _folder_url(folder)
    if scheme == EMBEDDED:
        broker = inside
    if backend is None:
        backend = _fitting(scheme, broker) or inside
    elif scheme_of(backend) == EMBEDDED:
        backend = inside
    return RunSandbox(run=run, folder=folder, broker=broker, backend=backend)


def check_servers(broker: str, backend: str | None) -> None:
    """Raise what is wrong with the URLs of a run, or with the server of its broker, before it begins."""
    if scheme_of(broker) != EMBEDDED:
        from taskcontract.servers import check_broker_answers, check_broker_url

        check_broker_url(broker)
        check_broker_answers(broker, seconds=CONNECT_SECONDS, do=ANOTHER_BROKER)
    if backend is not None and scheme_of(backend) not in (EMBEDDED, "rpc"):
        from taskcontract.servers import check_backend_url

        check_backend_url(backend)


def scheme_of(url: str) -> str:
    """`redis` of `redis://127.0.0.1`, `embedded` of `embedded`."""
    return url.partition("://")[0].partition("+")[0].lower()


def sandbox_from_json(data: dict[str, str]) -> RunSandbox:
    """The room that `RunSandbox.to_json` wrote."""
    return RunSandbox(**data)


def _fitting(scheme: str, broker: str) -> str | None:
    if scheme in KEY_STORES:
        return broker
    return "rpc://" if scheme in ("amqp", "amqps", "pyamqp") else None


def _parent_folder(broker: str) -> str | None:
    """Where the run's folder is made: in the folder that an `embedded://` URL names, or among others."""
    if scheme_of(broker) != EMBEDDED or not broker.partition("://")[2]:
        return None
    from taskcontract.embedded import read_url
    from taskcontract.embedded.private import make_folder, open_own, say_what_to_do

    folder = read_url(broker)
    try:
        make_folder(str(folder))
        if not folder.stat().st_mode & stat.S_ISVTX:  # else nobody can put another in the place of the run's
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


def _clean(room: RunSandbox, url: str) -> None:
    scheme = scheme_of(url)
    if scheme in KEY_STORES:
        from taskcontract.verification.cleaning import clean_redis

        clean_redis(url, room.prefix)
    elif scheme not in (EMBEDDED, "rpc"):
        from taskcontract.verification.cleaning import clean_queues

        clean_queues(url, room.read_queues())
