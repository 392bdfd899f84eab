"""Reading the contract file: a Pact V4 file as a Contract, its interactions by `pact_interactions`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from taskcontract.errors import ContractError, SpecError
from taskcontract.model.canonical import parse_json
from taskcontract.model.contract import Contract, Interaction
from taskcontract.model.files import read_json_file
from taskcontract.model.pact_interactions import RECORD_AGAIN, fail_at, read_interaction
from taskcontract.model.reading import Node

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from taskcontract.model.canonical import Json

__all__ = [
    "as_contract_error",
    "load_contract",
    "parse_contract",
    "read_contract",
    "read_parties",
    "tell_apart",
]


class Described(Protocol):
    """An interaction, readable or not."""

    @property
    def description(self) -> str: ...


T = TypeVar("T", bound=Described)


def load_contract(path: Path | str) -> Contract:
    """Return the contract in the file `path`; ContractErrors name the file, the JSON path and what to do."""
    try:
        return read_contract(read_json_file(path), file=str(path))
    except SpecError as error:
        raise as_contract_error(error) from None


def parse_contract(text: str, *, file: str) -> Contract:
    """Return the contract that `text`, which came from `file`, spells; the errors of `load_contract`."""
    try:
        return read_contract(parse_json(text, where=file), file=file)
    except SpecError as error:
        raise as_contract_error(error) from None


def read_contract(value: Json, *, file: str) -> Contract:
    """Return the contract that the JSON `value`, read from `file`, spells; the errors of `load_contract`."""
    try:
        root = Node(value, file=file)
        consumer, provider = read_parties(root)
        interactions = tell_apart(read_interaction(node) for node in root["interactions"].items())
        _refuse_doubles(root, interactions)
        return Contract(
            consumer=consumer,
            provider=provider,
            interactions=tuple(sorted(interactions, key=lambda interaction: interaction.description)),
        )
    except SpecError as error:
        raise as_contract_error(error) from None


def _check_version(root: Node) -> None:
    value = root.value
    if not isinstance(value, dict) or not {"consumer", "provider"} <= value.keys():
        fail_at(root, "this is not a Pact file: it names no consumer and no provider")
    metadata = root.get("metadata")
    specification = metadata.get("pactSpecification") if metadata else None
    version = specification.object().get("version") if specification else None
    if not str(version).startswith("4"):
        said = f"follows version {version}" if version else "does not say that it follows version 4"
        fail_at(specification or root, f"this file {said} of the Pact specification")


def read_parties(root: Node) -> tuple[str, str]:
    """Return the names of the consumer and the provider; raise a SpecError unless `root` is a Pact 4 file."""
    _check_version(root)
    return root["consumer"]["name"].text(), root["provider"]["name"].text()


def tell_apart(interactions: Iterable[T]) -> tuple[T, ...]:
    """Return the interactions with their states in the descriptions that several have, as Pact allows."""
    known = tuple(interactions)
    counts = Counter(each.description for each in known)
    return tuple(
        replace(
            each, description=f"{each.description}, given {' and '.join(state.name for state in each.states)}"
        )
        if isinstance(each, Interaction) and counts[each.description] > 1 and each.states
        else each
        for each in known
    )


def _refuse_doubles(root: Node, interactions: tuple[Interaction, ...]) -> None:
    counts = Counter(interaction.description for interaction in interactions)
    for description, times in counts.items():
        if times > 1:
            root["interactions"].fail(f"{times} interactions have the description {description!r}")


def as_contract_error(error: SpecError) -> ContractError:
    """Return what is wrong with a file, as a fault of a contract."""
    return ContractError(error.what, where=error.where, do=error.do or RECORD_AGAIN)
