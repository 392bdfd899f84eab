"""A worker of a service's bindings, asked what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.cargo import without_keywords
from taskcontract.diff.receiver import (
    GONE,
    TAKEN,
    Taking,
    find_shapes,
    say_sunset,
    say_value,
)
from taskcontract.errors import ArgumentTypeError, ArgumentValueError
from taskcontract.safety_net.admission import check_arguments

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task
    from taskcontract.diff.calls.shape import Shape
    from taskcontract.safety_net.envelope import Envelope

__all__ = ["BindingsReceiver"]


class BindingsReceiver:
    """A worker of the bindings of `service` on the day `today`: its own binders and codecs judge."""

    absent = GONE

    def __init__(self, service: Service, today: date) -> None:
        self._service = service
        self._today = today.isoformat()
        self._tasks: dict[str, Task[..., Any]] = {
            name: task for task in service.tasks for name in task.wire_names
        }
        self._shapes = find_shapes(service.spec())

    @property
    def names(self) -> Collection[str]:
        """Every wire name of the service's tasks."""
        return self._tasks.keys()

    @property
    def reads_headers(self) -> bool:
        """Whether something is carried elsewhere than among the keywords."""
        return any(each.place != "keyword" for each in self._service.carries)

    def judge(self, call: Envelope) -> Taking:
        """Return what the worker's own check of arguments says."""
        task = self._tasks[call.task]
        if task.sunset is not None and task.sunset < self._today:
            return Taking(say_sunset(task.id, task.sunset))
        try:
            check_arguments(task, call)
        except ArgumentTypeError as error:
            return Taking(error.what)
        except ArgumentValueError as error:
            return Taking(say_value(f"parameter {error.parameter!r}"), error.what)
        except (TypeError, ValueError):
            return Taking("its arguments cannot be read")
        return TAKEN

    def find_shape(self, name: str) -> Shape | None:
        """Return the declared signature."""
        return self._shapes.get(name)

    def arguments(self, call: Envelope) -> Mapping[str, Any]:
        """Return the keywords without carried ones."""
        return without_keywords(self._service.carries, call.kwargs)
