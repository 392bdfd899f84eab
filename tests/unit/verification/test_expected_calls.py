"""What a block says of a call that is not the expected one, and of outcomes that are no result."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import asyncio
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import pytest
from celery import Celery, chain, chord, current_app, group, shared_task
from celery.exceptions import TimeoutError as CeleryTimeoutError

from taskcontract import Secret, Service, match
from taskcontract.errors import ContractError
from taskcontract.model.contract import ANYTHING, Contract, Interaction
from taskcontract.model.pact_writing import dump_contract
from taskcontract.verification.interception import intercept
from taskcontract.verification.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

shop = Service("shop", queue="shop")


@dataclass
class Line:
    item: str
    count: int


class GoneError(Exception):
    """Nothing is left."""

    def __init__(self, item: str = "") -> None:
        super().__init__(item)
        self.item = item


@shop.task(version="1.0.0", errors=(GoneError,))
def price(item: str, count: int = 1, *, meta: dict[str, str] | None = None) -> str: ...


@shop.task(version="1.0.0")
def order(line: Line, *more: int, at: datetime | None = None, **notes: str) -> None: ...


@shop.task(version="1.0.0")
def log_in(user: str, password: Annotated[str, Secret]) -> str: ...


@shop.task(version="1.0.0")
def hostile(
    returns: str, /, self: str = "", *, raises: str = "", task: int = 0, pending: bool = True
) -> None: ...


@pytest.fixture(autouse=True)
def app() -> Iterator[Celery]:
    """An app whose broker and result backend would refuse any connection."""
    app = Celery(
        "consumer", broker="amqp://guest@127.0.0.1:1//", backend="redis://127.0.0.1:1/0", set_as_current=False
    )
    shop.use(app)
    yield app
    shop.app = None


def record(kept: list[Interaction] | None = None) -> Recording:
    keep = [] if kept is None else kept
    return Recording("cafe", shop, description="a call", test="t.py::t", keep=keep.extend)


def fail(run: Callable[[], Any], block: Recording) -> str:
    with pytest.raises(ContractError) as caught, block:
        run()
    return str(caught.value)


# -- arguments


@pytest.mark.parametrize(
    "send",
    [
        lambda: price.delay("tea", 2),
        lambda: price.delay("tea", count=2),
        lambda: price.delay(item="tea", count=2, meta=None),
        lambda: price.apply_async(kwargs={"count": 2, "item": "tea"}),
        lambda: price.si("tea", 2).delay(),
    ],
)
def test_arguments_are_compared_by_parameter(send: Callable[[], Any]) -> None:
    kept: list[Interaction] = []
    with record(kept).expect(price, returns="3").called_with("tea", count=2):
        send()
    assert len(kept) == 1


def test_defaults_count_whoever_leaves_them_out() -> None:
    with record().expect(price).called_with("tea").expect(price).called_with("tea", 1, meta=None):
        price.delay("tea", 1)
        price.delay("tea")


def test_values_are_compared_as_they_travel() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    with record().expect(order).called_with(Line("tea", 2), 7, at=at, note="soon"):
        order.delay(Line("tea", 2), 7, at=at, note="soon")
    with record().expect(order).called_with(Line("tea", 2), at=at) as block:
        app = block.service.app
        assert app is not None
        app.send_task(
            "shop.order", [{"count": 2, "item": "tea"}], {"at": "2026-01-02T00:00:00+00:00"}, queue="shop"
        )


def test_a_matcher_keeps_what_differs_from_run_to_run_out_of_the_contract() -> None:
    files = set()
    kept: list[Interaction] = []
    for _ in range(2):
        kept = []
        any_id = match.regex("[0-9a-f-]{36}", "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
        block = record(kept).expect(order)
        with block.called_with(
            Line(any_id, 2), 1, at=match.like(datetime(2026, 1, 1, tzinfo=UTC)), id=any_id
        ):
            order.delay(Line(str(uuid4()), 2), 1, at=datetime.now(UTC), id=str(uuid4()))
        files.add(dump_contract(Contract("cafe", "shop", tuple(kept))))
    assert len(files) == 1
    assert kept[0].args == ({"item": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "count": 2}, 1)
    assert kept[0].kwargs == {"at": "2026-01-01T00:00:00Z", "id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"}
    shop_task = shop.find("shop.order")
    assert shop_task is not None
    shop_task.binder.decode_call(kept[0].args, kept[0].kwargs)


def test_what_differs_is_marked_and_explained() -> None:
    said = fail(
        lambda: price.delay("tea", 3, meta={"by": "ada", "to": "bob"}),
        record().expect(price).called_with("tea", match.integer(2), meta={"by": "eve"}),
    )
    assert said.splitlines() == [
        "call 1 of price@1.0.0 has other arguments than expected",
        "    (- expected, + got)",
        "      price(",
        '          item="tea",',
        "          count=3,",
        '    -     meta={"by":"eve"},',
        '    +     meta={"by":"ada","to":"bob"},'
        '  # $.by: "ada" is not equal to "eve"; the member \'to\' is not expected',
        "      )",
        "  Correct the test or the code.",
    ]


def test_arguments_too_many_and_too_few_are_marked() -> None:
    said = fail(
        lambda: order.delay(Line("tea", 2), 1, 2, more_notes="x"),
        record().expect(order).called_with(Line("tea", 2), 1, note="x"),
    )
    assert '    -     note="x",  # it is missing' in said
    assert "    +     *more[1]=2,  # it is not expected" in said
    assert '    +     more_notes="x",  # it is not expected' in said


def test_a_matcher_says_which_it_is() -> None:
    said = fail(lambda: price.delay("tea"), record().expect(price).called_with(match.regex("[0-9]+", "12")))
    assert '    -     item="12" (by regex "[0-9]+"),' in said
    assert '    +     item="tea",  # "tea" is not of the form [0-9]+' in said


def test_no_difference_shows_a_secret() -> None:
    said = fail(lambda: log_in.delay("ada", "hunter2"), record().expect(log_in).called_with("ada", "hunter3"))
    assert "hunter" not in said
    assert "    +     password=***,  # it differs" in said


def test_a_task_may_have_parameters_of_any_name() -> None:
    kept: list[Interaction] = []
    block = record(kept).expect(hostile).called_with("a", self="b", raises="c", task=2, pending=False)
    with block:
        hostile.delay("a", "b", raises="c", task=2, pending=False)
    assert kept[0].kwargs == {"raises": "c", "task": 2, "pending": False}


@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        (lambda block: block.called_with("tea"), "the arguments of no call"),
        (lambda block: block.expect(price).called_with(), "missing a required argument: 'item'"),
        (lambda block: block.expect(price).called_with("tea", size=1), "unexpected keyword argument 'size'"),
        (lambda block: block.expect(price).called_with("tea", "two"), "'count' of price@1.0.0 is \"two\""),
        (lambda block: block.expect(price).called_with(object()), "no JSON form"),
        (lambda block: block.expect(price).called_with(match.regex("a", "b")), "own matcher"),
        (lambda block: block.expect(price, ready=False, returns="x"), "2 outcomes: returns=, ready=False"),
        (
            lambda block: block.expect(price, raises=GoneError, reply=False),
            "2 outcomes: raises=, reply=False",
        ),
    ],
)
def test_an_expectation_that_no_call_meets_is_refused(arrange: Callable[[Any], Any], said: str) -> None:
    with pytest.raises(ContractError) as caught:
        arrange(record())
    assert said in str(caught.value)


def test_generators_are_no_arguments() -> None:
    with pytest.raises(ContractError, match=r"no JSON form|not str"):
        record().expect(price).called_with(item for item in "tea")


# -- order


def test_calls_in_another_order_name_the_way_out() -> None:
    block = record().expect(price).called_with("tea").expect(price).called_with("milk")
    assert "expected as call 2: for calls in any order, say .in_any_order()" in fail(
        lambda: [price.delay("milk"), price.delay("tea")], block
    )
    block = record().expect(price).called_with("tea").expect(order)
    said = fail(lambda: order.delay(Line("tea", 1)), block)
    assert '    - price(item="tea", count=1, meta=null)\n    + order(' in said
    assert ".in_any_order()" in said


def test_missing_calls_are_listed_beside_those_that_were_made() -> None:
    block = record().expect(price).expect(price).called_with("milk")
    said = fail(lambda: price.delay("tea"), block)
    assert said.splitlines()[:4] == [
        "expected calls of shop were not made: price@1.0.0",
        '    - price(item="milk", count=1, meta=null)',
        "    calls that were made:",
        "      price('tea')",
    ]


def test_in_any_order_the_nearest_expected_call_is_shown() -> None:
    block = record().in_any_order()
    block.expect(price).called_with("tea", 2, meta={}).expect(price).called_with("milk", 2)
    said = fail(lambda: price.delay("milk", 3), block)
    assert '    item="milk",' in said
    assert "    +     count=3,  # 3 is not equal to 2" in said
    assert "nearest of 2" in said
    said = fail(lambda: order.delay(Line("a", 1)), record().in_any_order().expect(price).called_with("tea"))
    assert 'still expected:\n    - price(item="tea", count=1, meta=null)' in said


def test_threads_in_any_order_record_the_same_bytes_each_time() -> None:
    files = set()
    for seed in range(6):
        kept: list[Interaction] = []
        block = record(kept).in_any_order()
        items = [f"item {number}" for number in range(8)]
        for _ in items:
            block.expect(price, returns="1 EUR")
        block.expect(price, returns="2 EUR").called_with("special")
        items.append("special")
        random.Random(seed).shuffle(items)
        with block, ThreadPoolExecutor(4) as pool:
            answers = dict(zip(items, pool.map(lambda item: price.delay(item).get(), items), strict=True))
        assert answers.pop("special") == "2 EUR"
        assert set(answers.values()) == {"1 EUR"}
        files.add(dump_contract(Contract("cafe", "shop", tuple(kept))))
    assert len(files) == 1


def test_asyncio_tasks_and_their_threads_are_recorded() -> None:
    kept: list[Interaction] = []

    async def main() -> list[str]:
        in_threads = [asyncio.to_thread(lambda item=item: price.delay(item).get()) for item in "ab"]
        in_the_loop = [price.delay(item).aget(timeout=5) for item in "cd"]
        return await asyncio.gather(*in_threads, *in_the_loop)

    block = record(kept).in_any_order()
    for item in "abcd":
        block.expect(price, returns=item.upper()).called_with(item)
    with block:
        assert asyncio.run(main()) == ["A", "B", "C", "D"]
    assert [each.args for each in kept] == [("a",), ("b",), ("c",), ("d",)]


def test_a_wrong_call_in_a_task_that_nobody_awaits_fails_the_block() -> None:
    async def main() -> None:
        task = asyncio.create_task(asyncio.to_thread(price.delay, "milk"))
        await asyncio.wait([task])

    said = fail(lambda: asyncio.run(main()), record().expect(price).called_with("tea"))
    assert '"milk" is not equal to "tea"' in said


# -- outcomes without a result


def test_a_pending_result_is_not_there_at_once() -> None:
    kept: list[Interaction] = []
    with record(kept).expect(price, ready=False):
        result = price.delay("tea")
        assert (result.ready(), result.state, result.successful()) == (False, "PENDING", False)
        with pytest.raises(CeleryTimeoutError):
            result.get(timeout=3600)
        with pytest.raises(CeleryTimeoutError):
            asyncio.run(result.aget(timeout=3600))
        with pytest.raises(CeleryTimeoutError):
            group(price.s("milk")).app.GroupResult("x", [result]).get(timeout=3600)
    assert kept[0].rules == (ANYTHING,)


def test_what_waits_for_a_pending_result_is_not_sent() -> None:
    kept: list[Interaction] = []
    with record(kept).expect(price, ready=False).expect(price, ready=False):
        chain(price.s("tea"), price.s()).delay()
        chord([price.s("milk")], order.si(Line("tea", 1)))()
    assert [each.args for each in kept] == [("tea",), ("milk",)]


def test_waiting_for_ever_for_a_pending_result_fails() -> None:
    block = record().expect(price, ready=False)
    assert "without a timeout" in fail(lambda: price.delay("tea").get(), block)

    def poll() -> None:
        result = price.delay("tea")
        while not result.ready():
            pass

    assert "has asked 1,000 times" in fail(poll, record().expect(price, ready=False))


@pytest.mark.parametrize(
    "look",
    [
        lambda result: result.get(timeout=5),
        lambda result: result.ready(),
        lambda result: result.state,
        lambda result: result.result,
        lambda result: asyncio.run(result.aget(timeout=5)),
    ],
)
@pytest.mark.parametrize("task", [price, order])
def test_a_result_that_is_not_read_must_not_be_read(task: Any, look: Callable[[Any], Any]) -> None:
    arguments: Any = "tea" if task is price else Line("tea", 1)

    def run() -> None:
        with suppress(Exception):
            look(task.delay(arguments))

    assert "looks at the result of shop." in fail(run, record().expect(task, reply=False))


def test_a_result_that_is_not_read_is_recorded_as_a_call_that_must_only_succeed() -> None:
    kept: list[Interaction] = []
    with record(kept).expect(price, reply=False):
        price.delay("tea")
    assert (kept[0].rules, kept[0].error) == ((ANYTHING,), None)


@pytest.mark.parametrize(
    "look",
    [
        lambda result: result.get(timeout=5),
        lambda result: result.result,
        lambda result: asyncio.run(result.aget()),
        lambda result: group(price.s("a")).app.GroupResult("x", [result]).get(),
        lambda result: group(price.s("a")).app.AsyncResult(result.id).get(),
        lambda result: group(price.s("a")).app.GroupResult("x", [result]).join_native(),
    ],
)
def test_a_result_that_the_test_does_not_say_ends_no_wait_without_an_error(
    look: Callable[[Any], Any],
) -> None:
    def run() -> None:
        result = price.delay("tea")
        assert result.ready()
        assert result.successful()
        look(result)

    assert "returns=" in fail(run, record().expect(price))


# -- ways of sending


def test_the_consumers_own_stubs_of_a_task_are_recorded(app: Celery) -> None:
    stubbed = Service("stubbed", queue="stubbed")  # of its own: every app gets a shared task

    @stubbed.task(version="1.0.0")
    def measure(item: str) -> str: ...

    @shared_task(name="stubbed.measure")
    def stub(item: str) -> str: ...

    kept: list[Interaction] = []
    block = Recording("cafe", stubbed, description="a call", test="t.py::t", keep=kept.extend)
    for answer in "123":
        block.expect(measure, returns=answer).called_with("tea")
    restore = current_app.set_current
    app.set_current()
    with block:
        assert stub.apply_async(("tea",), queue="stubbed").get() == "1"
        assert app.tasks["stubbed.measure"].s("tea").set(queue="stubbed").delay().get() == "2"
        assert app.send_task(name="stubbed.measure", args=("tea",), queue="stubbed").get() == "3"
    restore()
    assert len(kept) == 3


@pytest.mark.parametrize(
    "send",
    [
        lambda: price.map(["tea", "milk"]).delay(),
        lambda: price.starmap([("tea",), ("milk", 1)]).delay(),
        lambda: price.chunks([("tea",), ("milk",)], 2).group()(),
    ],
)
def test_each_call_of_a_map_is_recorded(send: Callable[[], Any]) -> None:
    kept: list[Interaction] = []
    block = record(kept).expect(price, returns="1").called_with("tea")
    with block.expect(price, returns="2").called_with("milk"):
        result = send().get()
        assert result in (["1", "2"], [["1", "2"]])
    assert [each.wire_name for each in kept] == ["shop.price", "shop.price"]


def test_a_map_ends_with_its_first_error_and_is_as_silent_as_its_calls() -> None:
    with record().expect(price, returns="1").expect(price, raises=GoneError("x")):
        result = price.map(["tea", "x", "never sent"]).delay()
        with pytest.raises(GoneError):
            result.get()
    with record().expect(price, returns="1").expect(price, ready=False):
        assert not price.map(["tea", "milk"]).delay().ready()
    said = fail(lambda: price.map(["tea"]).delay().get(), record().expect(price))
    assert "returns=" in said


def test_an_own_task_runs_where_calls_are_eager_and_what_it_calls_is_recorded(app: Celery) -> None:
    app.conf.task_always_eager = True

    @app.task
    def own(item: str) -> str:
        return price.delay(item).get(disable_sync_subtasks=False) + "!"

    kept: list[Interaction] = []
    with record(kept).expect(price, returns="3").called_with("tea"):
        assert own.delay("tea").get() == "3!"
    assert len(kept) == 1


def test_blocks_of_two_threads_may_overlap() -> None:
    first_is_open, second_is_open = threading.Event(), threading.Event()
    before = dict(vars(Celery))

    def first() -> None:
        with intercept(lambda message: None, lambda error: None):
            first_is_open.set()
            assert second_is_open.wait(10)

    thread = threading.Thread(target=first)
    thread.start()
    assert first_is_open.wait(10)
    with record().expect(price, returns="3"):
        second_is_open.set()
        thread.join()
        assert price.delay("tea").get() == "3"  # the first block's end has not opened a way to the broker
    assert dict(vars(Celery)) == before
