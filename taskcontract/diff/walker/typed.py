"""A call as its typed caller writes it, as far as the schemas of a spec say what the types are."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from taskcontract.diff.walker.nodes import resolve
from taskcontract.model.python_text import spell_json, spell_keywords

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from taskcontract.diff.budget import ProofBudget
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["spell_call"]

FORMATS = {
    "uuid": "UUID({})",
    "date": "date.fromisoformat({})",
    "date-time": "datetime.fromisoformat({})",
    "naive-date-time": "datetime.fromisoformat({})",
    "time": "time.fromisoformat({})",
    "decimal": "Decimal({})",
    "path": "Path({})",
    "file-path": "Path({})",
    "directory-path": "Path({})",
    "ipv4": "IPv4Address({})",
    "ipv6": "IPv6Address({})",
    "ipv4network": "IPv4Network({})",
    "ipv6network": "IPv6Network({})",
    "ipv4interface": "IPv4Interface({})",
    "ipv6interface": "IPv6Interface({})",
    "uri": "AnyUrl({})",
}
"""Formats whose values a Python caller makes from their text."""

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
DEEPEST = 50
MOST_STEPS = 10_000
"""Of the engine of patterns, for one of them."""


def spell_call(task: TaskSpec, args: Sequence[Json], kwargs: Mapping[str, Json], budget: ProofBudget) -> str:
    """`pay.delay(UUID("..."), amount=Decimal("2.5"))` for a call that the task takes."""
    places = [each for each in task.parameters if each.kind.startswith("positional")]
    rest = next((each for each in task.parameters if each.kind == "var-positional"), None)
    named = {each.name: each for each in task.parameters if not each.kind.startswith("var-")}
    others = next((each for each in task.parameters if each.kind == "var-keyword"), None)

    def spell(parameter: ParameterSpec | None, value: Json) -> str:
        if parameter is None:
            return spell_json(value)
        return _spell(value, parameter.schema, parameter.schema, 0, budget)

    given = [spell(places[at] if at < len(places) else rest, value) for at, value in enumerate(args)]
    given += spell_keywords({name: spell(named.get(name, others), value) for name, value in kwargs.items()})
    last = task.wire_name.rpartition(".")[2]
    return f"{last if last.isidentifier() else task.name}.delay({', '.join(given)})"


def _spell(value: Json, schema: Json, root: Json, depth: int, budget: ProofBudget) -> str:
    schema = resolve(schema, root)
    if not isinstance(schema, dict) or depth > DEEPEST:
        return spell_json(value)
    for key in ("anyOf", "oneOf"):
        options = schema.get(key)
        if isinstance(options, list):
            if type(value) in (int, float) and any(map(_is_decimal, options)):
                return _spell_scalar(value, "decimal")
            fitting = next((each for each in options if _fits(value, resolve(each, root), budget)), None)
            if fitting is None:
                return spell_json(value)
            return _spell(value, fitting, root, depth + 1, budget)
    title = schema.get("title")
    name = title if isinstance(title, str) and title.isidentifier() else ""
    if name and value is not None and ("enum" in schema or "const" in schema):
        return f"{name}({spell_json(value)})"
    if isinstance(value, list):
        return _spell_array(value, schema, lambda item, part: _spell(item, part, root, depth + 1, budget))
    if isinstance(value, dict):
        return _spell_object(
            value, schema, name, lambda item, part: _spell(item, part, root, depth + 1, budget)
        )
    return _spell_scalar(value, schema.get("format"))


def _is_decimal(option: Json) -> bool:
    """Whether this is the text form of a Decimal, beside which its numbers stand."""
    return isinstance(option, dict) and option.get("format") == "decimal"


def _spell_scalar(value: Json, form: Json) -> str:
    if isinstance(value, str):
        if form in ("byte", "binary", "base64", "base64url"):
            return _spell_bytes(value)
        if form == "duration":
            return _spell_duration(value)
    if form == "decimal" and isinstance(value, int | float) and not isinstance(value, bool):
        return f'Decimal("{value}")'
    if isinstance(value, str) and isinstance(form, str) and form in FORMATS:
        return FORMATS[form].format(spell_json(value))
    return spell_json(value)


def _spell_array(value: list[Json], schema: dict[str, Json], spell: Callable[[Json, Json], str]) -> str:
    prefix = schema.get("prefixItems")
    places: list[Json] = prefix if isinstance(prefix, list) else []
    rest = schema.get("items", True)
    items = [spell(item, places[at] if at < len(places) else rest) for at, item in enumerate(value)]
    if schema.get("uniqueItems") is True:
        return f"{{{', '.join(items)}}}" if items else "set()"
    if places and schema.get("maxItems") == len(places):
        return f"({', '.join(items)}{',' * (len(items) == 1)})"
    return f"[{', '.join(items)}]"


def _spell_object(
    value: dict[str, Json], schema: dict[str, Json], name: str, spell: Callable[[Json, Json], str]
) -> str:
    properties = schema.get("properties")
    known: dict[str, Json] = properties if isinstance(properties, dict) else {}
    rest, keys = schema.get("additionalProperties", True), schema.get("propertyNames", True)
    parts = {key: spell(item, known.get(key, rest)) for key, item in value.items()}
    if name and known and value.keys() <= known.keys():
        return f"{name}({', '.join(spell_keywords(parts))})"
    return f"{{{', '.join(f'{spell(key, keys)}: {text}' for key, text in parts.items())}}}"


def _spell_bytes(text: str) -> str:
    from base64 import b64decode
    from binascii import Error

    try:
        data = b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (Error, ValueError):
        return spell_json(text)
    return f"b{json.dumps(data.decode())}" if data.isascii() and data.decode().isprintable() else repr(data)


def _spell_duration(text: str) -> str:
    """`timedelta(hours=1)` of `PT1H`; the text itself where it is of another form."""
    found = re.fullmatch(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", text)
    if found is None or text.endswith(("P", "T")):
        return spell_json(text)
    sign, *numbers = found.groups()
    units = zip(("days", "hours", "minutes", "seconds"), numbers, strict=True)
    parts = [f"{unit}={float(number) if '.' in number else int(number)}" for unit, number in units if number]
    return f"{sign}timedelta({', '.join(parts)})"


def _fits(value: Json, schema: Json, budget: ProofBudget) -> bool:
    """Whether `value` could be meant by an alternative, as far as a look at its top tells."""
    if not isinstance(schema, dict):
        return schema is True
    if "const" in schema and schema["const"] != value:
        return False
    listed = schema.get("enum")
    if isinstance(listed, list) and value not in listed:
        return False
    kind = schema.get("type")
    kinds = [kind] if isinstance(kind, str) else kind if isinstance(kind, list) else None
    if kinds is not None and not any(_is_of(value, each) for each in kinds):
        return False
    if isinstance(value, dict):
        members: dict[str, Json] = value
        required, properties = schema.get("required"), schema.get("properties")
        if isinstance(required, list) and not all(name in members for name in required):
            return False
        parts: dict[str, Json] = properties if isinstance(properties, dict) else {}
        return all(_fits(members[name], part, budget) for name, part in parts.items() if name in members)
    return not isinstance(value, str) or _matches(value, schema.get("pattern"), budget)


def _is_of(value: Any, kind: Json) -> bool:
    if isinstance(value, bool):
        return bool(kind == "boolean")
    types = TYPES.get(kind, ()) if isinstance(kind, str) else ()
    return isinstance(value, types)


def _matches(text: str, pattern: Json, budget: ProofBudget) -> bool:
    """Whether Rust's engine, whose time is bounded, finds the pattern; True where it is not to be had."""
    if not isinstance(pattern, str) or budget.used_up:
        return True
    from taskcontract.diff.schemas.budget import Budget, BudgetSpentError
    from taskcontract.diff.schemas.regex.rust.oracle import PatternRefusedError, open_pattern

    steps = Budget(seconds=1.0, steps=MOST_STEPS)
    try:
        return open_pattern(pattern, steps)(text)
    except (PatternRefusedError, BudgetSpentError):
        return True
    finally:
        budget.spend(steps.spent)
