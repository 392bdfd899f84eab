"""The modules of a tree by their dotted names, each parsed when it is first asked for."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from taskcontract.errors import SpecError
from taskcontract.extract.found import Unresolved
from taskcontract.extract.static.layouts import find_layouts
from taskcontract.extract.static.modules import Module
from taskcontract.extract.static.parsing import UnreadableError, parse
from taskcontract.extract.static.roots import name_modules
from taskcontract.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from taskcontract.extract.source_tree import SourceTree
    from taskcontract.extract.static.parsing import Parsed
    from taskcontract.extract.static.roots import ModuleName

__all__ = ["LARGEST", "Index"]

LARGEST = 4_000_000
"""Bytes of a file that is read for its tasks; larger ones are data that someone generated."""

LIBRARIES = frozenset(
    {"celery", "kombu", "django", "flask", "functools", "typing", "venusian", "os", "enum", "builtins"}
)
"""Packages that are never the project's own, whatever a file of it is called."""

IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)


class Index:
    """Finds modules of a tree; what could not be read stands in `unread`."""

    def __init__(
        self,
        tree: SourceTree,
        texts: Mapping[str, bytes] | None = None,
        parser: Callable[[bytes], Parsed] = parse,
        is_named: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Index `tree`; `texts`, read already, tell which top-level names are imported.

        `is_named` says whether a text of the project names a package.
        """
        self._parser = parser
        self.tree = tree
        self.unread: list[Unresolved] = []
        self._texts = dict(texts or {})
        tops = Counter(top.decode() for text in self._texts.values() for top in IMPORT.findall(text))
        self.names: dict[str, ModuleName] = name_modules(
            tree.files().keys(), tops, find_layouts(tree), is_named
        )
        self._paths: dict[str, list[str]] = {}
        for path, (name, _) in self.names.items():
            self._paths.setdefault(name, []).append(path)
        self._modules: dict[str, Module | None] = {}
        self._packages = {name.partition(".")[0] for name in self._paths}

    def open(self, path: str) -> Module | None:
        """Return the module of the file `path`; None, and a word in `unread`, where it cannot be read."""
        if path not in self._modules:
            self._modules[path] = None  # an answer for whoever asks while it is being parsed
            self._modules[path] = self._parse(path)
        return self._modules[path]

    def find(self, name: str, near: Module) -> Module | None:
        """Return the module that `near` would import as `name`, or None if it is not in the tree."""
        path = self.find_path(name, near)
        return self.open(path) if path else None

    def find_path(self, name: str, near: Module) -> str | None:
        """Return the file of the dotted `name` as `near` would import it, or None."""
        paths = self._paths.get(name)
        if not paths or name.partition(".")[0] in LIBRARIES:
            return None
        if len(paths) == 1:
            return paths[0]
        beside = (path for path in paths if self.names[path].root == near.root)
        return next(beside, paths[0])

    def named(self, name: str) -> Iterator[Module]:
        """Yield the modules of the dotted `name`, one for each root that has it."""
        for path in self._paths.get(name, ()):
            module = self.open(path)
            if module is not None:
                yield module

    def holds(self, name: str) -> bool:
        """Return whether the top-level package of the dotted `name` is in the tree."""
        return name.partition(".")[0] in self._packages - LIBRARIES

    def paths(self) -> Iterable[str]:
        """Return every Python file of the tree."""
        return self.names

    def text(self, path: str) -> bytes:
        """Return the bytes of `path`; a SpecError where they cannot be had."""
        text = self._texts.get(path)
        return self.tree.read(path) if text is None else text

    def _parse(self, path: str) -> Module | None:
        line = 1
        try:
            text = self.text(path)
            if len(text) > LARGEST:
                why = f"the file is not read: it has {len(text):,} bytes"
            else:
                parsed = self._parser(text)
                self.unread += [Unresolved(Place(path, lost.line), lost.what) for lost in parsed.lost]
                is_package = path.endswith("__init__.py")
                return Module(path, *self.names[path], is_package, parsed.tree, text)
        except SpecError as error:
            why = f"the file is not read: {error.what}"
        except UnreadableError as error:
            line, why = error.line, f"the file is not Python that can be read: {error.what}"
        self.unread.append(Unresolved(Place(path, line), why))
        return None
