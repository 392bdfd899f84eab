"""A type that is not known: it equals itself, by its name, and is undecided beside any other."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Any

__all__ = ["check_by_code", "is_opaque", "opaque_type"]


@lru_cache(maxsize=10_000)
def opaque_type(path: str) -> type:
    """Return the type that stands for the unknown type of the dotted `path`."""
    return type("Opaque", (_Opaque,), {"__module__": "opaque", "__qualname__": path.replace("<", "(")})


def is_opaque(made: object) -> bool:
    """Return whether `made` stands for an unknown type."""
    return isinstance(made, type) and issubclass(made, _Opaque)


def check_by_code(name: str, code: str) -> type:
    """Return a check named `name` whose hash changes with its `code`."""
    digest = sha256(code.encode()).hexdigest()[:16]
    return type("Check", (_Opaque,), {"__module__": f"code {digest}", "__qualname__": name})


class _Opaque:
    """Its class is its own check, with no source to find: the check's hash is one of its name alone."""

    def __init__(self, value: Any) -> None:
        """Take one value, as a check of pydantic's does."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(cls)
