"""The judge of a side that is a bindings module: its own binders and codecs, as a worker uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.judge import TAKEN, Judgement
from taskcontract.errors import ArgumentTypeError, ArgumentValueError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task
    from taskcontract.model.canonical import Json

__all__ = ["BindingsJudge"]


class BindingsJudge:
    """What the worker of a service does with a call, and how the service's callers write it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._tasks: dict[str, Task[..., object]] = {task.wire_name: task for task in service.tasks}

    def judge(self, wire_name: str, args: Sequence[Json], kwargs: Mapping[str, Json]) -> Judgement | None:
        """Whether the task's binder takes the call; None where the service has no such task."""
        task = self._tasks.get(wire_name)
        if task is None:
            return None
        try:
            task.binder.decode_call(args, kwargs)
        except ArgumentTypeError as error:
            return Judgement(error.what, by_shape=True)
        except ArgumentValueError as error:
            return Judgement(error.what)
        except Exception as error:  # a validator of the user's own may raise anything
            return Judgement(repr(error))
        return TAKEN

    def spell(self, wire_name: str, args: Sequence[Json], kwargs: Mapping[str, Json]) -> str | None:
        """`pay.delay(UUID("..."), amount=Decimal("2.5"))`: the values that the binder makes of the call."""
        from taskcontract.declare.spelling import spell_value
        from taskcontract.model.python_text import spell_keywords

        task = self._tasks.get(wire_name)
        if task is None:
            return None
        try:
            typed, named = task.binder.decode_call(args, kwargs)
            sent = task.binder.encode_call(typed, named)
        except Exception:  # as for `judge`: there is nothing to spell then
            return None
        if not _holds([list(sent[0]), dict(sent[1])], [list(args), dict(kwargs)]):
            return None
        given = [spell_value(value) for value in typed]
        given += spell_keywords({name: spell_value(value) for name, value in named.items()})
        return f"{task.function.__name__}.delay({', '.join(given)})"


def _holds(sent: Json, wanted: Json) -> bool:
    """Whether `sent` has all keys and items of `wanted`: types drop what they do not name."""
    if isinstance(wanted, dict):
        return isinstance(sent, dict) and all(
            key in sent and _holds(sent[key], item) for key, item in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(sent, list | tuple) and len(sent) == len(wanted) and all(map(_holds, sent, wanted))
    return True
