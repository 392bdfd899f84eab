"""What becomes of one message at another version of what serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Fate", "Outcome", "Rehearse"]

Outcome = Literal["same", "moved", "refused", "refused-already", "taken", "unknown"]
"""Taken as now, each value by the same parameter; taken, with a value in another one; refused by the new
version alone; by both; taken by the new version alone; not to be told."""


class Fate(NamedTuple):
    """The outcome for one message; `reason` says why it is not the same, without any value that is sent.

    `shown` is what the worker says of it, with the value where that is not secret.
    """

    outcome: Outcome
    reason: str = ""
    shown: str = ""


class Rehearse(Protocol):
    """Tells what becomes of a message; None for one that neither version has to do with."""

    def judge_message(self, message: Mapping[str, Any]) -> Fate | None:
        """Judge a message by its `headers`, `body`, `content_type` and `content_encoding`."""
        ...

    def judge_call(
        self, task: str, args: Any, kwargs: Any, headers: Mapping[str, Any] | None = None
    ) -> Fate | None:
        """Judge a call by what is told of it: a worker says no `headers` of what it holds."""
        ...
