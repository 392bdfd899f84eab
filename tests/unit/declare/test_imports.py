"""A consumer pays for what it uses: nothing heavy at the import, nothing of the provider's ever."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

NEVER = ("boto3", "botocore", "pytest", "_pytest", "hypothesis", "pusher", "moto")
LATE = ("celery", "kombu", "pydantic", "pydantic_core")

IMPORT = "import bindings"
SEND = """
from celery import Celery
from bindings import send_to_s3
app = Celery("svc", broker="memory://", backend="cache+memory://")
send_to_s3.delay("key", "content")
send_to_s3.s("key", "content").apply_async()
"""


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a new interpreter has loaded after `code`."""
    report = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    output = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    return set(output.split())


def test_importing_bindings_loads_neither_celery_nor_the_type_machinery() -> None:
    assert not loaded_by(IMPORT) & {*LATE, *NEVER}


def test_sending_loads_nothing_of_the_provider() -> None:
    loaded = loaded_by(SEND)
    assert loaded >= {"celery", "pydantic_core"}
    assert not loaded & set(NEVER)
    assert "pydantic" not in loaded, "plain types need pydantic-core alone"


def test_printing_loads_nothing_of_a_worker() -> None:
    code = """
import importlib, pkgutil, taskcontract.reporting as room
for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
    importlib.import_module(module.name)
"""
    assert not loaded_by(code) & {*LATE, *NEVER}
