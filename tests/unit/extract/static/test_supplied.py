"""A call fits a wrapped task, as it is read, exactly where Celery's task takes it."""

from __future__ import annotations

import sys
from itertools import product
from textwrap import dedent
from types import ModuleType
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
    from celery import Celery, Task
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

    class WithSession(Task):
        def __call__(self, *args, **kwargs):
            return super().__call__(*("session", *args), **kwargs)

    class WithKey(WithSession):
        def __call__(self, *args, **kwargs):
            return super().__call__(*args, key="k", **kwargs)

    class WithRun(Task):
        def __call__(self, *args, **kwargs):
            return self.run(*(("session",) + args), **kwargs)

    class WithKeyRead(Task):
        def __call__(self, *args, **kwargs):
            return super().__call__(*args, key=kwargs.pop("key", "k"), **kwargs)

    class Logged(Task):
        def __call__(self, *args, **kwargs):
            if "session" in kwargs:
                return super().__call__("session", *args, **kwargs)
            return super().__call__(*args, **kwargs)

    class Rewritten(Task):
        def __call__(self, *args, **kwargs):
            if "key" in kwargs:
                kwargs["key"] = str(kwargs["key"])
            return super().__call__(*args, **kwargs)

    @app.task(base=Rewritten)
    def of_class_that_rewrites(key, order=None): ...

    @app.task(base=WithSession)
    def of_class(session, order, key=None): ...

    @app.task(base=WithSession, bind=True)
    def of_class_bound(self, session, order): ...

    @app.task(base=WithKey)
    def of_classes(session, order, *, key): ...

    @app.task(base=WithRun)
    def of_class_that_runs(session, order): ...

    @app.task(base=WithKeyRead)
    def of_class_that_reads(order, *, key): ...

    @app.task(base=Logged)
    def of_class_that_may(order, key=None): ...

    @app.task(base=WithSession)
    @with_key
    def of_both(session, order, *, key): ...
""")
APPS = {
    "the class of an app": "app = Celery('shop', task_cls=Ours)",
    "the class of an app, by its path": "app = Celery('shop', task_cls='shop:Ours')",
    "the class that an app gets": "app = Celery('shop')\napp.Task = Ours",
}
OF_APP = """
from celery import Celery, Task
class Ours(Task):
    def __call__(self, *args, **kwargs):
        return super().__call__("session", *args, **kwargs)
class Other(Task): ...
{app}
@app.task
def pay(session, order): ...
@app.task(base=Other)
def other(session, order): ...
"""
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


@pytest.mark.parametrize("app", APPS)
def test_the_class_of_an_app_supplies_as_it_does_when_run(app: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = OF_APP.format(app=APPS[app])
    module = ModuleType("shop")
    monkeypatch.setitem(sys.modules, "shop", module)
    specs = {task.name.rpartition(".")[2]: task for task in read_project(Texts({"shop.py": text})).spec.tasks}
    with own_shared_tasks():
        exec(text, module.__dict__)
        for name, taken in (("pay", (1,)), ("other", (1, 2))):
            getattr(module, name)(*taken)
            with pytest.raises(TypeError):
                getattr(module, name)(*taken, 3)
            assert len(specs[name].parameters) == len(taken)


def test_every_task_is_read() -> None:
    assert len(SPECS) == TEXT.count("@app.task")
