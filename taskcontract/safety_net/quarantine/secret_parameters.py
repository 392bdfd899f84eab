"""Which arguments of a task are secret, as its bindings say.

Of a task that a service declares, an argument that no parameter has is secret too: its caller may have a
newer version, in which it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from taskcontract.declare.cargo import hidden_keywords
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task

__all__ = ["SecretParameters", "SecretsOfServices"]


@dataclass(frozen=True, slots=True)
class SecretParameters:
    """The secret arguments of one task: by place, by name, and those that no parameter has.

    `has_any` says whether there is a secret that is known, or that may be there.
    """

    positional: tuple[bool, ...] = ()
    named: Mapping[str, bool] = field(default_factory=dict)
    more: bool = True
    extra: bool = True
    has_any: bool = True

    def hides_index(self, index: int, *, shifts: bool = False) -> bool:
        """Return whether the positional argument `index` is secret; `shifts`: a value may come before it."""
        if shifts and self.positional[index + 1 : index + 2] == (True,):
            return True
        return self.positional[index] if index < len(self.positional) else self.more

    def hides_name(self, name: Any) -> bool:
        """Return whether the keyword argument `name` is secret."""
        return self.named.get(name, self.extra)


class SecretsOfServices:
    """The secret arguments of all tasks of some services."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._services = {service.name: service for service in services}
        tasks = [task for service in self._services.values() for task in service.tasks]
        self._tasks = {name: task for task in tasks for name in task.wire_names}

    @cached_property
    def has_any(self) -> bool:
        """Whether any declared task has a secret."""
        return any(_read(task).has_any for task in self._tasks.values())

    def find(self, name: str) -> SecretParameters | None:
        """Return those of the task with the wire `name`; None where no service declares one of that kind.

        A name that begins with a service's, but is not one of its tasks, is of another release. Its
        parameters are those of the newest version that is declared, as far as their names show.
        """
        task = self._tasks.get(name)
        if task is not None:
            return _read(task)
        prefix, _, rest = name.partition(".")
        service = self._services.get(prefix)
        if service is None:
            return None
        family, _, number = rest.rpartition("_v")
        versions = [each for each in service.tasks if each.name == (family if number.isdigit() else rest)]
        if not versions:
            return SecretParameters()
        newest = _read(max(versions, key=lambda each: parse_version(each.version)))
        return replace(newest, positional=() if newest.has_any else newest.positional, has_any=True)


def _read(task: Task[..., Any]) -> SecretParameters:
    slots = task.binder.slots
    of_kind = {slot.kind: slot.secret for slot in slots}
    return SecretParameters(
        positional=tuple(
            slot.secret for slot in slots if slot.kind in ("positional-only", "positional-or-keyword")
        ),
        named={
            **dict.fromkeys(hidden_keywords(task.service.carries), False),
            **{slot.name: slot.secret for slot in slots if not slot.kind.startswith("var-")},
        },
        more=of_kind.get("var-positional", True),
        extra=of_kind.get("var-keyword", True),
        has_any=any(slot.secret for slot in slots),
    )
