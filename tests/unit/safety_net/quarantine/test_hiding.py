"""No printed form of a kept message shows a secret, wherever in the message it stands."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import uuid4

import pytest
from celery import Celery, chain, chord, group
from kombu import Connection, Queue
from kombu.serialization import dumps

from taskcontract import Secret, Service
from taskcontract.declare.carried import Carried
from taskcontract.reporting.page import write_plain
from taskcontract.reporting.quarantine import render_kept, render_kept_json, render_kept_list
from taskcontract.safety_net.quarantine import Kept, Note, hide_secrets

KEY = "hunter-2-hünter"
PLAIN = "ordinary"

shop = Service("shop")
open_shop = Service("bakery")


@shop.task(version="1.0.0")
def pay(item: str, token: Annotated[str, Secret], count: int = 1) -> int: ...


@shop.task(version="2.0.0", supersedes=pay)
def pay_v2(token: Annotated[dict[str, str], Secret], item: str) -> int: ...


@shop.task(version="1.0.0")
def many(*tokens: Annotated[str, Secret], **more: Annotated[str, Secret]) -> int: ...


@shop.task(version="1.0.0")
def look(item: str) -> int: ...


@open_shop.task(version="1.0.0")
def bake(bread: str) -> int: ...


SERVICES = [shop, open_shop]


def keep(
    task: str, args: Any, kwargs: Any, *, protocol: int = 2, serializer: str = "json", **more: Any
) -> Kept:
    """What a plain caller's message is: its headers say the arguments too."""
    embed = more.pop("embed", {"callbacks": None, "errbacks": None, "chain": None, "chord": None})
    body: Any = [args, kwargs, embed]
    headers = {"task": task, "id": "1", "argsrepr": repr(args), "kwargsrepr": repr(kwargs), **more}
    if protocol == 1:
        body, headers = {"task": task, "id": "1", "args": args, "kwargs": kwargs, **embed}, {}
    content_type, encoding, raw = dumps(body, serializer)
    data = raw.encode() if isinstance(raw, str) else raw
    note = Note("arguments", f"it cannot be read: {args!r} {kwargs!r}", task=task, do=f"See {args!r}.")
    return Kept("1", note, data, content_type, encoding, headers, {})


def print_all(kept: Kept, services: list[Service] = SERVICES) -> str:
    (shown,) = hide_secrets([kept], services)
    texts = (
        write_plain(render_kept(shown)),
        write_plain(render_kept_list([shown], "in quarantine")),
        json.dumps(render_kept_json(shown)),
    )
    return "\n".join(texts)


def shows(text: str, value: str) -> bool:
    return any(form in text for form in (value, json.dumps(value)[1:-1], json.dumps(json.dumps(value))[3:-3]))


SECRET: dict[str, tuple[str, list[Any], dict[str, Any]]] = {
    "by place": ("shop.pay", [PLAIN, KEY], {}),
    "by name": ("shop.pay", [], {"item": PLAIN, "token": KEY}),
    "inside a dict": ("shop.pay_v2", [{"a": KEY}, PLAIN], {}),
    "in a deep one": ("shop.pay_v2", [{"a": {"b": [KEY]}}, PLAIN], {}),
    "more places": ("shop.many", ["abcd", "efgh", KEY], {"plain": "x"}),
    "more names": ("shop.many", [], {"any": KEY}),
    "a place too many": ("shop.look", [PLAIN, KEY], {}),
    "a name that nobody knows": ("shop.look", [PLAIN], {"token": KEY}),
    "a newer version, by name": ("shop.pay_v3", [], {"token": KEY, "item": PLAIN}),
    "a newer version, by place": ("shop.pay_v3", [KEY, KEY], {"item": PLAIN}),
    "a newer version of what had no secrets": ("shop.look_v2", [PLAIN, KEY], {"token": KEY}),
    "a task that no version has": ("shop.charge", [KEY], {"token": KEY}),
}


@pytest.mark.parametrize("serializer", ["json", "yaml"])
@pytest.mark.parametrize("protocol", [1, 2])
@pytest.mark.parametrize(("task", "args", "kwargs"), SECRET.values(), ids=SECRET)
def test_a_secret_is_shown_nowhere(
    task: str, args: list[Any], kwargs: dict[str, Any], protocol: int, serializer: str
) -> None:
    kept = keep(task, args, kwargs, protocol=protocol, serializer=serializer)
    text = print_all(kept)
    assert not shows(text, KEY)
    assert "***" in text
    assert hide_secrets([kept], [])[0] is kept, "nobody knows of a secret"


@pytest.mark.parametrize(
    ("task", "args", "kwargs"),
    [
        ("shop.pay", [PLAIN, KEY], {}),
        ("shop.pay_v2", [{"a": KEY}, PLAIN], {}),
        ("shop.pay_v3", [KEY], {"item": PLAIN}),
        ("shop.look_v2", [PLAIN, KEY], {}),
    ],
)
def test_what_is_no_secret_is_still_shown(task: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    assert PLAIN in print_all(keep(task, args, kwargs))


@pytest.mark.parametrize(
    ("task", "args", "kwargs"),
    [
        ("shop.look", [KEY], {}),
        ("bakery.bake", [], {"bread": KEY}),
        ("bakery.bake_v2", [KEY], {}),
        ("reports.run", [KEY], {"token": KEY}),
        ("shopping.pay", [KEY], {"token": KEY}),
    ],
)
def test_what_has_no_secret_is_shown_as_it_is(task: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    kept = keep(task, args, kwargs)
    assert hide_secrets([kept], SERVICES) == [kept]


@pytest.fixture(scope="module")
def sent() -> Any:
    """What Celery makes of a canvas: the message as it is sent."""
    app = Celery(broker=f"memory://{uuid4().hex}", backend="cache+memory://", set_as_current=False)

    def send(signature: Any, **options: Any) -> Kept:
        name = uuid4().hex
        signature.apply_async(queue=name, **options)
        with Connection(app.conf.broker_url) as connection:
            message: Any = Queue(name)(connection.default_channel).get(no_ack=True)
        headers, raw = dict(message.headers), message.body
        return Kept("1", Note(), raw.encode() if isinstance(raw, str) else raw, message.content_type,
                    message.content_encoding, headers, {})  # fmt: skip

    app.send = send  # type: ignore[attr-defined]
    return app


def sign(app: Celery, name: str, *args: Any, **kwargs: Any) -> Any:
    return app.signature(name, args=args, kwargs=kwargs)


CANVAS = {
    "a chain": lambda app, one, two: chain(one, two, app=app),
    "a link": lambda app, one, two: one.on_error(two).set(link=[two.clone()]),
    "an errback": lambda app, one, two: one.on_error(two),
    "a group in a chain": lambda app, one, two: chain(one, group([two, two.clone()], app=app), app=app),
    "a chord in a chain": lambda app, one, two: chain(one, chord([two.clone()], two, app=app), app=app),
}


@pytest.mark.parametrize(
    ("args", "kwargs"), [((PLAIN, KEY), {}), ((KEY,), {}), ((), {"token": KEY}), ((PLAIN,), {"token": KEY})]
)
@pytest.mark.parametrize("shape", CANVAS.values(), ids=CANVAS)
@pytest.mark.parametrize("first", ["shop.look", "reports.run"])
def test_a_secret_in_what_follows_a_call_is_shown_nowhere(
    sent: Any, first: str, shape: Any, args: Any, kwargs: Any
) -> None:
    kept = sent.send(shape(sent, sign(sent, first, PLAIN), sign(sent, "shop.pay", *args, **kwargs)))
    assert shows(write_plain(render_kept(kept)), KEY)
    assert not shows(print_all(kept), KEY)


UNREADABLE: dict[str, tuple[str, bytes, str, bool]] = {
    "cut off": ("shop.pay", f'[["x", "{KEY}'.encode(), "application/json", True),
    "pickle": ("shop.pay", KEY.encode(), "application/x-python-serialize", True),
    "no call": ("shop.pay", json.dumps(KEY).encode(), "application/json", True),
    "no list of arguments": ("shop.pay", json.dumps([KEY, {}, {}]).encode(), "application/json", True),
    "no keywords": ("shop.pay", json.dumps([[], KEY, {}]).encode(), "application/json", True),
    "a newer version": ("shop.look_v2", f'[["{KEY}'.encode(), "application/json", True),
    "of no task": ("", f'{{"task": "shop.pay", "args": ["x", "{KEY}'.encode(), "application/json", True),
    "of a task without secrets": ("shop.look", f'[["{KEY}'.encode(), "application/json", False),
    "of somebody else's task": ("reports.run", f'[["{KEY}'.encode(), "application/json", False),
}


@pytest.mark.parametrize(("task", "body", "content_type", "hides"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_hidden_where_it_may_be_secret(
    task: str, body: bytes, content_type: str, hides: bool
) -> None:
    headers = {"task": task, "argsrepr": repr([KEY])} if task else {}
    kept = Kept("1", Note("unreadable"), body, content_type, "utf-8", headers, {})
    assert shows(print_all(kept), KEY) is not hides


def test_what_each_call_carries_is_shown() -> None:
    service = Service("tenants", carries=(Carried("tenant", str, keyword="_tenant"),))

    @service.task(version="1.0.0")
    def enter(token: Annotated[str, Secret]) -> None: ...

    text = print_all(keep("tenants.enter", [], {"token": KEY, "_tenant": "acme-ltd"}), [service])
    assert not shows(text, KEY)
    assert "acme-ltd" in text


def test_what_is_hidden_is_hidden_in_every_header() -> None:
    stamps: dict[str, Any] = {"stamps": {"note": [KEY]}, "x": {"deep": f"for {KEY}"}}
    assert not shows(print_all(keep("shop.pay", [PLAIN, KEY], {}, **stamps)), KEY)


def test_the_message_itself_stays_whole() -> None:
    kept = keep("shop.pay", [PLAIN, KEY], {})
    body = kept.body
    hide_secrets([kept], SERVICES)
    assert kept.body == body
    assert KEY in kept.as_message()["headers"]["argsrepr"]
