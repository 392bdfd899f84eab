"""A call fits a wrapped task, as it is read, exactly where Celery's task takes it."""

from __future__ import annotations

from itertools import product
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.diff.calls.binding import bind_call
from taskcontract.diff.calls.shape import shape_of
from taskcontract.extract.static.project import read_project
from tests.support.shared_tasks import own_shared_tasks
from tests.support.source_trees import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = dedent("""
    from functools import wraps
    from celery import Celery
    app = Celery("shop")

    def with_key(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, key="k", **kwargs)
        return wrapper

    def with_key_if_missing(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            kwargs.setdefault("key", "k")
            return function(*args, **kwargs)
        return wrapper

    def with_key_read(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            key = kwargs.pop("key", "k")
            return function(*args, key=key, **kwargs)
        return wrapper

    def with_key_of_its_own(function):
        @wraps(function)
        def wrapper(*args, key="k", **kwargs):
            return function(*args, key=key, **kwargs)
        return wrapper

    def with_session(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            return function("session", *args, **kwargs)
        return wrapper

    def with_session_after_self(function):
        @wraps(function)
        def wrapper(self, *args, **kwargs):
            return function(self, "session", *args, **kwargs)
        return wrapper

    def logged(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            print("key", kwargs.get("key"))
            return function(*args, **kwargs)
        return wrapper

    @app.task
    @with_key
    def given(order, *, key): ...

    @app.task
    @with_key
    def given_by_name(order, key): ...

    @app.task
    @with_key_if_missing
    def put(order, *, key): ...

    @app.task(bind=True)
    @with_key_read
    def popped(self, order, *, key): ...

    @app.task
    @with_key_of_its_own
    def own(order, *, key, **more): ...

    @app.task
    @with_session
    def placed(session, order, key=None): ...

    @app.task(bind=True)
    @with_session_after_self
    def placed_after_self(self, session, order, key): ...

    @app.task
    @with_key
    @with_session
    def twice(session, order, *, key): ...

    @app.task
    @logged
    def untouched(order, key): ...
""")
SPECS = {task.name.rpartition(".")[2]: task for task in read_project(Texts({"shop.py": TEXT})).spec.tasks}
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (args, dict.fromkeys(names, 1))
    for args, names in product(((), (1,), (1, 2)), ((), ("order",), ("key",), ("order", "key"), ("session",)))
]


@pytest.fixture(scope="module")
def module() -> Iterator[dict[str, Any]]:
    """The module, run."""
    names: dict[str, Any] = {"__name__": "shop"}
    with own_shared_tasks():
        exec(TEXT, names)
        yield names


@pytest.mark.parametrize("name", SPECS)
def test_a_call_fits_where_celery_runs_it(name: str, module: dict[str, Any]) -> None:
    shape = shape_of(SPECS[name].parameters)
    for args, kwargs in CALLS:
        try:
            module[name](*args, **kwargs)
        except TypeError:
            taken = False
        else:
            taken = True
        assert (bind_call(shape, args, kwargs) is not None) == taken, (args, kwargs)


def test_every_task_is_read() -> None:
    assert len(SPECS) == TEXT.count("@app.task")
