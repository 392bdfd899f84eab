"""Which contracts a provider has to keep, and which APIs a consumer calls: chosen from a registry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.model.contract import Contract
from taskcontract.registry.publishing import shorten_digest
from taskcontract.registry.results import digest_of
from taskcontract.registry.selecting import find_main, find_running

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.model.contract import Interaction
    from taskcontract.model.service import ServiceSpec
    from taskcontract.registry.records import PublishedVersion
    from taskcontract.registry.registry import Registry

__all__ = ["FetchedContract", "FetchedSpec", "Selection", "fetch_apis", "fetch_contracts"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which versions of the others are wanted.

    Without anything: what runs in any environment, and the newest of each main branch. `work_in_progress`
    adds the newest of each other branch.
    """

    environments: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    work_in_progress: bool = False

    def find(self, registry: Registry, service: str) -> dict[str, tuple[PublishedVersion, str]]:
        """Return the wanted versions of `service`, the newest first, each with why it is wanted."""
        found: dict[str, tuple[PublishedVersion, str]] = {}
        for version, why in self._choose(registry, service):
            if version is not None:
                found.setdefault(version.version, (version, why))
        return found

    def _choose(self, registry: Registry, service: str) -> Iterator[tuple[PublishedVersion | None, str]]:
        if not (self.environments or self.branches or self.tags):
            yield find_main(registry, service), "the newest of its main branch"
        for name in self.branches:
            yield registry.find_head(service, "branch", name), f"the newest of the branch {name}"
        for name in self.tags:
            yield registry.find_head(service, "tag", name), f"the newest of the tag {name}"
        if self.environments or not (self.branches or self.tags):
            for running, where in find_running(registry, service, self.environments):
                yield running, f"runs in {where}"
        for name in registry.find_heads(service, "branch") if self.work_in_progress else ():
            yield registry.find_head(service, "branch", name), f"work in progress on {name}"


class FetchedContract(NamedTuple):
    """What a version of a consumer expects beyond what newer ones do, and `why` that version counts.

    `pending` is how many of the interactions never passed on the provider.
    """

    version: PublishedVersion
    contract: Contract
    why: str
    pending: int


class FetchedSpec(NamedTuple):
    """The API of a version of a provider, and `why` that version counts."""

    version: PublishedVersion
    spec: ServiceSpec
    why: str


def fetch_contracts(
    registry: Registry, provider: str, selection: Selection, *, mark_pending: bool = True
) -> Iterator[FetchedContract]:
    """Yield what the consumers of `provider` expect of it, each interaction once.

    What never passed on a version of it that runs, or on the newest of its main branch, is marked as pending:
    then a consumer's new wish does not break the provider's build.
    """
    known = list(_find_own(registry, provider)) if mark_pending else []
    for consumer in registry.list_consumers(provider):
        told: set[str] = set()
        for version, why in selection.find(registry, consumer).values():
            contract = version.find_contract(provider)
            if contract is None or contract.digests | contract.pending <= told:
                continue
            interactions = []
            for each in registry.load_contract(contract).interactions:
                digest = shorten_digest(digest_of(each))
                if digest not in told:
                    told.add(digest)
                    is_new = mark_pending and not _has_passed(digest, known)
                    interactions.append(replace(each, pending=each.pending or is_new))
            pending = sum(each.pending for each in interactions)
            yield FetchedContract(version, Contract(consumer, provider, _sort(interactions)), why, pending)


def fetch_apis(registry: Registry, consumer: str, selection: Selection) -> Iterator[FetchedSpec]:
    """Yield the APIs that the newest version of `consumer` calls, in each version that is wanted."""
    newest = find_main(registry, consumer)
    for contract in newest.contracts if newest is not None else ():
        for version, why in selection.find(registry, contract.provider).values():
            if version.spec:
                yield FetchedSpec(version, registry.load_spec(version), why)


def _find_own(registry: Registry, provider: str) -> Iterator[PublishedVersion]:
    head = find_main(registry, provider)
    if head is not None:
        yield head
    yield from (version for version, _ in find_running(registry, provider))


def _has_passed(digest: str, versions: Iterable[PublishedVersion]) -> bool:
    results = (version.find_result(digest) for version in versions)
    return any(result is not None and result.passed for result in results)


def _sort(interactions: Iterable[Interaction]) -> tuple[Interaction, ...]:
    return tuple(sorted(interactions, key=lambda each: each.description))
