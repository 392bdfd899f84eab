"""`--taskcontract-html FILE`, `-markdown FILE`, `-json FILE`: a session's outcomes, written at its end."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import TaskContractError
from taskcontract.reporting.contracts.replayed import Replayed
from taskcontract.reporting.escape import tame, tame_line

if TYPE_CHECKING:
    from collections.abc import Generator

    from taskcontract.pytest_plugin.run import ContractRun

__all__ = ["ReportWriter"]


class ReportWriter:
    """The hooks that write the reports of a run, in the process that shows its end."""

    def __init__(self, run: ContractRun, files: dict[str, Path]) -> None:
        self._run = run
        self._files = files
        self._began = time.time()
        self._told: list[str] = []

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        """Take the worker's log before the worker goes; write when all outcomes are here."""
        config = session.config
        workers = [line.partition(": ")[2] for line in self._run.pytest_report_header(config)]
        self._run.add_logs()
        yield
        if config.option.collectonly or hasattr(config, "workerinput"):
            return
        if self._run.start_error:
            workers.append(f"one did not start: {self._run.start_error}")
        replayed = Replayed(
            outcomes=tuple(self._run.found.outcomes),
            unreplayed=tuple(self._run.found.unreplayed),
            skipped=self._run.list_skipped(),
            facts=(
                *(("worker", worker) for worker in workers),
                ("versions", f"Celery {version('celery')}, Python {platform.python_version()}"),
            ),
            began=self._began,
            seconds=time.time() - self._began,
        )
        for name, file in self._files.items():
            try:
                _write(name, file, replayed)
            except TaskContractError as error:
                self._told.append(tame(str(error)))
                session.exitstatus = session.exitstatus or pytest.ExitCode.INTERNAL_ERROR
            else:
                shown = file.relative_to(config.rootpath) if file.is_relative_to(config.rootpath) else file
                self._told.append(f"wrote {tame_line(str(shown))}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was written, or why it was not."""
        for line in self._told:
            terminalreporter.write_line(f"taskcontract: {line}")


def _write(name: str, file: Path, replayed: Replayed) -> None:
    from taskcontract.model.files import append_to_file, write_file

    if file == Path(os.environ.get("GITHUB_STEP_SUMMARY") or os.devnull):  # the steps of a job add to it
        append_to_file(file, _render(name, replayed))
    else:
        write_file(file, _render(name, replayed))


def _render(name: str, replayed: Replayed) -> str:
    if name == "html":
        from taskcontract.reporting.contracts.page import render_page

        return render_page(replayed)
    if name == "json":
        from taskcontract.reporting.contracts.verified import render_verified

        return render_verified(replayed)
    from taskcontract.reporting.contracts.job_summary import render_job_summary

    return render_job_summary(replayed)
