"""JSON values as Python source that one can paste."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["spell_json", "spell_keywords"]


def spell_json(value: Any) -> str:
    """Return a JSON value as a Python literal in one line, strings in double quotes; tuples as lists."""
    if isinstance(value, str):
        return _visible(json.dumps(value, ensure_ascii=False))
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{spell_json(name)}: {spell_json(item)}" for name, item in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(spell_json, value)) + "]"
    return repr(value)


def spell_keywords(spelled: Mapping[str, str]) -> list[str]:
    """Arguments by keyword, each spelled already; names that Python does not allow go into a `**{...}`."""
    from keyword import iskeyword

    plain = {name: text for name, text in spelled.items() if name.isidentifier() and not iskeyword(name)}
    odd = [f"{spell_json(name)}: {text}" for name, text in spelled.items() if name not in plain]
    return [f"{name}={text}" for name, text in plain.items()] + ([f"**{{{', '.join(odd)}}}"] if odd else [])


def _visible(text: str) -> str:
    """Return a string literal with unprintable characters escaped, so that it hides nothing."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text
    )
