"""What a user's callable is called and where it stands: a function, a partial or a callable instance."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, get_type_hints

from taskcontract.declare.parameter import place_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["body_of", "find_place", "hints_of", "name_of", "text_of"]


def body_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the plain function behind a partial, or the method that calling an instance runs."""
    while isinstance(function, functools.partial):
        function = function.func
    if inspect.isroutine(function) or isinstance(function, type):
        return function
    body: Callable[..., Any] = getattr(type(function), "__call__", function)  # noqa: B004 - not asked whether
    return body


def name_of(function: Callable[..., Any]) -> str:
    """Return its name; the class's for an instance."""
    while isinstance(function, functools.partial):
        function = function.func
    return getattr(function, "__name__", None) or type(function).__name__


def find_place(function: Callable[..., Any]) -> str:
    """Return `orders.py:12 send_parcel`: where a reader finds it."""
    return place_of(body_of(function))


def text_of(function: Callable[..., Any]) -> str:
    """Return its own docstring; empty where it has none. A partial's is that of every partial."""
    own = vars(function).get("__doc__") if isinstance(function, functools.partial) else function.__doc__
    return (own or "").strip()


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Return its annotations by name, as far as they can be read: none where one of them cannot."""
    try:
        return get_type_hints(body_of(function))
    except Exception:  # whatever evaluating the user's annotations raises
        return {}
