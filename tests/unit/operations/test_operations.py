"""Retirement and drift are judged from data; uses and messages are shown in plain words."""

from __future__ import annotations

import json
import pickle
from base64 import b64encode
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from kombu.compression import compress

from taskcontract import Service
from taskcontract.model.contract import Contract, Interaction
from taskcontract.operations.drift import find_drift
from taskcontract.operations.inflight import Findings, InFlight
from taskcontract.operations.inflight.message import counted, read_message, read_virtual
from taskcontract.operations.retirement import judge_retirement
from taskcontract.operations.served_versions import Serving
from taskcontract.reporting.operations import (
    render_drift,
    render_in_flight,
    render_retirement,
    spell_age,
)
from taskcontract.reporting.page import write_plain
from taskcontract.reporting.usage import render_usage, render_usage_json
from taskcontract.usage import Counted, Use, UseKey, judge_usage

NOW = 1_800_000_000.0
DAY = 86_400.0

shop = Service("shop", queue="shop")


@shop.task(version="1.0.0", sunset="2027-01-31")
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str, count: int) -> int: ...


def contract(consumer: str, wire_name: str, provider: str = "shop") -> Contract:
    return Contract(consumer, provider, (Interaction("sells", wire_name, "1.0.0"),))


def use(wire_name: str, age: float, consumer: str = "web") -> Use:
    return Use(UseKey("shop", wire_name, "1.0.0", consumer), 3, NOW - age)


def counted_for(days: float, *uses: Use) -> Counted:
    return Counted(uses, NOW - days * DAY)


def found(*messages: InFlight) -> Findings:
    return Findings(messages, ("shop",))


def message(wire_name: str) -> InFlight:
    return InFlight("id", wire_name, "1.0.0", "web", "shop", "waiting")


OLD, NEW = sell.wire_name, sell_v2.wire_name
VERDICTS: dict[str, tuple[list[Any], list[Any], list[Any], bool]] = {
    "nobody": ([], [], [], True),
    "a contract": ([contract("web", OLD)], [], [], False),
    "a contract on the new version": ([contract("web", NEW)], [], [], True),
    "a contract with another provider": ([contract("web", OLD, "bakery")], [], [], True),
    "a recent call": ([], [use(OLD, 29 * DAY)], [], False),
    "an old call": ([], [use(OLD, 31 * DAY)], [], True),
    "a call of the new version": ([], [use(NEW, 1)], [], True),
    "a message in flight": ([], [], [message(OLD)], False),
    "another's message": ([], [], [message(NEW)], True),
}


@pytest.mark.parametrize(("contracts", "uses", "in_flight", "may_go"), VERDICTS.values(), ids=VERDICTS)
def test_a_version_may_go_when_nobody_needs_it(
    contracts: list[Any], uses: list[Any], in_flight: list[Any], may_go: bool
) -> None:
    retirement = judge_retirement(sell, contracts, counted_for(31, *uses), in_flight, days=30, now=NOW)
    assert retirement.may_go is may_go
    assert write_plain(render_retirement(retirement)).startswith("shop.sell@1.0.0 may ")
    assert ("may not go" not in write_plain(render_retirement(retirement))) is may_go


def test_every_reason_is_named() -> None:
    text = write_plain(
        render_retirement(
            judge_retirement(
                sell, [contract("billing", OLD)], counted_for(1, use(OLD, 1)), [message(OLD)] * 2, now=NOW
            )
        )
    )
    assert "billing has a contract" in text
    assert "web called it" in text
    assert "2 of its messages are in flight" in text
    assert "calls have been counted for 1 d only, less than 30 days; --days 1 asks for less" in text


@pytest.mark.parametrize(
    ("known", "days", "said"),
    [
        (counted_for(2 / 24), 30, "counted for 2 h only, less than 30 days; --days 0.08 asks for less"),
        (counted_for(2 / 24), 0.08, "may go"),
        (counted_for(0), 0, "may go"),
        (counted_for(-1), 30, "counted for less than 1 s only, less than 30 days; --days 0 asks for less"),
        (
            None,
            30,
            "this app's beat calls it, nothing is in flight for it, and who called it was not asked",
        ),
    ],
)
def test_no_calls_say_something_only_for_the_time_that_was_counted(
    known: Counted | None, days: float, said: str
) -> None:
    retirement = judge_retirement(sell, [], known, [], days=days, now=NOW)
    assert said in write_plain(render_retirement(retirement))
    assert retirement.may_go is ("may go" in said or "was not asked" in said)


def test_messages_that_cannot_be_told_apart_stand_in_the_way() -> None:
    untold = counted("shop")
    retirement = judge_retirement(sell, [], None, [untold] * 2, now=NOW)
    assert not retirement.may_go
    assert "2 messages in its queue cannot be told apart" in write_plain(render_retirement(retirement))
    assert write_plain(render_in_flight(found(untold, untold))).splitlines()[:2] == [
        "(any task)  ?  counted  2",
        "2 in flight for shop",
    ]


HERE, ELSEWHERE = frozenset({"shop"}), frozenset({"mail"})
SERVING: dict[str, tuple[dict[str, Serving], list[str], bool]] = {
    "nobody": ({}, ["no worker answers"], False),
    "all": ({"w1": Serving({OLD: "1.0.0", NEW: "2.0.0"}, HERE)}, ["w1 keeps the contract"], True),
    "a plain worker that has all": (
        {"w1": Serving({OLD: "", NEW: ""}, HERE)},
        ["w1 keeps the contract"],
        True,
    ),
    "one missing": ({"w1": Serving({OLD: "1.0.0"}, HERE)}, ["w1 does not serve sell@2.0.0"], False),
    "another minor version": (
        {"w1": Serving({OLD: "1.1.0", NEW: "2.0.0"}, HERE)},
        ["w1 serves 1.1.0 where the bindings declare sell@1.0.0"],
        False,
    ),
    "another service's worker beside ours": (
        {"w1": Serving({OLD: "", NEW: ""}, HERE), "w2": Serving({}, ELSEWHERE)},
        ["w1 keeps the contract"],
        True,
    ),
    "two of one name": (
        {"w1": Serving({OLD: "1.0.0", NEW: "2.0.0"}, HERE, 2), "w2": Serving({}, ELSEWHERE, 2)},
        ["2 workers are called w1: give them names with -n"],
        False,
    ),
    "only another service's worker": (
        {"w2": Serving({}, ELSEWHERE)},
        ["no running worker consumes the queue 'shop'"],
        False,
    ),
}


@pytest.mark.parametrize(("serving", "lines", "kept"), SERVING.values(), ids=SERVING)
def test_drift_names_the_worker_and_what_it_lacks(
    serving: dict[str, Serving], lines: list[str], kept: bool
) -> None:
    drift = find_drift(shop.spec(), serving, "celery", date(2026, 12, 1))
    assert write_plain(render_drift("shop", drift)).splitlines() == [f"shop: {line}" for line in lines]
    assert drift.keeps_the_contract is kept


def test_nobody_needs_to_serve_a_version_after_its_sunset() -> None:
    serving = {"w1": Serving({NEW: "2.0.0"}, HERE)}
    for day, missing in ((date(2027, 1, 31), ("sell@1.0.0",)), (date(2027, 2, 1), ())):
        (worker,) = find_drift(shop.spec(), serving, "celery", day).workers
        assert worker.missing == missing


def test_tasks_without_a_queue_are_in_the_default_one() -> None:
    plain = Service("plain")

    @plain.task(version="1.0.0")
    def ping() -> None: ...

    drift = find_drift(plain.spec(), {"w": Serving({}, frozenset({"default"}))}, "default", date(2026, 12, 1))
    assert drift.workers[0].missing == ("ping@1.0.0",)


def test_usage_answers_whether_a_version_may_go() -> None:
    uses = [use(OLD, 7200), use(OLD, 40 * DAY, "cron"), use(NEW, 60)]
    assert write_plain(
        render_usage(judge_usage(shop, counted_for(50, *uses), days=30, now=NOW))
    ).splitlines() == [
        "shop: calls have been counted for 50 d, and counts of killed workers may be missing",
        "  sell@1.0.0: 1 consumer, last seen 2 h ago, sunset 2027-01-31; safe to remove: no",
        "    web   1.0.0  3 calls  2 h ago",
        "    cron  1.0.0  3 calls  40 d ago",
        "  sell@2.0.0: 1 consumer, last seen 1 min ago; current",
        "    web  1.0.0  3 calls  1 min ago",
    ]


@pytest.mark.parametrize(
    ("days", "answer"),
    [
        (
            31,
            "yes, if no contract calls it and nothing is in flight: ask `taskcontract retire sell@1.0.0`",
        ),
        (1, "not known before 30 days are counted"),
    ],
)
def test_a_version_that_was_never_seen_may_go_once_calls_are_counted_long_enough(
    days: float, answer: str
) -> None:
    never = write_plain(render_usage(judge_usage(shop, counted_for(days), days=30, now=NOW))).splitlines()[1]
    assert never.endswith(f"never seen, sunset 2027-01-31; safe to remove: {answer}")


def test_what_was_never_counted_is_not_called_unused() -> None:
    assert (
        write_plain(render_usage(judge_usage(shop, Counted(), days=30)))
        == "shop: no worker has counted its calls yet\n"
    )


def test_usage_as_data_says_what_is_recent() -> None:
    uses = (use(OLD, 1, "a"), use(OLD, 3 * DAY, "b"))
    told: Any = render_usage_json(judge_usage(shop, counted_for(9, *uses), days=2, now=NOW))
    assert told["counted_since"] == NOW - 9 * DAY
    assert [(each["consumer"], each["count"], each["recent"]) for each in told["uses"]] == [
        ("a", 3, True),
        ("b", 3, False),
    ]
    assert [(each["name"], each["recent_consumers"], each["removable"]) for each in told["versions"]] == [
        (OLD, 1, "no"),
        (NEW, 0, "current"),
    ]


def test_messages_are_counted_by_task_version_and_place() -> None:
    text = write_plain(render_in_flight(found(message(OLD), message(OLD), message(NEW))))
    assert text.splitlines() == [
        "shop.sell     1.0.0  waiting  2",
        "shop.sell_v2  1.0.0  waiting  1",
        "3 in flight for shop",
    ]


@pytest.mark.parametrize(
    ("etas", "told"),
    [
        (["2027-01-01T10:00:00.123456+00:00"], "eta 2027-01-01T10:00:00+00:00"),
        (["2027-01-01T10:00:00.1+00:00", "2027-01-01T12:00:00.7+02:00"], "eta 2027-01-01T10:00:00+00:00"),
        (["2027-01-02T00:00:00", "2027-01-01T00:00:00"], "eta 2027-01-01T00:00:00 to 2027-01-02T00:00:00"),
        (["soon"], "eta soon"),
    ],
)
def test_etas_are_told_to_the_second(etas: list[str], told: str) -> None:
    messages = [replace(message(OLD), eta=eta) for eta in etas]
    assert write_plain(render_in_flight(found(*messages))).splitlines()[0].endswith(f"  {told}")


FIRST: dict[str, Any] = {"task": OLD, "id": "7", "args": ["pen"], "kwargs": {}, "eta": None}
"""The body of a message of Celery's first task protocol."""


@pytest.mark.parametrize("packed", [False, True])
def test_a_message_of_protocol_1_says_its_task_in_the_body(packed: bool) -> None:
    body = json.dumps(FIRST).encode()
    headers: dict[str, Any] = {"taskcontract": {"version": "1.0.0", "consumer": "web"}}
    if packed:
        body, kind = compress(body, "zlib")
        headers["compression"] = kind
    stored = {
        "body": b64encode(body).decode(),
        "headers": headers,
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "properties": {"body_encoding": "base64"},
    }
    read = read_virtual(json.dumps(stored), "shop", "waiting")
    assert read == InFlight("7", OLD, "1.0.0", "web", "shop", "waiting")
    assert judge_retirement(sell, [], None, [read]).in_flight == 1


def test_no_code_of_a_sender_runs_to_find_a_task() -> None:
    body = pickle.dumps(FIRST)
    read = read_message(
        {
            "headers": {},
            "body": body,
            "content_type": "application/x-python-serialize",
            "content_encoding": "binary",
        },
        "shop",
        "waiting",
    )
    assert read.task == ""


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'"x"', b'{"headers": 5}', b"\xff", b'{"headers": {"task": 7}}', b'{"body": 5}']
)
def test_a_message_that_cannot_be_read_is_still_counted(raw: bytes) -> None:
    assert read_virtual(raw, "shop", "waiting") == InFlight("", "", "", "", "shop", "waiting")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "just now"), (59, "59 s ago"), (7200, "2 h ago"), (3 * DAY, "3 d ago")]
)
def test_ages_are_spelled_in_their_largest_unit(seconds: float, text: str) -> None:
    assert spell_age(seconds) == text
