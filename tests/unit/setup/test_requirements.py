"""What pyproject.toml says of the oldest releases that serve is true."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

AS_BEFORE_5_7 = """
import importlib, pkgutil
from celery import Celery, Task, canvas, result

for generic in (Celery, Task, canvas._chain, result.AsyncResult, result.ResultBase):
    for each in generic.__mro__:
        if each.__module__.startswith("celery") and "__class_getitem__" in vars(each):
            del each.__class_getitem__
try:
    result.AsyncResult[int]
except TypeError:
    pass
else:
    raise SystemExit("still generic")

import taskcontract

for module in pkgutil.walk_packages(taskcontract.__path__, "taskcontract."):
    # the second needs pytest-celery, which is installed apart
    if module.name not in ("taskcontract.__main__", "taskcontract.testing.pytest_celery"):
        importlib.import_module(module.name)
"""


def test_no_class_of_celery_is_given_type_arguments_which_none_took_before_5_7() -> None:
    command = [sys.executable, "-W", "ignore", "-c", AS_BEFORE_5_7]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
