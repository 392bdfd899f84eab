"""The brute-force judge of calls: every call there is, put to `inspect.Signature.bind` on both sides.

It shares nothing with the engine: no shapes, no reasoning on names, only bound values compared one by one.
"""

from __future__ import annotations

from functools import lru_cache
from inspect import Parameter, Signature
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from taskcontract.diff.calls import CallStyle, compare_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

Call: TypeAlias = tuple[int, tuple[str, ...]]
"""How many positional arguments, and which keywords."""
Slots: TypeAlias = dict[object, tuple[str, object]]
"""Each sent value, and where it landed."""


class Judgement(NamedTuple):
    verdict: str
    silent: bool


def bind_slots(signature: Signature, args: tuple[object, ...], kwargs: dict[str, object]) -> Slots | None:
    """Where each value of a call lands, by `bind`; None for a call that it refuses."""
    omitted = [
        parameter.name
        for place, parameter in enumerate(signature.parameters.values())
        if parameter.kind is Parameter.POSITIONAL_ONLY and place >= len(args)
    ]
    # `bind` refuses these itself up to Python 3.12.3; later ones differ from release to release (gh-130164).
    if not kwargs.keys().isdisjoint(omitted):
        return None
    try:
        bound = signature.bind(*args, **kwargs).arguments
    except TypeError:
        return None
    return locate(signature, bound)


def locate(signature: Signature, bound: dict[str, Any]) -> Slots:
    """The slot of each value of a binding."""
    slots: Slots = {}
    for name, value in bound.items():
        match signature.parameters[name].kind:
            case Parameter.VAR_POSITIONAL:
                slots |= {item: ("*", index) for index, item in enumerate(value)}
            case Parameter.VAR_KEYWORD:
                slots |= {item: ("**", key) for key, item in value.items()}
            case _:
                slots[value] = ("parameter", name)
    return slots


def has_moved(old: Signature, new: Signature, before: Slots, after: Slots) -> bool:
    """Whether some value of a call that both signatures take means another parameter now."""
    for value, (place, name) in before.items():
        place_now, name_now = after[value]
        if place != place_now:
            return True
        if name == name_now:
            continue
        merely_renamed = (
            place == "parameter" and name not in new.parameters and name_now not in old.parameters
        )
        if not merely_renamed:
            return True
    return False


def in_style(old: Signature, call: Call, style: CallStyle) -> bool:
    """Whether callers of this style make such a call."""
    if style == "both":
        return True
    positionals, keywords = call
    kinds = [parameter.kind for parameter in old.parameters.values()]
    only, flexible = kinds.count(Parameter.POSITIONAL_ONLY), kinds.count(Parameter.POSITIONAL_OR_KEYWORD)
    if style == "positional":
        return not any(
            name in old.parameters and old.parameters[name].kind is Parameter.POSITIONAL_OR_KEYWORD
            for name in keywords
        )
    return positionals <= only or positionals > only + flexible


def make_call(call: Call) -> tuple[tuple[object, ...], dict[str, object]]:
    """Arguments whose values all differ, from each other and from every default."""
    positionals, keywords = call
    return tuple(range(1, positionals + 1)), {name: f"{name}=" for name in keywords}


@lru_cache(maxsize=1_000)
def bind_all(signature: Signature, names: tuple[str, ...], positionals: int) -> dict[Call, Slots]:
    """Those calls that a signature takes, each with where its values land."""
    taken: dict[Call, Slots] = {}
    for call in iterate_calls(names, positionals):
        slots = bind_slots(signature, *make_call(call))
        if slots is not None:
            taken[call] = slots
    return taken


def iterate_calls(names: tuple[str, ...], positionals: int) -> Iterator[Call]:
    """All calls of up to so many positional arguments with any of these keywords."""
    for size in range(len(names) + 1):
        for keywords in combinations(names, size):
            for count in range(positionals + 1):
                yield count, keywords


def judge(
    old: Signature, new: Signature, style: CallStyle = "both", names: tuple[str, ...] | None = None
) -> Judgement:
    """The truth about a pair, from all calls over the names in both and a fresh one."""
    if names is None:
        names = (*sorted({*old.parameters, *new.parameters}), "fresh")
    positionals = 2 + max(len(old.parameters), len(new.parameters))
    refused = silent = False
    for call, before in bind_all(old, names, positionals).items():
        if in_style(old, call, style):
            after = bind_slots(new, *make_call(call))
            if after is None:
                refused = True
            elif has_moved(old, new, before, after):
                silent = True
    return Judgement("not-included" if refused or silent else "included", silent)


def find_disagreement(
    old: Signature, new: Signature, style: CallStyle = "both", names: tuple[str, ...] | None = None
) -> str | None:
    """What is wrong with the engine's answer, or None: verdict, silence, witness and both bindings."""
    answer = compare_calls(old, new, style=style)
    truth = judge(old, new, style, names)
    pair = f"{old} -> {new} [{style}]: "
    if (answer.verdict, answer.silent) != truth:
        return f"{pair}said {answer}, but it is {truth}"
    if answer.witness is None:
        return None if answer.verdict == "included" else f"{pair}no witness"
    args, kwargs = answer.witness
    before, after = bind_slots(old, args, kwargs), bind_slots(new, args, kwargs)
    if before is None or not in_style(old, (len(args), tuple(kwargs)), style):
        return f"{pair}{answer.witness} is no call of old"
    if after is not None and not has_moved(old, new, before, after):
        return f"{pair}{answer.witness} is no break"
    if answer.silent != (after is not None):
        return f"{pair}{answer.witness} is not what silent={answer.silent} says"
    if answer.old_binding != old.bind(*args, **kwargs).arguments:
        return f"{pair}{answer.witness} does not bind to {answer.old_binding}"
    bound = None if after is None else new.bind(*args, **kwargs).arguments
    return None if answer.new_binding == bound else f"{pair}{answer.witness} does not bind to {bound}"
