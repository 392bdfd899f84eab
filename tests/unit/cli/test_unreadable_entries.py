"""An entry that cannot be read stops nobody from looking at the others, and can be dropped."""

from __future__ import annotations

import bz2
import json
import lzma
import tracemalloc
import zlib
from base64 import b64encode
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract import embedded
from taskcontract.brokers import unpacking
from taskcontract.embedded.location import QUEUES
from taskcontract.embedded.names import MessageNames, encode_name
from taskcontract.operations.inflight import Findings
from taskcontract.operations.inflight.message import read_message
from taskcontract.reporting.operations import render_in_flight
from taskcontract.reporting.page import write_plain
from taskcontract.safety_net.quarantine import Note, Quarantine
from taskcontract.safety_net.quarantine.store import QUEUE

if TYPE_CHECKING:
    from tests.support.project import Project

PLAIN = {
    "body": b64encode(b"[[],{},{}]").decode(),
    "content-type": "application/json",
    "content-encoding": "utf-8",
    "properties": {"body_encoding": "base64", "delivery_info": {}, "delivery_tag": "t"},
}


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


def entry(headers: str, **fields: Any) -> bytes:
    return (
        json.dumps({**PLAIN, **fields, "headers": 0})
        .replace('"headers": 0', f'"headers": {headers}')
        .encode()
    )


ENTRIES = {
    "985 levels": entry('{"id": "bad-one", "task": "shop.pay", "x": ' + nested(985) + "}"),
    "300 levels": entry('{"id": "bad-one", "task": "shop.pay", "x": ' + nested(300) + "}"),
    "100,000 levels": entry('{"id": "bad-one", "x": ' + nested(100_000) + "}"),
    "a nested id": entry('{"id": "bad-one", "task": ' + nested(300) + "}"),
    "nested properties": entry('{"id": "bad-one"}', properties={"correlation_id": json.loads(nested(300))}),
    "a lone surrogate": entry('{"id": "bad-one", "task": "\\ud800"}'),
    "a body that is a deep list": entry(
        '{"id": "bad-one", "task": "shop.pay"}', body=b64encode(b"[" * 985 + b"]" * 985).decode()
    ),
    "a number as body": entry('{"id": "bad-one"}', body=300),
    "no base64": entry('{"id": "bad-one"}', body="a"),
    "no JSON": b'{"id": "bad-one"',
    "5,000 digits": entry('{"id": "bad-one", "x": ' + "9" * 5000 + "}"),
}


def keep_two(project: Project, *entries: bytes) -> Celery:
    """An app whose quarantine has a good message and these entries."""
    embedded.register()
    app = Celery(broker=f"embedded://{project.root}/broker", set_as_current=False)
    good: Any = SimpleNamespace(
        headers={"task": "shop.pay", "id": "good"},
        body=b"[[],{},{}]",
        content_type="application/json",
        content_encoding="utf-8",
        properties={},
        errors=[],
    )
    with Quarantine(app) as quarantine:
        quarantine.keep(good, Note("arguments", queue="shop"))
    folder = project.root / "broker" / QUEUES / encode_name(QUEUE)
    names = MessageNames()
    for raw in entries:
        (folder / names.name_next()).write_bytes(raw)
    return app


@pytest.mark.parametrize("raw", ENTRIES.values(), ids=list(ENTRIES))
def test_an_entry_that_cannot_be_read_is_shown_and_can_be_dropped(raw: bytes, project: Project) -> None:
    with Quarantine(keep_two(project, raw)) as quarantine:
        good, bad = sorted({each.id for each in quarantine.look()}, key=lambda each: each != "good")
        assert good == "good"
        assert [each.id for each in quarantine.replay(lambda kept: kept.id == good).sent] == ["good"]
        assert [each.id for each in quarantine.drop(lambda kept: kept.id == bad)] == [bad]
        assert quarantine.look() == []


def test_the_command_shows_all_of_them_and_drops_one_by_its_id(project: Project) -> None:
    entries = [
        raw.replace(b"bad-one", f"bad-{number}".encode()) for number, raw in enumerate(ENTRIES.values())
    ]
    keep_two(project, *entries)
    broker = ("--broker", f"embedded://{project.root}/broker")
    for form in ("text", "json"):
        listed = project.run("quarantine", "list", *broker, "--format", form)
        assert (listed.returncode, listed.stderr) == (0, "")
        assert "good" in listed.stdout
        assert "bad-0" in listed.stdout
    assert f"{len(ENTRIES) + 1} messages in quarantine" in project.run("quarantine", "list", *broker).stdout
    replayed = project.run("quarantine", "replay", "bad-0", *broker)
    assert "1 not sent: only a part of each is kept" in replayed.stderr
    assert "1 message dropped" in project.run("quarantine", "drop", "bad-0", *broker).stdout
    looked = project.run("inflight", "--queue", "shop", *broker)
    assert looked.returncode == 0, looked.stderr


@pytest.mark.parametrize(
    ("compression", "pack"),
    [("gzip", zlib.compress), ("application/x-bz2", bz2.compress), ("xz", lzma.compress)],
)
def test_a_body_that_unpacks_to_more_than_the_bound_is_not_unpacked(
    compression: str, pack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 1024**2
    monkeypatch.setattr(unpacking, "MOST", most)
    bomb = pack(bytes(16 * most))
    message = {"headers": {"compression": compression}, "body": bomb, "content_type": "application/json"}
    tracemalloc.start()
    read = read_message({**message, "content_encoding": "utf-8"}, "shop", "waiting")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * most
    assert "not looked into: the body of 1 message" in write_plain(
        render_in_flight(Findings((read,), ("shop",)))
    )


def test_a_look_that_stopped_says_so() -> None:
    shown = write_plain(render_in_flight(Findings((), ("shop",), (("shop", 100_000),))))
    assert "only the first 100,000 of shop were looked at" in shown
