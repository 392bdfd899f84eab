"""A default is of a kind that no message can carry.

## What it does
Finds a parameter whose default is a set, a function or a complex number, in a task that is sent as JSON.

## Why it breaks
The task works as long as nobody gives the argument. Who does, in the type that the default shows, gets an
EncodeError; who sends a list instead of a set makes the task run with a type that it was not written for.

## Example
```diff
 @app.task
-def report(kinds={"new", "open"}): ...
+def report(kinds=("new", "open")): ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lint.rule import LintRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("default-not-sendable", "dangerous")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each default of a kind that JSON lacks."""
    for definition in project.found.definitions:
        task = project.tasks.get(definition.task)
        for default in definition.defaults:
            if default.fault == "unsendable" and task is not None and task.serializer == "json":
                yield RULE.found(
                    definition.task,
                    definition.place,
                    default.parameter,
                    f"No sender can give a value like the default of `{default.parameter}`, {default.text}: "
                    "JSON has no such type.",
                    "Use a type that JSON has, a tuple or None, and convert it in the task.",
                )
