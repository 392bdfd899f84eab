"""What a project says of a setting, and the names that settings have in new and old Celery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from taskcontract.extract.static.values import Constant

if TYPE_CHECKING:
    from taskcontract.extract.static.values import Value

__all__ = ["UNSET", "Said", "Store", "name_setting"]

OLD_NAMES = {
    "task_acks_late": "CELERY_ACKS_LATE",
    "task_acks_on_failure_or_timeout": "CELERY_ACKS_ON_FAILURE_OR_TIMEOUT",
    "task_annotations": "CELERY_ANNOTATIONS",
    "task_default_priority": "CELERY_DEFAULT_PRIORITY",
    "task_default_queue": "CELERY_DEFAULT_QUEUE",
    "task_default_rate_limit": "CELERY_DEFAULT_RATE_LIMIT",
    "task_ignore_result": "CELERY_IGNORE_RESULT",
    "task_reject_on_worker_lost": "CELERY_REJECT_ON_WORKER_LOST",
    "task_routes": "CELERY_ROUTES",
    "task_serializer": "CELERY_TASK_SERIALIZER",
    "task_soft_time_limit": "CELERYD_TASK_SOFT_TIME_LIMIT",
    "task_time_limit": "CELERYD_TASK_TIME_LIMIT",
}
"""The settings that callers of a task can notice, and how Celery before 4 spelt them."""

NEW_NAMES = {old: new for new, old in OLD_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """A value of a setting, and how it is written, where it stands alone."""

    value: Value
    text: str = ""


UNSET = Said(Constant(None))


@dataclass(slots=True)
class Store:
    """Each setting -> the values that it may have; more than one where only running the code tells."""

    said: dict[str, list[Said]] = field(default_factory=dict)

    def put(self, setting: str, value: Said, *, certain: bool = True) -> None:
        """Note that `setting` is `value`, or, where that is not `certain`, may be; nothing for ""."""
        if not setting:
            return
        if certain:
            self.said[setting] = [value]
        else:
            self.said.setdefault(setting, [UNSET]).append(value)


def name_setting(name: str, namespace: str = "") -> str:
    """Return the setting that goes by `name` under `namespace`; "" for what no task is described with."""
    if namespace:
        prefix = f"{namespace.upper()}_"
        name = name.removeprefix(prefix).lower() if name.startswith(prefix) and name.isupper() else ""
    else:
        name = NEW_NAMES.get(name, name)
    return name if name in OLD_NAMES else ""
