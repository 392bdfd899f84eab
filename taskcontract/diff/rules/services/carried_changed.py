"""What each call of a service carries is another thing, or in another place.

## What it does
Compares what a service `carries`: its names, places, types, and whether a call must have them.

## Why it breaks
The worker refuses a call that lacks what it needs, or has it in another type. What is carried in a keyword
argument and is no longer declared is refused as an argument that no task has. Callers with the old bindings,
queued messages and retries carry what the old service said.

## Example
```diff
-pusher = Service("pusher")
+pusher = Service("pusher", carries=(Carried("tenant", str),))
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.sameness import same_carries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.services import ServicePair
    from taskcontract.model.finding import Direction, Finding, Known, Severity
    from taskcontract.model.service import CarriedSpec

RULE = Rule("carried-changed", "breaking", ("backward", "forward"), "major")


class _Change(NamedTuple):
    """What one difference means: `who` is reached by it, and how gravely."""

    severity: Severity
    who: tuple[Direction, ...]
    consequence: str
    remedy: str
    known: Known = "proved"


def check(pair: ServicePair) -> Iterator[Finding]:
    """Yield a finding for each value that all calls of the service carry and that changed."""
    olds = {each.name: each for each in pair.old.carries}
    news = {each.name: each for each in pair.new.carries}
    for name in sorted(olds.keys() | news.keys()):
        old, new = olds.get(name), news.get(name)
        change = _judge(pair, old, new)
        if change is not None:
            yield RULE.found(
                pair,
                f"carries.{name}",
                change.consequence,
                change.remedy,
                severity=change.severity,
                directions=change.who,
                known=change.known,
                old=_spell(old),
                new=_spell(new),
            )


def _judge(pair: ServicePair, old: CarriedSpec | None, new: CarriedSpec | None) -> _Change | None:
    if old is None and new is not None:
        return _judge_added(new)
    if old is not None and new is None:
        return _judge_removed(old)
    if old is None or new is None or same_carries((old,), (new,)):
        return None
    if (old.place, old.key) != (new.place, new.key):
        return _judge_moved(old, new)
    return _judge_type(pair, old, new) or _judge_need(old, new)


def _judge_added(new: CarriedSpec) -> _Change:
    both: tuple[Direction, ...] = ("backward", "forward") if new.place == "keyword" else ("backward",)
    if new.required:
        return _Change(
            "breaking",
            both,
            f"Calls by old callers do not carry `{new.name}`: the worker refuses them.",
            "Declare it with `required=False` until all callers carry it.",
        )
    if new.place == "keyword":
        return _Change(
            "safe",
            ("forward",),
            f"Old workers refuse calls that carry `{new.name}`: no task of theirs has such an argument.",
            "Deploy the workers before the callers.",
        )
    return _Change(
        "safe", ("operational",), f"Calls may carry `{new.name}`; old workers take no notice.", "Nothing."
    )


def _judge_removed(old: CarriedSpec) -> _Change:
    if old.place == "keyword":
        return _Change(
            "breaking",
            ("backward", "forward") if old.required else ("backward",),
            f"Calls by old callers carry `{old.name}` in an argument that no task has now: they are refused.",
            "Declare it with `required=False` until no caller carries it.",
        )
    if old.required:
        return _Change(
            "safe",
            ("forward",),
            f"Old workers refuse the calls of new callers, which do not carry `{old.name}`.",
            "Deploy the workers before the callers.",
        )
    return _Change(
        "safe", ("operational",), f"What calls carry as `{old.name}` is no longer read.", "Nothing."
    )


def _judge_moved(old: CarriedSpec, new: CarriedSpec) -> _Change:
    if new.required or old.place == "keyword":
        return _Change(
            "breaking",
            ("backward", "forward"),
            f"Old callers carry `{old.name}` in another place than the worker looks: they are refused.",
            "Declare the new place besides under another name, and drop the old one when no caller is left.",
        )
    return _Change(
        "dangerous",
        ("backward",),
        f"What old callers carry as `{old.name}` is in another place than the worker looks: it is not seen.",
        "Declare the new place besides under another name, and drop the old one when no caller is left.",
    )


def _judge_type(pair: ServicePair, old: CarriedSpec, new: CarriedSpec) -> _Change | None:
    lost = pair.context.schemas.compare(old.schema, new.schema).verdict
    if lost == "not-included":
        return _Change(
            "breaking",
            ("backward",),
            f"Calls may carry values of `{old.name}` that the worker refuses now.",
            "Carry the new type under another name, and drop the old one when no caller is left.",
        )
    if lost == "undecided":
        return _Change(
            "dangerous",
            ("backward",),
            f"Whether the worker still takes every value of `{old.name}` is not decided.",
            "Compare the two types by hand.",
            "undecided",
        )
    if pair.context.schemas.compare(new.schema, old.schema).verdict != "included":
        return _Change(
            "safe",
            ("forward",),
            f"New callers may carry values of `{old.name}` that old workers refuse.",
            "Deploy the workers before the callers.",
        )
    return None


def _judge_need(old: CarriedSpec, new: CarriedSpec) -> _Change | None:
    if new.required and not old.required:
        return _Change(
            "breaking",
            ("backward",),
            f"Calls by old callers may lack `{old.name}`: the worker refuses them.",
            "Wait until all callers carry it.",
        )
    if old.required and not new.required:
        return _Change(
            "safe",
            ("forward",),
            f"New callers may leave out `{old.name}`, which old workers refuse.",
            "Deploy the workers before the callers.",
        )
    return None


def _spell(carried: CarriedSpec | None) -> dict[str, object] | None:
    if carried is None:
        return None
    return {
        "place": carried.place,
        "key": carried.key,
        "required": carried.required,
        "schema": carried.schema,
    }
