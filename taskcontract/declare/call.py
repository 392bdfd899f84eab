"""A call as data: which task version, with which arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from taskcontract.declare.task import Task

__all__ = ["Call"]

R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Call(Generic[R_co]):
    """`task` called with `args` and `kwargs`, checked but not sent; its result is an `R`.

    An upcaster returns one to say what an old call means in the new version.
    """

    task: Task[Any, R_co]
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"{self.task.name}.call{self.task.binder.text.of_call(self.args, self.kwargs)}"
