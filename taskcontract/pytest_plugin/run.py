"""One run of `pytest --taskcontract`: what is collected, and the worker that it is replayed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import TaskContractError
from taskcontract.pytest_plugin.items import RUN, ContractFile, InteractionItem
from taskcontract.pytest_plugin.options import read_settings
from taskcontract.registry.contracts import PATTERN, find_contract_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from taskcontract.model.config import Config
    from taskcontract.verification.offer import Offer
    from taskcontract.verification.outcome import Outcome
    from taskcontract.verification.pipeline import Ticket
    from taskcontract.verification.verifier import Verifier

__all__ = ["ContractRun"]


class ContractRun:
    """The hooks of a run, and what its items ask for."""

    def __init__(self, config: pytest.Config) -> None:
        try:
            self.settings: Config = read_settings(config)
        except TaskContractError as error:
            raise pytest.UsageError(str(error)) from None
        self._verifier: Verifier | None = None
        self._failed = False
        self.foreign: list[str] = []
        """The contract files that were left out because another service provides what they ask for."""
        self.explicit = config.args_source == pytest.Config.ArgsSource.ARGS
        """Whether paths were given: then nothing else is collected."""
        if not self.explicit:
            config.args = [str(file) for file in self._find_files()]
        config.stash[RUN] = self

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionstart(self, session: pytest.Session) -> Iterator[None]:
        """Start the worker before the header is shown, so that it starts while pytest collects."""
        if not session.config.option.collectonly:
            from taskcontract.verification.verifier import Verifier

            try:
                verifier = Verifier(self.settings)
                verifier.start()
            except TaskContractError as error:
                raise pytest.UsageError(str(error)) from None
            self._verifier = verifier
        return (yield)

    def pytest_report_header(self) -> str:
        """Which worker the contracts are replayed on."""
        settings = self.settings
        if self._verifier is None:
            return f"taskcontract: {settings.app}, no worker"
        from taskcontract.verification.room import scheme_of

        broker = scheme_of(settings.broker)
        pool = f"{settings.pool} pool of {settings.concurrency}"
        return f"taskcontract: {settings.app} on {broker} broker, {pool}, worker pid {self._verifier.pid}"

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> ContractFile | None:
        """A contract file: of the configured folders by its name, or whatever JSON was asked for by path."""
        if file_path.suffix != ".json":
            return None
        ours = file_path.match(PATTERN) and any(
            file_path.is_relative_to(folder) for folder in self.settings.folders
        )
        if ours or parent.session.isinitpath(file_path):
            return ContractFile.from_parent(parent, path=file_path)
        return None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Plan what was selected, in its order."""
        if self._verifier is not None:
            self._verifier.plan(item.ticket for item in session.items if isinstance(item, InteractionItem))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which contracts were left out."""
        if self.foreign:
            terminalreporter.write_line(f"taskcontract: other services provide {', '.join(self.foreign)}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Stop the worker and remove all that the run left."""
        self.stop()

    def pytest_unconfigure(self) -> None:
        """The same, where the session never got to its end."""
        self.stop()

    def stop(self) -> None:
        """Stop the worker, once."""
        verifier, self._verifier = self._verifier, None
        if verifier is not None:
            verifier.stop()

    def offer(self) -> Offer | None:
        """What the worker serves, as soon as it answers; None without a worker (`--collect-only`).

        A CollectError tells the whole of why it does not start once, and refers to that afterwards.
        """
        if self._verifier is None:
            return None
        try:
            return self._verifier.wait()
        except TaskContractError as error:
            told, self._failed = self._failed, True
            message = "the worker did not start: the first error says why" if told else str(error)
            raise pytest.Collector.CollectError(message) from None

    def replay(self, ticket: Ticket) -> Outcome:
        """Replay one interaction."""
        assert self._verifier is not None
        return self._verifier.replay(ticket)

    def _find_files(self) -> list[Path]:
        folders = self.settings.folders
        try:
            files = find_contract_files(folders)
        except TaskContractError as error:
            raise pytest.UsageError(str(error)) from None
        if not files:
            raise pytest.UsageError(
                f"there are no contracts: no file {PATTERN} in {', '.join(map(str, folders))}\n"
                "  Record them with the consumers' tests, or name other folders: `contracts` in "
                "[tool.taskcontract], or --taskcontract-contracts."
            )
        return files
