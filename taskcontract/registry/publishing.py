"""Publishing: a version of a service becomes visible as a whole, and what it said never changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from taskcontract.errors import RegistryError
from taskcontract.model.canonical import parse_json
from taskcontract.model.pact import read_contract
from taskcontract.model.pact_writing import dump_contract
from taskcontract.model.spec_file import dump_spec
from taskcontract.registry import keys
from taskcontract.registry.chain import advance, find_newest
from taskcontract.registry.differences import describe_difference
from taskcontract.registry.environments import refresh_environments
from taskcontract.registry.records import PublishedContract, PublishedVersion, read_version
from taskcontract.registry.registry import as_registry_errors, read_head
from taskcontract.registry.results import digest_of

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Contract
    from taskcontract.model.service import ServiceSpec
    from taskcontract.registry.records import Run
    from taskcontract.registry.registry import Registry

__all__ = ["Publication", "Published", "publish", "shorten_digest"]

MOST_KEPT = 100
"""Versions that the head of a branch or a tag lists."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What is said of one version of a service, at once or little by little.

    `at` and `by` say when and by whom. `runs` are those of other services' contracts on a worker of it.
    """

    service: str
    version: str
    at: str
    by: str
    branch: str = ""
    tags: tuple[str, ...] = ()
    spec: ServiceSpec | None = None
    contracts: tuple[Contract, ...] = ()
    runs: tuple[Run, ...] = ()
    compatibility: str = ""


class Published(NamedTuple):
    """The version as it is now, and what became of it."""

    version: PublishedVersion
    state: Literal["published", "added", "unchanged"]


def publish(registry: Registry, publication: Publication) -> Published:
    """Publish it: what is there already stays, what is new is added in one step.

    A RegistryError where the version is there with other content; the difference is shown.
    """
    _check(publication)
    spec = registry.keep_object(dump_spec(publication.spec)) if publication.spec is not None else ""
    contracts = tuple(_keep(registry, each) for each in publication.contracts)
    service, version = publication.service, publication.version
    said = PublishedVersion(
        service,
        version,
        branches=(publication.branch,) if publication.branch else (),
        tags=tuple(dict.fromkeys(publication.tags)),
        spec=spec,
        api=publication.spec.version if publication.spec is not None else "",
        sunsets=_find_sunsets(publication.spec) if publication.spec is not None else {},
        contracts=contracts,
        compatibility=publication.compatibility,
        at=publication.at,
        by=publication.by,
        runs=publication.runs,
    )
    folder = keys.find_version_folder(service, version)
    where = f"{registry.place}/{folder}"

    def merge(state: Json) -> Json:
        if state is None:
            return said.write()
        with as_registry_errors():
            there = read_version(state, where=where)
        return _merge(registry, there, said).write()

    before = find_newest(registry.store, folder).state
    merge(before)  # a refusal comes before anything else can be seen
    for contract in contracts:
        registry.store.create(keys.find_consumer_key(contract.provider, service), b"{}\n")
    # Before the version itself, which is what makes it visible there.
    _add_to_head(registry, service, version, "newest", "all")
    for tag in publication.tags:
        _add_to_head(registry, service, version, "tag", tag)
    if publication.branch:
        _add_to_head(registry, service, version, "branch", publication.branch)
    after = advance(registry.store, folder, merge)
    found = read_version(after, where=where)
    refresh_environments(registry, found)
    if before is None:
        return Published(found, "published")
    return Published(found, "unchanged" if after == before else "added")


def shorten_digest(digest: str) -> str:
    """Return the 128 bits of an interaction's digest by which a registry knows it."""
    return digest[:32]


def _check(publication: Publication) -> None:
    keys.check_name(publication.service, "a service")
    keys.check_name(publication.version, "a version")
    if publication.branch:
        keys.check_name(publication.branch, "a branch")
    for tag in publication.tags:
        keys.check_name(tag, "a tag")
    spec = publication.spec
    if spec is not None and spec.name != publication.service:
        raise RegistryError(
            f"the spec is of {spec.name!r}, not of {publication.service!r}",
            do=f"Publish it as that: taskcontract publish {spec.name} {publication.version}",
        )
    for contract in publication.contracts:
        keys.check_name(contract.provider, "a provider")
        if contract.consumer != publication.service:
            raise RegistryError(
                f"a contract is of {contract.consumer!r}, not of {publication.service!r}",
                do=f"Publish it as that: taskcontract publish {contract.consumer} {publication.version}",
            )


def _find_sunsets(spec: ServiceSpec) -> dict[str, str]:
    return {name: task.sunset for task in spec.tasks if task.sunset for name in task.wire_names}


def _keep(registry: Registry, contract: Contract) -> PublishedContract:
    calls: dict[str, list[str]] = {}
    pending = set()
    text = dump_contract(contract)
    # As whoever fetches it reads it, whatever the file said that it was read from.
    written = read_contract(parse_json(text, where=contract.file_name), file=contract.file_name)
    for each in written.interactions:
        digest = shorten_digest(digest_of(each))
        calls.setdefault(each.wire_name, []).append(digest)
        if each.pending:
            pending.add(digest)
    return PublishedContract(
        contract.provider,
        registry.keep_object(text),
        {name: tuple(sorted(set(digests))) for name, digests in sorted(calls.items())},
        frozenset(pending),
    )


def _add_to_head(registry: Registry, service: str, version: str, kind: keys.HeadKind, name: str) -> None:
    """Make `version` the newest of a branch or a tag, if it was never there."""
    folder = keys.find_head_folder(service, kind, name)

    def add(state: Json) -> Json:
        versions = read_head(state, where=f"{registry.place}/{folder}")
        return state if version in versions else {"versions": [version, *versions][:MOST_KEPT]}

    advance(registry.store, folder, add)


def _merge(registry: Registry, there: PublishedVersion, said: PublishedVersion) -> PublishedVersion:
    """Return what is `there` with what is `said` besides."""
    spec = said.spec if not there.spec else there.spec
    if said.spec and said.spec != spec:
        raise _refuse(registry, there, "its API", there.spec, said.spec)
    contracts = {each.provider: each for each in there.contracts}
    for contract in said.contracts:
        known = contracts.setdefault(contract.provider, contract)
        # What differs in the names of tests alone is the same contract.
        if (known.calls, known.pending) != (contract.calls, contract.pending):
            what = f"its contract with {contract.provider}"
            raise _refuse(registry, there, what, known.object, contract.object)
    if there.compatibility and said.compatibility not in ("", there.compatibility):
        raise RegistryError(
            f"{there.id} promises {there.compatibility!r} compatibility already, not {said.compatibility!r}",
            where=registry.place,
            do="Publish this under another version.",
        )
    merged = replace(
        there,
        branches=tuple(dict.fromkeys((*there.branches, *said.branches))),
        tags=tuple(dict.fromkeys((*there.tags, *said.tags))),
        spec=spec,
        api=there.api or said.api,
        sunsets=there.sunsets or said.sunsets,
        contracts=tuple(contracts[provider] for provider in sorted(contracts)),
        compatibility=there.compatibility or said.compatibility,
    )
    for run in said.runs:
        merged = merged.add_run(run)
    return merged


def _refuse(registry: Registry, there: PublishedVersion, what: str, old: str, new: str) -> RegistryError:
    shown = describe_difference(registry.load_object(old), registry.load_object(new))
    return RegistryError(
        f"{there.id} is published, and {what} is another one:\n{shown}",
        where=registry.place,
        do="A published version never changes: publish this under another version.",
    )
