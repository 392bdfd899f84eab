"""The Celery task behind each wire name.

An old version is a task of its own, not an alias: a subclass of the current one's type with its
own name. Retries, autoretry, events and Flower then speak of the version that was called, and a
retry of an old call stays an old call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.errors import TaskContractError

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

    from taskcontract.provider.route import Implementation, Route

__all__ = ["IMPLEMENTED_AS", "register"]

IMPLEMENTED_AS = "taskcontract_implemented_as"
"""The attribute of a Celery task that holds the wire name of the version that serves it."""


def register(app: Celery, route: Route, implementation: Implementation) -> None:
    """Make `app` serve the messages of `route`, with the options of the `implementation` it leads to."""
    declared = {name: value for name, value in route.task.options.items() if name != "expires"}
    options = {**declared, **implementation.options}
    base: type[Any] = options.pop("base", None) or app.Task
    # A message outside its contract stays outside however often it is tried.
    options["dont_autoretry_for"] = (TaskContractError, *options.get("dont_autoretry_for", ()))
    function = implementation.function

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

    attributes = {
        **options,
        "name": route.task.wire_name,
        IMPLEMENTED_AS: implementation.task.wire_name,
        "run": run,
        "signature_from_request": signature_from_request,
        "subtask_from_request": signature_from_request,
        "__doc__": function.__doc__,
        "__module__": function.__module__,
        "__qualname__": function.__qualname__,
        # Our own binder checks the arguments, and says more when it refuses.
        "typing": False,
    }
    celery_task: Any = type(function.__name__, (base,), attributes)()
    app.register_task(celery_task)
    if implementation.task is not route.task:
        # Around what registering made of it: autoretry looks for the implementation's errors.
        celery_task.run = _with_errors_mapped(celery_task.run, route)


def _with_errors_mapped(run: Callable[..., Any], route: Route) -> Callable[..., Any]:
    def run_and_map(*args: Any, **kwargs: Any) -> Any:
        try:
            return run(*args, **kwargs)
        except Exception as error:
            mapped = route.map_error(error)
            if mapped is error:
                raise
            raise mapped from error

    return run_and_map
