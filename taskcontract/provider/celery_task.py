"""The Celery task behind each wire name.

An old version is a task of its own, not an alias: a subclass of the current one's type with its
own name. Retries, autoretry, events and Flower then speak of the version that was called, and a
retry of an old call stays an old call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.provider.functions import body_of, name_of, text_of
from taskcontract.provider.options import options_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

    from taskcontract.provider.route import Route

__all__ = ["IMPLEMENTED_AS", "register"]

IMPLEMENTED_AS = "taskcontract_implemented_as"
"""The attribute of a Celery task that holds the wire name of the version that serves it."""


def register(app: Celery, route: Route) -> Any:
    """Make `app` serve the messages of `route`, by a Celery task that is returned.

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
        if args is None and kwargs is None:
            # A retry carries the texts that the caller made, with the secrets hidden in them. An eager
            # task's request has none.
            texts = {name: getattr(current, name, None) for name in ("argsrepr", "kwargsrepr")}
        else:
            args, kwargs = route.encode_retry(
                current.args if args is None else args, current.kwargs if kwargs is None else kwargs
            )
            text = route.task.binder.text
            texts = {"argsrepr": text.of_args(args), "kwargsrepr": text.of_kwargs(kwargs)}
        extra = {**{name: text for name, text in texts.items() if text}, **extra}
        return base.signature_from_request(self, request, args, kwargs, queue, **extra)

    def replace(self: Any, sig: Any) -> Any:
        route.refuse_replacement(sig)
        return base.replace(self, sig)

    attributes = {
        **options,
        "name": route.task.wire_name,
        IMPLEMENTED_AS: implementation.task.wire_name,
        "run": run,
        "replace": replace,
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
        celery_task.run = _with_errors_told(celery_task.run, route)
    return celery_task


def _with_errors_told(run: Callable[..., Any], route: Route) -> Callable[..., Any]:
    def run_and_tell(*args: Any, **kwargs: Any) -> Any:
        try:
            return run(*args, **kwargs)
        except Exception as error:
            told, raised = route.tell(error)
        # Outside the `except`: what carried an answer is no part of it.
        if told is raised:
            raise told
        raise told from raised

    return run_and_tell
