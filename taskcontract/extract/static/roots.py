"""The folders that a project's modules are imported from, and so the dotted name of each file."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from taskcontract.extract.static.layouts import Layout

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


def name_modules(
    paths: Collection[str],
    tops: Mapping[str, int],
    layouts: Mapping[str, Layout],
    is_named: Callable[[str], bool],
) -> dict[str, ModuleName]:
    """Return each Python file -> its dotted name, counted from the folder that it is imported from.

    `paths` are all files of the tree. What packaging says of a folder (`layouts`) holds. Else a package is a
    folder with `__init__.py`; its root is the folder above the topmost one. Another module counts from the
    nearest folder that a project is run from. `tops` says how often each top-level name is imported; it
    decides between two such folders, and where it says nothing, whether a text names the package does.
    """
    finder = _Finder(paths, tops, layouts, is_named)
    names: dict[str, ModuleName] = {}
    for path in paths:
        if not path.endswith(".py"):
            continue
        root, prefix = finder.find(_folder(path))
        dotted = path[len(root) + 1 if root else 0 : -3].replace("/", ".")
        dotted = f"{prefix}.{dotted}" if prefix else dotted
        if dotted.endswith(".__init__"):
            dotted = dotted[:-9]
        names[path] = ModuleName((dotted, root))
    return names


class _Finder:
    """Finds the root of each folder, once, and the package that is put before names that count from it."""

    def __init__(
        self,
        paths: Collection[str],
        tops: Mapping[str, int],
        layouts: Mapping[str, Layout],
        is_named: Callable[[str], bool],
    ) -> None:
        self._packages = {_folder(path) for path in paths if path.rpartition("/")[2] == "__init__.py"}
        marked = {_folder(path) for path in paths if path.rpartition("/")[2] in MARKERS}
        self._marked = marked | {f"{folder}/src" if folder else "src" for folder in marked}
        self._tops = tops
        self._layouts = layouts
        self._is_named = is_named
        self._found: dict[str, tuple[str, str]] = {}

    def find(self, folder: str) -> tuple[str, str]:
        if folder not in self._found:
            layout = self._find_layout(folder)
            self._found[folder] = (
                (self._find_root(folder), "") if layout is None else (layout.root, layout.prefix)
            )
        return self._found[folder]

    def _find_layout(self, folder: str) -> Layout | None:
        """Return what packaging says of `folder`, unless a project of its own is nearer."""
        for each in _above(folder):
            layout = self._layouts.get(each)
            if layout is not None:
                return None if self._is_imported(layout.root, folder) else layout
            if each in self._marked:
                return None
        return None

    def _is_imported(self, root: str, folder: str) -> bool:
        """Return whether the modules of a project go by a longer name than the installed ones: `src.shop`."""
        top = root.rpartition("/")[2]
        inner = folder[len(root) :].strip("/").partition("/")[0]
        return root in self._packages and bool(inner) and self._tops.get(top, 0) > self._tops.get(inner, 0)

    def _find_root(self, folder: str) -> str:
        for outer in [each for each in _above(folder) if each in self._packages]:
            folder = _folder(outer)  # also above a folder without `__init__.py` in a package that has it
        above = list(_above(folder))
        nearest = next((each for each in above if each in self._marked), "")
        choices = above[: above.index(nearest) + 1]
        if len(choices) > 1:
            # A namespace package: what others import tells how far up it goes.
            said = [
                (self._tops.get(inner.rpartition("/")[2], 0), outer) for inner, outer in pairwise(choices)
            ]
            most, outer = max(said, key=lambda pair: pair[0])
            if most:
                return outer
            for outer in reversed(choices[1:]):  # `include=["jobs.nightly.clean"]`
                if self._is_named(folder[len(outer) :].strip("/").replace("/", ".")):
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
