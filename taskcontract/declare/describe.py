"""Short texts for values and calls: what Celery shows of a message in events, Flower and logs.

Celery's own `saferepr` walks the whole payload, which costs a third of a send and more with size.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import NoneType
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.declare.codec import Codec
    from taskcontract.declare.slots import Slot

__all__ = ["HIDDEN", "CallText", "describe_value", "show_value"]

HIDDEN = "***"
LONGEST = 64
"""Characters of a string that are shown."""
LONGEST_PLAIN = 80
"""Characters of a date, a Decimal or the like that are shown: a moment in UTC has 78."""
MOST = 4
"""Members of a container that are shown, when all are short scalars."""
LARGEST_INT = 10**30
_PLAIN = frozenset({Decimal, UUID, date, timedelta})
"""Types whose `repr` is short and certain to succeed; that of a time depends on the class of its offset."""


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
        """Return `args` as a tuple's text; `shift` counts the values that Celery will put before them."""
        if self.has_secrets:
            shown = [
                HIDDEN if self._hides_index(index) else describe_value(value)
                for index, value in enumerate(args, start=shift)
            ]
        else:
            shown = [describe_value(value) for value in args]
        return f"({shown[0]},)" if len(shown) == 1 else f"({', '.join(shown)})"

    def of_kwargs(self, kwargs: Mapping[str, Any]) -> str:
        """Return `kwargs` as a dict's text."""
        if not kwargs:
            return "{}"
        members = [f"{name!r}: {self._named_text(name, value)}" for name, value in kwargs.items()]
        return "{" + ", ".join(members) + "}"

    def of_call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        """Return `('items/1.json', meta={'tenant': 'acme'})`: the arguments as they stand in a call."""
        positional = self.of_args(args)[1:-1].rstrip(",")
        named = [f"{name}={self._named_text(name, value)}" for name, value in kwargs.items()]
        return f"({', '.join(part for part in (positional, *named) if part)})"

    def of_signature(self, name: str, call: Mapping[str, Any], in_front: int, more: Mapping[str, Any]) -> str:
        """Return the text of the signature `call` of the wire `name`; `in_front` counts a canvas's values."""
        if call["immutable"]:
            positional = self.of_args(call["args"])[1:-1].rstrip(",")
        else:  # values may come in front: it is not known which of these are the secret ones
            positional = ", ".join(["..."] * in_front + [HIDDEN] * len(call["args"]))
        named = [f"{key}={self._named_text(key, value)}" for key, value in {**call["kwargs"], **more}.items()]
        return f"{name}({', '.join(part for part in (positional, *named) if part)})"

    def _named_text(self, name: str, value: Any) -> str:
        hides = self._named.get(name, self._extra.get("var-keyword", self.has_secrets))
        return HIDDEN if hides else describe_value(value)

    def _hides_index(self, index: int) -> bool:
        if index < len(self._positional):
            return self._positional[index]
        return self._extra.get("var-positional", self.has_secrets)  # a misplaced one may be a secret


def show_value(value: Any, codec: Codec) -> str:
    """Return `value`, which should be of the type of `codec`, as it may be printed."""
    return HIDDEN if codec.holds_secrets else describe_value(value)


def describe_value(value: Any) -> str:
    """Return `value` in at most a line: strings cut, containers counted, objects named by their type."""
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
    if kind in _PLAIN or (kind in (datetime, time) and type(value.tzinfo) in (NoneType, timezone)):
        text = repr(value)
        if len(text) <= LONGEST_PLAIN:
            return text
    return f"<{kind.__name__}>"


def _is_short(value: Any) -> bool:
    """Return whether `repr` of this scalar is short, and certain to succeed."""
    kind = type(value)
    if kind is str:
        return len(value) <= LONGEST
    if kind is int:
        return bool(-LARGEST_INT < value < LARGEST_INT)
    return kind is bool or kind is float or value is None
