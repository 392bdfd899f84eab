"""What a service promises, as plain data: ServiceSpec, TaskSpec, ParameterSpec."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = [
    "DEFAULT_QUEUE",
    "HEADER",
    "MISSING",
    "CarriedPlace",
    "CarriedSpec",
    "ParameterKind",
    "ParameterSpec",
    "ServiceSpec",
    "TaskSpec",
]

ParameterKind = Literal[
    "positional-only", "positional-or-keyword", "var-positional", "keyword-only", "var-keyword"
]
"""In the order in which a Python signature has them."""

DEFAULT_QUEUE = "celery"
"""Where Celery sends what names no queue."""

HEADER = "taskcontract"
"""The one message header of ours; never a bare one: names such as `id` or `retries` overwrite Celery's."""


class _Missing:
    """The type of MISSING: no default, as distinct from a default of None."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One parameter of a task: how it is passed and which JSON values it takes.

    `schema` is a JSON Schema (2020-12); for `*args` and `**kwargs` it is the schema of one item.
    `default` is the JSON form of the default, or MISSING for a required parameter.
    """

    name: str
    kind: ParameterKind = "positional-or-keyword"
    schema: Json = True
    default: Json = MISSING
    secret: bool = False

    @property
    def required(self) -> bool:
        """Whether every call must give it."""
        return self.default is MISSING and not self.kind.startswith("var-")


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """One version of one task's API.

    `name` is the same for all versions (`send_to_s3`); `wire_name` is what Celery sends
    (`pusher.send_to_s3_v2`), `aliases` are earlier ones that workers still serve. A `version` of "" is one
    that nobody declared: `name` and `wire_name` of such a task are its registered name. `result` is the JSON
    Schema of what it returns. `options` holds the Celery options that callers can notice
    (`ignore_result`, `acks_late`, `time_limit`, ...). `enforced` says whether the worker refuses
    arguments outside the schemas. `result_read` is the schema of what readers take as the result, where that
    is more than `result`. `deprecated` and `sunset` are ISO dates; `errors` are the names of the
    declared errors, `error_fields` the JSON Schema of the fields of each, as an object: where an error is
    missing there, its fields are not known. A `queue` of None is Celery's default queue, `celery`.
    """

    name: str
    version: str
    wire_name: str
    parameters: tuple[ParameterSpec, ...] = ()
    result: Json = True
    queue: str | None = None
    serializer: str = "json"
    bind: bool = False
    enforced: bool = True
    errors: tuple[str, ...] = ()
    error_fields: dict[str, Json] = field(default_factory=dict)
    options: dict[str, Json] = field(default_factory=dict)
    deprecated: str | None = None
    sunset: str | None = None
    supersedes: str | None = None
    description: str = ""
    aliases: tuple[str, ...] = ()
    result_read: Json = None

    @property
    def wire_names(self) -> tuple[str, ...]:
        """Every name that its messages may have: its own, then its aliases."""
        return (self.wire_name, *self.aliases)

    @property
    def id(self) -> str:
        """`send_to_s3@1.0.0`: how findings and messages name it; the name alone where it has no version."""
        return f"{self.name}@{self.version}" if self.version else self.name

    @property
    def queue_name(self) -> str:
        """The queue that calls are sent to, by its name."""
        return self.queue or DEFAULT_QUEUE


CarriedPlace = Literal["taskcontract", "header", "keyword"]


@dataclass(frozen=True, slots=True)
class CarriedSpec:
    """What each call of a service has beside its arguments: a value of `schema`.

    It stands under `key` in our own header, or it is a header or a keyword argument of that name.
    """

    name: str
    schema: Json = True
    place: CarriedPlace = "taskcontract"
    key: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """All that a service promises under one version number; tasks sorted by name, then version."""

    name: str
    version: str
    tasks: tuple[TaskSpec, ...] = ()
    carries: tuple[CarriedSpec, ...] = ()

    def find(self, wire_name: str) -> TaskSpec | None:
        """Return the task that goes by `wire_name` on the broker, or None."""
        return next((task for task in self.tasks if wire_name in task.wire_names), None)
