"""Who calls which version, and with calls of which shape: as a page and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.operations import spell_age, spell_duration
from taskcontract.reporting.page import Block, Table, line, pluralise
from taskcontract.usage.call_shape import BEFORE, read_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from taskcontract.model.canonical import Json
    from taskcontract.usage import NameUsage, ServiceUsage, ShapeUse, Use

__all__ = ["render_usage", "render_usage_json", "spell_shape"]

NOT_TOLD = "not told by its worker"


def render_usage(usage: ServiceUsage, *, shapes: bool = False) -> Iterator[Block]:
    """Yield each version with its consumers, when they called last and whether it is safe to remove.

    With `shapes`, what each of them sends stands below it.
    """
    if usage.since is None:
        yield line((usage.service, "name"), ": no worker has counted its calls yet")
        return
    counted = spell_duration(usage.at - usage.since)
    yield line(
        (usage.service, "name"),
        f": calls have been counted for {counted}, and counts of killed workers may be missing",
    )
    if shapes and usage.shapes_since is None:
        yield line("  their shapes have not been counted yet: these workers are of an older release")
    elif shapes and usage.shapes_since is not None and usage.shapes_since - usage.since >= 1:
        yield line(f"  their shapes have been counted for {spell_duration(usage.at - usage.shapes_since)}")
    for each in usage.names:
        yield from _list_uses(each, usage, shapes)
    for name in usage.undeclared:
        yield from _list_undeclared(name, usage, shapes)


def _list_uses(used: NameUsage, usage: ServiceUsage, shapes: bool) -> Iterator[Block]:
    dates = f", sunset {used.sunset}" if used.sunset else ""
    subject = f"{used.task} by its alias {used.name}" if used.is_alias else used.task
    yield line(
        "  ",
        (subject, "name"),
        f": {pluralise(used.recent, 'consumer')}, {_say_last(used.uses, usage)}{dates}; ",
        (_say_removable(used, usage), "safe" if used.removable == "yes" else ""),
    )
    yield from _tabulate(used.uses, usage, shapes)


def _list_undeclared(name: str, usage: ServiceUsage, shapes: bool) -> Iterator[Block]:
    uses = sorted((use for use in usage.uses if use.key.task == name), key=lambda use: -use.last_seen)
    recent = len({use.key.consumer for use in uses if use.is_within(usage.days, usage.at)})
    said = f": {pluralise(recent, 'consumer')}, {_say_last(uses, usage)}; no bindings declare it"
    yield line("  ", (name, "name"), said)
    yield from _tabulate(uses, usage, shapes)


def _say_last(uses: Iterable[Use], usage: ServiceUsage) -> str:
    last = max((use.last_seen for use in uses), default=None)
    return "never seen" if last is None else f"last seen {spell_age(usage.at - last)}"


def _tabulate(uses: Sequence[Use], usage: ServiceUsage, shapes: bool) -> Iterator[Block]:
    heads = ("consumer", "version", "calls", "last")
    rows = [
        (
            use.key.consumer,
            use.key.version,
            pluralise(use.count, "call"),
            spell_age(usage.at - use.last_seen),
        )
        for use in uses
    ]
    if not shapes:
        yield Table(heads, tuple(rows), indent=4)
        return
    for use, row in zip(uses, rows, strict=True):
        yield Table(heads, (row,), indent=4)
        sent = tuple(
            (spell_shape(each.shape), pluralise(each.count, "call"), spell_age(usage.at - each.last_seen))
            for each in usage.shapes_of(use)
        )
        untold = _count_untold(use, usage)
        yield Table(
            ("arguments", "calls", "last"),
            (*sent, (NOT_TOLD, pluralise(untold, "call"), "")) if untold else sent,
            indent=8,
        )


def spell_shape(shape: str) -> str:
    """Return a shape for people: `(string, meta=object)`, or what stands for the rest of a caller's."""
    found = read_shape(shape)
    if found is None:
        return "before shapes were counted" if shape == BEFORE else "other shapes"
    return found.spell()


def _count_untold(use: Use, usage: ServiceUsage) -> int:
    """Return how many calls of a use were counted by workers that tell no shapes."""
    return max(0, use.count - sum(each.count for each in usage.shapes_of(use)))


def _say_removable(used: NameUsage, usage: ServiceUsage) -> str:
    match used.removable:
        case "current":
            return "current"
        case "no":
            return "safe to remove: no"
        case "not known":
            return f"safe to remove: not known before {usage.days:g} days are counted"
        case "yes":
            return (
                "safe to remove: yes, if no contract calls it and nothing is in flight: "
                f"ask `taskcontract retire {used.name if used.is_alias else used.task}`"
            )


def render_usage_json(usage: ServiceUsage, *, shapes: bool = False) -> Json:
    """Return what was counted of a service, with the verdict on each of its versions' names."""
    written: dict[str, Json] = {
        "counted_since": usage.since,
        "versions": [
            {
                "task": each.task,
                "name": each.name,
                "sunset": each.sunset,
                "recent_consumers": each.recent,
                "removable": each.removable,
            }
            for each in usage.names
        ],
        "uses": [_write_use(use, usage, shapes) for use in usage.uses],
    }
    return {**written, "shapes_since": usage.shapes_since} if shapes else written


def _write_use(use: Use, usage: ServiceUsage, shapes: bool) -> dict[str, Json]:
    written: dict[str, Json] = {
        "task": use.key.task,
        "version": use.key.version,
        "consumer": use.key.consumer,
        "count": use.count,
        "last_seen": use.last_seen,
        "recent": use.is_within(usage.days, usage.at),
    }
    if shapes:
        written["shapes"] = [_write_shape(each, usage) for each in usage.shapes_of(use)]
        written["not_told"] = _count_untold(use, usage)
    return written


def _write_shape(used: ShapeUse, usage: ServiceUsage) -> dict[str, Json]:
    shape = read_shape(used.shape)
    counted: dict[str, Json] = {
        "count": used.count,
        "last_seen": used.last_seen,
        "recent": used.is_within(usage.days, usage.at),
    }
    if shape is None:
        return {"rest": "before" if used.shape == BEFORE else "other", **counted}
    return {
        "positionals": [_write_kind(kind) for kind in shape.positionals],
        "keywords": {name: _write_kind(kind) for name, kind in shape.keywords},
        **counted,
    }


def _write_kind(told: str) -> Json:
    kind, _, alternative = told.partition(":")
    return {"type": kind, "alternative": alternative} if alternative else {"type": kind}
