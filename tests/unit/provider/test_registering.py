"""What is declared is registered in Celery's app by us, or the worker refuses to start."""

from __future__ import annotations

import functools
import warnings
from typing import Any

import pytest
from celery import Celery, Task, shared_task

from taskcontract import Call, Provider, Service
from taskcontract.errors import ProviderError

shop = Service("shop")


@shop.task(version="1.0.0")
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str, count: int) -> int: ...


def one(item: str) -> Call[int]:
    """One piece."""
    return sell_v2.call(item, 1)


def serve(item: str, count: int) -> int:
    return count


def priced(price: int, item: str, count: int) -> int:
    """Prices are multiplied."""
    return price * count


class Seller:
    """Sells."""

    def __call__(self, item: str, count: int) -> int:
        return count * 10


class Method:
    def sell(self, item: str, count: int) -> int:
        return count * 100


@pytest.fixture
def provider() -> Provider:
    return Provider(Celery("shop", set_as_current=False), shop)


CALLABLES: dict[str, tuple[Any, int]] = {
    "partial": (functools.partial(priced, 3), 3),
    "partial of a partial": (functools.partial(functools.partial(priced), 4), 4),
    "instance": (Seller(), 10),
    "method": (Method().sell, 100),
    "lambda": (lambda item, count: 7, 7),
}


@pytest.mark.parametrize(("function", "result"), CALLABLES.values(), ids=CALLABLES)
def test_whatever_can_be_called_may_serve(provider: Provider, function: Any, result: int) -> None:
    provider.implements(sell_v2)(function)
    provider.upcasts(sell)(one)
    provider.check()
    assert provider.app.tasks["shop.sell"].apply(("pen",)).get() == result


def test_the_celery_task_tells_of_the_function_behind_it(provider: Provider) -> None:
    provider.implements(sell_v2)(functools.partial(priced, 3))
    provider.app.finalize()
    task: Any = provider.app.tasks["shop.sell_v2"]
    assert (type(task).__name__, task.__doc__, task.__module__) == (
        "priced",
        "Prices are multiplied.",
        __name__,
    )


class Unbindable(Task):
    abstract = True

    @classmethod
    def on_bound(cls, app: Any) -> None:
        raise LookupError("no room\nat all")


def test_what_celery_stumbles_over_is_a_broken_promise(provider: Provider) -> None:
    provider.implements(sell_v2, retry_backoff="often")(serve)
    provider.upcasts(sell)(one)
    with pytest.raises(ProviderError, match=r"2 promise\(s\)") as caught:
        provider.check()
    for version in ("sell@1.0.0", "sell@2.0.0"):
        assert f"{version} cannot be registered for {__file__}:{serve.__code__.co_firstlineno} serve: " in (
            caught.value.what
        )
    assert "ValueError: could not convert string to float: 'often'" in caught.value.what


def test_a_task_that_is_half_registered_is_a_broken_promise(provider: Provider) -> None:
    provider.app.finalize()
    provider.implements(sell_v2, base=Unbindable)(serve)
    provider.upcasts(sell)(one)
    with pytest.raises(ProviderError, match="LookupError: no room"):
        provider.check()


def test_a_worker_with_a_task_that_celery_refuses_ends_with_2(
    provider: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.implements(sell_v2, retry_backoff="often")(serve)
    provider.upcasts(sell)(one)
    with pytest.raises(SystemExit) as ended:
        provider.refuse_to_start(None)
    assert ended.value.code == 2
    assert "could not convert string to float" in capsys.readouterr().err


def test_a_check_that_fails_itself_ends_the_worker_too(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(provider.app, "finalize", lambda: 1 / 0)
    with pytest.raises(SystemExit) as ended:
        provider.refuse_to_start(None)
    assert ended.value.code == 2
    assert capsys.readouterr().err == "taskcontract: ZeroDivisionError: division by zero\n"


def leftover(item: str, count: int) -> int:
    return -1


class Leftover(Task):
    name = "shop.sell_v2"

    def run(self, item: str, count: int) -> int:
        return -1


def decorate(app: Celery) -> None:
    app.task(name="shop.sell_v2", shared=False)(leftover)


def decorate_with_retries(app: Celery) -> None:
    app.task(name="shop.sell_v2", autoretry_for=(OSError,), shared=False)(leftover)


def register(app: Celery) -> None:
    with warnings.catch_warnings(action="ignore"):  # Celery's, from 5.7 on: it replaces ours
        app.register_task(Leftover())


@pytest.mark.parametrize(
    ("leave", "name"),
    [
        (decorate, " leftover"),
        (decorate_with_retries, " leftover"),
        (register, "Leftover.run"),
    ],
)
def test_a_leftover_task_of_the_same_name_is_told_with_both_functions(
    provider: Provider, leave: Any, name: str
) -> None:
    provider.upcasts(sell)(one)
    provider.implements(sell_v2)(serve)
    leave(provider.app)
    with pytest.raises(ProviderError, match=r"1 promise\(s\)") as caught:
        provider.check()
    assert f"is to be served by {__file__}:{serve.__code__.co_firstlineno} serve" in caught.value.what
    assert f"'shop.sell_v2' is registered by {__file__}" in caught.value.what
    assert name in caught.value.what


def share(name: str) -> None:
    shared_task(name=name)(leftover)


def decorate_in_another_app(name: str) -> None:
    """Celery shares it with every app of the process."""
    Celery("other", set_as_current=False).task(name=name)(leftover)


@pytest.mark.parametrize("leave", [share, decorate_in_another_app])
def test_a_shared_task_is_a_leftover_too(leave: Any) -> None:
    service = Service(leave.__name__)

    @service.task(version="1.0.0")
    def ping() -> int: ...

    leave(ping.wire_name)
    provider = Provider(Celery("shop", set_as_current=False), service)
    provider.implements(ping)(lambda: 1)
    with pytest.raises(ProviderError, match=r"is registered by .* leftover"):
        provider.check()
