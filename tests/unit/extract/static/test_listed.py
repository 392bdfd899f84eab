"""What only running the code tells is listed with its place, and what is no task is none."""

from __future__ import annotations

import pytest

from taskcontract.extract.static.project import read_project
from tests.support.source_trees import Texts

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
