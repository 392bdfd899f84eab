"""A default is one object for all runs of a worker.

## What it does
Finds a parameter whose default is a list, a dict or a set that the task changes, and one whose default is
computed at
import and is meant for each run: `date.today()`, `timezone.now()`, `uuid4()`.

## Why it breaks
Python makes a default once, when the module is imported. What one run puts into it the next one finds;
the date is that of the worker's start, for as long as the worker runs.

## Example
```diff
 @app.task
-def report(day=date.today()): ...
+def report(day=None): ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lint.rule import LintRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("default-shared", "dangerous")
WHAT = {
    "mutated": "is one object for all runs of a worker, and the task changes it",
    "frozen": "is computed once, when the worker starts, and is the same for all runs",
}


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each default that runs share."""
    for definition in project.found.definitions:
        for default in definition.defaults:
            if default.fault in WHAT:
                yield RULE.found(
                    definition.task,
                    definition.place,
                    default.parameter,
                    f"The default of `{default.parameter}`, {default.text}, {WHAT[default.fault]}.",
                    "Take None as the default, and make the value in the task.",
                )
