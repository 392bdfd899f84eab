"""An argument of the task is passed among the options of the message.

## What it does
Finds a keyword of `apply_async` or `send_task` that is not an option of theirs, but the name of a
parameter of the task.

## Why it breaks
Celery puts what it does not know into the properties of the message, where nobody reads it. The task runs
without the argument, or fails because it is missing.

## Example
```diff
 @app.task
 def send_to_s3(key, public=False): ...

-send_to_s3.apply_async(("a.txt",), public=True)
+send_to_s3.apply_async(("a.txt",), {"public": True})
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lint.options import SEND_OPTIONS
from taskcontract.lint.rule import LintRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("argument-passed-as-option", "breaking")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each option that is a parameter."""
    for call, shape in project.list_judged_calls():
        parameters = {*shape.positional_or_keyword, *shape.keyword_only}
        for option in call.options:
            if option in parameters and option not in SEND_OPTIONS:
                yield RULE.found(
                    call.task,
                    call.place,
                    f"{call.form} {option}",
                    f"`{option}=` is a parameter of {call.task}, and is given as an option of the message: "
                    "the task never sees it.",
                    f"Put it among the arguments: `kwargs={{'{option}': ...}}`.",
                )
