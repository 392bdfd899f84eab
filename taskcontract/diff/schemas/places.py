"""Where in a schema or a value something is, as a JSON path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeAlias

from taskcontract.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.diff.schemas.values import Json

#: A place knows its parent's place and its own key: cheap to extend, rendered only when it is shown.
Place: TypeAlias = "tuple[Place | None, str | int]"

ROOT: Place = (None, "$")


def render_place(place: Place) -> str:
    """Return the JSON path of a place, such as `$.properties.tenant`."""
    steps: list[str | int] = []
    current: Place | None = place
    while current is not None and current[0] is not None:
        steps.append(current[1])
        current = current[0]
    return render_path(reversed(steps))


def render_path(steps: Iterable[str | int]) -> str:
    """Return the JSON path of these steps, such as `$.meta['a b'][0]`."""
    path = "$"
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step.replace("$", "_").replace("-", "_").isidentifier():
            path += f".{step}"
        else:
            path += f"[{step!r}]"
    return path


def refuse(place: Place, what: str, do: str) -> NoReturn:
    """Raise the error for an invalid schema: what is wrong at this place, and what to do."""
    raise SpecError(what, where=render_place(place), do=do)


def show(value: Json) -> str:
    """Return a short form of any value, for messages."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
