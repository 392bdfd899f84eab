"""Marking a parameter as secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NoReturn, get_args, get_origin

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Secret", "is_marked", "without_secret"]

MARK = "taskcontract-secret"
"""What the metadata of a pydantic-core schema has for a type that is marked as secret."""


class _Secret:
    """The type of the marker `Secret`: `token: Annotated[str, Secret]`.

    A secret's value travels to the worker as any other, but stays out of what Celery writes about
    the message: `argsrepr`, `kwargsrepr`, events, Flower, logs and our own errors. One that stands
    anywhere inside the type of a parameter hides the whole parameter.
    """

    __slots__ = ()

    def __getitem__(self, annotation: Any) -> NoReturn:
        shown = getattr(annotation, "__name__", annotation)
        raise TypeError(f"write Annotated[{shown}, Secret], not Secret[{shown}]")

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        """Leave a mark in the schema, which has resolved all names, aliases and fields of classes."""
        core: dict[str, Any] = handler(source)
        return {**core, "metadata": {**(core.get("metadata") or {}), MARK: True}}

    def __repr__(self) -> str:
        return "Secret"


Secret = _Secret()


def without_secret(annotation: Any) -> tuple[Any, bool]:
    """Return the annotation without our `Secret` marker, and whether it had one."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        rest = [item for item in metadata if item is not Secret]
        if len(rest) < len(metadata):
            return (Annotated[(inner, *rest)] if rest else inner), True
    return annotation, False


def is_marked(core: Mapping[str, Any]) -> bool:
    """Return whether this is the pydantic-core schema of a type that is marked as secret."""
    return MARK in (core.get("metadata") or {})
