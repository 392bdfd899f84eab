"""What a registry knows of versions and environments, as plain data and as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from taskcontract.model.reading import Node

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = [
    "Environment",
    "How",
    "PublishedContract",
    "PublishedVersion",
    "Run",
    "Running",
    "Verified",
    "read_environment",
    "read_version",
]

How = Literal["deployed", "released"]
"""A deployed version takes the place of the one before; released ones run beside one another."""


class Verified(NamedTuple):
    """What the newest run that replayed an interaction on a version found: `why` is empty where it passed."""

    at: str
    by: str
    why: str = ""

    @property
    def passed(self) -> bool:
        """Whether the version did what the consumer relies on."""
        return not self.why


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the contracts on a live worker found, by the digests of interactions.

    `failed` says why. Only those stand here that no later run of the same version replayed.
    """

    at: str
    by: str
    passed: frozenset[str] = frozenset()
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishedContract:
    """What one version of a consumer expects of `provider`: `object` is the key of the whole contract.

    `calls` has the digests of its interactions by the task that they send, `pending` those of them that the
    consumer asks for before the provider need have it.
    """

    provider: str
    object: str
    calls: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()

    @property
    def digests(self) -> frozenset[str]:
        """The interactions that count."""
        return frozenset(self.tasks)

    @property
    def tasks(self) -> dict[str, str]:
        """The task that each interaction that counts sends, by its digest."""
        return {
            digest: task
            for task, digests in self.calls.items()
            for digest in digests
            if digest not in self.pending
        }


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """One version of a service: as a provider it has a spec and runs, as a consumer contracts.

    `spec` is the key of the spec, whose own version is `api`. `branches` and `tags` are those that it was
    published under. `sunsets` are the days after which its worker refuses a task, by the names that messages
    have. `compatibility` is what the service promises to whoever runs already.
    """

    service: str
    version: str
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    spec: str = ""
    api: str = ""
    sunsets: dict[str, str] = field(default_factory=dict)
    contracts: tuple[PublishedContract, ...] = ()
    compatibility: str = ""
    at: str = ""
    by: str = ""
    runs: tuple[Run, ...] = ()

    @property
    def id(self) -> str:
        """`pusher 2.0.0`, as messages name it."""
        return f"{self.service} {self.version}"

    def find_contract(self, provider: str) -> PublishedContract | None:
        """Return what it expects of `provider`."""
        return next((each for each in self.contracts if each.provider == provider), None)

    def find_result(self, digest: str) -> Verified | None:
        """Return what the newest run of an interaction on this version found, None if there was none."""
        for run in reversed(self.runs):
            if digest in run.passed:
                return Verified(run.at, run.by)
            if digest in run.failed:
                return Verified(run.at, run.by, run.failed[digest])
        return None

    def add_run(self, run: Run) -> PublishedVersion:
        """Return this version with one more run; what it replayed anew stands there alone."""
        if any(each == run for each in self.runs):
            return self
        anew = run.passed | run.failed.keys()
        kept = (
            replace(
                each,
                passed=each.passed - anew,
                failed={digest: why for digest, why in each.failed.items() if digest not in anew},
            )
            for each in self.runs
        )
        return replace(self, runs=(*(each for each in kept if each.passed or each.failed), run))

    def write(self) -> Json:
        """Return the version as JSON."""
        return {
            "service": self.service,
            "version": self.version,
            "branches": list(self.branches),
            "tags": list(self.tags),
            "spec": self.spec,
            "api": self.api,
            "sunsets": self.sunsets,
            "compatibility": self.compatibility,
            "at": self.at,
            "by": self.by,
            "contracts": [
                {
                    "provider": each.provider,
                    "object": each.object,
                    "calls": {name: list(digests) for name, digests in each.calls.items()},
                    "pending": sorted(each.pending),
                }
                for each in self.contracts
            ],
            "runs": [
                {"at": run.at, "by": run.by, "passed": sorted(run.passed), "failed": run.failed}
                for run in self.runs
            ],
        }


@dataclass(frozen=True, slots=True)
class Running:
    """A version that runs in an environment since `at`, as `by` said; `instance` tells several apart."""

    published: PublishedVersion
    how: How = "deployed"
    instance: str = ""
    at: str = ""
    by: str = ""

    def write(self) -> Json:
        """Return it as JSON, with the version's name alone."""
        return {
            "service": self.published.service,
            "version": self.published.version,
            "how": self.how,
            "instance": self.instance,
            "at": self.at,
            "by": self.by,
        }


@dataclass(frozen=True, slots=True)
class Environment:
    """What runs in an environment, sorted by service; `change` is how many changes led to it."""

    name: str
    running: tuple[Running, ...] = ()
    change: int = 0

    def find(self, service: str) -> tuple[PublishedVersion, ...]:
        """Return the versions of `service` that run here, each once."""
        found = {
            each.published.version: each.published
            for each in self.running
            if each.published.service == service
        }
        return tuple(found.values())

    @property
    def versions(self) -> tuple[PublishedVersion, ...]:
        """All versions that run here, each once."""
        found = {(each.published.service, each.published.version): each.published for each in self.running}
        return tuple(found.values())

    def write(self) -> Json:
        """Return the environment as JSON."""
        versions: dict[str, Json] = {}
        for each in self.versions:
            versions.setdefault(each.service, []).append(each.write())
        return {
            "environment": self.name,
            "versions": versions,
            "running": [each.write() for each in self.running],
        }


def read_version(value: Json, *, where: str) -> PublishedVersion:
    """Return the version that the JSON `value` spells; a SpecError says what is wrong in it."""
    return _read_version(Node(value, file=where))


def read_environment(value: Json, *, where: str, change: int = 0) -> Environment:
    """Return the environment that the JSON `value` spells; a SpecError says what is wrong in it."""
    root = Node(value, file=where)
    versions = {
        (each.service, each.version): each
        for name in root["versions"].object()
        for each in map(_read_version, root["versions"][name].items())
    }
    running = []
    for node in root["running"].items():
        key = node["service"].text(), node["version"].text()
        if key not in versions:
            node.fail("this version is not among `versions`")
        how: How = "released" if node["how"].text() == "released" else "deployed"
        running.append(
            Running(versions[key], how, node["instance"].text(), node["at"].text(), node["by"].text())
        )
    return Environment(root["environment"].text(), tuple(running), change)


def _read_version(node: Node) -> PublishedVersion:
    return PublishedVersion(
        service=node["service"].text(),
        version=node["version"].text(),
        branches=_read_texts(node["branches"]),
        tags=_read_texts(node["tags"]),
        spec=node["spec"].text(),
        api=node["api"].text(),
        sunsets={name: node["sunsets"][name].date() for name in node["sunsets"].object()},
        compatibility=node["compatibility"].text(),
        at=node["at"].text(),
        by=node["by"].text(),
        contracts=tuple(map(_read_contract, node["contracts"].items())),
        runs=tuple(map(_read_run, node["runs"].items())),
    )


def _read_contract(node: Node) -> PublishedContract:
    calls = node["calls"]
    return PublishedContract(
        node["provider"].text(),
        node["object"].text(),
        {name: _read_texts(calls[name]) for name in calls.object()},
        frozenset(_read_texts(node["pending"])),
    )


def _read_run(node: Node) -> Run:
    failed = node["failed"]
    return Run(
        node["at"].text(),
        node["by"].text(),
        frozenset(_read_texts(node["passed"])),
        {digest: failed[digest].text() for digest in failed.object()},
    )


def _read_texts(node: Node) -> tuple[str, ...]:
    return tuple(each.text() for each in node.items())
