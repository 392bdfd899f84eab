"""Declared errors through an app's own result store, without a worker: what must not go wrong on the way."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import pickle
import threading
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract import Provider, Service
from taskcontract.declare.failures.form import CARRIED
from taskcontract.declare.failures.transport import KEY, carry, carry_errors
from tests.support.failing_bindings import KINDS, failing, lose
from tests.support.same_error import look_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["json", "yaml", "msgpack"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Celery]:
    url = f"embedded://{tmp_path}"
    app = Celery("app", broker=url, backend=url, set_as_current=False)
    app.conf.update(result_serializer=request.param, accept_content=["json", request.param])
    failing.use(app)
    yield app
    failing.app = None


def store(app: Celery, error: Exception) -> Any:
    """What a caller gets of `error`, stored as the worker does."""
    app.backend.store_result("id", error, "FAILURE")
    backend: Any = app.backend
    backend._cache.clear()
    return app.AsyncResult("id").result


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_stored_and_read(app: Celery, kind: str) -> None:
    given = store(app, carry(KINDS[kind](), lose))
    assert look_at(given) == look_at(KINDS[kind]())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_gets_out_of_a_pool_s_process(kind: str) -> None:
    error = carry(KINDS[kind](), lose)
    assert str(pickle.loads(pickle.dumps(error))) is not None
    assert repr(pickle.loads(pickle.dumps(error))).split("(")[0] == repr(error).split("(")[0]


def test_what_no_serializer_writes_leaves_the_error_as_celery_has_it(app: Celery) -> None:
    error = carry(KINDS["made text"](), lose)
    getattr(error, CARRIED)["fields"] = {"port": object()}
    assert "port 8080 is busy" in str(store(app, error))


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"task": 5},
        {"task": "failing.lose"},
        {"task": "failing.lose", "errors": ["BusyError"]},
        {"task": "failing.lose", "errors": ["BusyError"], "fields": 3, "args": None},
        {"task": "failing.lose", "errors": ["Unknown"], "fields": {}, "args": []},
        {"task": "failing.gone", "errors": ["BusyError"], "fields": {}, "args": []},
        "no form",
    ],
)
def test_a_form_that_says_nothing_is_passed_over(app: Celery, form: Any) -> None:
    stored = {"exc_type": "KeyError", "exc_module": "builtins", "exc_message": ["k"], KEY: form}
    given: Any = app.backend.exception_to_python(stored)
    assert (type(given), given.args) == (KeyError, ("k",))


def test_each_thread_s_store_carries_them(app: Celery) -> None:
    given: list[Any] = []
    error = carry(KINDS["keywords"](), lose)
    thread = threading.Thread(target=lambda: given.append(store(app, error)))
    thread.start()
    thread.join()
    assert look_at(given[0]) == look_at(KINDS["keywords"]())


def test_a_store_that_was_there_before_carries_them(tmp_path: Path) -> None:
    url = f"embedded://{tmp_path}"
    app = Celery("app", broker=url, backend=url, set_as_current=False)
    backend = app.backend
    carry_errors(app, failing)
    carry_errors(app, failing)
    assert app.backend is backend
    assert look_at(store(app, carry(KINDS["keywords"](), lose))) == look_at(KINDS["keywords"]())


class StubbornError(Exception):
    code: int

    def __init__(self) -> None:
        super().__init__("stubborn")

    @property
    def reason(self) -> str:
        raise RuntimeError("its own code fails")

    def __getattribute__(self, name: str) -> Any:
        if name == "code":
            raise RuntimeError("its own code fails")
        return super().__getattribute__(name)


def test_an_error_whose_own_code_fails_is_told_of_all_the_same() -> None:
    service = Service("odd")

    @service.task(version="1.0.0", errors=(StubbornError,))
    def buy(item: str) -> str: ...

    assert str(carry(StubbornError(), buy)) == "stubborn"


class HereError(Exception):
    def __init__(self, *, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


class HiddenError(HereError):
    pass


def test_a_call_that_runs_here_gives_the_declared_class() -> None:
    service = Service("eager")

    @service.task(version="1.0.0", errors=(HereError,))
    def buy(item: str) -> str: ...

    app = Celery("eager", set_as_current=False)
    provider = Provider(app, service)

    @provider.implements(buy)
    def do_buy(item: str) -> str:
        raise HiddenError(code=5)

    service.use(app)
    given: Any = buy.apply(("tea",)).result
    assert (type(given), given.code, str(given)) == (HereError, 5, "code 5")
