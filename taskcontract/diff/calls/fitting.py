"""Whether a call site fits a signature: as Python binds it, where not all that is sent is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from taskcontract.diff.calls.shape import Shape
    from taskcontract.extract.found import CallSite

__all__ = ["Misfit", "find_misfit", "fits"]


class Misfit(NamedTuple):
    """Why no message that the call may send binds: in Celery's words; `name` is the argument at fault."""

    cause: Literal["too many", "unexpected", "twice", "missing"]
    name: str
    said: str


def fits(call: CallSite, shape: Shape) -> bool:
    """Return whether some message that the call may send binds."""
    return find_misfit(call, shape) is None


def find_misfit(call: CallSite, shape: Shape) -> Misfit | None:
    """Return why the worker refuses whatever the call sends, or None where it takes it or may do so."""
    places = shape.positional
    least = call.positional + (call.leading or 0)
    if least > len(places) and shape.var_positional is None:
        said = f"it takes {_count(len(places))} and gets {least}{_say_leading(call)}"
        return Misfit("too many", "", said)
    reached = places[:least]
    for name in call.keywords:
        taken = name in shape.positional_or_keyword or name in shape.keyword_only
        if not taken and shape.var_keyword is None:
            return Misfit("unexpected", name, f"it has no parameter `{name}`")
        if taken and name in reached:
            said = f"`{name}` gets a value by position and another by keyword{_say_leading(call)}"
            return Misfit("twice", name, said)
    return _find_missing(call, shape, reached)


def _find_missing(call: CallSite, shape: Shape, reached: tuple[str, ...]) -> Misfit | None:
    """Return the first required parameter that nothing can give, if there is one."""
    places = shape.positional
    may_name = call.more_keywords or call.leading is None
    may_place = call.more_positional or call.leading is None
    for name in (*places, *shape.keyword_only):
        if name not in shape.required or name in reached or name in call.keywords:
            continue
        if may_name and name not in shape.positional_only:
            continue
        before = places[: places.index(name)] if name in places else ()
        if may_place and name in places and not any(each in call.keywords for each in before):
            continue
        return Misfit("missing", name, f"nothing gives its parameter `{name}`{_say_leading(call)}")
    return None


def _count(number: int) -> str:
    if not number:
        return "no positional argument"
    return f"{number} positional argument{'' if number == 1 else 's'}"


def _say_leading(call: CallSite) -> str:
    return ", with the result of the task before it as the first" if call.leading == 1 else ""
