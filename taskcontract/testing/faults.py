"""What is wrong with one example of an adapter's work."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from celery.utils.serialization import get_pickleable_exception
from kombu.utils.json import dumps, loads
from pydantic_core import PydanticSerializationError, ValidationError

from taskcontract.declare.refusal import spell_type
from taskcontract.errors import ArgumentValueError, ConfigError, ProviderError
from taskcontract.provider.adapter_errors import AdapterAnswerError, say_raised
from taskcontract.provider.functions import find_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.declare.codec import Codec
    from taskcontract.declare.task import Task
    from taskcontract.provider.adapter_path import Step
    from taskcontract.provider.adapters import ErrorMapping, Upcast

__all__ = ["Downcasting", "ErrorAdapting", "Trial", "Upcasting", "find_differing_defaults"]

Message: TypeAlias = "tuple[tuple[Any, ...], dict[str, Any]]"
"""A message's args and kwargs, in their JSON form."""

V_contra = TypeVar("V_contra", contravariant=True)


class Trial(Protocol[V_contra]):
    """Tries one adapter."""

    @property
    def place(self) -> str:
        """Where to look, and at what."""
        ...

    def find_fault(self, value: V_contra, /) -> str:
        """Return why the adapter makes nothing valid of the valid `value`; empty where it does."""
        ...

    def spell(self, value: V_contra, /) -> str:
        """Return `value` as a reader would write it."""
        ...


class Upcasting:
    """Tries an upcaster with messages; `succeeded` is whether any became a call."""

    def __init__(self, upcast: Upcast) -> None:
        self._upcast = upcast
        self.place = f"{find_place(upcast.function)}: the upcaster of {upcast.old.id}"
        self.succeeded = False

    def find_fault(self, message: Message) -> str:
        """Return the call must survive its own way as a message, with all parts of what the adapter made."""
        args, kwargs = self._upcast.old.binder.decode_call(*message)
        target = self._upcast.target
        try:
            call = self._upcast.apply(args, kwargs)
            target.binder.decode_call(*target.binder.encode_call(call.args, call.kwargs))
        except AdapterAnswerError:
            return ""
        except ProviderError as error:
            return error.what
        except ArgumentValueError as error:
            return f"its call is not one that {target.id} accepts: {error.what}"
        except Exception as error:  # whatever Celery's signs, or a part without a JSON form, raise
            return f"it raised {say_raised(error)}"
        self.succeeded = True
        return ""

    def spell(self, message: Message) -> str:
        """Return `send_to_s3('items/1.json', content='')`."""
        args, kwargs = message
        named = (f"{name}={value!r}" for name, value in kwargs.items())
        return f"{self._upcast.old.name}({', '.join([*map(repr, args), *named])})"


class Downcasting:
    """Tries the way of a target's result to the callers of the old version, with typed results."""

    def __init__(self, step: Step) -> None:
        self._step = step
        old, downcast = step.upcast.old, step.downcast
        self.place = (
            f"{find_place(downcast)}: the downcaster of {old.id}"
            if downcast
            else f"{find_place(old.function)}: {old.id}, which has no downcaster"
        )

    def find_fault(self, result: Any) -> str:
        """Return what the old callers get must be what their version declares."""
        old, target = self._step.upcast.old, self._step.upcast.target
        if _find_outside(target.binder.result, result):
            raise ConfigError(
                f"{result!r} is not a result of {target.id}", do="Correct the strategy of its 'return'."
            )
        try:
            answer = self._step.adapt(result)
        except AdapterAnswerError:
            return ""
        except ProviderError as error:
            return error.what
        except Exception as error:  # whatever Celery's signs raise
            return f"it raised {say_raised(error)}"
        why = _find_outside(old.binder.result, answer)
        declared = spell_type(old.binder.result.annotation)
        return f"its callers get {answer!r}, but {old.id} declares {declared} ({why})" if why else ""

    def spell(self, result: Any) -> str:
        """Return `Receipt(number=0) of sell@3.0.0`."""
        return f"{result!r} of {self._step.upcast.target.id}"


class ErrorAdapting:
    """Tries an error adapter with the errors of one class that the version `source` raises."""

    def __init__(self, mapping: ErrorMapping, error: type[Exception], source: Task[..., Any]) -> None:
        self._mapping = mapping
        self._error = error
        self._source = source
        self.place = f"{find_place(mapping.function)}: the adapter of {error.__name__} for {mapping.old.id}"

    def find_fault(self, error: Exception) -> str:
        """Return the old version must declare what it becomes, and Celery be able to tell it."""
        if not isinstance(error, self._error):
            raise ConfigError(
                f"{error!r} is not a {self._error.__name__}",
                do=f"Correct the strategy of {self._error.__name__} for {self._source.id}.",
            )
        try:
            return _find_loss(self._mapping.apply(error))
        except ProviderError as fault:
            return fault.what
        except Exception as sign:  # whatever Celery's signs raise
            return f"it raised {say_raised(sign)}"

    def spell(self, error: Exception) -> str:
        """Return `AddressError('nowhere') of ship@2.0.0`."""
        return f"{error!r} of {self._source.id}"


def _find_outside(codec: Codec, value: Any) -> str:
    """Return why `value` is outside the type, by itself or as the JSON that it becomes; empty if inside."""
    try:
        codec.check(value)
        codec.decode(codec.encode(value))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return str(first["msg"])
    except PydanticSerializationError as error:
        return str(error)
    return ""


def find_differing_defaults(upcast: Upcast) -> Iterator[str]:
    """Yield the adapter's defaults that differ from the declared ones, which omitted arguments mean."""
    own = inspect.signature(upcast.function).parameters
    for name, declared in upcast.old.signature_of_function.parameters.items():
        default = own[name].default if name in own else declared.default
        if inspect.Parameter.empty not in (default, declared.default) and default != declared.default:
            yield f"its {name!r} is {default!r} where left out, but the binding declares {declared.default!r}"


def _find_loss(error: Exception) -> str:
    """Return what keeps `error` from reaching the caller as one of its class; empty if nothing does.

    Celery sends its class and its `args`, and builds it again.
    """
    kind = type(error)
    name = kind.__name__
    try:
        args = loads(dumps(error.args))
    except Exception as refusal:  # whatever the arguments' own code raises
        return f"the arguments of {error!r} cannot be sent as JSON ({refusal})"
    try:
        kind(*args)
    except Exception as refusal:  # whatever the class's own code raises
        return f"{name}(*error.args) fails at the caller, who gets no {name}: {refusal}"
    if type(get_pickleable_exception(error)) is not kind:
        return f"{error!r} cannot be pickled in the worker, so that its callers get no {name}"
    return ""
