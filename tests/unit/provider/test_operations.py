"""Retirement and drift are judged from data; uses and messages are shown in plain words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from taskcontract import Service
from taskcontract.model.contract import Contract, Interaction
from taskcontract.provider.drift import Serving, find_drift
from taskcontract.provider.inflight import InFlight
from taskcontract.provider.inflight.message import read_virtual
from taskcontract.provider.retirement import judge_retirement
from taskcontract.provider.usage import Use, UseKey
from taskcontract.reporting.operations import (
    render_drift,
    render_in_flight,
    render_retirement,
    render_usage,
    spell_age,
)

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
    retirement = judge_retirement(sell, contracts, uses, in_flight, days=30, now=NOW)
    assert retirement.may_go is may_go
    assert ("may not go" not in render_retirement(retirement)) is may_go


def test_every_reason_is_named() -> None:
    text = render_retirement(
        judge_retirement(sell, [contract("billing", OLD)], [use(OLD, 1)], [message(OLD)] * 2, now=NOW)
    )
    assert "billing has a contract" in text
    assert "web called it" in text
    assert "2 of its messages are in flight" in text


def test_messages_that_cannot_be_told_apart_stand_in_the_way() -> None:
    counted = InFlight("", "", "", "", "shop", "counted")
    retirement = judge_retirement(sell, [], [], [counted] * 2, now=NOW)
    assert not retirement.may_go
    assert "2 messages in its queue cannot be told apart" in render_retirement(retirement)
    assert render_in_flight([counted] * 2, ["shop"]).splitlines()[:2] == [
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
    assert render_drift("shop", drift).splitlines() == [f"shop: {line}" for line in lines]
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
    assert render_usage(shop, uses, days=30, now=NOW).splitlines() == [
        "shop",
        "  sell@1.0.0: 1 consumer, last seen 2 h ago, sunset 2027-01-31; safe to remove: no",
        "    web   1.0.0  3 calls  2 h ago",
        "    cron  1.0.0  3 calls  40 d ago",
        "  sell@2.0.0: 1 consumer, last seen 1 min ago; current",
        "    web  1.0.0  3 calls  1 min ago",
    ]
    never = render_usage(shop, [], days=30, now=NOW).splitlines()[1]
    assert never.endswith("never seen, sunset 2027-01-31; safe to remove: yes, if nothing is in flight")


def test_messages_are_counted_by_task_version_and_place() -> None:
    text = render_in_flight([message(OLD), message(OLD), message(NEW)], ["shop"])
    assert text.splitlines() == [
        "shop.sell     1.0.0  waiting  2",
        "shop.sell_v2  1.0.0  waiting  1",
        "3 in flight for shop",
    ]


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'"x"', b'{"headers": 5}', b"\xff", b'{"headers": {"task": 7}}']
)
def test_a_message_that_cannot_be_read_is_still_counted(raw: bytes) -> None:
    assert read_virtual(raw, "shop", "waiting") == InFlight("", "", "", "", "shop", "waiting")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "just now"), (59, "59 s ago"), (7200, "2 h ago"), (3 * DAY, "3 d ago")]
)
def test_ages_are_spelled_in_their_largest_unit(seconds: float, text: str) -> None:
    assert spell_age(seconds) == text
