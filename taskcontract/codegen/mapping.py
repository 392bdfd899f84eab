"""What of an old version maps onto a newer one by itself, and what its author has to decide."""

from __future__ import annotations

import inspect
import types
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeVar, Union, cast, get_args, get_origin

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from typing_extensions import get_type_hints, is_typeddict

from taskcontract.codegen.formatting import is_usable, quote
from taskcontract.codegen.imports import Origin
from taskcontract.declare.refusal import spell_type
from taskcontract.diff import compare_schemas
from taskcontract.diff.walker.parameters import match_parameters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from taskcontract.codegen.formatting import FreshNames
    from taskcontract.codegen.imports import Imports
    from taskcontract.declare.codec import Codec
    from taskcontract.declare.slots import Slot
    from taskcontract.declare.task import Task
    from taskcontract.model.service import ParameterSpec

__all__ = ["Argument", "construct", "map_fields", "map_parameters", "read_fields", "unwrap_annotated"]


class Argument(NamedTuple):
    """What a new parameter or field `name` is given: the expression `value`.

    Where the reader has to decide, `question` says what, and `value` is the variable for the answer. A
    question without a name is about an old parameter that has no place in the new version. `kind` is how
    it is passed.
    """

    name: str
    value: str
    kind: str = "keyword-only"
    question: str = ""


def map_parameters(old: Task[..., Any], new: Task[..., Any], variables: FreshNames) -> Iterator[Argument]:
    """Yield the arguments of the newer call for the parameters of the old one, in the newer order."""
    olds = {slot.name: slot for slot in old.binder.slots}
    news = {slot.name: slot for slot in new.binder.slots}
    pairs = list(match_parameters(old.spec().parameters, new.spec().parameters))
    # What `*args` of a call follow are given by position too, and none of those is left out.
    by_position = any(before and after and after.kind == "var-positional" for before, after in pairs)
    came = {after.name: before for before, after in pairs if after is not None}
    for parameter in new.spec().parameters:
        before = came[parameter.name]
        slot = news[parameter.name]
        kind = "positional-only" if by_position and slot.kind == "positional-or-keyword" else slot.kind
        if before is not None:
            lost = _say_lost(olds[before.name], slot, before, parameter)
            value = variables.add(slot.name) if lost else before.name
            yield Argument(slot.name, value, kind, f"{lost}: make it one for {new.version}" if lost else "")
        elif parameter.required or (by_position and slot.kind == "positional-or-keyword"):
            question = f"callers of {old.version} give no {slot.name!r}: say what it is for them"
            yield Argument(slot.name, variables.add(slot.name), kind, question)
    for before, after in pairs:
        if before is not None and after is None:
            question = f"{new.version} has no {before.name!r}: say what becomes of it, or go without"
            yield Argument("", "", question=question)


def _say_lost(old: Slot, new: Slot, before: ParameterSpec, after: ParameterSpec) -> str:
    """Return what a new parameter does not take of an old one's values; empty where it takes all."""
    if not _is_assignable(old.item, new.item):
        was, now = spell_type(old.item.annotation), spell_type(new.item.annotation)
        return f"{old.name!r} was {was} and is {now}"
    found = compare_schemas(before.schema, after.schema, patterns="rust")
    if found.verdict == "included":
        return ""
    witness = f", such as {found.witness!r}" if found.has_witness else ""
    return f"{new.name!r} no longer takes all values{witness}"


def map_fields(old: Any, new: Any, result: str, variables: FreshNames) -> list[Argument] | None:
    """Return the members of an old structure read from a newer one, `result`; None for other types."""
    wanted, there = read_fields(old), read_fields(new)
    if not wanted or not there:
        return None
    arguments = []
    for name, annotation in wanted.items():
        alike = name in there and unwrap_annotated(there[name]) == unwrap_annotated(annotation)
        if alike and not _is_open(annotation):
            arguments.append(Argument(name, read_member(new, result, name)))
        else:
            question = f"say what {name!r} ({spell_type(annotation)}) is for callers of the old version"
            arguments.append(Argument(name, variables.add(name), question=question))
    return arguments


def _is_open(annotation: Any) -> bool:
    """Return whether a type has type variables, which stand for one thing here and for another there."""
    return isinstance(annotation, TypeVar) or bool(getattr(annotation, "__parameters__", ()))


def _is_assignable(old: Codec, new: Codec) -> bool:
    """Return whether a type checker plainly accepts values of the old type for the new one."""
    before, after = unwrap_annotated(old.annotation), unwrap_annotated(new.annotation)
    if before == after or after in (Any, object):
        return True
    members = get_args(after) if get_origin(after) in (Union, types.UnionType) else ()
    return before in members


def read_fields(annotation: Any) -> dict[str, Any]:
    """Return what a dataclass, a TypedDict or a pydantic model always has, with types; nothing for others."""
    kind = unwrap_annotated(annotation)
    if not isinstance(kind, type):
        return {}
    if is_typeddict(kind):
        required: frozenset[str] = cast("Any", kind).__required_keys__
        return {name: hint for name, hint in get_type_hints(kind).items() if name in required}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {field.name: hints[field.name] for field in fields(kind) if field.init}
    # A model's own hints may be type variables of its base.
    return {name: info.annotation for name, info in getattr(kind, "__pydantic_fields__", {}).items()}


def read_member(annotation: Any, expression: str, name: str) -> str:
    """Return the expression that reads a member of a structure, the value of `expression`."""
    if is_typeddict(unwrap_annotated(annotation)):
        return f"{expression}[{quote(name)}]"
    return f"{expression}.{name}" if is_usable(name) else f"getattr({expression}, {quote(name)})"


def construct(annotation: Any, name: str, values: Mapping[str, str], imports: Imports) -> str | None:
    """Return the expression that makes a structure of `values`, expressions; None where they do not make one.

    `name` is what the structure is called by. The expression suits type checkers and runs.
    """
    kind = unwrap_annotated(annotation)
    if is_typeddict(kind):
        return _call(name, values) if all(map(is_usable, values)) else _mapping(values)
    given = _list_aliases(kind)
    if not given:
        return _call(name, values) if _takes(kind, values) else None
    keywords = {each: value for field, value in values.items() if (each := given[field].keyword)}
    if len(keywords) == len(values):
        return _call(name, keywords)
    items = {each: value for field, value in values.items() if (each := given[field].key) is not None}
    if len(items) < len(values):
        return None
    if is_dataclass(kind):
        name = f"{imports.add(Origin('pydantic', 'TypeAdapter'))}({name})"
    return f"{name}.{'validate_python' if is_dataclass(kind) else 'model_validate'}({_mapping(items)})"


def unwrap_annotated(annotation: Any) -> Any:
    """Return a type without its constraints."""
    return unwrap_annotated(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


def _call(name: str, values: Mapping[str, str]) -> str:
    return f"{name}({', '.join(f'{each}={value}' for each, value in values.items())})"


def _mapping(values: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{quote(each)}: {value}' for each, value in values.items())}}}"


def _takes(kind: Any, names: Mapping[str, str]) -> bool:
    """Return whether a dataclass is made of its fields alone, without an own `__init__` or InitVars."""
    try:
        inspect.signature(kind).bind(**names)
    except TypeError:
        return False
    return True


class _Alias(NamedTuple):
    """How a field is given: as `keyword` to its class, as `key` of a mapping; None where it cannot be."""

    keyword: str | None
    key: str | None


def _list_aliases(kind: type[Any]) -> dict[str, _Alias]:
    """Return how each field of a pydantic model or dataclass is given; nothing for other types."""
    infos: Mapping[str, FieldInfo] = getattr(kind, "__pydantic_fields__", {})
    hints = get_type_hints(kind, include_extras=True) if infos else {}
    aliases = {}
    for name, info in infos.items():
        accepted = _list_accepted(name, info, kind)
        # Type checkers see the alias of `= Field(alias=...)`, but none of an `Annotated` or of a generator.
        annotated = any(isinstance(each, FieldInfo) and each.alias for each in get_args(hints.get(name))[1:])
        unseen = info.alias is None or annotated or info.alias_priority == 1
        keyword = name if unseen else info.alias
        fits = keyword in accepted and is_usable(keyword)
        aliases[name] = _Alias(keyword if fits else None, accepted[0] if accepted else None)
    return aliases


def _list_accepted(name: str, info: FieldInfo, kind: Any) -> list[str]:
    """Return the names by which pydantic takes the field `name` of `kind`."""
    alias = info.validation_alias
    if alias is None:
        return [name]
    config: Mapping[str, Any] = getattr(kind, "model_config", None) or getattr(
        kind, "__pydantic_config__", {}
    )
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    accepted = [each for each in choices if isinstance(each, str) and config.get("validate_by_alias", True)]
    by_name = config.get("validate_by_name") or config.get("populate_by_name")
    return [*accepted, name] if by_name else accepted
