"""An alias is a Celery task of its own; whoever looks at a running system tells it from the name."""

from __future__ import annotations

import logging
from datetime import date
from typing import Annotated, Any

import pytest
from celery import Celery

from taskcontract import Call, Provider, Secret, Service
from taskcontract.errors import ProviderError
from taskcontract.model.contract import Contract, Interaction
from taskcontract.operations.drift import find_drift
from taskcontract.operations.inflight import InFlight
from taskcontract.operations.retirement import judge_retirement
from taskcontract.operations.served_versions import Serving
from taskcontract.reporting.operations import render_retirement
from taskcontract.reporting.page import write_plain
from taskcontract.reporting.usage import render_usage
from taskcontract.safety_net.quarantine import Kept, Note, hide_secrets
from taskcontract.usage import Counted, UsageCounter, Use, UseKey, judge_usage
from taskcontract.usage.store import MemoryStore
from taskcontract.verification.states.worker_capabilities import find_refusal
from taskcontract.verification.worker.serving import describe_capabilities

shop = Service("shop", queue="shop")


@shop.task(version="1.0.0", aliases=("shop.vend",))
def sell(item: str, token: Annotated[str, Secret] = "") -> int: ...


@shop.task(version="2.0.0", supersedes=sell, aliases=("shop.vend_v2", "old.vend"))
def sell_v2(item: str, count: int) -> int: ...


NAMES = ("shop.sell", "shop.vend", "shop.sell_v2", "shop.vend_v2", "old.vend")


def provide(app: Celery) -> Provider:
    provider = Provider(app, shop)
    provider.implements(sell_v2, max_retries=7)(lambda item, count: count)

    @provider.upcasts(sell)
    def one(item: str, token: str = "") -> Call[int]:
        """One piece."""
        return sell_v2.call(item, 1)

    return provider


@pytest.fixture
def app() -> Celery:
    return Celery("shop", set_as_current=False)


def test_each_name_is_a_celery_task_of_its_own(app: Celery) -> None:
    provide(app).check()
    tasks: Any = app.tasks
    assert {name: tasks[name].name for name in NAMES} == {name: name for name in NAMES}
    assert len({id(tasks[name]) for name in NAMES}) == len(NAMES)
    assert {tasks[name].max_retries for name in NAMES} == {7}
    assert [tasks[name]("pen") for name in NAMES[:2]] == [1, 1]
    assert [tasks[name]("pen", 3) for name in NAMES[2:]] == [3, 3, 3]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_somebody_else_has_is_refused(app: Celery, name: str) -> None:
    @app.task(name=name, shared=False)
    def other(item: str) -> int:
        return 0

    with pytest.raises(ProviderError, match="is registered by"):
        provide(app).check()


@pytest.mark.parametrize("name", NAMES)
def test_a_call_is_replaced_by_one_of_the_same_version_alone(app: Celery, name: str) -> None:
    provider = provide(app)

    @provider.downcasts(sell)
    def same(result: int) -> int:
        """As it is."""
        return result

    provider.check()
    route = provider.declared.registrations._routes["shop.vend"]
    signature = app.signature(name, args=("pen",))
    if name in ("shop.sell", "shop.vend"):
        route.refuse_replacement(signature)
    else:
        with pytest.raises(ProviderError, match="cannot be replaced"):
            route.refuse_replacement(signature)


def test_calls_by_an_alias_are_counted_as_such_and_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore()
    counter = UsageCounter(shop.name, lambda: store)
    headers = {"taskcontract": {"version": "1.0.0", "consumer": "web"}}
    with caplog.at_level(logging.WARNING):
        for name in ("shop.sell", "shop.vend", "shop.vend"):
            counter.count(sell, headers, name=name)
        counter.count(sell, {}, name="shop.vend")
        counter.count(sell, {"celery_beat_task": True})
    counter.flush()
    uses = {(use.key.task, use.key.consumer): use.count for use in store.read("shop").uses}
    assert uses == {
        ("shop.sell", "web"): 1,
        ("shop.vend", "web"): 2,
        ("shop.vend", "(unknown)"): 1,
        ("shop.sell", "(beat)"): 1,
    }
    assert [record.getMessage() for record in caplog.records] == [
        "web calls sell@1.0.0 by the alias shop.vend: call shop.sell",
        "(unknown) calls sell@1.0.0 by the alias shop.vend: call shop.sell",
    ]


NOW = 1_800_000_000.0


def counted(*names: str) -> Counted:
    uses = (Use(UseKey("shop", name, "1.0.0", "web"), 1, NOW - 5) for name in names)
    return Counted(tuple(uses), NOW - 90 * 86_400)


def contract(name: str) -> list[Contract]:
    return [Contract("web", "shop", (Interaction("sells", name, "1.0.0"),))]


def message(name: str) -> list[InFlight]:
    return [InFlight("id", name, "1.0.0", "web", "shop", "waiting")]


@pytest.mark.parametrize("how", ["called", "expected", "in flight"])
@pytest.mark.parametrize(
    ("name", "alias_may_go", "version_may_go"),
    [("shop.sell", True, False), ("shop.vend", False, False), ("shop.sell_v2", True, True)],
)
def test_an_alias_may_go_alone_and_a_version_with_all_its_names(
    how: str, name: str, alias_may_go: bool, version_may_go: bool
) -> None:
    uses = counted(name) if how == "called" else counted()
    contracts = contract(name) if how == "expected" else []
    held = message(name) if how == "in flight" else []
    alone = judge_retirement(sell, contracts, uses, held, alias="shop.vend", now=NOW)
    whole = judge_retirement(sell, contracts, uses, held, now=NOW)
    assert (alone.may_go, whole.may_go) == (alias_may_go, version_may_go)
    assert write_plain(render_retirement(alone)).startswith("shop.vend (an alias of sell@1.0.0) may ")


def test_usage_shows_each_alias_by_itself() -> None:
    lines = write_plain(
        render_usage(judge_usage(shop, counted("shop.vend", "shop.sell_v2"), days=30, now=NOW))
    ).splitlines()
    safe = [line.partition("; ")[2] for line in lines if ";" in line]
    assert [each.rpartition("retire ")[2] for each in safe] == [
        "sell@1.0.0`",
        "safe to remove: no",
        "current",
        "shop.vend_v2`",
        "old.vend`",
    ]
    assert lines[2].startswith("  sell@1.0.0 by its alias shop.vend: 1 consumer")


def test_a_worker_that_lacks_an_alias_is_named() -> None:
    serving = {"w": Serving({"shop.sell": "1.0.0", "shop.sell_v2": "2.0.0"}, frozenset({"shop"}))}
    (worker,) = find_drift(shop.spec(), serving, "celery", date(2026, 12, 1)).workers
    assert worker.missing == (
        "sell@1.0.0 by its alias shop.vend",
        "sell@2.0.0 by its alias shop.vend_v2",
        "sell@2.0.0 by its alias old.vend",
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_contract_may_call_it_by_any_of_its_names(app: Celery, name: str) -> None:
    provide(app).check()
    version = "1.0.0" if name in ("shop.sell", "shop.vend") else "2.0.0"
    offer = describe_capabilities(app, (shop,), ("shop",))
    assert find_refusal(offer, Interaction("sells", name, version, queue="shop")) is None
    assert find_refusal(offer, Interaction("sells", name, "3.0.0", queue="shop")) is not None


def test_a_secret_is_hidden_by_whatever_name_it_is_sent() -> None:
    kept = Kept(
        "1", Note(), b'[["pen", "hunter2"], {}, {}]', "application/json", "utf-8", {"task": "shop.vend"}, {}
    )
    (shown,) = hide_secrets([kept], [shop])
    assert b"hunter2" not in shown.body
