"""An option of the message is passed among the arguments of the task.

## What it does
Finds a keyword of `delay`, `s` or `si`, or a key of `kwargs=`, that is an option of `apply_async`
(`countdown`, `queue`,
`expires`, ...) where the task has neither a parameter of that name nor `**kwargs`.

## Why it breaks
`delay` passes all that it gets to the task. The call raises TypeError instead of waiting or going to that
queue.

## Example
```diff
 @app.task
 def send_to_s3(key): ...

-send_to_s3.delay("a.txt", countdown=5)
+send_to_s3.apply_async(("a.txt",), countdown=5)
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

RULE = LintRule("option-passed-as-argument", "breaking")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each call with an option where its arguments are."""
    for call, shape in project.list_judged_calls():
        misfit = find_misfit(call, shape)
        if misfit is not None and misfit.cause == "unexpected" and misfit.name in SEND_OPTIONS:
            yield RULE.found(
                call.task,
                call.place,
                f"{call.form} {misfit.name}",
                f"`{misfit.name}=` is an option of the message, and is sent to {call.task} as an argument, "
                "which it does not have.",
                f"Give it as an option: `apply_async(..., {misfit.name}=...)` or `.set({misfit.name}=...)`.",
            )
