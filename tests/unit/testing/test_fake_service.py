"""A fake of a service: what it answers, keeps and refuses, in whatever thread or task; no broker is asked."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast
from uuid import UUID

import pytest
from celery import Celery, chain, chord, group
from celery.exceptions import TimeoutError as CeleryTimeoutError
from pydantic import BaseModel, Field

from taskcontract import Secret, Service, match
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, ContractError
from taskcontract.testing import FakeService, fake_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest_plugins = ["pytester"]

shop = Service("shop", queue="shop")
bank = Service("bank", queue="bank", serializer="msgpack")


@dataclass
class Receipt:
    number: int
    at: datetime
    total: Decimal


class GoneError(Exception):
    """Nothing is left."""

    def __init__(self, item: str, left: int = 0) -> None:
        super().__init__(f"{item} is gone")
        self.item = item
        self.left = left


@shop.task(version="1.0.0", errors=(GoneError,))
def price(item: str, count: int = 1, *, at: datetime | None = None) -> str: ...


@shop.task(version="2.0.0", supersedes=price)
def price_v2(item: str) -> Receipt: ...


@shop.task(version="1.0.0")
def total(amounts: list[str]) -> str: ...


@bank.task(version="1.0.0")
def charge(card: Annotated[str, Secret], amount: int) -> None: ...


@pytest.fixture(autouse=True)
def app() -> Iterator[Celery]:
    """An app whose broker and result backend would refuse any connection."""
    app = Celery(
        "consumer", broker="amqp://guest@127.0.0.1:1//", backend="redis://127.0.0.1:1/0", set_as_current=False
    )
    shop.use(app)
    bank.use(app)
    yield app
    shop.app = bank.app = None


@pytest.fixture
def fake() -> Iterator[FakeService]:
    with fake_service(shop) as fake:
        yield fake


class Size(Enum):
    SMALL = "s"
    LARGE = "l"


class Item(BaseModel):
    name: str = Field(min_length=3)
    tags: list[str] = []
    parts: list[Item] = []


@dataclass
class Holder:
    item: Item
    by_name: dict[str, Item] = field(default_factory=dict)


@pytest.mark.parametrize(
    "annotation",
    [
        str, int, float, bool, bytes, None, Any, datetime, date, timedelta, Decimal, UUID, Size, Item, Holder,
        Receipt, list[Receipt], dict[str, int], tuple[int, str], set[int], str | None, Literal["x", "y"],
        Annotated[int, Field(ge=7, multiple_of=5)], Annotated[str, Field(pattern=r"^s3://[a-z]+$")],
    ],
)  # fmt: skip
def test_a_task_of_which_nothing_is_said_returns_an_example_of_its_type(annotation: Any) -> None:
    service = Service("typed", queue="typed")

    def run() -> Any: ...

    run.__annotations__["return"] = annotation
    task = service.task(version="1.0.0")(run)
    service.app = shop.app
    with fake_service(service):
        first, again = task.delay().get(), task.delay().get()
    assert first == again
    task.binder.result.check(first)


def test_an_example_is_not_the_emptiest_value(fake: FakeService) -> None:
    assert price.delay("tea").get() == "text"
    assert price_v2.delay("tea").get().number == 1


def test_answers_come_in_turn_and_the_last_one_stays(fake: FakeService) -> None:
    fake.on(price).returns("1", "2").raises(GoneError("tea", 3)).returns("4")
    assert [price.delay("tea").get(), price.delay("tea").get()] == ["1", "2"]
    with pytest.raises(GoneError) as caught:
        price.delay("tea").get()
    assert (caught.value.item, caught.value.left) == ("tea", 3)
    assert [price.delay("tea").get() for _ in range(3)] == ["4", "4", "4"]


def test_what_is_said_later_wins_and_certain_arguments_over_any(fake: FakeService) -> None:
    fake.on(price).called_with("milk", match.integer(1)).returns("2")
    fake.on(price).returns("1")
    fake.on(price).returns("3")
    assert [price.delay("tea").get(), price.delay("milk").get(), price.delay("milk", 9).get()] == [
        "3",
        "2",
        "2",
    ]
    fake.on(price).called_with("milk").returns("4")
    assert [price.delay("milk").get(), price.delay("milk", 9).get()] == ["4", "2"]


def test_a_function_gets_what_a_worker_would(fake: FakeService) -> None:
    got: list[Any] = []

    def run(item: str, count: int = 1, *, at: datetime | None = None) -> str:
        got.append((item, count, at))
        if item == "none":
            raise GoneError(item)
        return item * count

    fake.on(price).runs(run)
    at = datetime(2026, 1, 2, tzinfo=UTC)
    assert price.delay("a", 3, at=at).get() == "aaa"
    with pytest.raises(GoneError, match="none is gone"):
        price.delay("none").get()
    assert got == [("a", 3, at), ("none", 1, None)]


def test_results_travel(fake: FakeService) -> None:
    receipt = Receipt(7, datetime(2026, 1, 2, tzinfo=UTC), Decimal("1.50"))
    fake.on(price_v2).returns(receipt)
    result = price_v2.delay("tea").get()
    assert result == receipt
    assert result is not receipt


@pytest.mark.parametrize("error", [KeyError("x"), ZeroDivisionError, RuntimeError("a", 1)])
def test_errors_that_are_not_declared_arrive_as_celery_makes_them(fake: FakeService, error: Any) -> None:
    fake.on(price).raises(error)
    with pytest.raises(error if isinstance(error, type) else type(error)):
        price.delay("tea").get()


def test_a_call_may_stay_pending(fake: FakeService) -> None:
    fake.on(price).stays_pending()
    result = price.delay("tea")
    assert not result.ready()
    with pytest.raises(CeleryTimeoutError):
        result.get(timeout=3600)


def test_calls_are_kept_as_a_worker_gets_them(fake: FakeService) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    price.apply_async(("tea",), {"at": at}, countdown=30, priority=3, headers={"trace": "1"})
    price_v2.delay("milk")
    first, second = fake.calls
    assert (first.task, first.version, first.args, first.kwargs) == (price, "1.0.0", ("tea",), {"at": at})
    assert first.arguments == {"item": "tea", "count": 1, "at": at}
    assert first.options == {
        "queue": "shop", "serializer": "json", "countdown": 30, "priority": 3, "headers": {"trace": "1"}
    }  # fmt: skip
    assert fake.calls_of(price_v2) == [second]
    assert repr(fake.calls) == f"[price('tea', at={at!r}), price('milk')]"


def test_no_secret_is_shown(app: Celery) -> None:
    with fake_service(bank) as fake:
        charge.delay("4711", 10)
    assert repr(fake.calls) == "[charge(***, 10)]"
    assert fake.calls[0].arguments["card"] == "4711"
    assert fake.calls[0].options["serializer"] == "msgpack"


def test_a_canvas_goes_on(fake: FakeService) -> None:
    fake.on(price).runs(lambda item, count=1, at=None: f"{item}!")
    fake.on(total).runs(lambda amounts: "+".join(amounts))
    assert chain(price.s("a"), price.s()).delay().get() == "a!!"
    assert group(price.s("a"), price.s("b"))().get() == ["a!", "b!"]
    assert chord([price.s("a"), price.s("b")], total.s())().get() == "a!+b!"


def test_plain_senders_are_answered_too(fake: FakeService, app: Celery) -> None:
    fake.on(price).returns("3")
    assert app.send_task("shop.price", ["tea"], queue="shop").get() == "3"
    assert Celery("other").signature("shop.price", ("tea",), queue="shop").delay().get() == "3"


@pytest.mark.parametrize(
    ("send", "error"),
    [
        (lambda app: app.send_task("shop.price", [1], queue="shop"), ArgumentValueError),
        (lambda app: app.send_task("shop.price", [], queue="shop"), ArgumentTypeError),
        (lambda app: app.send_task("shop.prise", ["tea"], queue="shop"), ContractError),
        (lambda app: app.send_task("shop.price", ["tea"]), ContractError),
        (
            lambda app: app.send_task("shop.price", ["tea"], queue="shop", serializer="pickle"),
            ArgumentTypeError,
        ),
    ],
)
def test_what_a_worker_would_not_serve_is_refused_even_if_swallowed(
    send: Callable[[Celery], Any], error: type[Exception], app: Celery
) -> None:
    with pytest.raises(error), fake_service(shop):
        send(app)
    with pytest.raises(error), fake_service(shop), suppress(Exception):
        send(app)


def test_a_refusal_of_a_delegate_is_the_callers_to_handle(fake: FakeService) -> None:
    with pytest.raises(ArgumentValueError):
        price.delay(3)  # type: ignore[arg-type]
    assert fake.calls == []


def test_an_assertion_in_a_function_fails_the_test(app: Celery) -> None:
    def run(item: str, count: int = 1, *, at: datetime | None = None) -> str:
        assert item == "milk"
        return ""

    fake = fake_service(shop)
    fake.on(price).runs(run)
    with pytest.raises(AssertionError), fake, suppress(AssertionError):
        price.delay("tea")


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (lambda fake: fake.on(price).returns(3), "3 is not what price@1.0.0 returns, str"),
        (lambda fake: fake.on(price).returns(), "says no result"),
        (lambda fake: fake.on(price).raises(GoneError), "GoneError cannot be raised as it is"),
        (lambda fake: fake.on(price).raises("gone"), "cannot fail with 'gone'"),
        (lambda fake: fake.on(price).raises(KeyboardInterrupt), "cannot fail with"),
        (lambda fake: fake.on(charge), "none of the services that are faked here: shop"),
        (lambda fake: fake.calls_of(charge), "fake_service(pusher, bank)"),
        (lambda fake: fake.on(price).called_with(), "missing a required argument"),
        (lambda fake: fake_service(), "no service"),
        (lambda fake: fake_service(cast("Service", "shop")), "takes services, not 'shop'"),
    ],
)
def test_what_a_test_says_wrong_is_refused(say: Callable[[Any], Any], said: str, fake: FakeService) -> None:
    with pytest.raises(ContractError) as caught:
        say(fake)
    assert said in str(caught.value)


def test_a_function_that_returns_another_type_fails_where_it_is_called(app: Celery) -> None:
    wrong: Any = lambda item, count=1, at=None: 3  # noqa: E731
    fake = fake_service(shop)
    fake.on(price).runs(wrong)
    with pytest.raises(ContractError, match="3 is not what"), fake:
        price.delay("tea")


def test_services_together_and_nested(app: Celery) -> None:
    with fake_service(shop, bank) as both:
        price.delay("tea")
        charge.delay("4711", 1)
    assert len(both.calls) == 2
    with fake_service(shop) as outer, fake_service(bank) as inner:
        price.delay("tea")
        charge.delay("4711", 1)
        with fake_service(shop) as innermost:
            innermost.on(price).returns("9")
            assert price.delay("tea").get() == "9"
    assert [len(each.calls) for each in (outer, inner, innermost)] == [1, 1, 1]


def test_a_service_that_is_imported_twice_is_named(app: Celery) -> None:
    twin = Service("shop", queue="shop")
    other = twin.task(version="1.0.0")(price.function)
    with fake_service(shop) as fake, pytest.raises(ContractError, match="by one name alone"):
        fake.on(other)


def test_threads_and_asyncio(fake: FakeService) -> None:
    fake.on(price).runs(lambda item, count=1, at=None: item)
    items = [str(number) for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda item: price.delay(item).get(), items)) == items

    async def main() -> list[str]:
        return await asyncio.gather(*(price.delay(item).aget(timeout=5) for item in items))

    assert asyncio.run(main()) == items
    assert len(fake.calls) == 80


def test_an_error_of_the_test_tells_of_the_refusal_before(app: Celery) -> None:
    def run() -> None:
        with suppress(Exception):
            app.send_task("shop.price", [1], queue="shop")
        raise KeyError("what the code found instead")

    with pytest.raises(KeyError) as caught, fake_service(shop):
        run()
    assert "parameter 'item'" in caught.value.__notes__[0]


def test_all_is_as_before_afterwards(app: Celery) -> None:
    before = dict(vars(Celery))
    with pytest.raises(ZeroDivisionError), fake_service(shop):
        raise ZeroDivisionError
    assert dict(vars(Celery)) == before


BINDINGS = """
from celery import Celery
from taskcontract import Service
shop = Service("shop", queue="shop")

@shop.task(version="1.0.0")
def price(item: str) -> str: ...

shop.use(Celery("consumer", broker="amqp://127.0.0.1:1//", set_as_current=False))
"""

TESTS = """
import pytest
from taskcontract.testing import fake_service
from shop_bindings import price, shop

@pytest.fixture
def fake():
    with fake_service(shop) as fake:
        yield fake

def test_good(fake):
    assert price.delay("tea").get() == "text"

def test_wrong(fake):
    fake.on(price).runs(lambda item: 3)
    price.delay("tea")
"""


@pytest.mark.process
def test_as_a_fixture_it_fails_a_test_once_at_the_users_line_and_writes_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(shop_bindings=BINDINGS, test_shop=TESTS)
    result = pytester.runpytest_subprocess("-p", "taskcontract.pytest_plugin.plugin", timeout=120)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*test_shop.py:15:*"])
    assert "faking.py:" not in result.stdout.str()
    assert not (pytester.path / "contracts").exists()


@pytest.mark.process
def test_it_needs_neither_pytest_nor_hypothesis_nor_a_provider() -> None:
    code = "import sys; from taskcontract.testing import fake_service, FakeCall, Answers; "
    report = "print(*({'pytest', 'hypothesis', 'taskcontract.provider'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code + report], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == ""
