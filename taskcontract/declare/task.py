"""The delegate of one version of a task: what a consumer imports and calls; and a call of it as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, Unpack, cast

from taskcontract.declare.declaration import SEND_OPTIONS
from taskcontract.declare.parameter import read_signature
from taskcontract.errors import ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from celery.canvas import Signature, chunks

    from taskcontract.declare.binder import Binder
    from taskcontract.declare.options import ApplyOptions, SendOptions
    from taskcontract.declare.protocols import ServiceLike
    from taskcontract.declare.result import Result
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import TaskSpec

__all__ = ["Call", "Task"]

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Task(Generic[P, R]):
    """One version of a task's API, callable from anywhere: arguments are checked before they leave.

    `name` is the same for all versions (`send_to_s3`), `wire_name` is Celery's (`pusher.send_to_s3_v2`);
    workers serve its `aliases`, earlier names, too.
    `deprecated` and `sunset` are ISO dates. `options` are Celery options that hold for each call.
    `examples` is whether `pytest --taskcontract-examples` may send calls that are made up.
    Made by `Service.task`, not by hand.
    """

    def __init__(
        self,
        function: Callable[P, R],
        *,
        service: ServiceLike,
        name: str,
        version: str,
        wire_name: str,
        aliases: tuple[str, ...] = (),
        queue: str | None,
        serializer: str,
        supersedes: Task[Any, Any] | None = None,
        deprecated: str | None = None,
        sunset: str | None = None,
        errors: tuple[type[Exception], ...] = (),
        options: Mapping[str, Json] | None = None,
        examples: bool = True,
    ) -> None:
        self.function = function
        self.service = service
        self.name = name
        self.version = version
        self.wire_name = wire_name
        self.aliases = aliases
        self.queue = queue
        self.serializer = serializer
        self.supersedes = supersedes
        self.deprecated = deprecated
        self.sunset = sunset
        self.errors = errors
        self.options: Mapping[str, Json] = options or {}
        self.examples = examples
        self.signature_of_function = read_signature(function)
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__

    @property
    def wire_names(self) -> tuple[str, ...]:
        """Every name that a worker serves it by: its own, then its aliases."""
        return (self.wire_name, *self.aliases)

    @property
    def id(self) -> str:
        """`send_to_s3@1.0.0`."""
        return f"{self.name}@{self.version}"

    @cached_property
    def send_options(self) -> dict[str, Json]:
        """The declared options that travel with each call."""
        return {name: value for name, value in self.options.items() if name in SEND_OPTIONS}

    @cached_property
    def binder(self) -> Binder:
        """Checks, encodes and decodes this task's calls; compiled at its first use."""
        from taskcontract.declare.binder import Binder

        return Binder(self.function, self.signature_of_function)

    def delay(self, *args: P.args, **kwargs: P.kwargs) -> Result[R]:
        """Send a call to the service's queue; a TypeError or ValueError says what the signature refuses."""
        from taskcontract.declare.sending import send

        return send(self, args, kwargs, {})

    def apply_async(
        self,
        args: Sequence[Any] | None = None,
        kwargs: Mapping[str, Any] | None = None,
        **options: Unpack[SendOptions],
    ) -> Result[R]:
        """Send a call with Celery's options (`countdown`, `queue`, `link`, ...); checked as `delay` does.

        An option that Celery does not know is a TypeError: it would be dropped.
        """
        from taskcontract.declare.sending import send

        return send(self, args or (), kwargs or {}, options)

    def apply(
        self,
        args: Sequence[Any] | None = None,
        kwargs: Mapping[str, Any] | None = None,
        **options: Unpack[ApplyOptions],
    ) -> Result[R]:
        """Run a call in this process, which must have its provider, through the same codecs as a message."""
        from taskcontract.declare.sending import apply

        return apply(self, args or (), kwargs or {}, options)

    def delay_on_commit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Check a call now and send it when Django's transaction commits; at once where there is none."""
        from taskcontract.declare.on_commit import send_on_commit

        send_on_commit(self, args, kwargs, {})

    def apply_async_on_commit(
        self,
        args: Sequence[Any] | None = None,
        kwargs: Mapping[str, Any] | None = None,
        **options: Unpack[SendOptions],
    ) -> None:
        """Do as `delay_on_commit`, with the options of `apply_async`."""
        from taskcontract.declare.on_commit import send_on_commit

        send_on_commit(self, args or (), kwargs or {}, options)

    def s(self, *args: Any, **kwargs: Any) -> Signature[R]:
        """Return a Celery signature for chains, groups and chords; a parent's result comes before `args`."""
        from taskcontract.declare.signature import make_signature

        return make_signature(self, args, kwargs, {}, immutable=False)

    def si(self, *args: P.args, **kwargs: P.kwargs) -> Signature[R]:
        """Return an immutable Celery signature: it is given all its arguments here."""
        from taskcontract.declare.signature import make_signature

        return make_signature(self, args, kwargs, {}, immutable=True)

    def signature(
        self,
        args: Sequence[Any] | None = None,
        kwargs: Mapping[str, Any] | None = None,
        *,
        immutable: bool = False,
        **options: Unpack[SendOptions],
    ) -> Signature[R]:
        """Return as `s`, or with `immutable` as `si`, with the options of `apply_async`."""
        from taskcontract.declare.signature import make_signature

        return make_signature(self, args or (), kwargs or {}, options, immutable=immutable)

    subtask = signature

    def map(self, it: Iterable[Any]) -> Signature[list[R]]:
        """Return a signature of one call for each argument in `it`, one after another in one message."""
        from taskcontract.declare.many_calls import make_map

        return make_map(self, ((item,) for item in it), star=False)

    def starmap(self, it: Iterable[Sequence[Any]]) -> Signature[list[R]]:
        """Return as `map`, for the arguments of several parameters."""
        from taskcontract.declare.many_calls import make_map

        return make_map(self, it, star=True)

    def chunks(self, it: Iterable[Sequence[Any]], n: int) -> chunks:
        """Return as `starmap`, with `n` calls in each message."""
        from taskcontract.declare.many_calls import make_chunks

        return make_chunks(self, it, n)

    def AsyncResult(self, task_id: str) -> Result[R]:  # noqa: N802 - Celery's name
        """Return the result of an earlier call by its id, as its declared type."""
        from taskcontract.declare.app import app_of
        from taskcontract.declare.result import Result

        return Result(task_id, task=self, app=app_of(self))

    def call(self, *args: P.args, **kwargs: P.kwargs) -> Call[R]:
        """Return the call as data, checked but not sent."""
        self.binder.encode_call(args, kwargs)
        return Call(self, args, kwargs)

    if not TYPE_CHECKING:  # so that a type checker finds each such call

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            """Refuse to run here: raise an ArgumentTypeError that says how to send a call."""
            raise ArgumentTypeError(
                f"{self.id} is not called here: it runs in the workers of {self.service.name}",
                do=f"Send a call with {self.__name__}.delay(...), or have it checked as data by "
                f"{self.__name__}.call(...).",
            )

    def decode_result(self, value: Json) -> R:
        """Decode a result from Celery as the declared type; raise a ResultValueError if it does not fit."""
        from taskcontract.declare.result import decode_result

        return cast("R", decode_result(self, value))

    def spec(self) -> TaskSpec:
        """Return this version's API as plain data."""
        from taskcontract.declare.spec import spec_of_task

        return spec_of_task(self)

    def __repr__(self) -> str:
        return f"<Task {self.id} of {self.service.name}>"


@dataclass(frozen=True, slots=True)
class Call(Generic[R_co]):
    """`task` called with `args` and `kwargs`, checked but not sent; its result is an `R`.

    An upcaster returns one to say what an old call means in the new version.
    """

    task: Task[Any, R_co]
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"{self.task.name}.call{self.task.binder.text.of_call(self.args, self.kwargs)}"
