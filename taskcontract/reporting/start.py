"""What `taskcontract init` found and wrote, as a page and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from taskcontract.reporting.documents import write_document
from taskcontract.reporting.page import Block, Table, line
from taskcontract.reporting.unresolved import unresolved_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskcontract.extract.found import Unresolved

__all__ = ["PlannedFile", "Start", "render_init", "render_init_json"]

MOST_MODULES = 10
"""Files that `init` names."""
MOST_LINES = 40
"""Lines of a file that a dry run shows: the end, where something is added."""


class PlannedFile(NamedTuple):
    """A file of a project: to be written with this text, or kept as it is."""

    path: str
    text: str
    state: Literal["new", "kept"]


class Start(NamedTuple):
    """What was found in a project: its tasks, by the files that have them, and what sets it up."""

    tasks: int
    modules: Mapping[str, int]
    unresolved: tuple[Unresolved, ...]
    problems: int
    bindings: tuple[str, ...]
    files: tuple[PlannedFile, ...]


def render_init_json(start: Start, *, dry_run: bool) -> str:
    """Return the document of `init`."""
    return write_document(
        "init",
        {
            "tasks": start.tasks,
            "modules": dict(start.modules),
            "unresolved": unresolved_json(start.unresolved),
            "problems": start.problems,
            "bindings": list(start.bindings),
            "written": not dry_run,
            "files": [each._asdict() for each in start.files],
        },
    )


def render_init(start: Start, *, dry_run: bool) -> Iterator[Block]:
    """Yield what was found, what is written, and what comes next."""
    yield line((f"{start.tasks} Celery task{'' if start.tasks == 1 else 's'}", "name"), " found")
    rows = tuple((f"  {file}", str(number)) for file, number in list(start.modules.items())[:MOST_MODULES])
    yield Table(("file", "tasks"), rows)
    if len(start.modules) > MOST_MODULES:
        yield line(f"  and {len(start.modules) - MOST_MODULES} more files")
    if start.unresolved:
        count = len(start.unresolved)
        yield line(f"{count} could not be resolved: `taskcontract snapshot .` lists them")
    if start.bindings:
        yield line(f"bindings: {', '.join(start.bindings)}")
    found = f"{start.problems} problem{'' if start.problems == 1 else 's'}"
    yield line(f"{found} in how they are used" + (": `taskcontract lint`" if start.problems else ""))
    for each in start.files:
        said = "is there already" if each.state == "kept" else "would be written" if dry_run else "written"
        yield line(f"{each.path}: {said}")
        if dry_run and each.state == "new":
            yield from (line(f"  {text}", whole=True) for text in each.text.splitlines()[-MOST_LINES:])
    yield line("next: `taskcontract diff` compares this branch with where it began")
