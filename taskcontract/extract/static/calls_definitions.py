"""What callers cannot see of a definition: its first parameter, its defaults, its decorator's options."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.extract.found import DefaultFact, Definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.extract.static.calls_terms import Names
    from taskcontract.model.place import Place

__all__ = ["describe_definition"]

PLAIN = frozenset(("str", "int", "float", "bool", "bytes", "dict", "list", "tuple", "set"))
"""Types of values: no task is one."""
CHANGES = frozenset(
    ("append", "extend", "insert", "remove", "pop", "popitem", "clear", "update", "setdefault", "add", "sort")
)
NOW = frozenset(
    (
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "django.utils.timezone.localdate",
        "django.utils.timezone.localtime",
        "django.utils.timezone.now",
        "time.monotonic",
        "time.time",
        "uuid.uuid1",
        "uuid.uuid4",
        "random.random",
    )
)
"""Functions whose next answer is another one."""


def describe_definition(
    task: str,
    place: Place,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    names: Names,
    *,
    bind: bool | None,
    options: tuple[str, ...],
    knows_options: bool,
    own_sending: bool,
    is_conditional: bool,
) -> Definition:
    """Return what `node` says of itself; the rest is said by who resolved its decorator."""
    positional = [*node.args.posonlyargs, *node.args.args]
    first = positional[0] if positional else None
    has_default = bool(first) and len(node.args.defaults) == len(positional)
    return Definition(
        task,
        place,
        bind,
        first.arg if first else "",
        first is not None and (has_default or _is_plain(first.annotation)),
        node.args.vararg is not None,
        options,
        knows_options,
        own_sending,
        is_conditional,
        tuple(_judge_defaults(node, names)),
    )


def _is_plain(annotation: ast.expr | None) -> bool:
    """Whether `annotation` is that of a value."""
    match annotation:
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)) | ast.Constant(value=str() as name):
            return name in PLAIN
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_plain(left) or _is_plain(right)
    return False


def _judge_defaults(node: ast.FunctionDef | ast.AsyncFunctionDef, names: Names) -> Iterator[DefaultFact]:
    """Yield what is wrong with the defaults of `node`."""
    positional = [*node.args.posonlyargs, *node.args.args]
    number = len(node.args.defaults)
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(positional[len(positional) - number :], node.args.defaults, strict=True)
    )
    pairs += zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    for parameter, default in pairs:
        if default is None:
            continue
        text = ast.unparse(default)
        if isinstance(default, ast.Set | ast.Lambda) or _makes(default, "set", "frozenset"):
            yield DefaultFact(parameter.arg, "unsendable", text)
        if isinstance(default, ast.List | ast.Dict | ast.Set) or _makes(default, "list", "dict", "set"):
            if _is_changed(parameter.arg, node):
                yield DefaultFact(parameter.arg, "mutated", text)
        elif isinstance(default, ast.Call) and names.name_of(default.func) in NOW:
            yield DefaultFact(parameter.arg, "frozen", text)


def _makes(node: ast.expr, *types: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in types


def _is_changed(name: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the function changes what it got as `name`, and never puts another object in its place."""
    changed = False
    for each in (inner for statement in node.body for inner in ast.walk(statement)):
        match each:
            case ast.Name(id=bound, ctx=ast.Store() | ast.Del()) if bound == name:
                return False
            case ast.Call(func=ast.Attribute(value=ast.Name(id=held), attr=method)) if held == name:
                changed |= method in CHANGES
            case ast.Subscript(value=ast.Name(id=held), ctx=ast.Store() | ast.Del()) if held == name:
                changed = True
    return changed
