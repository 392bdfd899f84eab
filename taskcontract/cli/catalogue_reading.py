"""The published specs and the contracts in folders, as the content of a catalogue's pages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from taskcontract.diff.budget import ProofBudget
from taskcontract.reporting.catalogue.content import Changes, Reliance, Service, Version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from taskcontract.model.service import ServiceSpec

__all__ = ["compare", "read_services"]


def read_services(folders: Sequence[Path], most: int) -> Iterator[Service]:
    """Yield each service that has a published spec, or a contract with another, sorted by name.

    `most` is how many versions of one are shown. All comparisons share one budget. A SpecError or a
    ContractError names a file that cannot be read, a ConfigError a folder that is not there.
    """
    from taskcontract.registry.contracts import load_contracts
    from taskcontract.registry.local import LocalRegistry

    relies: dict[str, dict[str, Counter[str]]] = {}
    for contract in load_contracts(folders):
        calls = relies.setdefault(contract.consumer, {}).setdefault(contract.provider, Counter())
        calls.update(interaction.wire_name for interaction in contract.interactions)
    registry = LocalRegistry(*folders)
    published = registry.services()
    budget = ProofBudget()
    for name in sorted({*published, *relies}):
        listed = registry.versions(name) if name in published else ()
        # One more than is shown: what the oldest of those has changed.
        specs = [registry.load(name, version) for version in listed[::-1][: most + 1]]
        reliances = tuple(Reliance(*each) for each in sorted(relies.get(name, {}).items()))
        versions = [
            Version(
                spec.version,
                spec=spec,
                relies=reliances if at == 0 else (),
                changes=compare(specs[at + 1], spec, budget) if at + 1 < len(specs) else None,
            )
            for at, spec in enumerate(specs[:most])
        ]
        yield Service(name, tuple(versions) or (Version("", relies=reliances),), len(listed) - len(versions))


def compare(older: ServiceSpec, newer: ServiceSpec, budget: ProofBudget) -> Changes:
    """Return what changed from one spec to the next."""
    from taskcontract.diff.changes import find_changes

    return Changes(older.version, tuple(find_changes(older, newer, budget=budget)))
