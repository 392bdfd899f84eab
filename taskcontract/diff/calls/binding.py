"""Where the values of one call land in a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.diff.calls.shape import Shape


def bind_call(shape: Shape, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any] | None:
    """Parameter name to value, as `inspect.Signature.bind` gives it; None for a call that it refuses.

    `*args` holds a tuple and `**kwargs` a dict, each left out when empty; omitted defaults are left out.
    """
    positional = shape.positional
    bound: dict[str, Any] = dict(zip(positional, args, strict=False))
    surplus = args[len(positional) :]
    if surplus:
        if shape.var_positional is None:
            return None
        bound[shape.var_positional] = surplus

    flexible = {*shape.positional_or_keyword, *shape.keyword_only}
    omitted = set(shape.positional_only[len(args) :])
    extra: dict[str, Any] = {}
    by_name: dict[str, Any] = {}
    for name, value in kwargs.items():
        if name in omitted:
            return None
        (by_name if name in flexible else extra)[name] = value
    if (extra and shape.var_keyword is None) or not by_name.keys().isdisjoint(bound):
        return None
    bound |= by_name
    if not shape.required <= bound.keys():
        return None
    if extra and shape.var_keyword is not None:
        bound[shape.var_keyword] = extra
    return bound
