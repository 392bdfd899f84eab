"""An option is one letter or word away from one that Celery knows.

## What it does
Finds an unknown option in `@app.task(...)`, `apply_async(...)` or a schedule's `options` that is almost
the name of a known one: `ignore_results`, `max_retry`, `acks_latr`, `expire`. Options that are like none
are the project's own.

## Why it breaks
Celery takes any name. A misspelt option of a task becomes an attribute that nothing reads, one of a message
a property that nothing reads: the task is never retried, never acknowledged late, never expires.

## Example
```diff
-@app.task(ignore_results=True)
+@app.task(ignore_result=True)
 def send_to_s3(key): ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lint.options import SEND_OPTIONS, TASK_OPTIONS, find_meant
from taskcontract.lint.rule import LintRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("option-misspelt", "dangerous")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each misspelt option, of a task or of a message."""
    given = [
        (each.task, each.place, option, TASK_OPTIONS)
        for each in project.found.definitions
        if each.knows_options
        for option in each.options
    ]
    given += [
        (call.task, call.place, option, SEND_OPTIONS)
        for call, shape in project.list_judged_calls()
        for option in call.options
        if option not in shape.positional_or_keyword and option not in shape.keyword_only
    ]
    for task, place, option, known in given:
        meant = find_meant(option, known)
        if meant is not None:
            yield RULE.found(
                task,
                place,
                option,
                f"Celery has no option `{option}` and takes it without a word: it has no effect on {task}.",
                f"Write `{meant}`.",
            )
