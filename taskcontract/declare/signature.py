"""Celery signatures of declared tasks: checked where they are made and sent, with typed results.

On the wire they are Celery's own: one that has travelled is a plain Signature.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from taskcontract.celery_compat.signatures import HookedSignature, own_app
from taskcontract.declare.app import app_of
from taskcontract.declare.cargo import without_keywords
from taskcontract.declare.deprecation import warn_of_deprecated
from taskcontract.declare.eager import run_eagerly
from taskcontract.declare.errbacks import require_errbacks
from taskcontract.declare.header import HEADER
from taskcontract.declare.options import LOCAL_OPTIONS, OPTIONS, require_options
from taskcontract.declare.result import Result
from taskcontract.declare.sending import post, settle
from taskcontract.errors import ArgumentTypeError, ArgumentValueError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.declare.protocols import TaskLike


__all__ = ["TaskSignature", "make_signature"]

R = TypeVar("R")
CHORD_OPTIONS = frozenset({"interval", "max_retries"})
"""What a chord hands down to its body, though it is said to the chord."""


class TaskSignature(HookedSignature[R]):
    """A signature of one task; its results, and those of a canvas that it ends, are of the declared type."""

    many = False

    def __init__(self, binding: TaskLike[Any], message: Mapping[str, Any], app: Any) -> None:
        super().__init__(cast("Any", dict(message)), app=app)
        self.binding = binding

    @property
    def wire_name(self) -> str:
        """The name that the message has: the task's, or of Celery's own task that calls it."""
        return str(self["task"])

    def clone(
        self, args: Sequence[Any] | None = None, kwargs: Mapping[str, Any] | None = None, **options: Any
    ) -> TaskSignature[R]:
        """Return a copy, with `args` in front and `kwargs` and `options` besides, as Celery's is."""
        copy = super().clone(cast("Any", args), cast("Any", kwargs), **options)
        return type(self)(self.binding, dict(copy), own_app(self))

    partial = clone

    def set(self, immutable: bool | None = None, **options: Any) -> TaskSignature[R]:
        """Change options, of which an unknown one is refused; headers come beside those that it has."""
        require_options(self.binding, options)
        super().set(immutable, **self._keep_header(options))
        return self

    def link_error(self, errback: Any) -> Any:
        """Add an errback; one of a declared task is checked."""
        require_errbacks(errback)
        return super().link_error(errback)

    def apply(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        """Run it in this process, through the same codecs as a message; typed as `apply_async` is."""
        given = {name: value for name, value in options.items() if value is not None}
        args, kwargs, merged = self.merge(args, kwargs, given)
        require_options(self.binding, merged, LOCAL_OPTIONS | CHORD_OPTIONS)
        args, kwargs, sent = self._message(args, kwargs, merged)
        return run_eagerly(self.binding, self.app, self.wire_name, args, kwargs, sent, many=self.many)

    def __call__(self, *args: Any, **kwargs: Any) -> R:
        """Call the function that serves it in this process, as Celery's signatures do."""
        args, kwargs, merged = self.merge(args, kwargs, {})
        args, kwargs, sent = self._message(args, kwargs, merged)
        here = {name: sent[name] for name in ("serializer", "headers")}  # and nothing that follows the call
        ran = run_eagerly(self.binding, self.app, self.wire_name, args, kwargs, here, many=self.many)
        return cast("R", ran.get(disable_sync_subtasks=False))

    @property
    def AsyncResult(self) -> Any:  # noqa: N802 - Celery's name
        """Makes the typed result of a call by its id."""
        return partial(_result_of, self.binding, self.app, self.many)

    def reprcall(self, *args: Any, **kwargs: Any) -> str:
        """Return Celery's text, which `repr` gives, unless the task has secrets."""
        text = self.binding.binder.text
        if not text.has_secrets:
            return str(super().reprcall(*args, **kwargs))
        return text.of_signature(self.wire_name, self, len(args), kwargs)

    def send_merged(self, args: Any, kwargs: Any, options: Mapping[str, Any]) -> Result[R]:
        """Check the complete call and send it; gives its typed result."""
        require_options(self.binding, options, OPTIONS | CHORD_OPTIONS)
        args, kwargs, sent = self._message(args, kwargs, options)
        return post(self.binding, self.app, self.wire_name, args, kwargs, sent, many=self.many)

    def before_merging(self, args: Any, kwargs: Any, options: Any, force: bool) -> tuple[Any, Any, Any]:
        """Return the JSON form of what is given, with the headers of this signature kept."""
        if (args or kwargs) and not force and not self.immutable:
            args, kwargs = self._encode(args or (), kwargs or {})
        return args, kwargs, options and self._keep_header(options)

    def _encode(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, Any]:
        """Return the JSON form of arguments that are given later: typed values, or JSON from another task."""
        binder = self.binding.binder
        try:
            return binder.encode_partial(args, kwargs, in_front=True)
        except ArgumentValueError:
            with suppress(ArgumentTypeError, ArgumentValueError):
                return binder.encode_partial(*binder.decode_partial(args, kwargs), in_front=True)
            raise

    def _keep_header(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return `options` whose headers come beside those of this signature, our own among them."""
        had = self.options.get("headers") or {}
        given = options.get("headers")
        if not given:
            return options
        kept = {HEADER: had[HEADER]} if HEADER in had else {}
        return {**options, "headers": {**had, **given, **kept}}

    def _message(self, args: Any, kwargs: Any, options: Mapping[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        """Return the arguments, keywords and options of the message; the complete call is checked here."""
        binder = self.binding.binder
        kwargs, sent = settle(self.binding, self.app, kwargs, options)
        own = without_keywords(self.binding.service.carries, kwargs)
        binder.decode_call(args, own)
        sent["argsrepr"] = binder.text.of_args(args)
        sent["kwargsrepr"] = binder.text.of_kwargs(own)
        return args, kwargs, sent


def make_signature(
    task: TaskLike[R],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    options: Mapping[str, Any],
    *,
    immutable: bool,
) -> TaskSignature[R]:
    """Return a Celery signature of the checked, perhaps partial, call; what is carried is asked for here."""
    if task.deprecated is not None or task.sunset is not None:
        warn_of_deprecated(task)
    require_options(task, options)
    binder = task.binder
    encode = binder.encode_call if immutable else binder.encode_partial
    args, kwargs = encode(args, kwargs)
    app = app_of(task)
    message_kwargs, sent = settle(task, app, kwargs, options)
    if binder.text.has_secrets or immutable:
        # Where values may come in front, only their number is known: at most the parent's result.
        sent["argsrepr"] = binder.text.of_args(args) if immutable else "(..., ***)"
        sent["kwargsrepr"] = binder.text.of_kwargs(kwargs)
    message = {
        "task": task.wire_name,
        "args": tuple(args),
        "kwargs": dict(message_kwargs),
        "options": sent,
        "subtask_type": None,
        "immutable": immutable,
    }
    return TaskSignature(task, message, app)


def _result_of(task: TaskLike[Any], app: Any, many: bool, task_id: str, **_: Any) -> Result[Any]:
    return Result(task_id, task=task, app=app, many=many)
