"""The plugin where nobody asked for a run: options, and no cost."""

from __future__ import annotations

import subprocess
import sys

import pytest

from taskcontract.model.keys import KEYS
from tests.support.shop_project import PLUGIN

pytest_plugins = ["pytester"]

HEAVY = (
    "celery",
    "kombu",
    "pydantic",
    "pydantic_core",
    "boto3",
    "taskcontract.declare",
    "taskcontract.verification",
)
TABLES = ("map", "tables")
ASKED = {
    "taskcontract_examples",
    "taskcontract_services",
    "taskcontract_html",
    "taskcontract_markdown",
    "taskcontract_json",
}
"""What one run is asked for, and no project is configured with."""


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this plugin is loaded, by name."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.mark.process
def test_loading_it_loads_nothing_heavy() -> None:
    code = f"import sys, {PLUGIN}, taskcontract.pytest_plugin.recording; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [name for name in HEAVY if name in done.stdout.split()] == []


@pytest.mark.usefixtures("alone")
def test_every_key_but_tables_is_an_option(pytester: pytest.Pytester) -> None:
    options = vars(pytester.parseconfig("-p", PLUGIN).option)
    expected = {f"taskcontract_{name}" for name, key in KEYS.items() if key.shape not in TABLES}
    assert {name for name in options if name.startswith("taskcontract_")} == expected | ASKED


@pytest.mark.usefixtures("alone")
def test_contracts_are_not_collected_unasked(pytester: pytest.Pytester) -> None:
    pytester.makefile(".json", **{"web--shop": "{}"})
    pytester.makepyfile("def test_one():\n    pass\n")
    pytester.runpytest_inprocess("-p", PLUGIN).assert_outcomes(passed=1)
