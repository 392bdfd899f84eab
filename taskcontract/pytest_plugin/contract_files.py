"""Which files of a run are contracts: those of its folders, and any that are named on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import TaskContractError
from taskcontract.registry.contracts import Skipped, find_json_files, look_into
from taskcontract.reporting.escape import tame, tame_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.errors import ContractError
    from taskcontract.model.pact_parts import ContractParts

__all__ = ["ContractFiles"]


class ContractFiles:
    """The contracts in `folders`, or in what the command line of `config` names.

    `skipped` gets the JSON files of the folders that are left out, each with the reason.
    """

    def __init__(self, config: pytest.Config, folders: Iterable[Path], skipped: dict[Path, str]) -> None:
        # As pytest spells paths: without `..`.
        self._folders = [Path(os.path.abspath(folder)) for folder in dict.fromkeys(folders)]  # noqa: PTH100
        self._looks: dict[Path, ContractParts | Skipped | ContractError] = {}
        self._skipped = skipped
        self._explicit = config.args_source == pytest.Config.ArgsSource.ARGS
        """Whether paths were given: then nothing else is collected."""
        self._initial: set[Path] = set()
        if self._explicit:
            self._folders += self._find_named_folders(config)
        else:
            optional = config.option.taskcontract_examples is not None
            config.args = [str(file) for file in self._find_files(optional=optional)]

    def is_contract(self, file: Path, *, asked_for: bool) -> bool:
        """Return whether to collect `file`: it is a contract, or was `asked_for` whatever it is."""
        if file.suffix != ".json":
            return False
        if asked_for:
            self._initial.add(file)
        if self.was_asked_for(file):
            return True
        if not any(file.is_relative_to(folder) for folder in self._folders):
            return False
        return not isinstance(self.look_into(file), Skipped)

    def was_asked_for(self, file: Path) -> bool:
        """Return whether `file` itself was named on the command line."""
        return self._explicit and file in self._initial

    def look_into(self, file: Path) -> ContractParts | Skipped | ContractError:
        """Return what is in a JSON file, read once."""
        look = self._looks.get(file)
        if look is None:
            look = self._looks[file] = look_into(file, asked_for=self.was_asked_for(file))
            if isinstance(look, Skipped) and look.why:
                self._skipped[file] = look.why
            elif not isinstance(look, Skipped | TaskContractError) and look.others:
                self._skipped[file] = f"{look.others} interactions of other types than tasks have"
        return look

    def _find_named_folders(self, config: pytest.Config) -> list[Path]:
        """Return the folders named on the command line, except those that contain a configured one."""
        start = config.invocation_params.dir
        named = [Path(os.path.abspath(start / arg.partition("::")[0])) for arg in config.args]  # noqa: PTH100
        return [
            folder
            for folder in named
            if folder.is_dir() and not any(each.is_relative_to(folder) for each in self._folders)
        ]

    def _find_files(self, *, optional: bool) -> list[Path]:
        """Return the contracts of the folders; a UsageError where there are none, and some are needed."""
        folders = self._folders
        if optional:
            folders = [folder for folder in folders if folder.exists()]
        try:
            files = find_json_files(folders)
        except TaskContractError as error:
            raise pytest.UsageError(tame(str(error))) from None
        contracts = [file for file in files if not isinstance(self.look_into(file), Skipped)]
        if not contracts and not optional:
            others = "".join(
                f"\n  {tame_line(path.name)} is {tame_line(why)}." for path, why in self._skipped.items()
            )
            raise pytest.UsageError(
                f"there are no contracts: no Pact file of tasks in {', '.join(map(str, folders))}{others}\n"
                "  Record them with the consumers' tests, or name other folders: `contracts` in "
                "[tool.taskcontract], or --taskcontract-contracts."
            )
        return contracts
