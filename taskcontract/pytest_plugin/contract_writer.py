"""What the tests of a session recorded, and how it gets into the contract files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.errors import ConfigError, TaskContractError
from taskcontract.pytest_plugin.options import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.contract import Contract, Interaction

__all__ = ["ContractWriter"]

Pair = tuple[str, str]
"""The names of a consumer and a provider."""

OUTPUT_KEY = "taskcontract"
"""What a process of pytest-xdist hands to the one that it works for, beside others' output."""


class ContractWriter:
    """Keeps what the tests record and writes it when the session ends.

    The rule for what is in a file already: an interaction is replaced when the test that recorded it
    passes again, it is kept while that test does not run or fails, and it is dropped when the test is
    gone: when its file is, or when its file was collected as a whole and the test was not in it. Of
    a file for which nothing was recorded that is done if it is the configured consumer's: others may lie
    in the same folder. A file without interactions is removed.

    With pytest-xdist each process has one of its own, and only that of the main process writes.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._recorded: dict[Pair, list[Interaction]] = {}
        self._passed: set[str] = set()
        self._collected: set[str] = set()
        self._whole_files: set[str] = set()
        self._lines: list[str] = []
        self._others: list[dict[str, Any]] = []

    @property
    def consumer(self) -> str | None:
        """The configured name of this project as a consumer."""
        return read_settings(self._config).consumer

    def open(self, pair: Pair) -> None:
        """Make ready for `pair`; a ContractError where its file is broken, before anything is recorded."""
        if pair not in self._recorded:
            self._read(pair)
            self._recorded[pair] = []

    def forget(self, test: str) -> None:
        """Drop what an earlier run of `test` in this session recorded."""
        for interactions in self._recorded.values():
            interactions[:] = [each for each in interactions if each.test != test]

    def keep(self, pair: Pair, interactions: list[Interaction]) -> None:
        """Add what a test recorded; a ContractError for a description that would say two things."""
        from taskcontract.pytest_plugin.contract_merge import refuse_two_meanings, says_the_same

        recorded = self._recorded[pair]
        for interaction in interactions:
            for twin in recorded:
                if twin.description == interaction.description and not says_the_same(twin, interaction):
                    raise refuse_two_meanings(pair, twin, interaction)
            recorded.append(interaction)

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Note that `item` exists."""
        self._collected.add(item.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that was collected as a whole."""
        if report.passed:
            self._whole_files.add(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note whether a test of this process has passed."""
        if hasattr(report, "node"):  # another process's: what that one recorded counts, and it may die
            return
        if report.failed:
            self._passed.discard(report.nodeid)
        elif report.when == "call" and report.passed:
            self._passed.add(report.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a process of pytest-xdist recorded, if it came to its end."""
        handed_over = getattr(node, "workeroutput", {}).get(OUTPUT_KEY)
        if handed_over is not None:
            self._others.append(handed_over)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the contracts, or hand them over to the main process of pytest-xdist."""
        output: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[OUTPUT_KEY] = self._hand_over()
            return
        for handed_over in self._others:
            self._take_over(handed_over, session)
        for pair, interactions in sorted([*self._recorded.items(), *self._find_unused()]):
            try:
                self._write(pair, [each for each in interactions if each.test in self._passed])
            except TaskContractError as error:
                self._say_unwritten(str(error), session)
            except Exception as error:  # whatever it is: the other pairs' files are written
                text = f"the contract {pair[0]}--{pair[1]}.json is not written: {error!r}"
                self._say_unwritten(text, session)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which contract files were written, and which could not be."""
        for line in self._lines:
            terminalreporter.write_line(f"taskcontract: {line}")

    def _say_unwritten(self, text: str, session: pytest.Session) -> None:
        self._lines.append(text)
        session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def _hand_over(self) -> dict[str, Any]:
        """Return all that this process recorded, as lists and strings."""
        from taskcontract.model.contract import Contract
        from taskcontract.model.pact_writing import dump_contract

        recorded = [
            dump_contract(Contract(*pair, tuple(each for each in interactions if each.test in self._passed)))
            for pair, interactions in self._recorded.items()
        ]
        return {
            "recorded": recorded,
            "passed": sorted(self._passed),
            "collected": sorted(self._collected),
            "whole_files": sorted(self._whole_files),
        }

    def _take_over(self, handed_over: dict[str, Any], session: pytest.Session) -> None:
        """Add what another process recorded; a conflict between two tests is reported."""
        from taskcontract.model.pact import parse_contract

        self._passed.update(handed_over["passed"])
        self._collected.update(handed_over["collected"])
        self._whole_files.update(handed_over["whole_files"])
        for text in handed_over["recorded"]:
            contract = parse_contract(text, file="a test process")
            pair = (contract.consumer, contract.provider)
            try:
                self.open(pair)
                self.keep(pair, list(contract.interactions))
            except TaskContractError as error:
                self._say_unwritten(str(error), session)

    def _read(self, pair: Pair) -> Contract:
        from taskcontract.model.contract import Contract
        from taskcontract.model.pact import load_contract

        empty = Contract(*pair)
        file = self._find_folder() / empty.file_name
        return load_contract(file) if file.exists() else empty

    def _write(self, pair: Pair, interactions: list[Interaction]) -> None:
        from taskcontract.model.contract import Contract
        from taskcontract.model.files import write_file
        from taskcontract.model.pact_writing import dump_contract
        from taskcontract.pytest_plugin.contract_merge import merge
        from taskcontract.pytest_plugin.folder_lock import hold_folder

        file = self._find_folder() / Contract(*pair).file_name
        if not interactions and not file.exists():
            return
        with hold_folder(file.parent):
            # Read again, as another session may have written since.
            merged = merge(self._read(pair), interactions, is_outdated=self._is_outdated)
            if not merged.contract.interactions:
                self._remove(file)
            elif not interactions and not merged.removed:
                return
            elif write_file(file, dump_contract(merged.contract)):
                self._lines.append(f"wrote {_shorten(file)} ({merged})")

    def _remove(self, file: Path) -> None:
        from taskcontract.errors import SpecError

        try:
            file.unlink()
        except OSError as error:
            what = f"cannot be removed, as its tests are gone: {error.strerror or error}"
            raise SpecError(what, where=str(file), do="Remove it.") from None
        self._lines.append(f"removed {_shorten(file)} (its tests are gone)")

    def _find_unused(self) -> Iterator[tuple[Pair, list[Interaction]]]:
        """Yield the configured consumer's pairs that have a file here, and that no test recorded for."""
        if not self._passed:  # a session that only collects, or could not, says nothing of what is gone
            return
        settings = read_settings(self._config)
        start = f"{settings.consumer}--"
        if settings.consumer is None or not settings.folders:
            return
        for file in sorted(settings.folders[0].glob("*.json")):
            pair = (settings.consumer, file.stem.removeprefix(start))
            if file.name.startswith(start) and pair not in self._recorded and self._is_readable(pair):
                yield pair, []

    def _is_readable(self, pair: Pair) -> bool:
        try:
            contract = self._read(pair)
        except TaskContractError:  # then it is left alone
            return False
        return (contract.consumer, contract.provider) == pair and bool(contract.interactions)

    def _is_outdated(self, test: str) -> bool:
        """Return whether `test`, which recorded something once, has passed again or is gone."""
        file = test.partition("::")[0]
        if test in self._passed:
            return True
        if not (self._config.rootpath / file).exists():
            # With another --rootdir, tests have other names.
            return self._config.inipath is None or self._config.inipath.parent == self._config.rootpath
        return file in self._whole_files and test not in self._collected and not self._is_choosy()

    def _is_choosy(self) -> bool:
        """Return whether single tests were asked for, so that files were not collected as a whole."""
        option = self._config.option
        return any("::" in arg for arg in self._config.args) or bool(
            getattr(option, "lf", False) or getattr(option, "stepwise", False)
        )

    def _find_folder(self) -> Path:
        folders = read_settings(self._config).folders
        if not folders:
            raise ConfigError("no folder for contracts is configured", do='Write contracts = ["contracts"].')
        return folders[0]


def _shorten(file: Path) -> str:
    """Return `file` as seen from where pytest was started, if it is below."""
    try:
        return str(file.relative_to(Path.cwd()))
    except ValueError:
        return str(file)
