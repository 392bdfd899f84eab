"""Arguments that are made anew for each replay, by the generators of an interaction."""

from __future__ import annotations

import re
import secrets
import string
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from taskcontract.errors import VerificationError
from taskcontract.model.datetime_form import write_time
from taskcontract.model.rule_path import ANY_INDEX, parse_rule_path, spell_fragment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Generator, Interaction
    from taskcontract.model.rule_path import Step

__all__ = ["make_call"]

FORMS: Final = {"Date": "yyyy-MM-dd", "Time": "HH:mm:ss", "DateTime": "yyyy-MM-dd'T'HH:mm:ss.SSSZ"}
_EXPRESSION = re.compile(r"\$\{([^}]*)\}")


def make_call(
    interaction: Interaction, values: Mapping[str, Json]
) -> tuple[tuple[Json, ...], dict[str, Json]]:
    """Return the arguments to send; `values` are those of the provider's states.

    Raises a VerificationError where a generator asks for a value that no state hands out.
    """
    if not interaction.generators:
        return interaction.args, interaction.kwargs
    call: dict[str, Any] = {"args": list(deepcopy(interaction.args)), "kwargs": deepcopy(interaction.kwargs)}
    for generator in interaction.generators:
        steps = parse_rule_path(generator.path)
        _replace(call, steps, lambda old, made=generator: _make(made, old, values))  # type: ignore[misc]
    return tuple(call["args"]), call["kwargs"]


def _replace(value: Any, steps: tuple[Step, ...], make: Callable[[Json], Json]) -> None:
    """Make anew what stands at the steps, in place; what is not there stays absent."""
    if not steps:
        return
    step, *further = steps
    if isinstance(value, dict):
        keys: list[Any] = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    else:
        return
    for key in keys:
        if isinstance(step, str):
            chosen = spell_fragment(key) == step
        else:
            chosen = step is not ANY_INDEX or isinstance(key, int)
        if not chosen:
            continue
        if further:
            _replace(value[key], tuple(further), make)
        else:
            value[key] = make(value[key])


def _make(generator: Generator, old: Json, values: Mapping[str, Json]) -> Json:
    parameters: Any = generator.parameters
    match generator.kind:
        case "RandomInt":
            low, high = parameters.get("min", 0), parameters.get("max", 10)
            number = low + secrets.randbelow(high - low + 1)
            return str(number) if isinstance(old, str) else number
        case "RandomDecimal":
            text = _make_decimal(parameters.get("digits", 10))
            return (
                float(text) if isinstance(old, int | float) and not isinstance(old, bool) and text else text
            )
        case "RandomHexadecimal":
            return _make_text("0123456789ABCDEF", parameters.get("digits", 10))
        case "RandomString":
            return _make_text(string.ascii_letters + string.digits, parameters.get("size", 10))
        case "RandomBoolean":
            return bool(secrets.randbelow(2))
        case "Uuid":
            return _make_id(parameters.get("format"))
        case "Regex":
            return _make_match(parameters["regex"])
        case "ProviderState":
            return _find_value(
                parameters["expression"], str(parameters.get("dataType", "RAW")).upper(), values
            )
        case kind:  # a date, a time, or both
            return write_time(parameters.get("format") or FORMS[kind], datetime.now().astimezone())


def _make_text(letters: str, size: int) -> str:
    return "".join(secrets.choice(letters) for _ in range(size))


def _make_decimal(digits: int) -> str:
    if digits < 2:
        return _make_text(string.digits, digits)
    first, rest = _make_text("123456789", 1), _make_text(string.digits, digits - 1)
    point = secrets.randbelow(digits - 1)
    return f"{first}{rest[:point]}.{rest[point:]}"


def _make_id(form: str | None) -> str:
    made = uuid4()
    return {"simple": made.hex, "upper-case-hyphenated": str(made).upper(), "URN": made.urn}.get(
        form or "", str(made)
    )


def _make_match(pattern: str) -> str:
    from taskcontract.diff.schemas import find_example

    bare = pattern.removeprefix("^").removesuffix("$")
    made = find_example({"type": "string", "pattern": rf"\A(?:{bare})\z"}, patterns="rust")
    if not isinstance(made, str):
        raise VerificationError(
            f"no text is found that the pattern {pattern} of a generator takes",
            do="Let the contract say a value, or a simpler pattern.",
        )
    return made


def _find_value(expression: str, kind: str, values: Mapping[str, Json]) -> Json:
    whole = _EXPRESSION.fullmatch(expression)
    if whole is None and _EXPRESSION.search(expression):
        text = _EXPRESSION.sub(lambda found: _as_text(_look_up(found[1], values)), expression)
        return _convert(text, kind, expression)
    return _convert(_look_up(whole[1] if whole else expression, values), kind, expression)


def _look_up(name: str, values: Mapping[str, Json]) -> Json:
    if name not in values:
        known = ", ".join(map(repr, sorted(values))) or "none"
        raise VerificationError(
            f"an argument is to be the value {name!r} of a provider state, and none hands it out",
            do=f'Let the state\'s function return {{"{name}": ...}}, or yield it. Handed out: {known}.',
        )
    return values[name]


def _as_text(value: Json) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value)


def _convert(value: Json, kind: str, expression: str) -> Json:
    try:
        match kind:
            case "STRING":
                return _as_text(value)
            case "INTEGER":
                return int(value or 0)
            case "DECIMAL" | "FLOAT":
                return float(value or 0)
            case "BOOLEAN":
                return value == "true" if isinstance(value, str) else bool(value)
    except (TypeError, ValueError):
        raise VerificationError(
            f"the value {value!r} for {expression!r} is no {kind}", do="Let the state hand out another one."
        ) from None
    return value
