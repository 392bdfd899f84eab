"""Brokers of a run's own, with persistence on: none of the machine's is touched."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from taskcontract.embedded import write_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["BROKERS", "Absent", "Broker", "open_broker"]

BROKERS = ("embedded", "redis", "rabbitmq")


class Absent(Exception):  # noqa: N818 - no error: a broker that cannot be had here
    """This broker is not installed."""


class Broker(Protocol):
    """A broker and a result store; `restarting` says what a restart means for it."""

    url: str
    backend: str
    restarting: str

    def restart(self) -> None:
        """Take it away for a moment."""
        ...


@contextmanager
def open_broker(name: str, folder: Path) -> Iterator[Broker]:
    """A fresh broker in `folder`, stopped behind the block; Absent where it is not installed."""
    if name == "embedded":
        yield EmbeddedBroker.open(folder)
        return
    server: Server = _redis(folder) if name == "redis" else _rabbitmq(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        for helper in server.helpers:
            _end(helper)


@dataclass
class EmbeddedBroker:
    """A folder below a link, so that it can be away for all processes at one instant."""

    url: str
    backend: str
    link: Path
    restarting: str = "folder away for 2 s (no server to restart)"

    @classmethod
    def open(cls, folder: Path) -> EmbeddedBroker:
        (folder / "real").mkdir()
        link = folder / "disk"
        link.symlink_to("real")
        url = write_url(link / "broker")
        return cls(url, url, link)

    def restart(self) -> None:
        """Point the link to nowhere for two seconds, as an unmounted disk does."""
        for target, seconds in (("nowhere", 2.0), ("real", 0.0)):
            aside = self.link.with_name("aside")
            aside.symlink_to(target)
            aside.rename(self.link)
            time.sleep(seconds)


@dataclass
class Server:
    """A server process on a free port of the loopback."""

    url: str
    backend: str
    port: int
    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    helpers: list[subprocess.Popen[bytes]]
    patience: float
    restarting: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; returns when it listens."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + self.patience
        while not _listens(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {(self.folder / 'server.log').read_text()}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop it as a service manager does."""
        if self.process is not None:
            _end(self.process, self.patience)

    def restart(self) -> None:
        """Stop and start it."""
        self.stop()
        self.start()


def _redis(folder: Path) -> Server:
    program = shutil.which("redis-server")
    if program is None:
        raise Absent("redis-server is not installed")
    port = _free_port()
    options = f"--bind 127.0.0.1 --port {port} --dir {folder} --appendonly yes --appendfsync everysec --save"
    url = f"redis://127.0.0.1:{port}/0"
    return Server(
        url=url,
        backend=url,
        port=port,
        command=[program, *options.split(), ""],
        environment={},
        folder=folder,
        helpers=[],
        patience=20,
        restarting="redis-server, with its append-only file",
    )


def _rabbitmq(folder: Path) -> Server:
    # Debian's `rabbitmq-server` becomes the user that the machine's own node runs as.
    direct = "/usr/lib/rabbitmq/bin/rabbitmq-server"
    program = direct if os.access(direct, os.X_OK) else shutil.which("rabbitmq-server")
    epmd = shutil.which("epmd")
    if program is None or epmd is None:
        raise Absent("rabbitmq-server is not installed")
    port, names, distribution = _free_port(), _free_port(), _free_port()
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.local = 127.0.0.1:{port}\nlog.console = true\nlog.console.level = warning\n"
    )
    (folder / "env.conf").touch()
    (folder / "plugins").write_text("[].\n")
    environment = {
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_CONF_ENV_FILE": str(folder / "env.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_NODENAME": f"taskcontract{port}@localhost",
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }
    results = folder / "results"
    with (folder / "epmd.log").open("ab") as log:
        helper = subprocess.Popen(
            [epmd, "-address", "127.0.0.1", "-port", str(names)], stdout=log, stderr=log, cwd=folder
        )
    return Server(
        url=f"amqp://guest:guest@127.0.0.1:{port}//",
        backend=write_url(results),
        port=port,
        command=[program],
        environment=environment,
        folder=folder,
        helpers=[helper],
        patience=90,
        restarting="the RabbitMQ node, with its durable queues",
    )


def _end(process: subprocess.Popen[bytes], patience: float = 10) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
