"""A call sends arguments that its task does not take.

## What it does
Binds each call that the project writes (`delay`, `apply_async`, `s`, `map`, `retry`, beat entries, ...) as
Python binds it to the task's function. A signature such as `.s(1)` may get more arguments before its own;
in a chain, a callback or a chord's body the result of the task before is one of them, the first. What a
`*args`, a
`**kwargs` or a variable may add is taken to be right.

## Why it breaks
`delay` and `apply_async` raise TypeError where they stand. What is sent by name, from a schedule or by a
chain, is accepted by the broker, and fails with TypeError in the worker, each time.

## Example
```diff
 @app.task
 def send_to_s3(key, content): ...

-send_to_s3.delay("a.txt")
+send_to_s3.delay("a.txt", b"...")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.calls.fitting import find_misfit
from taskcontract.lint.options import SEND_OPTIONS
from taskcontract.lint.rule import LintRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("call-does-not-bind", "breaking")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each call that cannot bind; not for an option among the arguments."""
    for call, shape in project.list_judged_calls():
        misfit = find_misfit(call, shape)
        if misfit is None or (misfit.cause == "unexpected" and misfit.name in SEND_OPTIONS):
            continue
        yield RULE.found(
            call.task,
            call.place,
            call.spell(),
            f"`{call.spell()}` never binds to the task {call.task}: {misfit.said}.",
            "Send what the task takes, or change its signature with its callers.",
        )
