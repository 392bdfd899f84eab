"""Who takes a message: one version of what serves a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from taskcontract.diff.calls.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from taskcontract.diff.calls.shape import Shape
    from taskcontract.model.service import ServiceSpec
    from taskcontract.safety_net.envelope import Envelope

__all__ = ["GONE", "TAKEN", "UNKNOWN", "Receiver", "Taking", "find_shapes", "say_sunset", "say_value"]


class Taking(NamedTuple):
    """Whether a call is taken: `refusal` says why not, without the value, and `shown` as the worker says it.

    `known` is False where it cannot be told.
    """

    refusal: str = ""
    shown: str = ""
    known: bool = True


TAKEN = Taking()
UNKNOWN = Taking(known=False)
GONE = Taking("no task has this name")


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


def find_shapes(spec: ServiceSpec) -> dict[str, Shape]:
    """Return the signature of each task by its wire names."""
    return {name: shape_of(task.parameters) for task in spec.tasks for name in task.wire_names}


def say_value(parameter: str) -> str:
    """Return why a call is refused for the value of a parameter, or of what it carries."""
    return f"{parameter} does not take the value that is sent"


def say_sunset(task: str, sunset: str) -> str:
    """Return why a call of a version is refused after its sunset."""
    return f"{task} had its sunset on {sunset}"
