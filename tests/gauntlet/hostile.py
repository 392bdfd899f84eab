"""The kinds of hostile messages, and one of a kind on its way."""

from __future__ import annotations

import json
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.storm.apps.settings import QUEUE
from tests.support.deep_headers import publish_deep
from tests.support.hostile_messages import ENVELOPES, MESSAGES, mark, mark_envelope
from tests.support.hostile_values import change_bytes, change_value, spell

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.gauntlet.road import Road

    Send = Callable[[Road, str, random.Random], None]

__all__ = ["RARE", "find_kinds"]

RARE = {
    "a body that unpacks to 300 MB": 10,
    "an errback that sleeps for 8 s": 3,
    "headers that fill a frame of RabbitMQ's": 40,
}
"""Kinds that are large or slow, and how many of each are sent at most."""


SLEEPY = {"task": "sleepy", "args": [], "kwargs": {}}


def find_kinds(broker: str) -> dict[str, Send]:
    """Every kind that can be put into a queue of this broker: a name, and what sends one with a marker."""
    kinds: dict[str, Send] = {name: partial(_send_table, name) for name in MESSAGES}
    kinds |= {
        "a task that nobody knows": _send_unknown,
        "a long name of a task": _send_long_name,
        "a version in a brown-out, with an id that no text can have": _send_brown_out,
        "arguments that the bindings do not take": _send_wrong_arguments,
        "an errback that is none": partial(_send_errback, {}),
        "an errback that sleeps for 8 s": partial(_send_errback, SLEEPY),
        "a body that unpacks to 300 MB": _send_bomb,
        "a consumer that lies": _send_liar,
        "a call with changed values": _send_changed,
        "a call with changed bytes": _send_changed_bytes,
        "pickled arguments": _send_pickle,
    }
    if broker == "rabbitmq":
        kinds["headers nested 900 times"] = _send_deep_table
    else:
        kinds |= {f"raw: {name}": partial(_send_envelope, name) for name in ENVELOPES}
        kinds["raw: an envelope with changed values"] = _send_changed_envelope
    return kinds


def _call(marker: str, task: str, *args: Any, **embed: Any) -> tuple[dict[str, Any], list[Any]]:
    """Headers and body of a call, as Celery writes them."""
    headers: dict[str, Any] = {
        "lang": "py", "task": task, "id": marker, "root_id": marker, "parent_id": None, "group": None,
        "retries": 0, "timelimit": [None, None], "eta": None, "expires": None, "argsrepr": repr(args),
        "kwargsrepr": "{}", "origin": "gauntlet", "ignore_result": False, "stamps": {}, "gauntlet": marker,
    }  # fmt: skip
    waiting = {"callbacks": None, "errbacks": None, "chain": None, "chord": None, **embed}
    return headers, [list(args), {}, waiting]


def _send_table(name: str, road: Road, marker: str, rng: random.Random) -> None:
    headers, body, options = mark(MESSAGES[name], marker)
    road.publish(body.encode(), {**headers, "gauntlet": marker}, **options)


def _send_unknown(road: Road, marker: str, rng: random.Random) -> None:
    headers, body = _call(marker, f"unknown.{marker}", 1)
    road.publish(spell(body), headers)


def _send_long_name(road: Road, marker: str, rng: random.Random) -> None:
    headers, body = _call(marker, "n" * 20_000 + marker, 1)
    road.publish(spell(body), headers)


def _send_brown_out(road: Road, marker: str, rng: random.Random) -> None:
    call = {"task": "shop.fading", "id": "\ud800", "args": [marker], "kwargs": {}}
    road.publish(spell(call), {"gauntlet": marker})


def _send_wrong_arguments(road: Road, marker: str, rng: random.Random) -> None:
    headers, body = _call(marker, "shop.price", marker)
    road.publish(spell(body), headers)


def _send_errback(errback: dict[str, Any], road: Road, marker: str, rng: random.Random) -> None:
    headers, body = _call(marker, "unknown", 1, errbacks=[errback])
    road.publish(spell(body), headers)


def _send_bomb(road: Road, marker: str, rng: random.Random) -> None:
    headers, _ = _call(marker, "add", 1, 2)
    pack = zlib.compressobj(9)
    packed = b"".join(pack.compress(b" " * 1_000_000) for _ in range(300)) + pack.flush()
    road.publish(packed, {**headers, "compression": "application/x-gzip"})


def _send_liar(road: Road, marker: str, rng: random.Random) -> None:
    headers, body = _call(marker, "shop.price", 1)
    consumer = rng.choice([f"../{marker}", f"{marker}\x1b[2J", marker * 2_000, f"{marker}/..", marker])
    version = rng.choice(["1.0.0", "9.9.9", "1" * 4_000, "../1", "\u202e"])
    road.publish(spell(body), {**headers, "taskcontract": {"version": version, "consumer": consumer}})


def _send_changed(road: Road, marker: str, rng: random.Random) -> None:
    headers, body = _call(marker, rng.choice(["add", "shop.price"]), marker, 2)
    changed = json.loads(spell(change_value([headers, body], rng)))
    if isinstance(changed, list) and changed and isinstance(changed[0], dict):
        headers, body = changed[0], changed[1:]
    else:
        body = changed
    road.publish(spell(body), {**headers, "gauntlet": marker})


def _send_changed_bytes(road: Road, marker: str, rng: random.Random) -> None:
    headers, body = _call(marker, "add", 1, 2)
    road.publish(change_bytes(spell(body), rng), headers)


def _send_pickle(road: Road, marker: str, rng: random.Random) -> None:
    headers, _ = _call(marker, "add", 1, 2)
    road.publish(b"\x80\x04N.", headers, content_type="application/x-python-serialize")


def _send_deep_table(road: Road, marker: str, rng: random.Random) -> None:
    publish_deep(road.channel, QUEUE, marker.encode(), 900, id=marker, task="add")


def _send_envelope(name: str, road: Road, marker: str, rng: random.Random) -> None:
    road.put(mark_envelope(name, marker))


def _send_changed_envelope(road: Road, marker: str, rng: random.Random) -> None:
    headers, body = _call(marker, "add", 1, 2)
    envelope: Any = change_value(
        {
            "body": json.dumps(body),
            "content-type": "application/json",
            "content-encoding": "utf-8",
            "headers": headers,
            "properties": {
                "correlation_id": marker,
                "delivery_mode": 2,
                "delivery_info": {"exchange": "", "routing_key": QUEUE},
                "delivery_tag": marker,
            },
        },
        rng,
    )
    if not isinstance(envelope, dict):
        envelope = [envelope, marker]
    elif isinstance(envelope.get("headers"), dict):
        envelope["headers"]["gauntlet"] = marker
    elif isinstance(envelope.get("properties"), dict):
        envelope["properties"]["correlation_id"] = marker
    else:
        envelope["gauntlet"] = marker
    road.put(spell(envelope))
