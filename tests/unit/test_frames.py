"""Whose a frame is: by its file in a text, by its module where it is live."""

from __future__ import annotations

import json
import os
from types import ModuleType
from typing import Any

import celery.app.base
import pytest

from taskcontract import frames
from taskcontract.declare import sending

STANDARD = os.path.dirname(os.__file__)  # noqa: PTH120


@pytest.mark.parametrize(
    ("file", "whose"),
    [
        ("/home/me/shop/tasks.py", "own"),
        ("/home/me/taskcontract/shop/tasks.py", "own"),
        ("/home/me/taskcontract/taskcontract/tasks.py", "own"),
        ("/home/me/celery/tasks.py", "own"),
        (f"{os.path.dirname(frames.__file__)}_bindings/shop.py", "own"),  # noqa: PTH120
        (sending.__file__, "machinery"),
        (json.__file__, "machinery"),
        (f"{STANDARD}/site-packages/celery/app/trace.py", "machinery"),
        ("/env/site-packages/celery/app/trace.py", "machinery"),
        ("/usr/lib/python3/dist-packages/kombu/messaging.py", "machinery"),
        ("/home/me/taskcontract/.venv/lib/site-packages/redis/client.py", "machinery"),
        ("<frozen importlib._bootstrap>", "machinery"),
        (f"{STANDARD}/site-packages/botocore/auth.py", "a library's"),
        ("/env/site-packages/celery_batches/trace.py", "a library's"),
        ("/env/site-packages/shop/celery/tasks.py", "a library's"),
    ],
)
def test_a_file(file: str, whose: str) -> None:
    found = "own" if frames.is_own(file) else "machinery" if frames.is_machinery(file) else "a library's"
    assert found == whose


@pytest.mark.parametrize("folder", ["/home/me/taskcontract", "/home/me/celery"])
def test_a_call_site_in_a_checkout_of_any_name(folder: str) -> None:
    shop: Any = ModuleType("shop")
    code = compile("\n\ndef call(function):\n    return function()\n", f"{folder}/shop.py", "exec")
    exec(code, vars(shop))
    site = shop.call(frames.find_call_site)
    assert (site.f_code.co_filename, site.f_lineno) == (f"{folder}/shop.py", 4)


@pytest.mark.parametrize("name", [sending.__name__, celery.app.base.__name__, "kombu.messaging"])
def test_machinery_is_no_call_site(name: str) -> None:
    machine: Any = ModuleType(name)
    exec(compile("def call(function):\n    return function()\n", "anywhere.py", "exec"), vars(machine))
    assert machine.call(frames.find_call_site).f_code.co_filename == __file__


def test_a_generated_delegate_is_no_call_site() -> None:
    made: Any = ModuleType("shop.delegates")
    text = f"{frames.GENERATED_MARK} = True\ndef call(function):\n    return function()\n"
    exec(compile(text, "delegates.py", "exec"), vars(made))
    assert made.call(frames.find_call_site).f_code.co_filename == __file__
