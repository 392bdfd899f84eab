"""What cannot be known, or cannot be read, is listed; hostile files neither crash the reading nor run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.extract.static.index import LARGEST
from taskcontract.extract.static.project import read_project
from tests.support.source_trees import Texts

if TYPE_CHECKING:
    from pathlib import Path

TASK = "from celery import shared_task\n@shared_task\ndef good(x): ...\n"


HEAD = "from celery import Celery, Task, shared_task\napp = Celery()\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("@shared_task(name=make())\ndef a(): ...\n", "computed"),
        ("from elsewhere import NAME\n@shared_task(name=NAME)\ndef a(): ...\n", "computed"),
        ("class A(Task):\n    name = 'a'\n    def run(self): ...\n", "registered nowhere"),
        ("from other import B\napp.register_task(B())\n", "only running"),
        ("from other import B\nclass A(B): name = 'a'\napp.register_task(A())\n", "outside"),
        ("app.tasks['old'] = app.tasks['new']\n", "unknown task"),
        ("@shared_task\ndef a(:\n", "not Python"),
        ("\0@shared_task\ndef a(): ...\n", "not Python"),
        ("x = " + "(" * 5000 + ")" * 5000 + "\n", "not Python"),
        ("#" * LARGEST, "bytes"),
    ],
)
def test_what_is_not_known_is_listed(text: str, what: str) -> None:
    found = read_project(Texts({"bad.py": (HEAD + text).encode(), "good.py": TASK}))
    assert [task.name for task in found.spec.tasks] == ["good.good"]
    assert {each.place.file for each in found.unresolved} == {"bad.py"}
    assert what in found.unresolved[0].what


@pytest.mark.parametrize(
    "texts",
    [
        {"a.py": "from b import x\nx = x\n" + TASK, "b.py": "from a import x\nfrom a import *\n"},
        {"a.py": "from a import *\nfrom .a import x\nx = y\ny = x\n@y.task\ndef other(): ...\n" + TASK},
        {"a.py": "class A(A): ...\nclass B(C): ...\nclass C(B): ...\na = B().task\n" + TASK},
        {"a.py": "def f(x): return f(x)\ndef g(x): return shared_task(g(x))\n@g(1)\ndef c(): ...\n" + TASK},
        {"a.py": "\ufeff" + TASK},
        {"a.py": "# coding: latin-1\n# é\n".encode("latin-1") + TASK.encode()},
        {"a.py": TASK + "x = '%999999999d' % 1\n@shared_task(name=x)\ndef never(): ...\n"},
    ],
)
def test_circles_and_encodings_are_read(texts: dict[str, str | bytes]) -> None:
    names = {task.name for task in read_project(Texts(texts)).spec.tasks}
    assert "a.good" in names
    assert "a.never" not in names


@pytest.mark.parametrize(
    "text",
    [
        "from invoke import task\n@task\ndef a(c): ...\n@task(help={})\ndef b(c): ...\n",
        "import invoke\n@invoke.task\ndef a(c): ...\n",
        "from locust import HttpUser, task\nclass U(HttpUser):\n    @task(3)\n    def a(self): ...\n",
        "import newrelic.agent\n@newrelic.agent.background_task()\ndef a(): ...\n",
        "from huey import RedisHuey\nhuey = RedisHuey()\n@huey.task()\ndef a(): ...\n",
        "from prefect import task\n@task\ndef a(): ...\n",
        "from airflow.decorators import dag, task\n@task\ndef a(): ...\n@task.docker\ndef b(): ...\n",
    ],
)
def test_tasks_of_others_are_none(text: str) -> None:
    assert not read_project(Texts({"tasks.py": text})).spec.tasks


@pytest.mark.parametrize(
    "path", ["tests/a.py", "docs/a.py", "proj/test_a.py", "proj/tests.py", ".hidden/a.py", "examples/a.py"]
)
def test_tests_and_documents_have_no_tasks(path: str) -> None:
    assert not read_project(Texts({path: TASK + "def test_it(): ...\n"})).spec.tasks


def test_an_unknown_encoding_hides_no_task() -> None:
    found = read_project(Texts({"a.py": b"# coding: no-such\n" + TASK.encode()}))
    assert [task.name for task in found.spec.tasks] == ["a.good"]


def test_nothing_of_the_project_runs(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    opened = f"open({str(mark)!r}, 'w')"
    text = f"{opened}.close()\n{TASK}\n@shared_task(name={opened}.name)\ndef b(): ...\n"
    found = read_project(Texts({"a.py": text}))
    assert [task.name for task in found.spec.tasks] == ["a.good"]
    assert not mark.exists()


def test_options_are_those_of_the_decorator_then_of_its_base() -> None:
    text = """
        from celery import Celery
        from requests import ConnectionError as Lost
        app = Celery()
        class Base(app.Task):
            acks_late = True
            max_retries = 5
        RETRIED = (Lost, OSError)
        @app.task(base=Base, max_retries=7, queue="q", serializer="pickle",
                  autoretry_for=RETRIED, time_limit=60 * 5)
        def a(x, when=now(), limit=-1, many=(1, 2)):
            '''Do it.

            At length.
            '''
    """
    found = read_project(Texts({"a.py": text}))
    (task,) = found.spec.tasks
    assert (task.queue, task.serializer, task.description) == ("q", "pickle", "Do it.")
    assert task.options == {
        "acks_late": True,
        "max_retries": 7,
        "autoretry_for": ["requests.ConnectionError", "OSError"],
        "time_limit": 300,
    }
    assert [each.default for each in task.parameters[1:]] == [{"x-expression": "now()"}, -1, [1, 2]]
    assert not task.enforced
    assert str(found.places["a.a"]) == "a.py:11"


def test_what_a_decorator_supplies_is_no_caller_s_to_give() -> None:
    text = """
        import functools
        from celery import shared_task
        def with_session(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, session=open(), **kwargs)
            return wrapper
        @shared_task
        @with_session
        def a(x, session): ...
    """
    (task,) = read_project(Texts({"a.py": text})).spec.tasks
    assert [each.name for each in task.parameters] == ["x"]
