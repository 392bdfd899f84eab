"""Whether every call of one signature means the same under another, with a call that proves it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.diff.calls.binding import bind_call
from taskcontract.diff.calls.breaks import CallBreak, find_call_breaks
from taskcontract.diff.calls.shape import Shape, shape_of_signature
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    import inspect

    from taskcontract.diff.calls.terms import CallStyle
    from taskcontract.diff.verdict import Verdict


class CallComparison(NamedTuple):
    """The answer of `compare_calls`.

    `verdict` is `included` or `not-included`: signatures are always decided. `witness` is a shortest call
    `(args, kwargs)` that breaks, its values the numbers from 1 on; None when included. `silent` says that the
    witness binds on both sides, but differently. `old_binding` and `new_binding` say where its values land,
    parameter by parameter; `new_binding` is None when the new signature refuses the witness.
    """

    verdict: Verdict
    witness: tuple[tuple[Any, ...], dict[str, Any]] | None
    reason: str
    silent: bool
    old_binding: dict[str, Any] | None = None
    new_binding: dict[str, Any] | None = None


def compare_calls(
    old: inspect.Signature, new: inspect.Signature, *, style: CallStyle = "both"
) -> CallComparison:
    """Whether every call that binds under `old` binds under `new`, each value to the same parameter.

    Parameters are the same when they have the same name. A value sent by position also stays where it was
    when the parameter at its place is merely renamed: the old name is gone from the whole signature and the
    new one was not in it. `*args` and `**kwargs` may change their names; an item of `*args` that gets another
    index, or a value that changes between a variadic and a parameter, has moved.

    Where there are both calls that fail and calls that silently misbind, a silent one is shown: no error will
    notice it otherwise. So `silent` is true exactly when there is a silent break. What the default of an
    omitted parameter is plays no part, nor do annotations. `style` limits the calls to those that such
    callers make: `positional` ones never name a parameter that can be reached by position, `keyword` ones
    name each that can be named.

    Raises `ConfigError` for an unknown style.
    """
    return compare_call_shapes(shape_of_signature(old), shape_of_signature(new), style=style)


def compare_call_shapes(old: Shape, new: Shape, *, style: CallStyle = "both") -> CallComparison:
    """As `compare_calls`, on shapes: no `inspect` needed."""
    if style not in _INCLUDED:
        raise ConfigError(f"{style!r} is not a call style", do=f"Use one of {', '.join(_INCLUDED)}.")
    breaks = find_call_breaks(old, new, style)
    if not breaks:
        return CallComparison("included", None, _INCLUDED[style], silent=False)
    worst = breaks[0]
    args, kwargs = witness_of(worst)
    return CallComparison(
        "not-included",
        (args, kwargs),
        describe_break(worst, new),
        worst.silent,
        bind_call(old, args, kwargs),
        bind_call(new, args, kwargs),
    )


_INCLUDED: dict[CallStyle, str] = {
    "positional": "Every call by position that bound before binds to the same parameters.",
    "keyword": "Every call by keyword that bound before binds to the same parameters.",
    "both": "Every call that bound before binds to the same parameters.",
}


def witness_of(item: CallBreak) -> tuple[tuple[int, ...], dict[str, int]]:
    """Return a call that shows the break, as `(args, kwargs)`; all its values differ, so that swaps show."""
    args = tuple(range(1, item.positionals + 1))
    return args, {name: item.positionals + number for number, name in enumerate(item.keywords, 1)}


def describe_break(item: CallBreak, new: Shape) -> str:
    """One sentence on why the call of a break fails, or what it silently does instead."""
    subject, room = item.subject, len(new.positional)
    match item.cause:
        case "moved":
            return f"The call still binds, but the value for {subject} lands in {item.landing}."
        case "missing":
            return f"The call is refused: {subject} is required now."
        case "surplus":
            return (
                f"The call is refused: at most {room} positional argument{'s' * (room != 1)} can be sent now."
            )
        case "unexpected":
            return f"The call is refused: no parameter takes the keyword {subject} now."
        case "duplicate":
            return f"The call is refused: {subject} is given by position and by keyword now."
        case "positional-only":
            return f"The call is refused: {subject} is taken by position only now."
