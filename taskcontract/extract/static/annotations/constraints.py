"""What stands beside a type: pydantic's `Field(...)` and the constraints of `annotated_types`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from taskcontract.extract.static.annotations.known import normal_path
from taskcontract.extract.static.annotations.names import Outside
from taskcontract.extract.static.annotations.opaque import check_by_code
from taskcontract.extract.static.values import Constant, Items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.extract.static.annotations.making import Making
    from taskcontract.extract.static.modules import Scope

__all__ = ["UNKNOWN", "field_of", "keywords_of", "make_metadata", "path_of", "plain_value"]

UNKNOWN = object()
"""A value that is not known: no default of a field is this one."""

FIELD = frozenset(
    {
        "alias", "validation_alias", "serialization_alias", "title", "description", "gt", "ge", "lt", "le",
        "multiple_of", "min_length", "max_length", "pattern", "max_digits", "decimal_places", "discriminator",
        "exclude", "strict", "init", "kw_only", "allow_inf_nan",
    }
)  # fmt: skip
OLD = {"regex": "pattern", "min_items": "min_length", "max_items": "max_length"}
LIMITS = frozenset({"Gt", "Ge", "Lt", "Le", "MultipleOf", "MinLen", "MaxLen", "Len", "Interval"})


def path_of(maker: Making, expression: ast.expr, scope: Scope) -> str:
    """Return the normal path of a name outside the project; "" for any other expression."""
    found = maker.names.find(expression, scope)
    return normal_path(found.path) if isinstance(found, Outside) else ""


def plain_value(maker: Making, expression: ast.expr, scope: Scope) -> Any:
    """Return the value of an expression that is a single value or a list of such; else UNKNOWN."""
    found = maker.evaluator.evaluate(expression, scope)
    if isinstance(found, Constant):
        return UNKNOWN if found.value is Ellipsis else found.value
    if isinstance(found, Items) and isinstance(expression, (ast.List, ast.Tuple)):
        items = [each.value if isinstance(each, Constant) else UNKNOWN for each in found.items]
        if UNKNOWN not in items:
            return items if isinstance(expression, ast.List) else tuple(items)
    return UNKNOWN


def keywords_of(maker: Making, call: ast.Call, scope: Scope) -> dict[str, Any]:
    """Return the keyword arguments of a call that are known."""
    values = {each.arg: plain_value(maker, each.value, scope) for each in call.keywords if each.arg}
    return {name: value for name, value in values.items() if value is not UNKNOWN}


def field_of(maker: Making, call: ast.Call, scope: Scope) -> Any:
    """Return pydantic's own description of a field: what `Field(...)` says, as far as it is known."""
    from pydantic import Field

    given = {OLD.get(name, name): value for name, value in keywords_of(maker, call, scope).items()}
    options = {name: value for name, value in given.items() if name in FIELD}
    default = call.args[0] if call.args else _keyword(call, "default")
    if default is not None and not _is_ellipsis(default):
        value = plain_value(maker, default, scope)
        options |= {"default_factory": _unknown} if value is UNKNOWN else {"default": value}
    elif _keyword(call, "default_factory") is not None:
        options["default_factory"] = _unknown
    return Field(**options)


def make_metadata(maker: Making, expression: ast.expr, scope: Scope) -> Iterator[Any]:
    """Yield what an item of `Annotated` says of the values, in pydantic's terms."""
    if not isinstance(expression, ast.Call):
        return
    path = path_of(maker, expression.func, scope)
    package, _, name = path.partition(".")
    if path == "pydantic.Field":
        yield field_of(maker, expression, scope)
    elif package == "annotated_types" and name in LIMITS:
        import annotated_types

        arguments = [plain_value(maker, each, scope) for each in expression.args]
        if UNKNOWN not in arguments:
            yield getattr(annotated_types, name)(*arguments, **keywords_of(maker, expression, scope))
    elif path == "pydantic.StringConstraints":
        from pydantic import StringConstraints

        yield StringConstraints(**keywords_of(maker, expression, scope))
    elif package in ("pydantic", "annotated_types"):
        yield code_check(name, maker.spell(expression, scope))


def code_check(name: str, code: str) -> Any:
    """Return a check of values by code of the project, as pydantic takes one."""
    from pydantic import AfterValidator

    return AfterValidator(check_by_code(name, code))


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in call.keywords if each.arg == name), None)


def _is_ellipsis(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Constant) and expression.value is Ellipsis


def _unknown() -> Any:
    raise NotImplementedError  # never called: what it stands for is code of the project
