"""A schedule sends a task that does not exist.

## What it does
Looks each entry of a beat schedule up among the project's tasks, by its registered name. A name that
begins with another package's name, or with `celery.`, is not the project's to define. Where the module
that the name points to holds tasks whose names cannot be known, it may be one of them.

## Why it breaks
Beat sends the message each time. The worker that takes it logs `Received unregistered task` and discards it.

## Example
```diff
 app.conf.beat_schedule = {
-    "nightly": {"task": "shop.tasks.send_report", "schedule": 86400},
+    "nightly": {"task": "shop.tasks.send_reports", "schedule": 86400},
 }
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lint.rule import LintRule
from taskcontract.lint.similar import say_similar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("beat-task-missing", "breaking")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each entry of a schedule whose task is none."""
    for call in project.found.calls:
        if call.form == "beat" and project.lacks(call.task):
            yield RULE.found(
                call.task,
                call.place,
                "beat",
                f"The schedule sends {call.task}, and no task has that name: workers discard it.",
                f"Write the name as the task registers it{say_similar(call.task, project.tasks)}.",
            )
