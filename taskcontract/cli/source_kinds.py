"""The sources of plain Celery tasks that a side can be, and how each kind is read."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import replace
from functools import cache, cached_property
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.errors import ConfigError, SpecError, TaskContractError
from taskcontract.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.extract.found import CallSite, FoundProject
    from taskcontract.extract.sources.git_blobs import BlobReader
    from taskcontract.extract.sources.git_repository import GitRepository
    from taskcontract.extract.sources.source import Source
    from taskcontract.extract.static.parsing import Parsed
    from taskcontract.model.config import Config

__all__ = ["KINDS", "NO_TASK", "WHERE_TASKS_ARE", "WORKING_TREE", "SourceKind", "SourceReader"]

WORKING_TREE = "git:"
"""How the working tree is named."""
WHERE_TASKS_ARE = "Name the folder that the project's packages are in; name bindings as a module."
NO_TASK = "no Celery task was found in this folder"
UNNAMED = "tasks"
"""The name of a project that has no task to name it by."""


class SourceReader:
    """Reads the sources that one command names; those of one repository share its objects.

    A folder without a task is refused, but one of Python code where they are `may_be_empty`: a comparison has
    another side. With `calls`, who sends the tasks is read at once, and how they are written.
    """

    def __init__(self, config: Config, *, may_be_empty: bool = False, calls: bool = False) -> None:
        self.config = config
        self.may_be_empty = may_be_empty
        self.calls = calls

    def find(self, text: str) -> FoundProject | None:
        """Return the tasks of a kind, a path or an archive; None for a word, which has no such form."""
        from taskcontract.extract.sources.source import ARCHIVES

        prefix, colon, rest = text.partition(":")
        if colon and prefix in KINDS:
            return _name(KINDS[prefix].load(self, rest))
        if text.endswith(ARCHIVES):
            return _name(self.read_archive(text))
        is_path = text in (".", "..") or text.endswith("/") or text.startswith(("./", "../", "/", "~/"))
        if is_path and not text.endswith((".py", ".json")) and not Path(text).expanduser().is_file():
            return _name(self.read_folder(text))
        return None

    def find_word(self, text: str) -> FoundProject | None:
        """Return the tasks of the commit or the folder that the word `text` names; None if it names neither.

        Configured bindings are a module, and so is a package whose `__init__.py` speaks of taskcontract.
        """
        if not text.isprintable() or any(
            text.partition(":")[0] in part.bindings for part in self.config.parts
        ):
            return None
        repository = self._find_repository()
        if repository is not None and repository.find_commit(text) is not None:
            return _name(self.read_commit(text))
        folder = Path(text)
        if ":" not in text and folder.is_dir() and not _declares_bindings(folder):
            return _name(self.read_folder(text))
        return None

    def refuse_word(self, text: str) -> None:
        """Raise a ConfigError if `text` cannot be a module either, with what git has that is near."""
        name = text.partition(":")[0]
        parts = name.split(".")
        is_dotted = len(parts) > 1 and all(map(str.isidentifier, parts))
        is_name = text.isprintable() and not (is_dotted or name.endswith(".py"))
        if not is_name or PathFinder.find_spec(name, ["", *sys.path]) is not None:
            return
        try:
            self.repository.get_commit(text)
        except TaskContractError as error:
            raise ConfigError(
                f"{text!r} names no commit, folder, file or module: {error.what}", error.where, error.do
            ) from None

    def say_no_commit(self, text: str) -> str | None:
        """Return why `text` is no commit of the repository here; None where there is no repository."""
        repository = self._find_repository()
        try:
            if repository is not None:
                repository.get_commit(text)
        except TaskContractError as error:
            return error.what
        return None

    def read_commit(self, ref: str) -> FoundProject:
        """Return the tasks of the commit `ref`, of the working tree where it is empty."""
        from taskcontract.extract.sources.commit_tree import CommitTree
        from taskcontract.extract.sources.working_tree import WorkingTree

        if not ref:
            return self._read(WorkingTree(self.repository), self.repository.prefix)
        tree = CommitTree(self.repository, self.repository.get_commit(ref), self._blobs)
        return self._read(tree, self.repository.prefix)

    def read_work(self) -> tuple[str, FoundProject, FoundProject]:
        """Return what the commit is called that the work of HEAD is based on; its tasks, and those of now."""
        from taskcontract.extract.sources.commit_tree import CommitTree
        from taskcontract.extract.sources.default_branch import find_base

        base = find_base(self.repository, self.config.default_branch, os.environ)
        tree = CommitTree(self.repository, base, self._blobs)
        return base.name, _name(self._read(tree, self.repository.prefix)), _name(self.read_commit(""))

    def read_folder(self, text: str) -> FoundProject:
        """Return the tasks of a folder."""
        from taskcontract.extract.sources.folder import FolderTree

        folder = Path(text).expanduser()
        if not folder.is_dir():
            raise ConfigError("there is no such folder", where=text, do="Check the path.")
        tree = FolderTree(folder, text)
        shown = os.path.relpath(tree.folder)
        found = self._read(tree, "" if shown == "." else f"{shown}/")
        allowed = self.may_be_empty and any(path.endswith(".py") for path in tree.files())
        if not (allowed or found.spec.tasks or found.unresolved):
            raise SpecError(NO_TASK, where=text, do=WHERE_TASKS_ARE)
        return found

    def read_archive(self, text: str) -> FoundProject:
        """Return the tasks of a wheel or an sdist."""
        from taskcontract.extract.sources.archive import ArchiveTree

        return self._read(ArchiveTree(Path(text).expanduser(), text), "")

    def read_package(self, wanted: str) -> FoundProject:
        """Return the tasks of a release that pip fetches."""
        from taskcontract.extract.sources.pypi import fetch_package

        return self._read(fetch_package(wanted), "")

    def _read(self, tree: Source, shown: str) -> FoundProject:
        return _read(tree, shown, self._parser, calls=self.calls)

    @cached_property
    def _parser(self) -> Callable[[bytes], Parsed]:
        """Parses each text once, however many trees have it: two states of a project share most files."""
        from taskcontract.extract.static.parsing import parse

        return cache(parse)

    @cached_property
    def repository(self) -> GitRepository:
        """The repository of the working directory; a ConfigError where there is none."""
        from taskcontract.extract.sources.git_repository import find_repository

        return find_repository(Path.cwd())

    @cached_property
    def _blobs(self) -> BlobReader:
        from taskcontract.extract.sources.git_blobs import BlobReader

        return BlobReader(self.repository.root)

    def _find_repository(self) -> GitRepository | None:
        try:
            return self.repository
        except ConfigError:
            return None


class SourceKind(NamedTuple):
    """A kind of source that a prefix names: the help's line of it, and what reads the rest."""

    form: str
    help: str
    load: Callable[[SourceReader, str], FoundProject]


KINDS = {
    "git": SourceKind("git:REF", "a commit; `git:` alone is the working tree", SourceReader.read_commit),
    "pypi": SourceKind("pypi:NAME==VERSION", "a release, which pip fetches", SourceReader.read_package),
}
"""By prefix. None of these runs code of the project."""


def _read(tree: Source, shown: str, parser: Callable[[bytes], Parsed], *, calls: bool) -> FoundProject:
    """Return what is found in `tree`; its files are named from the folder `shown`."""
    from taskcontract.extract.found import Unresolved
    from taskcontract.extract.static.project import read_project

    found = read_project(tree, calls=calls, parser=parser)
    find_calls = found.find_calls

    def find_shown() -> tuple[CallSite, ...]:
        sites = find_calls() if find_calls is not None else ()
        return tuple(replace(each, place=_below(shown, each.place)) for each in sites)

    left_out = [Unresolved(Place(path, 1), what) for path, what in tree.left_out().items()]
    unresolved = sorted({*found.unresolved, *left_out}, key=lambda each: (each.place, each.what))
    return replace(
        found,
        places={task: _below(shown, place) for task, place in found.places.items()},
        unresolved=tuple(replace(each, place=_below(shown, each.place)) for each in unresolved),
        calls=tuple(replace(each, place=_below(shown, each.place)) for each in found.calls),
        definitions=tuple(replace(each, place=_below(shown, each.place)) for each in found.definitions),
        find_calls=find_shown,
        root=shown,
    )


def _below(folder: str, place: Place) -> Place:
    return place._replace(file=f"{folder}{place.file}")


def _name(found: FoundProject) -> FoundProject:
    """Return `found` under the name that most of its tasks begin with: the same wherever it was read from."""
    tops = Counter(task.name.partition(".")[0] for task in found.spec.tasks)
    name = min(tops, key=lambda top: (-tops[top], top)) if tops else UNNAMED
    return replace(found, spec=replace(found.spec, name=name))


def _declares_bindings(folder: Path) -> bool:
    try:
        return b"taskcontract" in (folder / "__init__.py").read_bytes()
    except OSError:
        return False
