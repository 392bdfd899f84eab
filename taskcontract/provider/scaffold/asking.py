"""Declarations of what somebody has to decide: each variable with its type, and the question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.provider.scaffold.layout import raise_question
from taskcontract.provider.scaffold.names import names_in
from taskcontract.provider.scaffold.spelling import spell_annotation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskcontract.declare.annotations import Spelling
    from taskcontract.declare.imports import Imports
    from taskcontract.declare.task import Task
    from taskcontract.provider.scaffold.mapping import Argument

__all__ = ["ask", "spell_asked"]

WHOLE = {"var-positional": "tuple[{}, ...]", "var-keyword": "dict[str, {}]"}


def ask(arguments: Sequence[Argument], types: Mapping[str, str]) -> Iterator[str]:
    """The lines that ask for each argument that does not map by itself; `types` are by argument."""
    for argument in arguments:
        if argument.question and argument.name:
            yield f"    {argument.value}: {types[argument.name]}"
        if argument.question:
            yield raise_question(argument.question)


def spell_asked(
    old: Task[..., Any], new: Task[..., Any], after: Spelling, arguments: Sequence[Argument], imports: Imports
) -> dict[str, str]:
    """The types of the asked `arguments` of `new`, fit for the body of a function with `old`'s parameters.

    They are as the source spells them (`after`), unless a parameter hides one of their names.
    """
    parameters = {slot.name for slot in old.binder.slots}
    slots = {slot.name: slot for slot in new.binder.slots}
    spelled = _types_of(after)
    types = {}
    for argument in arguments:
        if argument.question and argument.name:
            slot = slots[argument.name]
            text = WHOLE.get(slot.kind, "{}").format(spelled[slot.name])
            hidden = names_in(text) & parameters
            types[slot.name] = (
                spell_annotation(slot.whole.annotation, imports, parameters) if hidden else text
            )
    return types


def _types_of(spelling: Spelling) -> dict[str, str]:
    """Parameter -> type, as the source spells it."""
    typed = (each.lstrip("*").partition(": ") for each in (*spelling.before, *spelling.after))
    return {name: spelled.removesuffix(" = ...") for name, _, spelled in typed if spelled}
