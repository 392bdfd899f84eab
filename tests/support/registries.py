"""Stores of registries for tests: S3 over HTTP, whose requests are served one at a time."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import uuid
from typing import TYPE_CHECKING, Any

from demo.s3 import connect
from taskcontract.model.contract import Contract, Interaction, MatchRule
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.registry.folder_store import FolderStore
from taskcontract.registry.registry import Registry
from taskcontract.registry.s3_store import S3Store
from taskcontract.registry.store import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from taskcontract.registry.store import Store


@contextlib.contextmanager
def serve_s3() -> Iterator[str]:
    """Give the URL of an S3 over HTTP, in a process of its own, which answers one request after another.

    The conditional writes of moto race where it answers several at a time.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.registries"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def _serve() -> None:
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()
    server.shutdown()


def make_bucket(url: str) -> str:
    """Make a bucket at `url`, and return its name."""
    name = f"registry-{uuid.uuid4().hex[:12]}"
    connect(url).create_bucket(Bucket=name)
    return name


def open_store(kind: str, folder: Path, s3_url: str = "") -> Store:
    """Return an empty store of a kind: `memory`, `folder` or `s3`."""
    if kind == "memory":
        return MemoryStore()
    if kind == "folder":
        return FolderStore(folder / "registry")
    return S3Store(make_bucket(s3_url), "team/registry")


def begin(store: Store) -> Registry:
    """Return a registry that begins in `store`."""
    registry = Registry(store)
    registry.begin()
    return registry


def make_spec(service: str, version: str = "1.0.0", **parameters: Any) -> ServiceSpec:
    """Return a service with a task `send`, whose parameters have these schemas."""
    task = TaskSpec(
        "send",
        version,
        f"{service}.send",
        tuple(ParameterSpec(name, schema=schema) for name, schema in (parameters or {"key": TEXT}).items()),
        result=TEXT,
        queue=service,
    )
    return ServiceSpec(service, version, (task,))


TEXT = {"type": "string"}


def make_contract(consumer: str, provider: str, *keys: Any, **options: Any) -> Contract:
    """Return a contract that sends `send` once with each of `keys`."""
    interactions = tuple(
        Interaction(
            f"sends {key!r}",
            f"{provider}.send",
            "1.0.0",
            args=(key,),
            result="s3://b/1",
            rules=(MatchRule("$", "type"),),
            **options,
        )
        for key in keys or ("a.json",)
    )
    return Contract(consumer, provider, interactions)


if __name__ == "__main__":
    _serve()
