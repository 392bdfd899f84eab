"""The names by which pydantic takes a field, which are not always the field's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from typing_extensions import get_type_hints

from taskcontract.provider.scaffold.names import is_usable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Aliases", "read_aliases"]


@dataclass(frozen=True, slots=True)
class Aliases:
    """How a field is given: as `keyword` to its class, as `key` of a mapping; None where it cannot be."""

    keyword: str | None
    key: str | None


def read_aliases(kind: type[Any]) -> dict[str, Aliases]:
    """How each field of a pydantic model or dataclass is given; nothing for other types."""
    config: Mapping[str, Any] = getattr(kind, "model_config", None) or getattr(
        kind, "__pydantic_config__", {}
    )
    infos: Mapping[str, FieldInfo] = getattr(kind, "__pydantic_fields__", {})
    hints = get_type_hints(kind, include_extras=True) if infos else {}
    aliases = {}
    for name, info in infos.items():
        accepted = _accepted_by_pydantic(name, info, config)
        keyword = _known_to_type_checkers(name, info, hints.get(name))
        fits = keyword in accepted and is_usable(keyword)
        aliases[name] = Aliases(keyword if fits else None, accepted[0] if accepted else None)
    return aliases


def _accepted_by_pydantic(name: str, info: FieldInfo, config: Mapping[str, Any]) -> list[str]:
    alias = info.validation_alias
    if alias is None:
        return [name]
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    accepted = [each for each in choices if isinstance(each, str) and config.get("validate_by_alias", True)]
    by_name = config.get("validate_by_name") or config.get("populate_by_name")
    return [*accepted, name] if by_name else accepted


def _known_to_type_checkers(name: str, info: FieldInfo, hint: Any) -> str:
    """They see the alias of `= Field(alias=...)`, but none of an `Annotated` or of a generator."""
    annotated = any(isinstance(each, FieldInfo) and each.alias for each in get_args(hint)[1:])
    generated = info.alias_priority == 1
    return name if info.alias is None or annotated or generated else info.alias
