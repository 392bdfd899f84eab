"""What the product says of a released package: the tasks that it reads, and what its diff finds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.extract.sources.archive import ArchiveTree
from taskcontract.extract.static.project import read_project

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract.extract.found import Unresolved
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["Release", "compare_releases", "read_release"]

_SECONDS = 120


@dataclass(frozen=True)
class Release:
    """The tasks of a package: registered name -> signature; and what is listed as not known."""

    tasks: dict[str, str]
    unresolved: tuple[Unresolved, ...]

    @property
    def unresolved_files(self) -> set[str]:
        """The files in which something is not known."""
        return {each.place.file for each in self.unresolved}


def read_release(package: Path) -> Release:
    """Read a wheel or an sdist, without importing any of it."""
    found = read_project(ArchiveTree(package, str(package)))
    return Release({task.name: _sign(task) for task in found.spec.tasks}, found.unresolved)


def compare_releases(old: Path, new: Path) -> Counter[str]:
    """Return the findings of `taskcontract diff` between two packages, as `severity rule task`.

    Raises RuntimeError with what it said where it could not compare them.
    """
    command = [sys.executable, "-m", "taskcontract", "diff", str(old), str(new), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode > 1:
        raise RuntimeError(done.stderr)
    findings = json.loads(done.stdout)["findings"]
    return Counter(f"{each['severity']} {each['rule']} {each['task'] or '-'}" for each in findings)


def _sign(task: TaskSpec) -> str:
    """Return the parameters of `task` as the hand-checked lists spell them."""
    parts: list[str] = []
    for index, parameter in enumerate(task.parameters):
        kinds = [each.kind for each in task.parameters[:index]]
        if kinds and kinds[-1] == "positional-only" != parameter.kind:
            parts.append("/")
        if parameter.kind == "keyword-only" and not {"keyword-only", "var-positional"}.intersection(kinds):
            parts.append("*")
        parts.append(_spell(parameter))
    if task.parameters and task.parameters[-1].kind == "positional-only":
        parts.append("/")
    return ", ".join(parts)


def _spell(parameter: ParameterSpec) -> str:
    stars = {"var-positional": "*", "var-keyword": "**"}.get(parameter.kind, "")
    if parameter.required or stars:
        return f"{stars}{parameter.name}"
    match parameter.default:
        case {"x-expression": text}:
            return f"{parameter.name}={text!r}"
        case default:
            return f"{parameter.name}={default!r}"
