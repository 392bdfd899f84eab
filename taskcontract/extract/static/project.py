"""Read the tasks of a project from its source, completely, without importing or running any of it."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from taskcontract.errors import SpecError
from taskcontract.extract.found import CallSite, FoundProject, Unresolved
from taskcontract.extract.static.annotations.schemas import Annotations
from taskcontract.extract.static.calls_project import find_calls, find_definitions
from taskcontract.extract.static.evaluate import Evaluator
from taskcontract.extract.static.gathered import Gathered
from taskcontract.extract.static.imported_names import ImportedNames
from taskcontract.extract.static.index import Index
from taskcontract.extract.static.making import find_makers
from taskcontract.extract.static.parsing import parse
from taskcontract.extract.static.prefilter import is_source, is_test, may_define
from taskcontract.extract.static.reader import Reader
from taskcontract.extract.static.recognise import find_made
from taskcontract.extract.static.settings import find_settings
from taskcontract.extract.static.task_classes import find_task_class
from taskcontract.model.place import Place
from taskcontract.model.service import ServiceSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.extract.source_tree import SourceTree
    from taskcontract.extract.static.parsing import Parsed

__all__ = ["read_project"]


def read_project(
    tree: SourceTree, *, calls: bool = False, parser: Callable[[bytes], Parsed] = parse
) -> FoundProject:
    """Return the tasks of `tree`, where each is, and what may be a task and is not known.

    With `calls` also who sends them, and how they are written: that takes the reading of more files.
    Two states of a project may share a `parser` that remembers: a tree of a file is never changed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the parser has against other people's code
        return _read(tree, parser, calls=calls)


def _read(tree: SourceTree, parser: Callable[[bytes], Parsed], *, calls: bool) -> FoundProject:
    texts, unresolved = _read_texts(tree)
    chosen = [path for path, text in texts.items() if may_define(text)]
    index = Index(tree, {path: texts[path] for path in chosen}, parser, ImportedNames(texts))
    makers, looked = find_makers(index, texts, chosen)
    gathered = Gathered()
    evaluator = Evaluator(index)
    task_class = find_task_class(evaluator, {path: texts[path] for path in chosen})
    settings = find_settings(evaluator, texts)
    reader = Reader(evaluator, Annotations(evaluator, index), settings, task_class)
    for path in sorted(looked):
        module = index.open(path)
        if module is not None:
            for made in find_made(evaluator, module, makers):
                gathered.add(reader, made)
    found = gathered.finish()

    def find_sites() -> tuple[CallSite, ...]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tuple(find_calls(evaluator, texts, gathered.made))

    sites = find_sites() if calls else ()
    unresolved += [*gathered.unresolved, *settings.unresolved, *index.unread]
    project = FoundProject(
        ServiceSpec(name=tree.origin, version="", tasks=tuple(each.spec for each in found)),
        {each.spec.name: each.place for each in found},
        tuple(sorted(set(unresolved), key=lambda each: (each.place, each.what))),
    )
    if not calls:
        return replace(project, find_calls=find_sites)
    return replace(
        project,
        calls=sites,
        definitions=tuple(find_definitions(evaluator, texts, gathered.made)),
        modules=frozenset(name for name, _ in index.names.values()),
    )


def _read_texts(tree: SourceTree) -> tuple[dict[str, bytes], list[Unresolved]]:
    """Return the files that a worker may import, and those that could not be read."""
    texts: dict[str, bytes] = {}
    unread: list[Unresolved] = []
    for path in sorted(filter(is_source, tree.files())):
        try:
            text = tree.read(path)
        except SpecError as error:
            unread.append(Unresolved(Place(path, 1), f"the file is not read: {error.what}"))
        else:
            if not is_test(path, text):
                texts[path] = text
    return texts, unread
