"""What pytest loads: options and the fixture `contract` at once, all else only with `--taskcontract`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.pytest_plugin.options import add_options, find_report_files

if TYPE_CHECKING:
    import pytest

__all__ = ["pytest_addoption", "pytest_configure"]


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add `--taskcontract` and the other options, and the consumers' fixture."""
    add_options(parser)
    pluginmanager.import_plugin("taskcontract.pytest_plugin.recording")


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
