"""A pydantic-core schema in which each part says by itself what it reads and writes.

A class's configuration counts for the texts in its fields, so it is written beside them, where the readers
of schemas look. What the configuration changes of the JSON form is the same for all: bytes are base 64,
durations and moments ISO 8601. A field is written under a key that it is read by.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from taskcontract.declare.wire.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    Core = dict[str, Any]

__all__ = ["read_keys", "settle"]

_OF_TEXTS = {
    "str_strip_whitespace": "strip_whitespace",
    "str_to_lower": "to_lower",
    "str_to_upper": "to_upper",
    "str_min_length": "min_length",
    "str_max_length": "max_length",
    "regex_engine": "regex_engine",
    "coerce_numbers_to_str": "coerce_numbers_to_str",
}
_SAME_FOR_ALL = {
    "ser_json_bytes": "base64",
    "val_json_bytes": "base64",
    "ser_json_timedelta": "iso8601",
    "ser_json_temporal": "iso8601",
    "ser_json_inf_nan": "constants",
}
_CLASSES = ("model", "dataclass", "typed-dict")


def settle(core: Any, config: Mapping[str, Any] | None = None) -> Any:
    """Return `core`, inside a class that is configured by `config`; `core` itself is left alone."""
    if isinstance(core, (list, tuple)):  # a union's choice may be a pair of its schema and its label
        return type(core)(settle(part, config) for part in core)
    if not isinstance(core, dict):
        return core
    kind = core.get("type")
    if not isinstance(kind, str):  # fields or choices by their names
        return {name: settle(part, config) for name, part in core.items()}
    if kind in _CLASSES:
        config = core.get("config") or {}
    settled = {name: settle(part, config) if name in PARTS else part for name, part in core.items()}
    if kind in _CLASSES:
        kept = {name: value for name, value in (config or {}).items() if name not in _OF_TEXTS}
        settled["config"] = {**kept, **_SAME_FOR_ALL}
    if "fields" in settled:
        _settle_fields(settled, config or {})
    if kind == "str" and config:
        settled = {**_of_texts(config), **settled}
    if kind == "tagged-union":
        settled["choices"] = dict(_with_values(settled["choices"]))
    return settled


def read_keys(field: Mapping[str, Any], name: str) -> list[str]:
    """Return the keys of an object that a field is read by; a path deeper into the object is not a key."""
    alias = field.get("validation_alias")
    if alias is None or isinstance(alias, str):
        return [alias or name]
    paths = alias if isinstance(alias[0], list) else [alias]
    return [path[0] for path in paths if len(path) == 1]


def _of_texts(config: Mapping[str, Any]) -> Core:
    return {short: config[name] for name, short in _OF_TEXTS.items() if config.get(name) is not None}


def _settle_fields(inner: Core, config: Mapping[str, Any]) -> None:
    fields = inner["fields"]
    if isinstance(fields, dict):
        inner["fields"] = {name: _under_a_key_of_its_own(field, name) for name, field in fields.items()}
    elif inner["type"] == "dataclass-args":
        inner["fields"] = [_under_a_key_of_its_own(field, field["name"]) for field in fields]
    extra = inner.get("extra_behavior") or config.get("extra_fields_behavior")
    if extra in ("forbid", "allow"):  # the reader would refuse what it does not set, or take it for data
        if inner.get("computed_fields"):
            inner["computed_fields"] = []
        if inner["type"] == "dataclass-args":
            inner["fields"] = [
                {**field, "serialization_exclude": True} if field.get("init") is False else field
                for field in inner["fields"]
            ]


def _under_a_key_of_its_own(field: Core, name: str) -> Core:
    keys = read_keys(field, name)
    if not keys or (field.get("serialization_alias") or name) in keys:
        return field
    return {**field, "serialization_alias": keys[0]}


def _with_values(choices: Mapping[Any, Core]) -> Any:
    """Yield the branches of a tagged union, by what JSON has for a member of an enum too."""
    for tag, branch in choices.items():
        yield tag, branch
        if isinstance(tag, Enum) and tag.value not in choices:
            yield tag.value, branch
