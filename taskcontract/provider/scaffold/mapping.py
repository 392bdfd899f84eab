"""What of an old version maps onto a newer one by itself, and what somebody has to decide."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin

from taskcontract.declare.refusal import spell_type
from taskcontract.diff import compare_schemas
from taskcontract.diff.walker.parameters import match_parameters
from taskcontract.provider.scaffold.structures import bare, read_fields, read_member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.declare.codec import Codec
    from taskcontract.declare.slots import Slot
    from taskcontract.declare.task import Task
    from taskcontract.model.service import ParameterSpec
    from taskcontract.provider.scaffold.names import Variables

__all__ = ["Argument", "map_fields", "map_parameters"]


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


def map_parameters(old: Task[..., Any], new: Task[..., Any], variables: Variables) -> Iterator[Argument]:
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
        if before is not None:
            lost = _say_lost(olds[before.name], slot, before, parameter)
            value = variables.add(slot.name) if lost else before.name
            yield Argument(slot.name, value, kind, f"{lost}: make it one for {new.version}" if lost else "")
        elif parameter.required or (by_position and slot.kind == "positional-or-keyword"):
            question = f"callers of {old.version} give no {slot.name!r}: say what it is for them"
            yield Argument(slot.name, variables.add(slot.name), kind, question)
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


def map_fields(old: Any, new: Any, result: str, variables: Variables) -> list[Argument] | None:
    """The members of an old structure read from a newer one, the expression `result`; None for others."""
    wanted, there = read_fields(old), read_fields(new)
    if not wanted or not there:
        return None
    arguments = []
    for name, annotation in wanted.items():
        if name in there and bare(there[name]) == bare(annotation) and not _is_open(annotation):
            arguments.append(Argument(name, read_member(new, result, name)))
        else:
            question = f"say what {name!r} ({spell_type(annotation)}) is for callers of the old version"
            arguments.append(Argument(name, variables.add(name), question=question))
    return arguments


def _is_open(annotation: Any) -> bool:
    """Whether a type has type variables, which stand for one thing here and for another there."""
    return isinstance(annotation, TypeVar) or bool(getattr(annotation, "__parameters__", ()))


def _is_assignable(old: Codec, new: Codec) -> bool:
    """Whether a type checker lets values of the old type stand for the new one, as far as is plain to see."""
    before, after = bare(old.annotation), bare(new.annotation)
    if before == after or after in (Any, object):
        return True
    members = get_args(after) if get_origin(after) in (Union, types.UnionType) else ()
    return before in members
