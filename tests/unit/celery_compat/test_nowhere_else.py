"""No file beside celery_compat touches a private name of Celery, kombu, amqp or redis-py.

What is read is our source: an attribute with a leading underscore is our own where `self` or `cls` has it
from a class of ours; all others are refused, but for the few that are listed. So are private names that are
imported, or asked for by `getattr` and the like. A class of ours that derives from one of theirs neither
replaces nor sets a private name of it.
"""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections import defaultdict
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import taskcontract
from taskcontract.celery_compat.lacking import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(taskcontract.__file__).parent
HERE = "celery_compat"
ASKING = {"getattr", "hasattr", "setattr", "delattr", "attrgetter", "methodcaller"}

STANDARD = {
    "_replace",  # of a named tuple, which has no public names that could be fields
    "_fields",  # likewise
    "_getframe",  # of sys
    "_current_frames",
    "_asdict",  # of named tuples
}
FRIENDS = {
    ("model/reading.py", "_at"),  # a Node's functions stand beside it, so that any member's name is free
    # of pip, which has no public names at all; where it is not there, the one sdist cannot be fetched
    ("extract/sources/pip_sdist.py", "_build_package_finder"),
}
INTERFACE = {
    # What kombu asks of each transport that is built on its virtual one, by its own documentation.
    "_get",
    "_has_queue",
    "_new_queue",
    "_purge",
    "_put",
    "_restore",
    "_size",
}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


class OwnNames:
    """Which attributes the classes of some modules have, by the class's name: their own and inherited."""

    def __init__(self, modules: list[ast.Module]) -> None:
        self._own: defaultdict[str, set[str]] = defaultdict(set)
        self._bases: defaultdict[str, set[str]] = defaultdict(set)
        for cls in (node for module in modules for node in ast.walk(module)):
            if isinstance(cls, ast.ClassDef):
                self._bases[cls.name] |= {_name_of(base) for base in cls.bases}
                self._own[cls.name] |= set(_names_in(cls))

    def of(self, cls: str) -> set[str]:
        """The names that a class of that name has of ours."""
        found, left = set[str](), [cls]
        seen: set[str] = set()
        while left:
            name = left.pop()
            if name not in seen:
                seen.add(name)
                found |= self._own.get(name, set())
                left += self._bases.get(name, ())
        return found


def _name_of(base: ast.expr) -> str:
    """`Base` of `Base`, `module.Base` and `Base[T]`."""
    return ast.unparse(base).partition("[")[0].rpartition(".")[2]


def _names_in(cls: ast.ClassDef) -> Iterator[str]:
    for node in ast.walk(cls):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_own(node.value):
            yield node.attr
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):  # in __slots__, or set by name
            yield node.value


def is_own(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def find_private(module: ast.Module, own: OwnNames) -> list[tuple[int, str]]:
    """The line and the name of each private name that is not ours."""
    found: list[tuple[int, str]] = []
    left: list[tuple[ast.AST, set[str]]] = [(module, set())]
    while left:
        node, ours = left.pop()
        if isinstance(node, ast.ClassDef):
            ours = ours | own.of(node.name)
        if isinstance(node, ast.expr | ast.stmt):
            touched = _touched_by(node, ours)
            found += [(node.lineno, name) for name in touched if is_private(name) and name not in STANDARD]
        left += [(child, ours) for child in ast.iter_child_nodes(node)]
    return found


def _touched_by(node: ast.AST, ours: set[str]) -> list[str]:
    match node:
        case ast.Attribute(value=of, attr=name):
            return [] if is_own(of) and name in ours else [name]
        case ast.Call(func=ast.Name(id=asked) | ast.Attribute(attr=asked), args=args) if asked in ASKING:
            return [str(each.value) for each in args if isinstance(each, ast.Constant)]
        case ast.ImportFrom(module=str(path), names=names) if path.partition(".")[0] in PACKAGES:
            return [*path.split("."), *(each.name for each in names)]
        case ast.Import(names=names):
            paths = [each.name.split(".") for each in names]
            return [part for path in paths if path[0] in PACKAGES for part in path]
    return []


def test_no_other_file_touches_a_private_name() -> None:
    parsed = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in ROOT.rglob("*.py")}
    own = OwnNames(list(parsed.values()))
    assert len(parsed) > 500
    found = [
        f"{path}:{line} {name}"
        for path, module in sorted(parsed.items())
        if not path.startswith(f"{HERE}/")
        for line, name in find_private(module, own)
        if (path, name) not in FRIENDS
    ]
    assert not found, f"a function of {HERE}/ is to stand for: {found}"


def derived_classes() -> Iterator[type]:
    """Our classes that derive from one of theirs, wherever but in celery_compat."""
    for module in pkgutil.walk_packages([str(ROOT)], "taskcontract."):
        if module.name.endswith("__main__") or f".{HERE}" in module.name:
            continue
        if (
            module.name == "taskcontract.testing.pytest_celery"
        ):  # needs pytest-celery, which is installed apart
            continue
        for cls in vars(import_module(module.name)).values():
            if isinstance(cls, type) and cls.__module__ == module.name and any(theirs_of(cls)):
                yield cls


def theirs_of(cls: type) -> Iterator[type]:
    return (each for each in cls.__mro__ if each.__module__.partition(".")[0] in PACKAGES)


def replaced_in(cls: type) -> set[str]:
    """The private names of theirs that a class of ours defines or sets."""
    ours = {name for name in _names_in(definition_of(cls)) if is_private(name)}
    theirs = {
        node.attr if isinstance(node, ast.Attribute) else node.name
        for each in theirs_of(cls)
        for node in ast.walk(definition_of(each))
        if isinstance(node, ast.Attribute | ast.FunctionDef)
    }
    return ours & theirs


def definition_of(cls: type) -> ast.ClassDef:
    defined = (node for node in ast.walk(parse(cls.__module__)) if isinstance(node, ast.ClassDef))
    return next(node for node in defined if node.name == cls.__name__)


@cache
def parse(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(module)))


def test_no_other_class_replaces_a_private_name() -> None:
    classes = {cls for cls in derived_classes() if cls.__module__ != "taskcontract.embedded.channel"}
    assert len(classes) > 10
    found = {cls.__qualname__: names for cls in classes if (names := replaced_in(cls))}
    assert not found, f"of their classes: {found}"


def test_the_embedded_channel_replaces_what_a_transport_is_to() -> None:
    from taskcontract.embedded.channel import Channel

    assert replaced_in(Channel) == INTERFACE


OURS = """
class Base:
    __slots__ = ("_slot",)
    def _method(self): ...
class Ours(Base):
    def __init__(self, other):
        self._set = other
    def run(self):
        BODY
"""


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("self._set, self._slot, self._method(), self.__dict__", []),
        ("[each._replace(a=1) for each in ()]", []),
        ("_, _own = 1, 2", []),
        ("self._theirs", ["_theirs"]),
        ("super()._method()", ["_method"]),
        ("self._set._method", ["_method"]),
        ("cast('Any', self)._theirs = 1", ["_theirs"]),
        ("getattr(self, '_theirs', None)", ["_theirs"]),
        ("getattr(self, '__name__')", []),
        ("from celery import _state", ["_state"]),
        ("from celery._state import current_app", ["_state"]),
        ("from os import _exit", []),
        ("import celery._state", ["_state"]),
    ],
)
def test_what_is_refused(body: str, names: list[str]) -> None:
    module = ast.parse(OURS.replace("BODY", body))
    assert [name for _, name in find_private(module, OwnNames([module]))] == names


def test_a_class_that_replaces_what_is_theirs_is_found() -> None:
    from celery.result import AsyncResult

    class Result(AsyncResult):
        def _get_task_meta(self) -> Any:
            self._cache = None
            self._mine = 1

    assert replaced_in(Result) == {"_get_task_meta", "_cache"}
