"""Which of Pact's generators a call may have, and with which parameters."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from taskcontract.model.datetime_form import TimeFormError, write_time
from taskcontract.model.matchers import LONGEST_PATTERN

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Generator

__all__ = ["DATA_TYPES", "GENERATED", "GENERATORS", "UUID_FORMS", "find_generator_fault"]

GENERATED = "taskcontract:generated"
"""The matcher's name of what stands for an argument that is made anew; no file has it."""
GENERATORS = frozenset(
    {
        "Date", "DateTime", "ProviderState", "RandomBoolean", "RandomDecimal", "RandomHexadecimal",
        "RandomInt", "RandomString", "Regex", "Time", "Uuid",
    }
)  # fmt: skip
UUID_FORMS = frozenset({"simple", "lower-case-hyphenated", "upper-case-hyphenated", "URN"})
DATA_TYPES = frozenset({"STRING", "INTEGER", "DECIMAL", "FLOAT", "RAW", "BOOLEAN"})
_SIZES: Final = {"RandomDecimal": "digits", "RandomHexadecimal": "digits", "RandomString": "size"}
LARGEST = 10_000
"""Characters of a made value."""


def find_generator_fault(generator: Generator) -> str | None:
    """Return what keeps `generator` from making a value, or None."""
    kind, parameters = generator.kind, generator.parameters
    if kind not in GENERATORS:
        return f"the generator {kind!r} is not known; known are {', '.join(sorted(GENERATORS))}"
    if kind in ("Date", "Time", "DateTime"):
        return _find_time_fault(generator)
    if kind in _SIZES:
        size = parameters.get(_SIZES[kind], 10)
        if type(size) is not int or not 0 <= size <= LARGEST:
            return f"the generator {kind!r} needs a {_SIZES[kind]!r} from 0 to {LARGEST}, not {size!r}"
    if kind == "RandomInt":
        low, high = parameters.get("min", 0), parameters.get("max", 10)
        if type(low) is not int or type(high) is not int or low > high:
            return f"the generator {kind!r} needs whole numbers as 'min' and 'max', not {low!r} and {high!r}"
    if kind == "Uuid" and parameters.get("format", "URN") not in UUID_FORMS:
        return f"'format' of the generator 'Uuid' is {parameters['format']!r}, none of {sorted(UUID_FORMS)}"
    return _find_text_fault(kind, parameters)


def _find_text_fault(kind: str, parameters: dict[str, Json]) -> str | None:
    pattern = parameters.get("regex")
    if kind == "Regex" and not (isinstance(pattern, str) and len(pattern) <= LONGEST_PATTERN):
        return f"the generator 'Regex' needs a 'regex' of at most {LONGEST_PATTERN} characters"
    if kind == "ProviderState" and not isinstance(parameters.get("expression"), str):
        return "the generator 'ProviderState' needs a string as its 'expression'"
    if kind == "ProviderState" and str(parameters.get("dataType", "RAW")).upper() not in DATA_TYPES:
        return f"'dataType' of the generator 'ProviderState' is {parameters['dataType']!r}"
    return None


def _find_time_fault(generator: Generator) -> str | None:
    from datetime import datetime

    if generator.parameters.get("expression"):
        return f"the generator {generator.kind!r} has an 'expression', and those are not reckoned here"
    form = generator.parameters.get("format")
    if form is None:
        return None
    if not isinstance(form, str):
        return f"'format' of the generator {generator.kind!r} must be a string, not {form!r}"
    try:
        write_time(form, datetime(2000, 1, 1, tzinfo=UTC))
    except TimeFormError as error:
        return str(error)
    return None
