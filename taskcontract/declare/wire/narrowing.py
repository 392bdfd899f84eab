"""A pydantic-core schema changed so that it reads from JSON exactly what the spec's schema accepts.

pydantic reads more texts than are ever written: a date from the digits of a timestamp, a Decimal from
`1_000`, a duration from `1 day`. Where a value travels as text, the text is first held against the pattern
of the spec. Values that a Python caller passes are checked as pydantic does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError, PydanticSerializationUnexpectedValue

from taskcontract.declare.wire.choices import Choices
from taskcontract.declare.wire.known import find_known, is_secret, reveal
from taskcontract.declare.wire.leaves import is_constrained_decimal, key_leaf, leaf_of
from taskcontract.declare.wire.parts import PARTS
from taskcontract.declare.wire.readers import read_number
from taskcontract.declare.wire.scalars import choices_of, flags_of, key_texts, mask_of
from taskcontract.declare.wire.ways import AS_NUMBER, AS_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from enum import Flag

    from taskcontract.declare.wire.leaves import Leaf

    Core = dict[str, Any]

__all__ = ["narrow"]


def narrow(core: Any) -> Any:
    """Return the core schema `core` as the wire reads it; `core` itself is left alone."""
    if isinstance(core, (list, tuple)):  # a union's choice may be a pair of its schema and its label
        return type(core)(map(narrow, core))
    if not isinstance(core, dict):
        return core
    kind = core.get("type")
    if not isinstance(kind, str):  # fields or choices by their names
        return {name: narrow(part) for name, part in core.items()}
    leaf = leaf_of(core)
    if leaf is not None:
        return _narrow_decimal(core, leaf) if kind == "decimal" else _narrow_leaf(core, leaf)
    changed = {name: narrow(part) if name in PARTS else part for name, part in core.items()}
    if isinstance(core.get("keys_schema"), dict):
        changed["keys_schema"] = _narrow_key(core["keys_schema"])
    if is_secret(core):
        changed["serialization"] = {"type": "function-plain", "function": reveal, "when_used": "json"}
    change = _CHANGES.get(kind)
    return change(changed) if change else changed


def _narrow_leaf(core: Core, leaf: Leaf) -> Core:
    """Return a value that travels as text."""
    checked = _without_name(core)
    return _named(core, _either(_read_text(leaf, checked), checked))


def _narrow_decimal(core: Core, leaf: Leaf) -> Core:
    """Return a Decimal, which is read from a JSON number too."""
    checked = _without_name(core)
    number = {"type": "union", "choices": [{"type": "int"}, {"type": "float", "allow_inf_nan": False}]}
    read = {
        "type": "tagged-union",
        "discriminator": lambda value: AS_TEXT if isinstance(value, str) else AS_NUMBER,
        "choices": {
            AS_TEXT: _read_text(leaf, checked),
            AS_NUMBER: {"type": "chain", "steps": [_after(number, read_number), checked]},
        },
    }
    changed = _either(read, checked)
    if is_constrained_decimal(core):
        changed["serialization"] = {"type": "function-plain", "function": _write_plain, "when_used": "json"}
    return _named(core, changed)


def _read_text(leaf: Leaf, checked: Core) -> Core:
    """Return the schema that reads a text that matches the leaf's patterns, then checks the value."""
    steps = [{"type": "str", "pattern": pattern, "strict": True} for pattern in leaf.patterns]
    texts = steps[0] if len(steps) == 1 else {"type": "chain", "steps": steps}
    return {"type": "chain", "steps": [_saying(leaf.says, _after(texts, leaf.read)), checked]}


def _narrow_key(core: Core) -> Core:
    """Return a key of an object: always a text in JSON."""
    leaf = key_leaf(core)
    if leaf is not None:
        return _either(_read_text(leaf, core), core)
    if core["type"] in ("literal", "enum"):
        values = choices_of(core)
        return _either(_chosen(Choices(key_texts(values), values), core), core)
    narrowed: Core = narrow(core)
    return narrowed


def _narrow_choices(core: Core) -> Core:
    """Return the schema of an enum or a Literal, read by the JSON forms of its values without `_missing_`."""
    flags = flags_of(core)
    if flags is not None:
        return _narrow_flags(core, flags)
    values = choices_of(core)
    if all(type(value) is str for value in values):
        return core
    checked = _without_name(core)
    return _named(core, _either(_chosen(Choices.of(values), checked), checked))


def _narrow_union(core: Core) -> Core:
    """Return a union in which whatever is told by its form goes before any text.

    Where a function writes a choice, it is asked last: it writes values of the other types as well.
    """
    choices = sorted(core["choices"], key=lambda choice: (_is_any_text(choice), _is_written_by_code(choice)))
    return {**core, "choices": choices}


def _is_written_by_code(choice: Any) -> bool:
    core = choice[0] if isinstance(choice, tuple) else choice
    return "function" in core.get("serialization", {})


def _is_any_text(choice: Any) -> bool:
    core = choice[0] if isinstance(choice, tuple) else choice
    return core["type"] in ("str", "any")


def _narrow_flags(core: Core, flags: type[Flag]) -> Core:
    """Members of a Flag, put together; an IntFlag may hold numbers with other bits, which are refused."""
    most = mask_of(flags)

    def require_known(value: Any) -> Any:
        if value & ~most if isinstance(value, int) else value.value & ~most:
            raise PydanticCustomError("choice", "Input should be made of the flags that there are")
        return value

    checked = _without_name(core)
    numbers = _after({"type": "int", "ge": 0, "le": most, "strict": True}, require_known)
    return _named(core, _either(_after(numbers, flags), _after(checked, require_known)))


def _narrow_set(core: Core) -> Core:
    """Return a set with a largest size, whose array may not be longer than the set."""
    if core.get("max_length") is None:
        return core
    items = core.get("items_schema", {"type": "any"})
    array = {"type": "list", "items_schema": items, "max_length": core["max_length"]}
    made = _after(array, frozenset if core["type"] == "frozenset" else set)
    return _either({"type": "chain", "steps": [made, {**core, "items_schema": {"type": "any"}}]}, core)


def _narrow_known(core: Core) -> Core:
    """Return a check whose texts are known: they are held against the pattern first."""
    known = find_known(core["function"]["function"], core["schema"])
    if known is None or known.pattern is None:
        return core
    text = _saying(known.says, {"type": "str", "pattern": known.pattern, "strict": True})
    if core["schema"]["type"] == "str":
        return {**core, "schema": text}
    changed = _either({"type": "chain", "steps": [text, core]}, core)
    return {**changed, "serialization": core["serialization"]} if "serialization" in core else changed


def _chosen(choices: Choices, checked: Core) -> Core:
    read = {"type": "function-plain", "function": {"type": "no-info", "function": choices}}
    return {"type": "chain", "steps": [read, checked]}


def _either(from_json: Core, from_python: Core) -> Core:
    return {"type": "json-or-python", "json_schema": from_json, "python_schema": from_python}


def _after(schema: Core, function: Callable[[Any], Any]) -> Core:
    return {
        "type": "function-after",
        "schema": schema,
        "function": {"type": "no-info", "function": function},
    }


def _saying(says: str, schema: Core) -> Core:
    return {
        "type": "custom-error",
        "schema": schema,
        "custom_error_type": "wire_form",
        "custom_error_message": f"Input should be {says}",
    }


def _without_name(core: Core) -> Core:
    return {name: part for name, part in core.items() if name != "ref"}


def _named(core: Core, changed: Core) -> Core:
    """Return `changed` under the name by which other parts refer to `core`."""
    return {**changed, "ref": core["ref"]} if "ref" in core else changed


def _write_plain(value: Decimal) -> str:
    if not hasattr(value, "as_tuple"):
        raise PydanticSerializationUnexpectedValue("not a Decimal")
    return format(value, "f")


_CHANGES: dict[str, Callable[[Core], Core]] = {
    "float": lambda core: {**core, "allow_inf_nan": False},
    "generator": lambda core: {"type": "list", "items_schema": core.get("items_schema", {"type": "any"})},
    "literal": _narrow_choices,
    "enum": _narrow_choices,
    "union": _narrow_union,
    "set": _narrow_set,
    "frozenset": _narrow_set,
    "function-after": _narrow_known,
    "function-wrap": _narrow_known,
}
