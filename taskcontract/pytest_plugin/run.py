"""One run of `pytest --taskcontract`: what is collected, and the workers that it is replayed on."""

from __future__ import annotations

import atexit
import gc
from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import ContractError, TaskContractError
from taskcontract.pytest_plugin.contract_files import ContractFiles
from taskcontract.pytest_plugin.items import CONSUMER, RUN, ContractFile, InteractionItem
from taskcontract.pytest_plugin.launched import LAUNCHED
from taskcontract.pytest_plugin.node_ids import spell_file
from taskcontract.pytest_plugin.options import read_services, read_settings
from taskcontract.pytest_plugin.outcomes import OUTCOMES, OutcomeKeeper, Outcomes
from taskcontract.pytest_plugin.preparing import prepared_by_others
from taskcontract.reporting.escape import tame, tame_line

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from taskcontract.model.config import Config
    from taskcontract.model.pact_parts import ContractParts
    from taskcontract.pytest_plugin.workers import Workers
    from taskcontract.verification.described import DescribedTask
    from taskcontract.verification.outcome import Outcome
    from taskcontract.verification.ticket import Ticket
    from taskcontract.verification.verifier import Verifier

__all__ = ["ContractRun"]

MOST_TOLD = 10
"""Files that a line names."""


class ContractRun:
    """The hooks of a run, and what its items ask for."""

    def __init__(self, config: pytest.Config) -> None:
        try:
            self.settings: Config = read_settings(config)
            self._services = read_services(config, self.settings)
        except TaskContractError as error:
            raise pytest.UsageError(tame(str(error))) from None
        self._workers: Workers | None = None
        self._then: Ticket | None = None
        self.start_error = ""
        """Why a worker did not start."""
        self._root = config.rootpath
        self._keeper = config.stash[OUTCOMES] = OutcomeKeeper(config)
        config.pluginmanager.register(self._keeper, "taskcontract-outcomes")
        folders = [folder for service in self._services for folder in service.folders]
        self.files = ContractFiles(config, folders, self.found.skipped)
        config.stash[RUN] = self
        # The end of a process that has loaded Celery is short without a last garbage collection.
        atexit.register(gc.freeze)
        self._is_part = hasattr(config, "workerinput")
        """Whether this is one of the processes of pytest-xdist, which learns item by item what is its own."""

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionstart(self, session: pytest.Session) -> Iterator[None]:
        """Start the workers before the header is shown, so that they start while pytest collects."""
        option = session.config.option
        needed = not option.collectonly or option.taskcontract_examples  # a worker says which tasks there are
        if needed and not self._only_distributes(session.config):
            from taskcontract.pytest_plugin.workers import Workers

            try:
                workers = Workers(self._services, session.config.stash.get(LAUNCHED, None))
                workers.start()
            except TaskContractError as error:
                raise pytest.UsageError(tame(str(error))) from None
            self._workers = workers
        return (yield)

    def pytest_report_header(self, config: pytest.Config) -> list[str]:
        """Return a line about each worker that the contracts are replayed on."""
        if self._workers is None:
            workers = "a worker for each process" if self._only_distributes(config) else "no worker"
            return [
                f"taskcontract: {each.app}, {workers if each.live is None else 'workers that run already'}"
                for each in self._services
            ]
        return list(self._workers.describe())

    @property
    def found(self) -> Outcomes:
        """What the session has come to so far, as far as this process knows."""
        return self._keeper.all

    def list_skipped(self) -> tuple[tuple[str, str], ...]:
        """Return the JSON files of the contract folders that were left out, each with the reason."""
        return tuple((spell_file(path, self._root), why) for path, why in sorted(self.found.skipped.items()))

    def add_logs(self) -> None:
        """Add to each outcome what its worker logged for it; the workers must not be stopped yet."""
        if self._workers is not None:
            self.found.outcomes = self._workers.add_logs(self.found.outcomes)

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> ContractFile | None:
        """Collect a contract: one in the configured or named folders, or any JSON file that was named."""
        if not self.files.is_contract(file_path, asked_for=parent.session.isinitpath(file_path)):
            return None
        return ContractFile.from_parent(parent, path=file_path, nodeid=spell_file(file_path, self._root))

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> pytest.CollectReport | None:
        """Let `--lf` look into contracts outside of the root folder too: it seeks ids below it alone."""
        plugins = collector.config.pluginmanager
        skipper = plugins.get_plugin("lfplugin-collskip")
        if skipper is None or not isinstance(collector, ContractFile):
            return None
        collect = plugins.subset_hook_caller("pytest_make_collect_report", [skipper, self])
        report: pytest.CollectReport = collect(collector=collector)
        return report

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out the interactions of all consumers but those that `--taskcontract-consumer` names."""
        wanted = set(filter(None, map(str.strip, (config.option.taskcontract_consumer or "").split(","))))
        if not wanted:
            return
        known = {item.stash[CONSUMER] for item in items if CONSUMER in item.stash}
        if not wanted <= known:
            raise pytest.UsageError(
                f"--taskcontract-consumer: no contract of {', '.join(map(repr, sorted(wanted - known)))}; "
                f"there are some of {', '.join(map(tame_line, map(repr, sorted(known)))) or 'nobody'}"
            )
        others = [item for item in items if CONSUMER in item.stash and item.stash[CONSUMER] not in wanted]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in set(others)]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Plan what was selected, in its order."""
        if not self._is_part:
            self._plan(session.items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """Note what comes behind an item at once; plan both where only that is known."""
        self._then = None
        if isinstance(nextitem, InteractionItem) and not prepared_by_others(item.config):
            self._then = nextitem.ticket
        if self._is_part:
            self._plan([each for each in (item, nextitem) if each is not None])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Report an interaction with its own time, and a failure of what is pending as expected."""
        report = yield
        return item.report(report) if isinstance(item, InteractionItem) and call.when == "call" else report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which tasks were sent nothing, which JSON files were left out, and what is left behind."""
        for each in self.found.unsent:
            terminalreporter.write_line(f"taskcontract: no examples of {tame_line(each)}")
        pending = [each for each in self.found.outcomes if each.verdict == "pending"]
        if pending:
            terminalreporter.write_line(f"taskcontract: {len(pending)} pending, -rx shows which and why")
        for results, is_new in self.found.results.items():
            place = spell_file(results, self._root)
            new = ", which was not there: nothing had passed before" if is_new else ""
            terminalreporter.write_line(f"taskcontract: wrote {place}{new}; keep it for the next run")
        for trouble in self.found.troubles:
            terminalreporter.write_line(f"taskcontract: {tame(trouble)}")
        told = [f"{file} ({tame_line(why)})" for file, why in self.list_skipped()]
        if told:
            more = [f"{len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
            terminalreporter.write_line(f"taskcontract: skipped {', '.join(told[:MOST_TOLD] + more)}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Stop the worker and remove all that the run left; say what it came to where the end is shown."""
        self.stop()
        self._keeper.hand_over()

    def pytest_unconfigure(self) -> None:
        """Stop the worker if the session did not get to its end."""
        self.stop()

    def stop(self) -> None:
        """Stop the workers, once; a failure to do so is shown in the report, and does not replace it."""
        workers, self._workers = self._workers, None
        if workers is not None:
            try:
                if workers.pending.write() and workers.pending.path:
                    self.found.results[workers.pending.path] = workers.pending.is_new
            except TaskContractError as error:
                self.found.troubles[str(error)] = None
            try:
                workers.stop()
            except Exception as error:  # the server may be what fails
                self.found.troubles[f"the run may have left something behind: {error!r}"] = None

    def find_foreign(self, parts: ContractParts, file: Path) -> ContractError | None:
        """Return an error if another service provides what the contract asks for, and note it as skipped.

        Waits for the workers. The first CollectError says why one does not start; later ones refer to it.
        """
        if self._workers is None:
            return None
        try:
            if self._workers.find(parts.provider) is not None:
                return None
            services = self._workers.list_services()
        except TaskContractError as error:
            raise self._refuse_start(error) from None
        self.found.skipped[file] = f"{parts.provider} provides it"
        return ContractError(
            f"this contract is for {parts.provider!r}, and the worker serves "
            f"{', '.join(map(repr, services))}",
            where=str(file),
            do="Verify it where that service is built.",
        )

    def list_tasks(self) -> list[tuple[Verifier, DescribedTask]]:
        """Return what the workers serve, as calls can be made up for it; CollectErrors as `find_foreign`."""
        try:
            return list(self._workers.list_tasks()) if self._workers is not None else []
        except TaskContractError as error:
            raise self._refuse_start(error) from None

    def _refuse_start(self, error: TaskContractError) -> pytest.Collector.CollectError:
        told, self.start_error = self.start_error, str(error)
        message = "the worker did not start: the first error says why" if told else tame(str(error))
        return pytest.Collector.CollectError(message)

    def replay(self, ticket: Ticket) -> Outcome:
        """Replay one interaction."""
        assert self._workers is not None
        outcome = self._workers.replay(ticket, self._then)
        self.found.outcomes.append(outcome)
        return outcome

    def _plan(self, items: Iterable[pytest.Item]) -> None:
        if self._workers is not None:
            self._workers.plan(item.ticket for item in items if isinstance(item, InteractionItem))

    def _only_distributes(self, config: pytest.Config) -> bool:
        """Return whether this is the main process of pytest-xdist, which runs no test itself."""
        return config.pluginmanager.hasplugin("dsession")
