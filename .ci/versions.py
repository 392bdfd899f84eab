"""Print constraints for other versions than constraints.txt has of what taskcontract depends on.

Without an argument, for the lowest that pyproject.toml allows; with one such as `5.6`, for the newest Celery
and kombu 5.6.
What these need in turn is left to pip; everything else is as in constraints.txt. Run it in .venv.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def main(celery: str = "") -> None:
    """Print a line for each pin; with the number of a `celery`, of it and its kombu alone."""
    chosen = dict.fromkeys(("celery", "kombu"), f"{celery}.*") if celery else _find_lowest()
    free = _find_needed(set(chosen))
    lines = [f"{name}=={version}" for name, version in sorted(chosen.items())]
    pins = re.findall(r"^([\w.-]+)(==.+)$", Path("constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    lines += [f"{name}{pin}" for name, pin in pins if canonicalize_name(name) not in free]
    sys.stdout.write("\n".join(lines) + "\n")


def _find_lowest() -> dict[str, str]:
    """The lowest version that is allowed of each requirement and extra."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    return {canonicalize_name(each.name): _lower_bound(each) for each in map(Requirement, wanted)}


def _lower_bound(requirement: Requirement) -> str:
    return next(each.version for each in requirement.specifier if each.operator == ">=")


def _find_needed(names: set[str]) -> set[str]:
    """`names` and all that they need, as what is installed here says."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        try:
            needed = [Requirement(each) for each in requires(name) or ()]
        except PackageNotFoundError:  # installed apart, as pytest-celery is
            continue
        waiting |= {
            canonicalize_name(each.name)
            for each in needed
            if not each.marker or each.marker.evaluate({"extra": "redis"})
        } - found
    return found


main(*sys.argv[1:])
