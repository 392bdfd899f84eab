"""What a service promises, as plain data: ServiceSpec, TaskSpec, ParameterSpec."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["MISSING", "ParameterKind", "ParameterSpec", "ServiceSpec", "TaskSpec"]

ParameterKind = Literal[
    "positional-only", "positional-or-keyword", "var-positional", "keyword-only", "var-keyword"
]


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
    (`pusher.send_to_s3_v2`). `result` is the JSON Schema of what it returns. `options` holds the
    Celery options that callers can notice (`ignore_result`, `acks_late`, `time_limit`, ...).
    `enforced` says whether the worker refuses arguments outside the schemas. `deprecated` and
    `sunset` are ISO dates; `errors` are the names of the declared errors.
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
    options: dict[str, Json] = field(default_factory=dict)
    deprecated: str | None = None
    sunset: str | None = None
    supersedes: str | None = None
    description: str = ""

    @property
    def id(self) -> str:
        """`send_to_s3@1.0.0`: how findings and messages name it."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """All that a service promises under one version number; tasks sorted by name, then version."""

    name: str
    version: str
    tasks: tuple[TaskSpec, ...] = ()

    def find(self, wire_name: str) -> TaskSpec | None:
        """The task that goes by `wire_name` on the broker, or None."""
        return next((task for task in self.tasks if task.wire_name == wire_name), None)
