"""Declared tasks as plain data: the ServiceSpec that is published and compared."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from pydantic.errors import PydanticUserError
from pydantic_core import PydanticSerializationError, ValidationError

from taskcontract.declare.parameter import place_of
from taskcontract.declare.slots import HOLE
from taskcontract.errors import DeclarationError
from taskcontract.model.service import MISSING, ParameterSpec, ServiceSpec, TaskSpec

if TYPE_CHECKING:
    from typing import Literal

    from taskcontract.declare.codec import Codec
    from taskcontract.declare.service import Service
    from taskcontract.declare.slots import Slot
    from taskcontract.declare.task import Task
    from taskcontract.model.canonical import Json

__all__ = ["spec_of_service", "spec_of_task"]


def spec_of_service(service: Service) -> ServiceSpec:
    """The whole API of `service`, tasks sorted by name and version."""
    return ServiceSpec(
        name=service.name, version=service.version, tasks=tuple(spec_of_task(task) for task in service.tasks)
    )


def spec_of_task(task: Task[..., Any]) -> TaskSpec:
    """The API of one version; a DeclarationError names a type or a default that has no JSON form."""
    binder = task.binder
    return TaskSpec(
        name=task.name,
        version=task.version,
        wire_name=task.wire_name,
        parameters=tuple(_parameter(task, slot) for slot in binder.slots),
        result=_schema(task, binder.result, "serialization", "its result"),
        queue=task.queue,
        serializer=task.serializer,
        errors=tuple(sorted(error.__name__ for error in task.errors)),
        options=dict(task.options),
        deprecated=task.deprecated,
        sunset=task.sunset,
        supersedes=task.supersedes.version if task.supersedes else None,
        description=cleandoc(task.function.__doc__ or "").split("\n\n")[0],
    )


def _parameter(task: Task[..., Any], slot: Slot) -> ParameterSpec:
    return ParameterSpec(
        name=slot.name,
        kind=slot.kind,
        schema=_schema(task, slot.item, "validation", f"parameter {slot.name!r}"),
        default=_default(task, slot),
        secret=slot.secret,
    )


def _default(task: Task[..., Any], slot: Slot) -> Json:
    if slot.default is HOLE:
        return MISSING
    try:
        return slot.item.encode(slot.item.check(slot.default))
    except (ValidationError, PydanticSerializationError):
        raise DeclarationError(
            f"the default of parameter {slot.name!r}, {slot.default!r}, is not of its type",
            where=place_of(task.function),
            do="Change the default or the annotation.",
        ) from None


def _schema(
    task: Task[..., Any], codec: Codec, mode: Literal["validation", "serialization"], what: str
) -> Json:
    try:
        return codec.schema(mode)
    except PydanticUserError as error:
        raise DeclarationError(
            f"{what} has a type without a JSON form: {error.message}",
            where=place_of(task.function),
            do="Use builtins, dataclasses, TypedDicts, enums, dates, Decimal, UUID or pydantic models.",
        ) from None
