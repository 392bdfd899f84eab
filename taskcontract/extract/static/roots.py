"""The folders that a project's modules are imported from, and so the dotted name of each file."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = ["ModuleName", "name_modules"]

MARKERS = ("manage.py", "setup.py", "setup.cfg", "pyproject.toml")
"""A folder with one of these is on `sys.path` when its project runs."""


class ModuleName(tuple[str, str]):
    """A dotted name and the root folder that it counts from."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The dotted name."""
        return self[0]

    @property
    def root(self) -> str:
        """The folder, empty for the root of the tree."""
        return self[1]


def name_modules(paths: Collection[str], tops: Mapping[str, int]) -> dict[str, ModuleName]:
    """Return each Python file -> its dotted name, counted from the folder that it is imported from.

    `paths` are all files of the tree. A package is a folder with `__init__.py`; its root is the folder above
    the topmost one. Another module counts from the nearest folder that a project is run from.
    `tops` says how often each top-level name is imported; it decides between two such folders.
    """
    packages = {_folder(path) for path in paths if path.rpartition("/")[2] == "__init__.py"}
    marked = {_folder(path) for path in paths if path.rpartition("/")[2] in MARKERS}
    marked |= {f"{folder}/src" if folder else "src" for folder in marked}
    roots: dict[str, str] = {}
    names: dict[str, ModuleName] = {}
    for path in paths:
        if not path.endswith(".py"):
            continue
        folder = _folder(path)
        if folder not in roots:
            roots[folder] = _find_root(folder, packages, marked, tops)
        root = roots[folder]
        dotted = path[len(root) + 1 if root else 0 : -3].replace("/", ".")
        if dotted.endswith(".__init__"):
            dotted = dotted[:-9]
        names[path] = ModuleName((dotted, root))
    return names


def _find_root(folder: str, packages: set[str], marked: set[str], tops: Mapping[str, int]) -> str:
    for outer in [each for each in _above(folder) if each in packages]:
        folder = _folder(outer)  # also above a folder without `__init__.py` in a package that has it
    above = list(_above(folder))
    nearest = next((each for each in above if each in marked), "")
    choices = above[: above.index(nearest) + 1]
    if len(choices) > 1:
        # A namespace package: what others import tells how far up it goes.
        said = [(tops.get(inner.rpartition("/")[2], 0), outer) for inner, outer in pairwise(choices)]
        most, outer = max(said, key=lambda pair: pair[0])
        if most:
            return outer
    return choices[0]


def _above(folder: str) -> Iterator[str]:
    """Yield `folder` and each one above it, the tree's root last."""
    while folder:
        yield folder
        folder = _folder(folder)
    yield ""


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
