"""Registering: cheap, repeatable, and enough for Kombu and Celery to know the URL."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("does", "not_loaded"),
    [
        ("import taskcontract.embedded", ["kombu", "celery", "click"]),
        (
            "import taskcontract.embedded; taskcontract.embedded.register()",
            ["kombu.transport.virtual", "taskcontract.embedded.transport", "taskcontract.embedded.backend"],
        ),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(does: str, not_loaded: list[str]) -> None:
    assert run(f"import sys; {does}; print(sorted(set({not_loaded!r}) & set(sys.modules)))") == "[]"


def test_registered_urls_are_known_without_an_installed_package() -> None:
    code = """
import importlib.metadata
importlib.metadata.entry_points = lambda **_: []
from taskcontract.embedded import register
register(); register()
from celery.app.backends import by_url
from kombu import Connection
print(by_url("embedded:///x")[0].__name__, Connection("embedded:///x").transport_cls)
"""
    assert run(code) == "EmbeddedBackend embedded"


def test_an_installed_package_names_the_result_store() -> None:
    code = 'from celery.app.backends import by_url; print(by_url("embedded:///x")[0].__module__)'
    assert run(code) == "taskcontract.embedded.backend"


def test_an_app_that_a_service_uses_knows_the_urls() -> None:
    code = """
import importlib.metadata
importlib.metadata.entry_points = lambda **_: []
from celery import Celery
from taskcontract import Service
app = Celery("checkout", broker="embedded://", backend="embedded://")
Service("shop").use(app)
print(type(app.connection_for_write().transport).__module__, type(app.backend).__module__)
"""
    assert run(code) == "taskcontract.embedded.transport taskcontract.embedded.backend"
