"""What pytest loads: options and fixtures at once, all else only with `--taskcontract`."""

from __future__ import annotations

import os

import pytest

from taskcontract.pytest_plugin.launched import LAUNCHED
from taskcontract.pytest_plugin.options import add_options, find_report_files

__all__ = ["pytest_addoption", "pytest_configure", "pytest_load_initial_conftests"]

IS_PART = "PYTEST_XDIST_WORKER"
"""What pytest-xdist sets in the processes that run its tests."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add `--taskcontract` and the other options, the consumers' fixture, and that of clusters."""
    add_options(parser)
    pluginmanager.import_plugin("taskcontract.pytest_plugin.recording")
    pluginmanager.import_plugin("taskcontract.pytest_plugin.cluster")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start a process that will be the worker, if there will be one: it loads Celery from now on."""
    known = early_config.known_args_namespace
    distributes = getattr(known, "numprocesses", None) or getattr(known, "tx", None)
    if known.taskcontract and not (
        known.taskcontract_live
        or known.collectonly
        or known.help
        or known.version
        or (distributes and IS_PART not in os.environ)
    ):
        from taskcontract.verification.worker.launch import LaunchedProcess

        launched = early_config.stash[LAUNCHED] = LaunchedProcess()
        early_config.add_cleanup(launched.end)


def pytest_configure(config: pytest.Config) -> None:
    """Set up the run, if `--taskcontract` asks for one."""
    if config.option.taskcontract:
        from taskcontract.pytest_plugin.run import ContractRun

        if config.option.taskcontract_examples is not None:
            from taskcontract.pytest_plugin.examples import ExampleRun

            config.pluginmanager.register(ExampleRun(config), "taskcontract-examples")
        run = ContractRun(config)
        config.pluginmanager.register(run, "taskcontract-run")
        files = find_report_files(config)
        if files:
            from taskcontract.pytest_plugin.report_files import ReportWriter

            config.pluginmanager.register(ReportWriter(run, files), "taskcontract-reports")
