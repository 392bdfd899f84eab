"""What a recording captures of a consumer's calls, and what it refuses; no broker is ever asked."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, chain, chord, group
from celery.result import AsyncResult

from taskcontract import Service, match
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, ContractError, NotServedHereError
from taskcontract.model.contract import ANYTHING, Interaction, MatchRule, ProviderState
from taskcontract.verification.recording.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

shop = Service("shop", queue="shop-queue", serializer="json")
other = Service("other", queue="other-queue")


@dataclass(frozen=True)
class Receipt:
    number: int
    total: Decimal


@shop.task(version="1.0.0")
def price(item: str, count: int = 1) -> str: ...


@shop.task(version="1.0.0")
def pay(amount: str, *, at: datetime | None = None) -> Receipt: ...


@shop.task(version="1.0.0")
def total(amounts: list[str]) -> str: ...


@shop.task(version="1.0.0")
def forget(item: str) -> None: ...


@other.task(version="1.0.0")
def ping(text: str) -> str: ...


@pytest.fixture
def app() -> Iterator[Celery]:
    """An app whose broker and result backend would refuse any connection."""
    app = Celery(
        "consumer",
        broker="amqp://guest@127.0.0.1:1//",
        backend="redis://127.0.0.1:1/0",
        set_as_current=False,
        broker_connection_timeout=0.1,
        broker_transport_options={"max_retries": 0},
        task_publish_retry=False,
    )
    shop.use(app)
    other.use(app)
    yield app
    shop.app = other.app = None


@pytest.fixture
def recorded() -> list[Interaction]:
    return []


@pytest.fixture
def record(app: Celery, recorded: list[Interaction]) -> Callable[..., Recording]:
    def start(service: Service = shop) -> Recording:
        return Recording("consumer", service, description="a call", test="t.py::t", keep=recorded.extend)

    return start


def test_a_call_is_recorded_and_answered(record: Any, recorded: list[Interaction]) -> None:
    with record().given("a shop", city="Bonn").expect(price, returns=match.regex(r"\d+ EUR", "3 EUR")):
        assert price.delay("tea", count=2).get() == "3 EUR"
    assert recorded == [
        Interaction(
            description="a call",
            wire_name="shop.price",
            version="1.0.0",
            args=("tea",),
            kwargs={"count": 2},
            result="3 EUR",
            rules=(MatchRule("$", "regex", {"regex": r"\d+ EUR"}),),
            states=(ProviderState("a shop", {"city": "Bonn"}),),
            queue="shop-queue",
            serializer="json",
            test="t.py::t",
        )
    ]


def test_values_travel_as_json_and_results_come_back_typed(record: Any, recorded: list[Interaction]) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    with record().expect(pay, returns=Receipt(match.integer(7), Decimal("1.50"))):
        assert pay.delay("1.50", at=at).get() == Receipt(7, Decimal("1.50"))
    assert recorded[0].kwargs == {"at": "2026-01-02T00:00:00Z"}
    assert recorded[0].result == {"number": 7, "total": "1.50"}


def test_a_result_that_nobody_looks_at_may_be_anything(record: Any, recorded: list[Interaction]) -> None:
    with record().expect(price).expect(forget):
        price.delay("tea")
        assert forget.delay("tea").get() is None
    assert [each.rules for each in recorded] == [(ANYTHING,), (ANYTHING,)]
    assert [each.description for each in recorded] == ["a call (call 1)", "a call (call 2)"]


def send_options(app: Celery) -> None:
    price.apply_async(("tea",), countdown=30, priority=3, expires=60)


def send_eta(app: Celery) -> None:
    price.apply_async(("tea",), eta=datetime.now(UTC) + timedelta(hours=1))


def send_plain(app: Celery) -> None:
    assert app.send_task("shop.price", ["tea"], queue="shop-queue").get() == "3 EUR"


def send_routed(app: Celery) -> None:
    app.conf.task_routes = {"shop.*": {"queue": "shop-queue"}}
    app.send_task("shop.price", ["tea"])


def send_signature(app: Celery) -> None:
    assert price.s("tea").delay().get() == "3 EUR"


def send_msgpack(app: Celery) -> None:
    price.apply_async(("tea",), serializer="yaml")


def send_with_events(app: Celery) -> None:
    app.conf.task_send_sent_event = True
    price.delay("tea")


def send_from_new_app(app: Celery) -> None:
    late = Celery("late", broker="amqp://127.0.0.1:1//", set_as_current=False)
    late.signature("shop.price", ("tea",), queue="shop-queue").delay()


@pytest.mark.parametrize(
    "send",
    [
        send_options,
        send_eta,
        send_plain,
        send_routed,
        send_signature,
        send_msgpack,
        send_with_events,
        send_from_new_app,
    ],
)
def test_every_way_of_sending_is_captured(
    send: Callable[[Celery], None], app: Celery, record: Any, recorded: list[Interaction]
) -> None:
    with record().expect(price, returns="3 EUR"):
        send(app)
    assert [(each.wire_name, each.args) for each in recorded] == [("shop.price", ("tea",))]


def wire_calls(recorded: list[Interaction]) -> list[tuple[str, tuple[Any, ...]]]:
    return [(each.wire_name.removeprefix("shop."), each.args) for each in recorded]


def test_a_chain_goes_on_with_the_example(record: Any, recorded: list[Interaction]) -> None:
    receipt = {"number": 7, "total": "1.50"}
    with record().expect(price, returns="3 EUR").expect(pay, returns=match.like(receipt)):
        result = chain(price.s("tea"), pay.s()).apply_async()
        assert result.get() == Receipt(7, Decimal("1.50"))
        assert isinstance(result.parent, AsyncResult)
        assert result.parent.get() == "3 EUR"
    assert wire_calls(recorded) == [("price", ("tea",)), ("pay", ("3 EUR",))]


def test_calls_are_recorded_where_they_would_be_eager(
    app: Celery, record: Any, recorded: list[Interaction]
) -> None:
    app.conf.task_always_eager = True
    with record().expect(price, returns="3 EUR").expect(price, returns="3 EUR").expect(pay):
        assert price.delay("tea").get() == "3 EUR"
        chain(price.s("tea"), pay.s()).apply_async()
    assert wire_calls(recorded) == [("price", ("tea",)), ("price", ("tea",)), ("pay", ("3 EUR",))]
    with pytest.raises(NotServedHereError):
        price.delay("tea")


def test_immutable_links_and_callbacks(record: Any, recorded: list[Interaction]) -> None:
    with record().expect(price, returns="3 EUR").expect(forget):
        price.apply_async(("tea",), link=forget.si("milk"))
    assert wire_calls(recorded) == [("price", ("tea",)), ("forget", ("milk",))]


def test_what_needs_no_result_goes_on_after_any_task(
    app: Celery, record: Any, recorded: list[Interaction]
) -> None:
    own = app.signature("consumer.own", (object(),), serializer="pickle")
    with record().expect(price).expect(forget).expect(forget):
        chain(own, app.signature("consumer.more"), price.si("tea"), forget.si("milk")).apply_async()
        chord([own], forget.si("cake"))()
    assert wire_calls(recorded) == [("price", ("tea",)), ("forget", ("milk",)), ("forget", ("cake",))]


def test_a_group_is_captured_part_by_part(record: Any, recorded: list[Interaction]) -> None:
    with record().expect(price, returns="3 EUR").expect(price, returns="4 EUR"):
        assert group(price.s("tea"), price.s("milk")).apply_async().get() == ["3 EUR", "4 EUR"]
    assert wire_calls(recorded) == [("price", ("tea",)), ("price", ("milk",))]


def test_a_chord_goes_on_with_all_results(record: Any, recorded: list[Interaction]) -> None:
    block = record().expect(price, returns="3").expect(price, returns="4")
    with block.expect(total, returns="7"):
        assert chord([price.s("tea"), price.s("milk")], total.s())().get() == "7"
    assert wire_calls(recorded)[-1] == ("total", (["3", "4"],))


def test_a_chord_of_chains_and_a_chord_within_a_chain(record: Any, recorded: list[Interaction]) -> None:
    block = record()
    for answer in ("1", "2", "3", "4"):
        block.expect(price, returns=answer)
    with block.expect(total, returns="6").expect(forget):
        parts = group(price.s("a") | price.si("b"), price.s("c") | price.si("d"))
        assert (parts | total.s() | forget.si("e")).apply_async().get() is None
    assert wire_calls(recorded)[3:] == [("price", ("d",)), ("total", (["2", "4"],)), ("forget", ("e",))]


def test_nested_blocks_keep_two_services_apart(record: Any, recorded: list[Interaction]) -> None:
    with record(shop).expect(price), record(other).expect(ping, returns="pong"):
        price.delay("tea")
        assert ping.delay("x").get() == "pong"
    assert sorted(each.wire_name for each in recorded) == ["other.ping", "shop.price"]


def test_the_consumers_own_tasks_go_nowhere(app: Celery, record: Any, recorded: list[Interaction]) -> None:
    with record().expect(price, returns="3 EUR"):
        app.send_task("consumer.own", [1])
        price.delay("tea")
    assert len(recorded) == 1


def test_all_is_as_before_afterwards(app: Celery, record: Any) -> None:
    before = dict(vars(Celery))
    with record().expect(price):
        price.delay("tea")
    with pytest.raises(ContractError), record().expect(price):
        pass
    assert dict(vars(Celery)) == before
    assert "redis" in app.backend.as_uri()


def old_protocol(app: Celery) -> None:
    app.conf.task_protocol = 1
    price.delay("tea")


def own_result(app: Celery) -> None:
    app.send_task("consumer.own").get(timeout=5)


def directly(run: Callable[[], None]) -> None:
    run()


def swallowing(run: Callable[[], None]) -> None:
    with suppress(Exception):
        run()


def in_a_thread(run: Callable[[], None]) -> None:
    thread = threading.Thread(target=swallowing, args=(run,))
    thread.start()
    thread.join()


@pytest.mark.parametrize("way", [directly, swallowing, in_a_thread])
@pytest.mark.parametrize(
    ("run", "error", "said"),
    [
        (lambda app: price.delay(*["tea", 1, 2]), ArgumentTypeError, "positional"),  # type: ignore[arg-type]
        (lambda app: price.delay(1), ArgumentValueError, "'item'"),  # type: ignore[arg-type]
        (lambda app: price.apply_async(("tea",), count=2), ArgumentTypeError, "count"),  # type: ignore[call-arg]
        (lambda app: price.s("tea", size=1), ArgumentTypeError, "size"),
        (lambda app: price.si(1), ArgumentValueError, "'item'"),  # type: ignore[arg-type]
        (lambda app: price.call("tea", "2"), ArgumentValueError, "'count'"),  # type: ignore[arg-type]
        (lambda app: price.map([1]), ArgumentValueError, "'item'"),
        (lambda app: price("tea"), ArgumentTypeError, "delay"),  # type: ignore[operator]
        (lambda app: app.send_task("shop.price", [1], queue="shop-queue"), ArgumentValueError, "'item'"),
        (lambda app: app.send_task("shop.price", queue="shop-queue"), ArgumentTypeError, "'item'"),
        (
            lambda app: app.send_task("shop.price", ["tea"], {"size": 1}, queue="shop-queue"),
            ArgumentTypeError,
            "'size'",
        ),
        (lambda app: app.send_task("shop.prise", ["tea"]), ContractError, "no task 'shop.prise'"),
        (lambda app: app.send_task("shop.price", ["tea"]), ContractError, "queue 'celery'"),
        (lambda app: price.apply_async(("tea",), queue="elsewhere"), ContractError, "queue 'elsewhere'"),
        (
            lambda app: app.send_task("shop.price", ["tea"], queue="shop-queue", serializer="pickle"),
            ArgumentTypeError,
            "pickle",
        ),
        (lambda app: forget.delay("tea"), ContractError, "price@1.0.0 is expected"),
        (lambda app: [price.delay("tea"), price.delay("milk")], ContractError, "call 2: price('milk')"),
        (lambda app: price.delay("tea").get(timeout=5), ContractError, "returns="),
        (own_result, ContractError, "returns="),
        (old_protocol, ContractError, "protocol 1"),
        (lambda app: chain(price.s("tea"), price.s()).apply_async(), ContractError, "goes into shop.price"),
        (lambda app: chord([price.s("tea")], total.s())(), ContractError, "goes into shop.total"),
        (lambda app: None, ContractError, "not made: price@1.0.0"),
    ],
)
def test_a_wrong_call_fails_the_block(
    way: Callable[[Callable[[], None]], None],
    run: Callable[[Celery], None],
    error: type[Exception],
    said: str,
    app: Celery,
    record: Any,
    recorded: list[Interaction],
) -> None:
    with pytest.raises(error) as caught, record().expect(price):
        way(lambda: run(app))
    assert said in str(caught.value)
    assert recorded == []


def test_an_error_of_the_test_itself_tells_of_the_wrong_call_before(record: Any) -> None:
    def send_and_stumble() -> None:
        swallowing(lambda: price.delay(1))  # type: ignore[arg-type]
        raise KeyError("what the code found instead")

    with pytest.raises(KeyError) as caught, record().expect(price):
        send_and_stumble()
    assert "parameter 'item'" in caught.value.__notes__[0]


def test_calls_of_many_threads_are_recorded_one_by_one(record: Any, recorded: list[Interaction]) -> None:
    block = record()
    for _ in range(20):
        block.expect(price)
    with block:
        threads = [threading.Thread(target=price.delay, args=("tea",)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len({each.description for each in recorded}) == 20


def test_a_refusal_that_the_code_swallows_still_fails_the_block(app: Celery, record: Any) -> None:
    def send_and_shrug() -> None:
        with suppress(ValueError):
            app.send_task("shop.price", [1], queue="shop-queue")
        price.delay("tea")

    with pytest.raises(ArgumentValueError, match="item"), record().expect(price):
        send_and_shrug()


@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        (lambda block: block.expect(ping), "a task of other"),
        (lambda block: block.expect(price, returns=3), "not what it returns"),
        (lambda block: block.expect(pay, returns={"number": 7}), "total"),
        (lambda block: block.expect(price, returns=match.regex("x", "y")), "own matcher"),
        (lambda block: block.__enter__(), "expects no call"),
    ],
)
def test_a_wrong_expectation_is_refused(arrange: Callable[[Recording], Any], said: str, record: Any) -> None:
    with pytest.raises(ContractError) as caught:
        arrange(record())
    assert said in str(caught.value)


def test_a_name_that_no_file_can_have_is_refused(recorded: list[Interaction]) -> None:
    with pytest.raises(ContractError, match="not a name for a consumer"):
        Recording("../a", shop, description="", test="", keep=recorded.extend)
