"""The Celery task behind each wire name.

An old version is a task of its own, not an alias: a subclass of the current one's type with its
own name. Retries, autoretry, events and Flower then speak of the version that was called, and a
retry of an old call stays an old call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.cargo import without_keywords
from taskcontract.declare.serving import IMPLEMENTED_AS
from taskcontract.provider.functions import body_of, name_of, text_of
from taskcontract.provider.options import options_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

    from taskcontract.provider.route import Route

__all__ = ["register"]


def register(app: Celery, route: Route, name: str) -> Any:
    """Make `app` serve the messages of `route` that have the wire `name`, by a Celery task that is returned.

    It has the options of the implementation that the route's path leads to. Whatever Celery makes of
    wrong ones passes through.
    """
    implementation = route.path.implementation
    base, options = options_for(route.path, app)
    body = body_of(implementation.function)

    def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        return route.serve(self, args, kwargs)

    def signature_from_request(
        self: Any, request: Any = None, args: Any = None, kwargs: Any = None, queue: Any = None, **extra: Any
    ) -> Any:
        current = self.request if request is None else request
        named = current.kwargs if kwargs is None else kwargs
        if args is None and kwargs is None:
            # A retry carries the texts that the caller made, with the secrets hidden in them. An eager
            # task's request has none.
            texts = {name: getattr(current, name, None) for name in ("argsrepr", "kwargsrepr")}
            kwargs = named
        else:
            args, kwargs = route.encode_retry(current.args if args is None else args, named)
            text = route.task.binder.text
            texts = {"argsrepr": text.of_args(args), "kwargsrepr": text.of_kwargs(kwargs)}
        kwargs = route.with_carried(kwargs, named) if route.task.service.carries else kwargs
        extra = {**{name: text for name, text in texts.items() if text}, **extra}
        return base.signature_from_request(self, request, args, kwargs, queue, **extra)

    def apply_async(self: Any, args: Any = None, kwargs: Any = None, *more: Any, **options: Any) -> Any:
        text = route.task.binder.text
        if text.has_secrets:  # who calls the Celery task itself, or Celery where a canvas goes on
            own = without_keywords(route.task.service.carries, kwargs or {})
            options["argsrepr"], options["kwargsrepr"] = text.of_args(args or ()), text.of_kwargs(own)
        return base.apply_async(self, args, kwargs, *more, **options)

    def replace(self: Any, sig: Any) -> Any:
        route.refuse_replacement(sig)
        return base.replace(self, sig)

    attributes = {
        **options,
        "name": name,
        IMPLEMENTED_AS: implementation.task.wire_name,
        "run": run,
        "apply_async": apply_async,
        "replace": replace,
        "resultrepr_maxsize": _ShownLength(route, options.get("resultrepr_maxsize", base.resultrepr_maxsize)),
        "signature_from_request": signature_from_request,
        "subtask_from_request": signature_from_request,
        "__doc__": text_of(implementation.function) or body.__doc__,
        "__module__": body.__module__,
        "__qualname__": body.__qualname__,
        # Our own binder checks the arguments, and says more when it refuses.
        "typing": False,
    }
    celery_task: Any = type(name_of(implementation.function), (base,), attributes)()
    app.register_task(celery_task)
    if route.path.steps:
        # Around what registering made of it: autoretry looks for the implementation's errors.
        celery_task.run = _with_errors_translated(celery_task.run, route)
    return celery_task


class _ShownLength:
    """How much of a result stands in Celery's line and event on a success: nothing of a secret one.

    It is asked for when the worker starts: a type is not read before.
    """

    def __init__(self, route: Route, usual: int) -> None:
        self._route = route
        self._usual = usual

    def __get__(self, instance: Any, owner: Any) -> int:
        return 0 if self._route.task.binder.result.holds_secrets else self._usual


def _with_errors_translated(run: Callable[..., Any], route: Route) -> Callable[..., Any]:
    def run_and_translate(*args: Any, **kwargs: Any) -> Any:
        try:
            return run(*args, **kwargs)
        except Exception as error:
            translated, raised = route.translate_error(error)
        # Outside the `except`, so that the carrier of an answer is not part of its context.
        if translated is raised:
            raise translated
        raise translated from raised

    return run_and_translate
