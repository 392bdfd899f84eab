"""What is wrong with one example of an adapter's work."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic_core import PydanticSerializationError, ValidationError

from taskcontract.declare.parameter import place_of
from taskcontract.declare.refusal import spell_type
from taskcontract.errors import ConfigError, ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.declare.task import Task
    from taskcontract.provider.adapters import Upcast

__all__ = ["Downcasting", "Upcasting", "find_differing_defaults"]

Message: TypeAlias = "tuple[tuple[Any, ...], dict[str, Any]]"
"""A message's args and kwargs, in their JSON form."""


class Upcasting:
    """Tries an upcaster; `targets` are the versions that it led to, by wire name."""

    def __init__(self, upcast: Upcast) -> None:
        self._upcast = upcast
        self.targets: dict[str, Task[..., Any]] = {}

    def find_fault(self, message: Message) -> str:
        """Why `message`, a valid one, becomes no valid call; empty where it does."""
        args, kwargs = self._upcast.old.binder.decode_call(*message)
        try:
            target = self._upcast.apply(args, kwargs).task
        except ProviderError as error:
            return error.what
        except self._upcast.old.errors:
            return ""
        except Exception as error:  # whatever the adapter's own code raises
            return _say_raised(error)
        self.targets[target.wire_name] = target
        return ""

    def spell(self, message: Message) -> str:
        """`send_to_s3('items/1.json', content='')`."""
        args, kwargs = message
        named = (f"{name}={value!r}" for name, value in kwargs.items())
        return f"{self._upcast.old.name}({', '.join([*map(repr, args), *named])})"


class Downcasting:
    """Tries the way of a result of `target` to the callers of `old`."""

    def __init__(
        self, old: Task[..., Any], target: Task[..., Any], downcast: Callable[[Any], Any] | None
    ) -> None:
        self._old = old
        self._target = target
        self._downcast = downcast

    @property
    def place(self) -> str:
        """Where to look, and at what."""
        if self._downcast is None:
            return f"{place_of(self._old.function)}: {self._old.id}, which has no downcaster"
        return f"{place_of(self._downcast)}: the downcaster of {self._old.id}"

    def find_fault(self, result: Any) -> str:
        """Why `result` becomes no valid one; empty where it does."""
        try:
            self._target.binder.result.check(result)
        except ValidationError:
            raise ConfigError(
                f"{result!r} is no result of {self._target.id}",
                do="Correct the strategy of its 'return'.",
            ) from None
        try:
            answer = self._downcast(result) if self._downcast else result
        except self._old.errors:
            return ""
        except Exception as error:  # whatever the adapter's own code raises
            return _say_raised(error)
        codec = self._old.binder.result
        try:
            codec.check(answer)
            codec.decode(codec.encode(answer))
        except ValidationError as error:
            why = error.errors(include_url=False)[0]["msg"]
        except PydanticSerializationError as error:
            why = str(error)
        else:
            return ""
        declared = spell_type(codec.annotation)
        return f"its callers get {answer!r}, but {self._old.id} declares {declared} ({why})"


def _say_raised(error: Exception) -> str:
    return f"it raised {type(error).__name__}: {error}".partition("\n")[0]


def find_differing_defaults(upcast: Upcast) -> Iterator[str]:
    """The adapter's defaults that are not the declared ones, which a call that leaves them out means."""
    own = inspect.signature(upcast.function).parameters
    for name, declared in upcast.old.signature_of_function.parameters.items():
        default = own[name].default if name in own else declared.default
        if inspect.Parameter.empty not in (default, declared.default) and default != declared.default:
            yield f"its {name!r} is {default!r} where left out, but the binding declares {declared.default!r}"
