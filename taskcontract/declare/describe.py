"""Short texts for values and calls: what Celery shows of a message in events, Flower and logs.

Celery's own `saferepr` walks the whole payload, which costs a third of a send and more with size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.declare.slots import Slot

__all__ = ["HIDDEN", "CallText", "describe_value"]

HIDDEN = "***"
LONGEST = 64
"""Characters of a string that are shown."""
MOST = 4
"""Members of a container that are shown, when all are short scalars."""
LARGEST_INT = 10**30


class CallText:
    """Describes the calls of one task, with the values of its secret parameters hidden."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self._positional = [
            slot.secret for slot in slots if slot.kind in ("positional-only", "positional-or-keyword")
        ]
        self._named = {slot.name: slot.secret for slot in slots if not slot.kind.startswith("var-")}
        self._extra = {slot.kind: slot.secret for slot in slots}
        self.has_secrets = any(slot.secret for slot in slots)

    def of_args(self, args: Sequence[Any], *, shift: int = 0) -> str:
        """`args` as a tuple's text; `shift` counts the values that Celery will put in front of them."""
        if self.has_secrets:
            shown = [
                HIDDEN if self._hides_index(index) else describe_value(value)
                for index, value in enumerate(args, start=shift)
            ]
        else:
            shown = [describe_value(value) for value in args]
        return f"({shown[0]},)" if len(shown) == 1 else f"({', '.join(shown)})"

    def of_kwargs(self, kwargs: Mapping[str, Any]) -> str:
        """`kwargs` as a dict's text."""
        if not kwargs:
            return "{}"
        members = [f"{name!r}: {self._named_text(name, value)}" for name, value in kwargs.items()]
        return "{" + ", ".join(members) + "}"

    def of_call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        """`('items/1.json', meta={'tenant': 'acme'})`: the arguments as they stand in a call."""
        positional = self.of_args(args)[1:-1].rstrip(",")
        named = [f"{name}={self._named_text(name, value)}" for name, value in kwargs.items()]
        return f"({', '.join(part for part in (positional, *named) if part)})"

    def _named_text(self, name: str, value: Any) -> str:
        hides = self._named.get(name, self._extra.get("var-keyword", False))
        return HIDDEN if hides else describe_value(value)

    def _hides_index(self, index: int) -> bool:
        if index < len(self._positional):
            return self._positional[index]
        return self._extra.get("var-positional", False)


def describe_value(value: Any) -> str:
    """`value` in at most a line: strings cut, containers counted, objects named by their type."""
    kind = type(value)
    if kind is str:
        return repr(value) if len(value) <= LONGEST else f"{value[:LONGEST]!r}..."
    if _is_short(value):
        return repr(value)
    if kind is dict and len(value) <= MOST and all(map(_is_short, value.values())):
        return "{" + ", ".join(f"{describe_value(key)}: {item!r}" for key, item in value.items()) + "}"
    if kind is list and len(value) <= MOST and all(map(_is_short, value)):
        return repr(value)
    if kind is dict or kind is list or kind is tuple:
        return f"<{kind.__name__} of {len(value)}>"
    return f"<{kind.__name__}>"


def _is_short(value: Any) -> bool:
    """Whether `repr` of this scalar is short, and certain to succeed."""
    kind = type(value)
    if kind is str:
        return len(value) <= LONGEST
    if kind is int:
        return bool(-LARGEST_INT < value < LARGEST_INT)
    return kind is bool or kind is float or value is None
