"""What only running the code tells is listed with its place, and what is no task is none."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from taskcontract.extract.static.project import read_project
from tests.support.source_trees import Texts

if TYPE_CHECKING:
    from pathlib import Path

APP = "from celery import Celery\napp = Celery('shop')\n"


def read(texts: dict[str, str]) -> tuple[list[str], list[str]]:
    """The names of the tasks, and what is listed as `file:line what`."""
    found = read_project(Texts(texts))
    return [task.name for task in found.spec.tasks], [
        f"{each.place} {each.what}" for each in found.unresolved
    ]


def test_a_class_named_by_another_package_is_listed() -> None:
    text = (
        APP
        + """
from shared.names import notify_name
class Base(app.Task):
    def run(self, order): ...
class Notify(Base):
    name = notify_name
class Own(Base): ...
app.register_task(Notify())
app.register_task(Own())
"""
    )
    assert read({"shop.py": text}) == (
        ["shop.Own"],
        ["shop.py:7 the name of the task class Notify is shared.names.notify_name, of another package"],
    )


def test_what_a_helper_registers_is_read_where_it_is_called() -> None:
    helper = APP + "def register_jobs(*jobs):\n    for job in jobs:\n        app.register_task(job)\n"
    jobs = """
from shop.celery import app, register_jobs
class Clean(app.Task):
    def run(self, days=1): ...
class Count(app.Task):
    @property
    def name(self): return compute()
    def run(self): ...
jobs = [Clean, Count]
register_jobs(*jobs)
"""
    assert read({"shop/__init__.py": "", "shop/celery.py": helper, "shop/jobs.py": jobs}) == (
        ["shop.jobs.Clean"],
        ["shop/jobs.py:5 the name of the task class Count is computed"],
    )


@pytest.mark.parametrize("wrapped", ["send", "transaction.atomic(send)"])
def test_a_task_made_for_each_subclass_is_listed(wrapped: str) -> None:
    text = (
        APP
        + f"""
from django.db import transaction
class View:
    def __init_subclass__(cls):
        def send(self, order): ...
        cls.send = app.task(bind=True, name=cls.__module__ + cls.__name__)({wrapped})
"""
    )
    names, listed = read({"shop.py": text})
    assert names == []
    assert listed == ["shop.py:7 the name of the task is computed: shop.send by default"]


def test_a_registry_that_is_not_celerys_makes_no_task() -> None:
    text = """
from pydantic import BaseModel
class Export(BaseModel): ...
class Manager:
    @classmethod
    def register_task(cls, kind): ...
    @classmethod
    def load(cls):
        cls.register_task(Export)
"""
    assert read({"shop.py": text}) == ([], [])


def test_a_file_about_the_results_of_tests_is_no_test() -> None:
    work = "from celery import shared_task\n@shared_task\ndef finish(results): ...\n"
    texts = {
        "shop/__init__.py": "",
        "shop/test_results.py": work,
        "shop/test_shop.py": f"import pytest\n{work}",
    }
    assert read(texts) == (["shop.test_results.finish"], [])


SHARED = "from celery import shared_task\n"


@pytest.mark.process
def test_two_tasks_of_one_name_are_listed_both_and_celery_keeps_the_first_it_imports(tmp_path: Path) -> None:
    task = "@app.task(name='shop.send')\ndef send({}): ...\n"
    work = "from main import app\n"
    files = {
        "main.py": APP,
        "a.py": work + task.format("key"),
        "b.py": work + "\n" + task.format("key, meta"),
    }
    code = "import inspect, json; from main import app; app.finalize()\n"
    code += "print(json.dumps(list(inspect.signature(app.tasks['shop.send']).parameters)))"
    Texts(files).write(tmp_path)
    kept = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", f"import {first}, {second}; {code}"],
                cwd=tmp_path,
                capture_output=True,
                check=True,
                timeout=60,
            ).stdout
        )
        for first, second in (("a", "b"), ("b", "a"))
    ]
    assert kept == [["key"], ["key", "meta"]]
    what = "2 tasks are named shop.send, this one among them: a worker has only one"
    assert read(files) == (["shop.send"], [f"a.py:3 {what}", f"b.py:4 {what}"])


def test_two_tasks_of_one_module_and_name_are_listed() -> None:
    names, listed = read({"shop.py": SHARED + "@shared_task\ndef a(x): ...\n@shared_task\ndef a(y): ...\n"})
    what = "2 tasks are named shop.a, this one among them: a worker has only one"
    assert (names, listed) == (["shop.a"], [f"shop.py:3 {what}", f"shop.py:5 {what}"])


def test_one_function_that_is_made_a_task_twice_is_no_other() -> None:
    text = SHARED + "def a(x): ...\nfor name in ('one', 'one'):\n    shared_task(name=name)(a)\n"
    assert read({"shop.py": text}) == (["one"], [])


@pytest.mark.parametrize(
    ("imported", "decorator", "path"),
    [
        ("from company.jobs import task", "task", "company.jobs.task"),
        ("from company import task as job", "job(queue='x')", "company.task"),
        ("from company.jobs import shared_task", "shared_task(bind=True)", "company.jobs.shared_task"),
        ("from .generated import task", "task", "shop.generated.task"),
    ],
)
def test_a_decorator_of_a_package_that_is_not_there_is_listed(
    imported: str, decorator: str, path: str
) -> None:
    text = f"{imported}\n\n@{decorator}\ndef send(key): ...\n"
    assert read({"shop/__init__.py": "", "shop/work.py": text}) == (
        [],
        [f"shop/work.py:4 whether {path} makes a task of send is not known: it is not in the tree"],
    )


@pytest.mark.parametrize("package", ["invoke", "prefect", "airflow.decorators", "django.tasks", "locust"])
def test_a_decorator_that_is_known_for_another_kind_of_task_is_none(package: str) -> None:
    assert read({"shop.py": f"from {package} import task\n@task\ndef send(key): ...\n"}) == ([], [])


@pytest.mark.parametrize(
    ("options", "among"),
    [
        ("**load()", ", name and bind perhaps among them"),
        ("bind=False, **load()", ", name perhaps among them"),
        ("name='shop.send', bind=False, **load()", ""),
        ("name='shop.send', **{**load(), 'queue': 'x'}", ", bind perhaps among them"),
    ],
)
def test_options_that_are_not_known_are_listed(options: str, among: str) -> None:
    text = f"from config import load\n{SHARED}@shared_task({options})\ndef send(key): ...\n"
    assert read({"shop.py": text}) == (
        ["shop.send"],
        [f"shop.py:4 the options of shop.send are not all known{among}"],
    )
