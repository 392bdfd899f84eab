"""Declared tasks as plain data: the ServiceSpec that is published and compared."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, ValidationError

from taskcontract.declare.describe import HIDDEN
from taskcontract.declare.examples import with_examples
from taskcontract.declare.failures.fields import schema_of_error
from taskcontract.declare.parameter import place_of
from taskcontract.declare.slots import HOLE
from taskcontract.errors import DeclarationError
from taskcontract.model.service import MISSING, ParameterSpec, ServiceSpec, TaskSpec

if TYPE_CHECKING:
    from typing import Literal

    from taskcontract.declare.codec import Codec
    from taskcontract.declare.protocols import ServiceLike, TaskLike
    from taskcontract.declare.slots import Slot
    from taskcontract.model.canonical import Json

__all__ = ["spec_of_service", "spec_of_task"]


def spec_of_service(service: ServiceLike) -> ServiceSpec:
    """Return the whole API of `service`, tasks sorted by name and version."""
    return ServiceSpec(
        name=service.name,
        version=service.version,
        tasks=tuple(spec_of_task(task) for task in service.tasks),
        carries=tuple(each.spec() for each in service.carries),
    )


def spec_of_task(task: TaskLike[Any]) -> TaskSpec:
    """Return the API of one version; raise a DeclarationError for a type or a default without JSON form."""
    binder = task.binder
    return TaskSpec(
        name=task.name,
        version=task.version,
        wire_name=task.wire_name,
        aliases=task.aliases,
        parameters=tuple(_parameter(task, slot) for slot in binder.slots),
        result=_schema(task, binder.result, "write", "its result"),
        result_read=_read_result(task, binder.result),
        queue=task.queue,
        serializer=task.serializer,
        errors=tuple(sorted(error.__name__ for error in task.errors)),
        error_fields={error.__name__: schema_of_error(error) for error in task.errors},
        options=dict(task.options),
        deprecated=task.deprecated,
        sunset=task.sunset,
        supersedes=task.supersedes.version if task.supersedes else None,
        description=cleandoc(task.function.__doc__ or "").split("\n\n")[0],
    )


def _parameter(task: TaskLike[Any], slot: Slot) -> ParameterSpec:
    return ParameterSpec(
        name=slot.name,
        kind=slot.kind,
        schema=_schema(task, slot.item, "read", f"parameter {slot.name!r}"),
        default=_default(task, slot),
        secret=slot.secret,
    )


def _default(task: TaskLike[Any], slot: Slot) -> Json:
    if slot.default is HOLE:
        return MISSING
    try:
        default = slot.item.encode(slot.item.check(slot.default))
    except (ValidationError, PydanticSerializationError):
        shown = HIDDEN if slot.secret else repr(slot.default)
        raise DeclarationError(
            f"the default of parameter {slot.name!r}, {shown}, is not of its type",
            where=place_of(task.function),
            do="Change the default or the annotation.",
        ) from None
    if slot.secret and _says_something(default):
        raise DeclarationError(
            f"parameter {slot.name!r} is secret and has a default, which would be published",
            where=place_of(task.function),
            do="Leave the default out, or let it be None or empty, and let the provider put the value there.",
        )
    return default


def _says_something(value: Json) -> bool:
    """Return whether a text or a number stands in `value` that is not empty."""
    if isinstance(value, dict):
        return any(map(_says_something, value.values()))
    if isinstance(value, list):
        return any(map(_says_something, value))
    return bool(value) and not isinstance(value, bool)


def _read_result(task: TaskLike[Any], codec: Codec) -> Json:
    """Return what readers take as the result, where that is more than what is written."""
    read, written = (_schema(task, codec, mode, "its result") for mode in ("read", "write"))
    return None if read == written else (read or True)


def _schema(task: TaskLike[Any], codec: Codec, mode: Literal["read", "write"], what: str) -> Json:
    try:
        schema = codec.schema(mode)
    except DeclarationError as error:
        raise DeclarationError(f"{what}: {error.what}", where=place_of(task.function), do=error.do) from None
    return with_examples(schema, codec)
