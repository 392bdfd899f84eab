"""Who takes a message: one version of what serves a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from taskcontract.diff.calls.shape import Shape
    from taskcontract.diff.receiver import Taking
    from taskcontract.safety_net.envelope import Envelope

__all__ = ["Receiver"]


class Receiver(Protocol):
    """One version of what serves a queue's messages; `names` are the wire names of its tasks."""

    @property
    def names(self) -> Collection[str]:
        """Every wire name that it serves."""
        ...

    @property
    def reads_headers(self) -> bool:
        """Whether calls carry something in their headers."""
        ...

    @property
    def absent(self) -> Taking:
        """What becomes of a call of a name that it does not have."""
        ...

    def judge(self, call: Envelope) -> Taking:
        """Return whether it takes a call of one of its tasks."""
        ...

    def find_shape(self, name: str) -> Shape | None:
        """Return the signature of the task of this wire name; None where it is not known."""
        ...

    def arguments(self, call: Envelope) -> Mapping[str, Any]:
        """Return the keywords of a call without those that carry something beside its arguments."""
        ...
