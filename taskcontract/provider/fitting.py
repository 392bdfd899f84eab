"""Does a function take the calls of the version that it is to serve?"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from taskcontract.declare.parameter import place_of
from taskcontract.diff.calls import compare_calls
from taskcontract.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.declare.task import Task

__all__ = ["require_fit"]

Parameter = inspect.Parameter


def require_fit(task: Task[..., Any], function: Callable[..., Any], *, bind: bool = False) -> None:
    """Raise a ProviderError where a call of `task` is refused by `function`, or lands in other parameters.

    With `bind` the function's first parameter is Celery's. A function of `*args` and `**kwargs` alone
    takes everything.
    """
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())[1 if bind else 0 :]
    if [parameter.kind for parameter in parameters] == [Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD]:
        return
    comparison = compare_calls(task.signature_of_function, signature.replace(parameters=parameters))
    if comparison.verdict != "included":
        raise ProviderError(
            f"{function.__name__} does not take the calls of {task.id}: {comparison.reason}",
            where=place_of(function),
            do=f"Give it the parameters that {task.id} declares: {task.signature_of_function}.",
        )
