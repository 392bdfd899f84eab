"""What a call's message says, whether it is counted, and whether it is let through."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery

from taskcontract import Provider, Service
from taskcontract.errors import (
    RefusedArgumentsError,
    RefusedContentError,
    RefusedMessageError,
    SunsetError,
    UnreadableMessageError,
)
from taskcontract.safety_net.admission import Admission
from taskcontract.safety_net.envelope import Envelope, read_envelope, read_name


def message(headers: Any, body: Any) -> Any:
    return SimpleNamespace(headers=headers, payload=body, delivery_info={})


PROTOCOLS: dict[str, tuple[Any, Any]] = {
    "2": ({"task": "sell", "id": "1"}, [["pen"], {"count": 2}, {}]),
    "2 with a time and limits": (
        {
            "task": "sell",
            "id": "1",
            "eta": "2026-01-31T12:00:00+00:00",
            "timelimit": [None, 3.5],
            "stamps": {},
        },
        [["pen"], {"count": 2}, {}],
    ),
    "2 without what follows": ({"task": "sell", "id": "1"}, [["pen"], {"count": 2}, None]),
    "1": ({}, {"task": "sell", "id": "1", "args": ["pen"], "kwargs": {"count": 2}}),
    "1 in the headers of 2": ({"task": "sell", "id": "1"}, {"args": ["pen"], "kwargs": {"count": 2}}),
}


@pytest.mark.parametrize(("headers", "body"), PROTOCOLS.values(), ids=PROTOCOLS)
def test_a_call_is_read_from_either_protocol(headers: Any, body: Any) -> None:
    got = message(headers, body)
    assert read_name(got) == "sell"
    assert read_envelope(got, "sell") == Envelope("sell", "1", ["pen"], {"count": 2}, headers)


MALFORMED: dict[str, tuple[Any, Any, str]] = {
    "headers": (["a"], [[], {}, {}], "headers are not a mapping"),
    "no name": ({}, {"event": "ping"}, "names no task"),
    "a name that is a list": ({"task": ["sell"]}, [[], {}, {}], "names no task"),
    "no id": ({"task": "sell"}, [[], {}, {}], "no id"),
    "an empty id": ({"task": "sell", "id": ""}, [[], {}, {}], "no id"),
    "a number for an id": ({"task": "sell", "id": 7}, [[], {}, {}], "no id"),
    "two parts": ({"task": "sell", "id": "1"}, [[], {}], "body is not a call's"),
    "text": ({"task": "sell", "id": "1"}, "abc", "body is not a call's"),
    "arguments": ({"task": "sell", "id": "1"}, ["ab", {}, {}], "arguments are not a list"),
    "keywords": ({"task": "sell", "id": "1"}, [[], [], {}], "keywords are not a mapping"),
    "what follows": ({"task": "sell", "id": "1"}, [[], {}, 7], "what follows"),
    "one limit": ({"task": "sell", "id": "1", "timelimit": 5}, [[], {}, {}], "time limits are not two"),
    "limits that are text": (
        {"task": "sell", "id": "1", "timelimit": ["a", "b"]},
        [[], {}, {}],
        "not two numbers",
    ),
    "stamps": ({"task": "sell", "id": "1", "stamps": 7}, [[], {}, {}], "stamps are not a mapping"),
    "stamped headers": ({"task": "sell", "id": "1", "stamped_headers": 7}, [[], {}, {}], "not a list"),
    "a late ETA": (
        {"task": "sell", "id": "1", "eta": "9999-12-31T23:59:59-12:00"},
        [[], {}, {}],
        "ETA is not a time",
    ),
    "an early ETA": (
        {"task": "sell", "id": "1", "eta": "0001-01-01T00:00:00+14:00"},
        [[], {}, {}],
        "ETA is no",
    ),
    "no ETA at all": ({"task": "sell", "id": "1", "eta": "yesterday"}, [[], {}, {}], "ETA is not a time"),
}


@pytest.mark.parametrize(("headers", "body", "fact"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_call_is_refused_with_the_reason(headers: Any, body: Any, fact: str) -> None:
    got = message(headers, body)
    with pytest.raises(UnreadableMessageError, match=fact):
        read_envelope(got, read_name(got))


class Counter:
    """Notes what is counted."""

    def __init__(self) -> None:
        self.counted: list[str] = []
        self.sent: list[tuple[Any, Any]] = []

    def count(self, task: Any, headers: Any, events: Any, **told: Any) -> None:
        redelivered = told["redelivered"]
        self.sent.append((told["args"], told["kwargs"]))
        self.counted.append(f"{task.id} again" if redelivered else task.id)


@pytest.fixture
def shop() -> Any:
    """A gate before a service whose first version is over, and what is counted there."""
    service = Service(f"shop-{uuid4().hex}")

    @service.task(version="1.0.0", sunset="2026-01-31")
    def sell(item: str) -> None: ...

    @service.task(version="2.0.0", supersedes=sell)
    def sell_v2(item: str, count: int = 1) -> None: ...

    app = Celery(set_as_current=False)
    provider = Provider(app, service, today=lambda: date(2026, 2, 1))
    counter: Any = Counter()
    provider.usage = counter
    return SimpleNamespace(
        gate=Admission(app), counted=counter.counted, sent=counter.sent, sell=sell, sell_v2=sell_v2
    )


def pass_gate(shop: Any, task: str, *args: Any, redelivered: bool = False, **kwargs: Any) -> None:
    got = SimpleNamespace(delivery_info={"redelivered": redelivered})
    shop.gate.let_through(Envelope(task, "1", args, kwargs, {}), got, None)


def test_a_call_inside_the_contract_passes_and_is_counted(shop: Any) -> None:
    pass_gate(shop, shop.sell_v2.wire_name, "pen", count=2)
    pass_gate(shop, "somebody.elses", 7)
    assert shop.counted == ["sell@2.0.0"]
    assert shop.sent == [(("pen",), {"count": 2})], "its shape is the caller's"


def test_a_refused_call_is_counted_too(shop: Any) -> None:
    """Who is refused still calls, and would miss the version."""
    with pytest.raises(SunsetError):
        pass_gate(shop, shop.sell.wire_name, "pen")
    with pytest.raises(RefusedArgumentsError):
        pass_gate(shop, shop.sell_v2.wire_name)
    assert shop.counted == ["sell@1.0.0", "sell@2.0.0"]


def test_whoever_counts_knows_that_a_message_comes_again(shop: Any) -> None:
    pass_gate(shop, shop.sell_v2.wire_name, "pen", redelivered=True)
    assert shop.counted == ["sell@2.0.0 again"]


@pytest.mark.parametrize("kwargs", [{"count": "2"}, {"count": object()}, {"other": 1}])
def test_arguments_of_any_kind_are_refused_in_words(shop: Any, kwargs: dict[str, Any]) -> None:
    with pytest.raises(RefusedMessageError) as caught:
        pass_gate(shop, shop.sell_v2.wire_name, "pen", **kwargs)
    assert caught.value.reason == "arguments"


def header(version: Any) -> dict[str, Any]:
    return {"taskcontract": {"version": version, "consumer": "web"}}


REFUSALS = (RefusedArgumentsError, RefusedContentError, UnreadableMessageError)
SKEW = {
    "newer": ("2.1.0", True, True),
    "much newer": ("10.0.0", True, True),
    "older": ("1.9.0", False, True),
    "the same": ("2.0.0", False, False),
    "none": ("", False, False),
    "no version": ("soon", False, True),
    "a lie": ({"a": 1}, False, False),
}


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize(("version", "deploys", "told"), SKEW.values(), ids=SKEW)
def test_a_call_of_a_newer_caller_waits_for_newer_workers(
    shop: Any, refusal: type[RefusedMessageError], version: Any, deploys: bool, told: bool
) -> None:
    first = refusal("it is refused", "sell", "Pass what the signature declares.")
    said = shop.gate.explain_skew(first, shop.sell_v2.wire_name, header(version))
    assert type(said) is refusal
    assert ("its caller has version" in said.what) is told
    assert said.do == (
        f"Deploy the workers that serve sell@{version}, then `taskcontract quarantine replay`."
        if deploys
        else first.do
    )


def test_who_is_late_is_not_told_to_deploy(shop: Any) -> None:
    over = SunsetError("it had its sunset", "sell", "Call sell@2.0.0 instead.")
    assert shop.gate.explain_skew(over, shop.sell.wire_name, header("1.5.0")) is over
    strange = RefusedArgumentsError("x")
    assert shop.gate.explain_skew(strange, "somebody.elses", header("9.0.0")) is strange
