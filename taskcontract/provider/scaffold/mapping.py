"""What of an old version maps onto a newer one by itself, and what somebody has to decide."""

from __future__ import annotations

import types
from dataclasses import dataclass, fields, is_dataclass
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from typing_extensions import is_typeddict

from taskcontract.declare.refusal import spell_type
from taskcontract.diff import compare_schemas
from taskcontract.diff.walker.parameters import match_parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.declare.codec import Codec
    from taskcontract.declare.slots import Slot
    from taskcontract.declare.task import Task
    from taskcontract.model.service import ParameterSpec

__all__ = ["Argument", "map_fields", "map_parameters", "read_fields"]


@dataclass(frozen=True, slots=True)
class Argument:
    """What a new parameter or field `name` is given: the expression `value`.

    Where somebody has to decide, `question` says what, and `value` is the variable for the answer. A
    question without a name is about an old parameter that has no place in the new version. `kind` is how
    it is passed.
    """

    name: str
    value: str
    kind: str = "keyword-only"
    question: str = ""


def map_parameters(old: Task[..., Any], new: Task[..., Any]) -> Iterator[Argument]:
    """The arguments of the newer call for the parameters of the old one, in the newer order."""
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
        variable = f"new_{slot.name}" if slot.name in olds else slot.name
        if before is not None:
            lost = _say_lost(olds[before.name], slot, before, parameter)
            question = f"{lost}: make it one for {new.version}" if lost else ""
            yield Argument(slot.name, variable if lost else before.name, kind, question)
        elif parameter.required or (by_position and slot.kind == "positional-or-keyword"):
            question = f"callers of {old.version} give no {slot.name!r}: say what it is for them"
            yield Argument(slot.name, variable, kind, question)
    for before, after in pairs:
        if before is not None and after is None:
            yield Argument(
                "",
                "",
                question=f"{new.version} has no {before.name!r}: say what becomes of it, or go without",
            )


def _say_lost(old: Slot, new: Slot, before: ParameterSpec, after: ParameterSpec) -> str:
    """What a new parameter does not take of an old one's values; empty where it takes all."""
    if not _is_assignable(old.item, new.item):
        was, now = spell_type(old.item.annotation), spell_type(new.item.annotation)
        return f"{old.name!r} was {was} and is {now}"
    found = compare_schemas(before.schema, after.schema)
    if found.verdict == "included":
        return ""
    witness = f", such as {found.witness!r}" if found.has_witness else ""
    return f"{new.name!r} no longer takes all values{witness}"


def map_fields(old: Any, new: Any, result: str) -> list[Argument] | None:
    """The members of an old structure read from a newer one, the expression `result`; None for others."""
    wanted, there = read_fields(old), read_fields(new)
    if not wanted or not there:
        return None
    read = "{}[{!r}]" if is_typeddict(_bare(new)) else "{}.{}"
    arguments = []
    for name, annotation in wanted.items():
        if name in there and _bare(there[name]) == _bare(annotation):
            arguments.append(Argument(name, read.format(result, name).replace("'", '"')))
        else:
            question = f"say what {name!r} ({spell_type(annotation)}) is for callers of the old version"
            arguments.append(Argument(name, name if name != result else f"old_{name}", question=question))
    return arguments


def read_fields(annotation: Any) -> dict[str, Any]:
    """What a dataclass, a TypedDict or a pydantic model always has, with types; nothing for others."""
    kind = _bare(annotation)
    if not isinstance(kind, type):
        return {}
    hints = get_type_hints(kind)
    if is_typeddict(kind):
        required: frozenset[str] = cast("Any", kind).__required_keys__
        return {name: hint for name, hint in hints.items() if name in required}
    if is_dataclass(kind):
        return {field.name: hints[field.name] for field in fields(kind) if field.init}
    return {name: hints[name] for name in getattr(kind, "model_fields", ())}


def _is_assignable(old: Codec, new: Codec) -> bool:
    """Whether a type checker lets values of the old type stand for the new one, as far as is plain to see."""
    before, after = _bare(old.annotation), _bare(new.annotation)
    if before == after or after in (Any, object):
        return True
    members = get_args(after) if get_origin(after) in (Union, types.UnionType) else ()
    return before in members


def _bare(annotation: Any) -> Any:
    """A type without its constraints."""
    return _bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation
