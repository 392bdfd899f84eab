"""The promised Python API as text, one line for each name: `python -m tests.support.public_api` prints it.

What is promised of a name: its signature, and where it is imported from. Of an error also the module that it
calls its own, as Celery sends that with a failed task and imports the error from there at the caller.
"""

from __future__ import annotations

import inspect
import re
import sys
from functools import cached_property
from importlib import import_module
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, get_overloads, is_typeddict

from website.python import GIVEN, INTERNAL, MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATORS = {"__call__", "__enter__", "__exit__"}


class Text:
    """What stands in a signature as it is, without quotes."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def describe_api() -> str:
    """A line for each promised name, and for each promised member of the classes among them."""
    described: set[str] = set()
    return "".join(
        f"{line}\n"
        for module in MODULES
        for line in _describe_module(module, import_module(module), described)
    )


def _describe_module(path: str, module: ModuleType, described: set[str]) -> Iterator[str]:
    described.add(module.__name__)
    for name in sorted(module.__all__):
        value = getattr(module, name)
        if isinstance(value, ModuleType):
            yield f"module {path}.{name}"
            if value.__name__ not in described:
                yield from _describe_module(f"{path}.{name}", value, described)
        elif inspect.isclass(value):
            yield from _describe_class(f"{path}.{name}", value)
        else:
            yield from _describe(f"{path}.{name}", value)


def _describe_class(path: str, cls: type) -> Iterator[str]:
    if is_typeddict(cls):
        yield f"class {path}(TypedDict)"
        for key, kind in sorted(cls.__annotations__.items()):
            yield f"{path}[{key!r}]: {kind.__forward_arg__}"
        return
    bases = ", ".join(dict.fromkeys(_name_bases(cls)))
    home = f", {cls.__module__}" if issubclass(cls, BaseException) else ""
    yield f"class {path}({bases}){home}"
    if "__init__" in vars(cls) and path not in GIVEN:
        yield from _describe(path, cls)
    for name, member in sorted(_list_members(path, cls).items()):
        yield from _describe(f"{path}.{name}", member)


def _name_bases(cls: type) -> Iterator[str]:
    """The classes that it is promised to be one of: in the place of a private one of ours, those above it."""
    modules = [import_module(module) for module in MODULES]
    promised = [getattr(module, name) for module in modules for name in module.__all__]
    for base in cls.__bases__:
        if base in promised or not base.__module__.startswith("taskcontract"):
            yield base.__name__
        else:
            yield from _name_bases(base)


def _list_members(path: str, cls: type) -> dict[str, Any]:
    """What the class, and those above it that are ours, give their objects."""
    internal = INTERNAL.get(path, "").split()
    members: dict[str, Any] = {}
    for each in reversed(cls.__mro__):
        if each.__module__.startswith("taskcontract"):
            members |= {
                name: value
                for name, value in vars(each).items()
                if (name in OPERATORS or not name.startswith("_")) and name not in internal
            }
    return members


def _describe(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    if isinstance(value, (property, cached_property)):
        function: Any = value.fget if isinstance(value, property) else value.func
        yield f"{path}: {inspect.signature(function).return_annotation}"
    elif isinstance(value, FunctionType):
        for each in get_overloads(value) or [value]:
            yield f"{path}{_sign(each)}"
    elif inspect.isclass(value):
        yield f"{path}{_sign(value)}"
    elif inspect.isdatadescriptor(value):
        yield path  # a slot
    else:
        yield f"{path} = {_show(value)}"


def _sign(value: Any) -> str:
    """The signature, with its annotations as they are written."""
    signature = inspect.signature(value)
    parameters = [
        each.replace(
            annotation=Text(each.annotation) if isinstance(each.annotation, str) else each.annotation,
            default=each.default if each.default is each.empty else Text(_show(each.default)),
        )
        for each in signature.parameters.values()
        if each.name != "self"
    ]
    return str(
        signature.replace(parameters=parameters, return_annotation=Text(str(signature.return_annotation)))
    )


def _show(value: object) -> str:
    """How a value is written; `...` for one that each process spells anew."""
    text = repr(value)
    return "..." if re.search(r" at 0x|^<", text) else text


if __name__ == "__main__":
    sys.stdout.write(describe_api())
