"""What stands beside the names of a task's parameters: types, defaults, its docstring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.extract.static.project import read_project
from taskcontract.model.service import MISSING
from tests.support.source_trees import Texts

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = {
    "shop/__init__.py": b"",
    "shop/settings.py": b"TIMEOUT = 30\nLIMITS = [1, 2]\nNAME = 'a' + 'b'\n",
    "shop/tasks.py": b'''
from __future__ import annotations
from typing import Optional, TYPE_CHECKING
from celery import shared_task
from django.utils import timezone
from shop.settings import TIMEOUT, LIMITS
import shop.settings as s
if TYPE_CHECKING:
    from django.http import HttpRequest

@shared_task
def send(a: int, b: str = None, c=TIMEOUT, d=LIMITS, e=s.NAME, f=timezone.now(), g=-1, h="timezone.now()",
         i: Optional[HttpRequest] = None,
         j=(1, 2), k=b"x", l=float("inf"), *args: str, **kwargs) -> dict[str, int]:
    """Send it.

    At length.
    """
''',
}


class Tree:
    """Files in memory."""

    origin = "."

    def files(self) -> Mapping[str, str]:
        return dict.fromkeys(FILES, "")

    def read(self, path: str) -> bytes:
        return FILES[path]


def test_types_defaults_and_docstring_come_along() -> None:
    (task,) = read_project(Tree()).spec.tasks
    defaults = {each.name: each.default for each in task.parameters}
    schemas = {each.name: each.schema for each in task.parameters}
    now = {"x-expression": "timezone.now()"}
    plain = {"b": None, "c": 30, "d": [1, 2], "e": "ab", "f": now, "g": -1, "h": "timezone.now()", "i": None}
    text = {"k": {"x-expression": "b'x'"}, "l": {"x-expression": "float('inf')"}}
    rest = {"j": [1, 2], "a": MISSING, "args": MISSING, "kwargs": MISSING}
    assert defaults == plain | text | rest
    assert schemas["a"] == {"type": "integer"}
    assert schemas["b"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert schemas["c"] is True
    assert "django.http.HttpRequest" in str(schemas["i"])
    assert schemas["args"] == {"type": "string"}
    assert task.result == {"type": "object", "additionalProperties": {"type": "integer"}}
    assert task.description == "Send it."
    assert not task.enforced


def test_an_option_that_only_celerys_own_class_has_is_not_set() -> None:
    text = """
from celery import Task, shared_task
from other import OtherTask
class Ours(Task):
    max_retries = 5
class Theirs(OtherTask): ...
@shared_task
def a(): ...
@shared_task(base=Ours)
def b(): ...
@shared_task(base=Theirs)
def c(): ...
"""
    a, b, c = read_project(Texts({"tasks.py": text})).spec.tasks
    assert (a.options, b.options) == ({}, {"max_retries": 5})
    assert c.options["acks_late"] == {"x-expression": "other.OtherTask.acks_late"}


def test_options_that_stand_in_a_mapping_of_the_settings_are_read() -> None:
    text = """
from celery import shared_task
from django.conf import settings
@shared_task(**settings.JOBS["slow"], expires=settings.EXPIRES)
def a(order): ...
"""
    mapping = "EXPIRES = 5\nJOBS = {'slow': {'acks_late': True, 'queue': 'slow', 'name': 'jobs.slow'}}\n"
    files = {"tasks.py": text, "config/settings.py": mapping}
    (task,) = read_project(Texts(files)).spec.tasks
    assert (task.name, task.queue) == ("jobs.slow", "slow")
    assert task.options == {"acks_late": True, "expires": {"x-expression": "django.conf.settings.EXPIRES"}}
    # Where two modules of settings have it, nobody knows which one is used.
    (task,) = read_project(Texts({**files, "config/settings_test.py": "JOBS = {'slow': {}}\n"})).spec.tasks
    assert (task.name, task.queue) == ("tasks.a", None)
