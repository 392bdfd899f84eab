"""What a provider state touches: names, with places for the state's parameters (`bucket:{name}`)."""

from __future__ import annotations

from inspect import Parameter, signature
from string import Formatter
from typing import TYPE_CHECKING, Any

from taskcontract.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["defaults_of", "read_touches"]


def read_touches(
    touches: str | Sequence[str] | None, function: Callable[..., Any], state: str
) -> tuple[str, ...] | None:
    """Return the names in `touches`; a ProviderError for a place that no parameter of `function` fills."""
    if touches is None:
        return None
    names = (touches,) if isinstance(touches, str) else tuple(touches)
    parameters = signature(function).parameters.values()
    known = {each.name for each in parameters}
    takes_any = any(each.kind is Parameter.VAR_KEYWORD for each in parameters)
    for name in names:
        for place in _places_of(name, state):
            if not takes_any and place not in known:
                raise ProviderError(
                    f"the state {state!r} touches {name!r}, and has no parameter {place!r}",
                    do=f"Its parameters: {', '.join(sorted(known)) or 'none'}.",
                )
    return names


def defaults_of(function: Callable[..., Any]) -> dict[str, str]:
    """Return the defaults of a state's parameters, as they stand in the names of what it touches."""
    return {
        each.name: str(each.default)
        for each in signature(function).parameters.values()
        if each.default is not Parameter.empty
    }


def _places_of(name: Any, state: str) -> list[str]:
    problem = ""
    try:
        places = [place for _, place, _, _ in Formatter().parse(name) if place is not None]
    except (TypeError, ValueError) as error:
        places, problem = [], str(error)
    if problem or not all(place.isidentifier() for place in places):
        raise ProviderError(
            f"{name!r} is no name of something that the state {state!r} touches",
            do='Write touches="bucket", or touches="bucket:{name}" with a parameter in it.',
        )
    return places
