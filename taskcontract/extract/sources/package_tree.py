"""A package by itself, named as its importers name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.extract.source_tree import SourceTree

__all__ = ["PackageTree"]


class PackageTree:
    """The files of the package `tree` below the folders of its dotted name, such as `shop/orders`."""

    def __init__(self, tree: SourceTree, package: str) -> None:
        self.origin = tree.origin
        self._tree = tree
        self._prefix = f"{package}/"

    def files(self) -> Mapping[str, str]:
        """Return the paths of the files, each with the package's own in front."""
        return {f"{self._prefix}{path}": known for path, known in self._tree.files().items()}

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; a SpecError where they cannot be had."""
        return self._tree.read(path.removeprefix(self._prefix))
