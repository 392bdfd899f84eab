"""What importing an app gives: all its tasks as a worker serves them, and nothing sent."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import TaskContractError
from taskcontract.extract.app import read_app
from taskcontract.extract.found import FoundProject
from taskcontract.model.place import Place
from taskcontract.model.service import MISSING, ServiceSpec
from tests.support.same_api import assert_same_api
from tests.support.shared_tasks import own_shared_tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CELERY = """
from celery import Celery, Task

class Audited(Task):
    acks_late = True

BROKER = "amqp://nobody:none@127.0.0.1:1//"  # nothing listens there
app = Celery("shop", broker=BROKER, include=["{package}.tasks"], set_as_current=False)
app.conf.task_routes = {{"{package}.tasks.ship": {{"queue": "slow"}}}}
"""
TASKS = '''
import functools
from celery import shared_task
from pydantic import BaseModel
from {package}.celery import Audited, app

LIMIT = 5

class Order(BaseModel):
    number: int

def noted(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

@app.task(bind=True, base=Audited, max_retries=7, autoretry_for=(KeyError,))
@noted
def pay(self, order, /, amount: int = LIMIT * 2, *rest, note="", **more):
    """Take the money.

    Then smile.
    """

@shared_task(name="old.name", queue="mail", ignore_result=True)
def mail(to=("a", 1)):
    return to

@shared_task
def ship(order, *, fast): ...

@app.task(pydantic=True)
def check(order: Order): ...

class Clean(Audited):
    name = "clean"

    def run(self, days=3):
        """Tidy."""

app.register_task(Clean())
'''


pytestmark = pytest.mark.filterwarnings("ignore:\\s+The 'queue' task attribute")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Give a function that writes a package of its own name and returns that."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    known = set(sys.modules)

    def write(name: str, **sources: str) -> str:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
        for module, text in sources.items():
            (tmp_path / name / f"{module}.py").write_text(text.format(package=name))
        return name

    with own_shared_tasks():
        yield write
    for name in set(sys.modules) - known:
        if name.partition(".")[0].startswith("seen_"):
            del sys.modules[name]


def test_each_task_is_as_a_worker_serves_it_and_no_broker_is_needed(package: Callable[..., str]) -> None:
    name = package("seen_shop", celery=CELERY, tasks=TASKS)
    found = read_app(f"{name}.celery:app")
    # Tasks that other tests have shared belong to every app of this process.
    own = {task for task, place in found.places.items() if place.file.startswith(name)}
    tasks = {task.name: task for task in found.spec.tasks if task.name in own}
    assert sorted(tasks) == sorted(
        ["clean", "old.name", *(f"{name}.tasks.{x}" for x in ("pay", "ship", "check"))]
    )
    pay = tasks[f"{name}.tasks.pay"]
    assert [(each.name, each.kind, each.default) for each in pay.parameters] == [
        ("order", "positional-only", MISSING),
        ("amount", "positional-or-keyword", {"x-expression": "LIMIT * 2"}),
        ("rest", "var-positional", MISSING),
        ("note", "keyword-only", ""),
        ("more", "var-keyword", MISSING),
    ]
    assert (pay.bind, pay.enforced, pay.description) == (True, False, "Take the money.")
    assert pay.options == {"acks_late": True, "max_retries": 7, "autoretry_for": ["KeyError"]}
    mail = tasks["old.name"]
    assert (mail.queue, mail.options) == ("mail", {"ignore_result": True})
    assert mail.parameters[0].default == ["a", 1]
    assert tasks[f"{name}.tasks.ship"].queue == "slow"
    assert tasks[f"{name}.tasks.check"].enforced
    assert tasks["clean"].options == {"acks_late": True}
    assert [each.name for each in tasks["clean"].parameters] == ["days"]
    lines = TASKS.splitlines()
    for task, text in ((pay.name, "def pay("), ("old.name", "def mail("), ("clean", "class Clean(")):
        line = next(at for at, each in enumerate(lines, 1) if each.startswith(text))
        assert found.places[task] == Place(f"{name}/tasks.py", line)
    assert_same_api(found, found, schemas=True)
    less = FoundProject(ServiceSpec("x", "", tuple(tasks.values())[1:]), found.places)
    with pytest.raises(AssertionError):
        assert_same_api(less, found)


@pytest.mark.parametrize(
    ("text", "attribute", "said"),
    [
        ("x = 1", ":app", "app in seen_bad.celery is nothing"),
        ("app = 5", ":app", "no Celery app but 5"),
        ("x = 1", "", "holds no Celery app"),
        (
            "from celery import Celery\na, b = Celery(set_as_current=False), Celery(set_as_current=False)",
            "",
            "app:seen_bad.celery:a, app:seen_bad.celery:b",
        ),
        ("x = 1\nraise KeyError('their own')", ":app", "celery.py:2"),
        (
            "from celery import Celery\napp = Celery(include=['seen_bad.gone'], set_as_current=False)",
            ":app",
            "No module named 'seen_bad.gone'",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    package: Callable[..., str], text: str, attribute: str, said: str
) -> None:
    name = package("seen_bad", celery=text)
    with pytest.raises(TaskContractError) as caught:
        read_app(f"{name}.celery{attribute}")
    assert said in str(caught.value)


BOUND = """
from celery import Celery
from taskcontract import Provider, Service

shop = Service("shop")
app = Celery("shop", set_as_current=False)
provider = Provider(app, shop)

@shop.task(version="1.2.0")
def charge(order: int) -> str: ...

@provider.implements(charge)
def do_charge(order: int) -> str:
    return "done"

@app.task(name="plain")
def plain(order): ...
"""


def test_tasks_of_bindings_keep_their_versions(package: Callable[..., str]) -> None:
    found = read_app(package("seen_bound", celery=BOUND) + ".celery:app")
    tasks = {task.id: task for task in found.spec.tasks}
    assert {"charge@1.2.0", "plain"} <= tasks.keys()
    assert tasks["charge@1.2.0"].enforced
    assert not tasks["plain"].enforced
