"""Everything that reads what others wrote: how it is handed bytes, and how it may refuse them."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from celery import Celery
from kombu import Connection
from kombu.utils.json import loads

from taskcontract.celery_compat.any_message import AnyMessage
from taskcontract.declare.header import find_ours, read_header
from taskcontract.embedded.leases import Leases
from taskcontract.embedded.routes import Binding, Routes
from taskcontract.errors import BrokerError, ConfigError, RefusedMessageError, TaskContractError
from taskcontract.model.config import read_config
from taskcontract.model.pact import load_contract
from taskcontract.model.spec_file import load_spec
from taskcontract.operations.inflight.message import read_virtual
from taskcontract.safety_net.envelope import read_envelope, read_name
from taskcontract.safety_net.quarantine.kept import read_stored
from taskcontract.usage.file_store import FileStore
from taskcontract.usage.use import Use, UseKey
from taskcontract.verification.calls.replies import read_value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Reader", "make_readers"]

RESULTS: Any = Celery("reader", backend="cache+memory://").backend

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Reader:
    """`read` is given bytes like those of `seed`, and returns, or raises one of `refuses`, or is at fault."""

    name: str
    seed: bytes
    read: Callable[[bytes], object]
    refuses: tuple[type[Exception], ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether its seed can be changed as a value, not only as bytes."""
        try:
            json.loads(self.seed)
        except ValueError:
            return False
        return True


CALL = {
    "body": json.dumps([[1, "two"], {"three": 3}, {"callbacks": None, "errbacks": None, "chain": None}]),
    "content-type": "application/json",
    "content-encoding": "utf-8",
    "headers": {
        "id": "1f0c",
        "task": "shop.order",
        "eta": "2026-11-27T08:00:00+00:00",
        "timelimit": [None, 5],
        "argsrepr": "(1, 'two')",
        "kwargsrepr": "{'three': 3}",
        "stamps": {},
        "stamped_headers": None,
        "retries": 0,
        "taskcontract": {"version": "1.2.0", "consumer": "web", "carried": {"trace": "a"}},
        "taskcontract-quarantine": {"reason": "sunset", "at": "2026-11-27T08:00:00", "queue": "shop"},
    },
    "properties": {
        "correlation_id": "1f0c",
        "reply_to": "box",
        "delivery_mode": 2,
        "delivery_info": {"exchange": "", "routing_key": "shop"},
        "priority": 0,
        "delivery_tag": "tag",
    },
}
OLD_CALL = {
    **CALL,
    "headers": {},
    "body": json.dumps({"task": "shop.order", "id": "1f0c", "args": [1], "kwargs": {}}),
}
RESULT = {
    "status": "FAILURE",
    "task_id": "1f0c",
    "traceback": 'Traceback (most recent call last):\n  File "shop.py", line 3, in order\nKeyError: 1\n',
    "result": {
        "exc_type": "GoneError",
        "exc_module": "shop",
        "exc_message": ["gone"],
        "taskcontract": {
            "errors": ["GoneError"],
            "fields": {"left": 0},
            "args": [{"field": "left"}, {"value": "tea"}],
        },
    },
}
CONFIG = """\
[tool.taskcontract]
app = "shop"
timeout = 5
bindings = ["shop_bindings"]
contracts = ["contracts"]
severity = {"param-added" = "breaking"}
fail_on = "breaking"
"""


def make_readers(folder: Path) -> list[Reader]:
    """All readers; those of files have theirs in `folder`."""
    channel: Any = Connection("memory://").channel()
    return [
        Reader("message", _spell(CALL), lambda data: _serve(_message(data, channel)), (RefusedMessageError,)),
        Reader(
            "old message",
            _spell(OLD_CALL),
            lambda data: _serve(_message(data, channel)),
            (RefusedMessageError,),
        ),
        Reader("quarantine entry", _spell(CALL), lambda data: _look(data, channel)),
        Reader("message in flight", _spell(OLD_CALL), lambda data: read_virtual(data, "shop", "waiting")),
        Reader("result", _spell(RESULT), _read_result),
        _read_file(folder, "spec.json", (ROOT / "contracts/pusher/2.0.0.json").read_bytes(), load_spec),
        _read_file(
            folder, "contract.json", (ROOT / "contracts/service-a--pusher.json").read_bytes(), load_contract
        ),
        _read_file(
            folder, "pyproject.toml", CONFIG.encode(), lambda file: read_config(file.parent), (ConfigError,)
        ),
        _read_file(folder, "usage.sqlite", _usage(), _read_usage, (BrokerError,)),
        *_read_spool(folder),
    ]


def _spell(value: Any) -> bytes:
    return json.dumps(value).encode()


def _message(data: bytes, channel: Any) -> Any:
    """The message that a virtual transport makes of a stored text; one without a tag is never delivered."""
    try:
        payload = loads(data)
    except Exception as error:  # the transport's to set aside: nothing else has seen it
        raise RefusedMessageError("the transport cannot read it") from error
    properties = payload.get("properties") if isinstance(payload, dict) else None
    if not isinstance(properties, dict) or not isinstance(properties.get("delivery_tag"), str):
        raise RefusedMessageError("it has no tag")
    if not isinstance(properties.get("delivery_info"), dict):
        raise RefusedMessageError("it was not delivered")
    return AnyMessage(payload, channel=channel)


def _serve(message: Any) -> None:
    name = read_name(message)
    envelope = read_envelope(message, name)
    read_header(envelope.headers)
    find_ours(envelope.headers)


def _look(data: bytes, channel: Any) -> None:
    kept = read_stored(data, channel)
    assert isinstance(kept.id, str)
    assert isinstance(kept.task, str)
    assert isinstance(kept.arguments, str)
    assert kept.fingerprint
    kept.as_message()


def _read_result(data: bytes) -> None:
    reply = read_value(RESULTS, data)
    assert isinstance(reply.status, str)
    assert isinstance(reply.error, str)


def _read_file(
    folder: Path,
    name: str,
    seed: bytes,
    read: Callable[[Path], object],
    refuses: tuple[type[Exception], ...] = (TaskContractError,),
) -> Reader:
    file = folder / name

    def read_bytes(data: bytes) -> object:
        file.write_bytes(data)
        return read(file)

    return Reader(name, seed, read_bytes, refuses)


def _usage() -> bytes:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "usage"
        FileStore(file).add("shop", [Use(UseKey("shop", "shop.order", "1.0.0", "web"), 3, 1.0)], 0.0)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM")
        return file.read_bytes()


def _read_usage(file: Path) -> None:
    FileStore(file).read("shop")


def _read_spool(folder: Path) -> list[Reader]:
    routes = Routes(folder)
    routes.declare("shop", "direct")
    routes.bind("shop", Binding("key", "", "shop"))
    (declared,) = (folder / "exchanges").glob("*/type")
    (bound,) = (each for each in declared.parent.iterdir() if each != declared)
    leases = Leases(folder)
    (folder / "queues").mkdir(exist_ok=True)
    leases.grant("box", 60, "nobody")
    (lease,) = (folder / "queues").glob("*.lease")

    def rewrite(file: Path, read: Callable[[], object]) -> Callable[[bytes], object]:
        def read_bytes(data: bytes) -> object:
            seed = file.read_bytes()
            file.write_bytes(data)
            try:
                return read()
            finally:
                file.write_bytes(seed)

        return read_bytes

    return [
        Reader("exchange", declared.read_bytes(), rewrite(declared, lambda: _list(routes)), (BrokerError,)),
        Reader("binding", bound.read_bytes(), rewrite(bound, lambda: _list(routes)), (BrokerError,)),
        Reader("lease", lease.read_bytes(), rewrite(lease, lambda: list(leases.collect_ended()))),
    ]


def _list(routes: Routes) -> None:
    for exchange in routes.list_exchanges():
        assert isinstance(exchange, str)
    for found in routes.read_bindings("shop"):
        assert all(isinstance(part, str) for part in found)
    assert isinstance(routes.find_type("shop"), str)
