"""What an expression of a project's source stands for, as far as that is known without running it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Mapping

    from taskcontract.extract.static.modules import Module, Scope

__all__ = [
    "UNKNOWN",
    "Class",
    "Constant",
    "External",
    "Function",
    "Instance",
    "Items",
    "Mapped",
    "Member",
    "ModuleRef",
    "Partial",
    "Passed",
    "Super",
    "TaskMaker",
    "TaskValue",
    "Unknown",
    "Value",
    "is_text",
    "text_of",
]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What only running the code would tell."""


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Constant:
    """A text, a number, a truth value, None, bytes or `...`."""

    value: Any


@dataclass(slots=True, eq=False)
class Items:
    """A list, a tuple or a set of known length."""

    items: tuple[Value, ...]


@dataclass(slots=True, eq=False)
class Mapped:
    """A dict whose keys are texts; `whole` is False where it may hold more than these."""

    items: dict[str, Value]
    whole: bool = True


@dataclass(slots=True, eq=False)
class ModuleRef:
    """A module of the tree."""

    module: Module


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the tree, by the dotted path under which the project imports it.

    `member` says that the last part was read as an attribute (`app.task`), not imported.
    """

    path: str
    member: bool = False

    @property
    def package(self) -> str:
        """The top-level package that it comes from."""
        return self.path.partition(".")[0]


@dataclass(slots=True, eq=False)
class Function:
    """A function of the tree, with the scope it closes over.

    `wraps` is what `functools.wraps` made it look like, `name` a `__name__` that was set. `owner` is what
    `self` is, where it is bound, `within` its class.
    """

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    wraps: Value | None = None
    owner: Value | None = None
    within: Class | None = None
    name: str = ""


@dataclass(slots=True, eq=False)
class Class:
    """A class of the tree."""

    node: ast.ClassDef
    scope: Scope
    """Where it is defined."""
    body: Scope
    """Its own names."""


@dataclass(slots=True, eq=False)
class Instance:
    """What calling `of` gave, where that is a class, or code outside the tree."""

    of: Value
    passed: Passed
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Member:
    """The attribute `name` of something that is not known further."""

    of: Value
    name: str


@dataclass(slots=True, eq=False)
class Partial:
    """`functools.partial(function, ...)`."""

    function: Value
    passed: Passed


@dataclass(slots=True, eq=False)
class Super:
    """`super()` in a method of `within`."""

    within: Class
    owner: Value | None


@dataclass(slots=True, eq=False)
class TaskMaker:
    """What makes a task of the function that it is called with: `app.task(name="x")`.

    `app` is whose `task` it is, None where every app gets the task.
    """

    options: Mapped
    app: Value | None = None


@dataclass(slots=True, eq=False)
class TaskValue:
    """A task: the function, the class or the instance that runs, and the options it was made with.

    `app` is the app that it was made for, None where every app gets it.
    """

    target: Value
    options: Mapped
    app: Value | None = None


@dataclass(slots=True, eq=False)
class Passed:
    """The arguments of a call; not `whole` where a `*args` or `**kwargs` hides some.

    `call` is where they stand, which tells one app from another.
    """

    positional: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    whole: bool = True
    call: ast.Call | None = None

    def __iter__(self) -> Iterator[Value]:
        yield from self.positional
        yield from self.keywords.values()


Value: TypeAlias = (
    Unknown
    | Constant
    | Items
    | Mapped
    | ModuleRef
    | External
    | Function
    | Class
    | Instance
    | Member
    | Partial
    | Super
    | TaskMaker
    | TaskValue
)


def is_text(value: Value | None) -> bool:
    """Return whether `value` is a text that is known."""
    return isinstance(value, Constant) and isinstance(value.value, str)


def text_of(value: Value | None) -> str | None:
    """Return the text that a value is, or None."""
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None
