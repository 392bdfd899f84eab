"""The sides of a comparison: a spec or a task, where it was read from, and who judges its calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.reporting.report import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from taskcontract.declare.service import Service
    from taskcontract.diff.judge import Judge
    from taskcontract.extract.found import CallSite, FoundProject
    from taskcontract.model.service import ServiceSpec, TaskSpec

__all__ = [
    "SpecSide",
    "TaskSide",
    "describe_file",
    "describe_project",
    "describe_service",
    "read_bindings",
]


class SpecSide(NamedTuple):
    """A whole service, how a report names it, and who judges its calls: only bindings have code to ask.

    `unknown` names the tasks whose signatures are not known: `spec` has them take any call.
    `find_calls` reads who sends its tasks, where it was read from source.
    """

    side: Side
    spec: ServiceSpec
    judge: Judge | None = None
    unknown: frozenset[str] = frozenset()
    find_calls: Callable[[], Sequence[CallSite]] | None = None


class TaskSide(NamedTuple):
    """One version of a task, the service that it is of, and the same."""

    side: Side
    service: str
    task: TaskSpec
    judge: Judge | None = None


def read_bindings(name: str) -> list[SpecSide]:
    """Return the services that the bindings module `name` declares now, with their lines."""
    from taskcontract.extract.bindings import find_services

    services = find_services(name)
    origins = [name if len(services) == 1 else f"{name}:{variable}" for variable in services]
    return [describe_service(*pair) for pair in zip(services.values(), origins, strict=True)]


def describe_project(found: FoundProject, origin: str) -> SpecSide:
    """Return a project without bindings, read from `origin`, as a side."""
    side = Side(found.spec.name, found.spec.version, origin, found.places, found.unresolved, found.root)
    return SpecSide(side, found.spec, unknown=found.unknown, find_calls=found.find_calls)


def describe_file(spec: ServiceSpec, path: Path) -> SpecSide:
    """Return the `spec` that was read from the file at `path` as a side."""
    shown = _shorten(path)
    return SpecSide(Side(spec.name, spec.version, shown, {"": (shown, 1)}), spec)


def describe_service(service: Service, origin: str) -> SpecSide:
    """Return what bindings declare now, found as `origin`, as a side whose code judges calls."""
    from taskcontract.cli.judges import BindingsJudge

    places: dict[str, tuple[str, int]] = {}
    for task in service.tasks:
        code = task.function.__code__
        place = (_shorten(Path(code.co_filename)), code.co_firstlineno)
        places.setdefault("", (place[0], 1))
        places[task.id] = places[task.name] = place
    spec = service.spec()
    return SpecSide(Side(spec.name, spec.version, origin, places), spec, BindingsJudge(service))


def _shorten(path: Path) -> str:
    """`path` from the working directory, as annotations want it, if it lies below."""
    root = Path.cwd()
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
