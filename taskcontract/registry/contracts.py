"""The contract files of a project: whatever JSON in its folders is a contract, by its content."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskcontract.errors import ConfigError, ContractError, SpecError
from taskcontract.model.contract import Contract, Interaction
from taskcontract.model.files import read_json_file
from taskcontract.model.pact import as_contract_error
from taskcontract.model.pact_parts import (
    PUBLISHED_SPEC,
    BrokenInteraction,
    ContractParts,
    find_other_nature,
    read_parts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["PATTERN", "Skipped", "find_json_files", "load_contracts", "look_into"]

PATTERN = "*--*.json"
"""What we call contract files, CONSUMER--PROVIDER.json: a file of such a name has to be one."""


class Skipped(NamedTuple):
    """A JSON file that is not a contract of tasks, and what it is instead; empty where that is obvious."""

    why: str


def find_json_files(folders: Iterable[Path]) -> list[Path]:
    """Return every JSON file in `folders` and below, sorted; raise a ConfigError where a folder is not there.

    A forgotten or misspelled one would look like the absence of any expectation.
    """
    found: set[Path] = set()  # one folder may lie in another
    for folder in folders:
        if not folder.is_dir():
            raise ConfigError(
                f"there are no contracts: no folder {folder}",
                do="Create it, or name the folders in [tool.taskcontract]: contracts = [...]",
            )
        found.update(path for path in folder.rglob("*.json") if path.is_file())
    return sorted(found)


def load_contracts(folders: Iterable[Path]) -> list[Contract]:
    """Return every contract in `folders`, whole; raise a ContractError for the first unreadable part."""
    contracts = []
    for file in find_json_files(folders):
        look = look_into(file)
        if isinstance(look, ContractError):
            raise look
        if isinstance(look, ContractParts):
            broken = [each.error for each in look.interactions if isinstance(each, BrokenInteraction)]
            if broken:
                raise broken[0]
            readable = tuple(each for each in look.interactions if isinstance(each, Interaction))
            contracts.append(Contract(look.consumer, look.provider, readable))
    return contracts


def look_into(file: Path, *, asked_for: bool = False) -> ContractParts | Skipped | ContractError:
    """Return the contract in `file`, or what the file is instead; an error where it has to be a contract.

    It must be one if it was `asked_for`, or has the name of one of ours.
    """
    must = asked_for or file.match(PATTERN)
    try:
        value = read_json_file(file)
    except SpecError as error:
        return as_contract_error(error) if must else Skipped(f"unreadable: {error.what}")
    nature = find_other_nature(value)
    if nature is not None and not must:
        return Skipped("" if nature == PUBLISHED_SPEC else nature)
    try:
        return read_parts(value, file=str(file))
    except ContractError as error:
        return error
