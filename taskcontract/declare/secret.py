"""Marking a parameter as secret."""

from __future__ import annotations

__all__ = ["Secret"]


class _Secret:
    """The type of the marker `Secret`: `token: Annotated[str, Secret]`.

    A secret's value travels to the worker as any other, but stays out of what Celery writes about
    the message: `argsrepr`, `kwargsrepr`, events, Flower, logs and our own errors.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret"


Secret = _Secret()
