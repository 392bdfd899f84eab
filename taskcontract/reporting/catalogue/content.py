"""What the pages of a catalogue show, as plain data, and where each thing stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.finding import Finding
    from taskcontract.model.service import ServiceSpec, TaskSpec
    from taskcontract.reporting.rules import RuleText

__all__ = [
    "Catalogue",
    "Changes",
    "Environment",
    "Fit",
    "Reliance",
    "Running",
    "Service",
    "Trouble",
    "Version",
    "find_task",
    "name_finding",
    "name_task",
    "name_version",
    "place_environment",
    "place_rule",
    "place_service",
]


class Reliance(NamedTuple):
    """What a version relies on of `provider`: how many calls of each task its contract has."""

    provider: str
    tasks: Mapping[str, int]


class Running(NamedTuple):
    """A version that runs in an environment, or a version's environment; `how` is deployed or released."""

    name: str
    version: str
    how: str
    at: str


class Changes(NamedTuple):
    """What changed since the version `before`."""

    before: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a service; without a `spec` it calls others only."""

    version: str
    at: str = ""
    by: str = ""
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    spec: ServiceSpec | None = None
    relies: tuple[Reliance, ...] = ()
    runs: tuple[Running, ...] = ()
    changes: Changes | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service with its versions, the newest first, of which `hidden` older ones are left out."""

    name: str
    versions: tuple[Version, ...]
    hidden: int = 0

    @property
    def newest(self) -> Version:
        """The version that is shown first."""
        return self.versions[0]

    @property
    def current(self) -> tuple[Version, ...]:
        """The newest version, and those that run somewhere."""
        return tuple(each for each in self.versions if each.runs or each is self.newest)


class Trouble(NamedTuple):
    """An interaction that stands in the way."""

    description: str
    task: str
    call: str
    why: str


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a version of a consumer goes together with one of a provider, and why."""

    consumer: str
    consumer_version: str
    provider: str
    provider_version: str
    answer: Literal["yes", "no", "not known"]
    reason: str
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Environment:
    """What runs in an environment, and whether it fits; "" are the newest versions of the main branches."""

    name: str
    running: tuple[Running, ...] = ()
    fits: tuple[Fit, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of it: `place` is where it was read, `rules` explains those that the findings are of."""

    place: str
    services: tuple[Service, ...] = ()
    environments: tuple[Environment, ...] = ()
    rules: Mapping[str, RuleText] | None = None

    def find_address(self, service: str, version: str, root: str) -> str | None:
        """Return the address of a version; of its service where that alone is shown, None where it is not."""
        found = self.find(service)
        if found is None:
            return None
        page = f"{root}{place_service(service)}"
        return (
            f"{page}#{name_version(version)}"
            if version in {each.version for each in found.versions}
            else page
        )

    def find(self, service: str) -> Service | None:
        """Return the service of that name."""
        return next((each for each in self.services if each.name == service), None)


def place_service(name: str) -> str:
    """Return the path of a service's page in the site."""
    return f"services/{_escape(name)}.html"


def place_environment(name: str) -> str:
    """Return the path of an environment's page."""
    return f"environments/{_escape(name)}.html" if name else "main.html"


def place_rule(rule: str) -> str:
    """Return the path of a rule's page."""
    return f"rules/{_escape(rule)}.html"


def name_version(version: str) -> str:
    """Return the anchor of a version on its service's page."""
    return f"version-{_escape(version)}"


def name_task(version: str, task: TaskSpec) -> str:
    """Return the anchor of a task in a version of its service."""
    return f"task-{_escape(version)}-{_escape(task.wire_name)}"


def name_finding(version: str, finding: Finding) -> str:
    """Return the anchor of a finding among the changes of a version."""
    return f"finding-{_escape(version)}-{finding.fingerprint}"


def find_task(version: Version, wire_name: str) -> TaskSpec | None:
    """Return the task that a version serves under that name."""
    return version.spec.find(wire_name) if version.spec is not None else None


LONGEST = 150
"""Characters of an id: it is a file's name too."""


def _escape(name: str) -> str:
    from taskcontract.model.ids import escape_id

    escaped = escape_id(name)
    if len(escaped) <= LONGEST and not escaped.startswith("."):
        return escaped
    from hashlib import sha256

    return f"{escaped[:LONGEST].lstrip('.')}--{sha256(name.encode()).hexdigest()[:16]}-"
