"""What was written where, as the JSON documents of the commands that write files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, NamedTuple

from taskcontract.reporting.documents import write_document
from taskcontract.reporting.unresolved import unresolved_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from taskcontract.extract.found import Unresolved
    from taskcontract.model.service import ServiceSpec

__all__ = [
    "Adoption",
    "Delegates",
    "Skeleton",
    "Snapshot",
    "render_adopt_json",
    "render_generate_json",
    "render_scaffold_json",
    "render_snapshot_json",
]


class Snapshot(NamedTuple):
    """A spec, the module or source that it is of, and the file that it is in; none if it was printed."""

    spec: ServiceSpec
    module: str
    file: str | None
    state: Literal["printed", "written", "published", "unchanged"]
    unresolved: tuple[Unresolved, ...] = ()


class Delegates(NamedTuple):
    """A file of delegates: of which service of which module, how it is, and the command that writes it."""

    service: str
    module: str
    file: str
    state: Literal["written", "up to date", "stale"]
    command: str


class Skeleton(NamedTuple):
    """A text of `scaffold`, and the file that it is in; none if it was printed."""

    what: Literal["adapters", "test"]
    file: str | None
    text: str


class Adoption(NamedTuple):
    """A package of bindings: of which service, its folder, its published spec, its functions by their tasks.

    `notes` say what could not be taken over from the tasks.
    """

    service: str
    module: str
    folder: str
    spec: str
    functions: Mapping[str, str]
    notes: tuple[str, ...]


def render_adopt_json(adoption: Adoption) -> str:
    """Return the document of `adopt`."""
    return write_document("adopt", adoption._asdict())


def render_snapshot_json(snapshots: Iterable[Snapshot]) -> str:
    """Return the document of `snapshot`."""
    from taskcontract.model.spec_file import dump_spec

    rows = [
        {
            "service": each.spec.name,
            "version": each.spec.version,
            "module": each.module,
            "file": each.file,
            "state": each.state,
            "spec": json.loads(dump_spec(each.spec)),
            "unresolved": unresolved_json(each.unresolved),
        }
        for each in snapshots
    ]
    return write_document("snapshot", {"services": rows})


def render_generate_json(files: Iterable[Delegates]) -> str:
    """Return the document of `generate`."""
    return write_document("generate", {"files": [each._asdict() for each in files]})


def render_scaffold_json(files: Iterable[Skeleton]) -> str:
    """Return the document of `scaffold`."""
    return write_document("scaffold", {"files": [each._asdict() for each in files]})
