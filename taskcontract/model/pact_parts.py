"""A contract file read interaction by interaction: what is wrong with one is that one's own fault.

Also says which JSON is a contract at all: by what is in it, whatever the file is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.errors import ContractError, SpecError
from taskcontract.model.pact import as_contract_error, read_parties, tell_apart
from taskcontract.model.pact_interactions import read_interaction
from taskcontract.model.reading import Node

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Interaction

__all__ = ["PUBLISHED_SPEC", "BrokenInteraction", "ContractParts", "find_other_nature", "read_parts"]

PUBLISHED_SPEC = "a published spec"
OTHER_TYPES = ("Synchronous/HTTP",)
"""What else Pact V4 knows: for other verifiers, also where it stands in the same file."""


@dataclass(frozen=True, slots=True)
class BrokenInteraction:
    """An interaction that cannot be read: its description, as far as it has one, and what is wrong."""

    description: str
    error: ContractError


@dataclass(frozen=True, slots=True)
class ContractParts:
    """A contract file: the two parties, and each interaction of a task, readable or not, by description.

    `others` counts the interactions that are of Pact's other types.
    """

    consumer: str
    provider: str
    interactions: tuple[Interaction | BrokenInteraction, ...]
    others: int = 0


def read_parts(value: Json, *, file: str) -> ContractParts:
    """Return the parts of the contract in the JSON `value`, read from `file`; or raise a ContractError."""
    try:
        root = Node(value, file=file)
        consumer, provider = read_parties(root)
        nodes = list(root["interactions"].items())
    except SpecError as error:
        raise as_contract_error(error) from None
    ours = [(number, node) for number, node in enumerate(nodes, 1) if _type_of(node.value) not in OTHER_TYPES]
    interactions = sorted(
        tell_apart(_read_part(node, number) for number, node in ours),
        key=lambda interaction: interaction.description,
    )
    return ContractParts(consumer, provider, tuple(interactions), len(nodes) - len(ours))


def find_other_nature(value: Json) -> str | None:
    """Return what the JSON `value` is instead of a contract of tasks, in a few words; None if it is one."""
    if not isinstance(value, dict):
        return "not a Pact file"
    if "taskcontract" in value:
        return PUBLISHED_SPEC
    if not {"consumer", "provider"} <= value.keys():
        return "not a Pact file"
    version = _version_of(value)
    if not version.startswith("4"):
        return f"Pact {version}" if version else "Pact of no version"
    interactions = value.get("interactions")
    found = [_type_of(each) for each in interactions] if isinstance(interactions, list) else []
    if found and all(each in OTHER_TYPES for each in found):
        return f"only {' and '.join(each for each in OTHER_TYPES if each in found)}"
    return None


def _version_of(value: dict[str, Json]) -> str:
    metadata = value.get("metadata")
    specification = metadata.get("pactSpecification") if isinstance(metadata, dict) else None
    version = specification.get("version") if isinstance(specification, dict) else None
    return str(version or "")


def _type_of(interaction: Json) -> Json:
    return interaction.get("type") if isinstance(interaction, dict) else None


def _read_part(node: Node, number: int) -> Interaction | BrokenInteraction:
    try:
        return read_interaction(node)
    except SpecError as error:
        said = node.value.get("description") if isinstance(node.value, dict) else None
        description = said if isinstance(said, str) and said else f"interaction {number}"
        return BrokenInteraction(description, as_contract_error(error))
