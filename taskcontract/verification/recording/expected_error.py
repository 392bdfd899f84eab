"""The error that a consumer's test expects: what of it is recorded, and what the code under test gets."""

from __future__ import annotations

import copy
from dataclasses import dataclass, is_dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import ValidationError

from taskcontract.declare.describe import show_value
from taskcontract.declare.failures.fields import fields_of
from taskcontract.declare.failures.form import build_error, error_names, public_fields
from taskcontract.declare.failures.transport import carry
from taskcontract.declare.refusal import spell_type
from taskcontract.errors import ContractError
from taskcontract.verification.match import Matcher
from taskcontract.verification.recording.example import find_plain, read_example

if TYPE_CHECKING:
    from taskcontract.declare import Task
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import MatchRule

__all__ = ["ExpectedError", "read_expected_error"]


@dataclass(frozen=True, slots=True)
class ExpectedError:
    """A declared error: its `name`, the example of its `content` with `rules`, and the `error` itself.

    The content are the fields, or the arguments of an error that has no fields; nothing of a class alone.
    """

    name: str
    content: Json
    rules: tuple[MatchRule, ...]
    error: Exception


def read_expected_error(task: Task[..., Any], raises: Any) -> ExpectedError:
    """Return the error that `raises=` describes; raise a ContractError if `task` does not declare it."""
    cls = raises if isinstance(raises, type) else type(raises)
    if not issubclass(cls, task.errors):
        raise _refuse(task, raises, cls)
    if isinstance(raises, type):
        error = _bare(cls)
        return ExpectedError(_name(error, task), {}, (), carry(error, task))
    declared = next(each for each in cls.__mro__ if each in task.errors)
    fields = public_fields(raises, declared)
    content, rules = read_example(fields or {"args": list(raises.args)})
    assert isinstance(content, dict)
    error = _as_raised(raises, declared, fields, content)
    return ExpectedError(_name(error, task), content, rules, carry(error, task))


def _refuse(task: Task[..., Any], raises: Any, cls: type[Any]) -> ContractError:
    if not issubclass(cls, Exception):
        return ContractError(
            f"raises={raises!r} is not an error",
            do="Give one as the task raises it, raises=GoneError(...), or its class.",
        )
    declared = ", ".join(error.__name__ for error in task.errors)
    return ContractError(
        f"{task.id} does not declare {cls.__name__}",
        do=f"Expect what it declares: {declared}."
        if declared
        else f"Let its service declare it: @{task.service.name}.task(..., errors=({cls.__name__},)).",
    )


def _name(error: Exception, task: Task[..., Any]) -> str:
    return str(error_names(error, task.errors)[0])


def _bare(cls: type[Exception]) -> Exception:
    try:
        return cls()
    except Exception:  # whatever arguments it requires
        return build_error(cls, (), {})


def _as_raised(
    raises: Exception, declared: type[Exception], fields: dict[str, Any], content: dict[str, Json]
) -> Exception:
    """Return `raises` with examples instead of its matchers, its fields converted to their declared types."""
    typed = fields_of(declared).typed
    values: dict[str, Any] = {name: _plain(value) for name, value in vars(raises).items()}
    for name, value in fields.items():
        codec = typed.get(name)
        if codec is None or name not in content:  # what may be missing is there in the test
            values[name] = _plain(value)
            continue
        try:
            values[name] = codec.decode(content[name])
        except ValidationError:
            raise ContractError(
                f"the example for {declared.__name__} does not fit: its {name} is "
                f"{show_value(content[name], codec)}, which is not {spell_type(codec.annotation)}",
                do="Correct the example: a real error could never be it.",
            ) from None
    known = {id(value): values[name] for name, value in fields.items()}
    args = [known.get(id(each), _plain(each)) for each in raises.args]
    return build_error(type(raises), args, values)


def _plain(value: Any) -> Any:
    """Return `value` with the examples in the place of the matchers."""
    if isinstance(value, Matcher):
        example = _plain(find_plain(value))
        return [example] * max(1, value.parameters["min"]) if value.each else example
    if type(value) in (list, tuple):
        return type(value)(map(_plain, value))
    if type(value) is dict:
        return {name: _plain(item) for name, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        copied = copy.copy(value)
        for name, item in vars(value).items():
            object.__setattr__(copied, name, _plain(item))
        return copied
    return value
