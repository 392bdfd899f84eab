"""A route is for a task that does not exist.

## What it does
Looks each name and each pattern with `*` of `task_routes` up among the project's tasks. What belongs to
another package is left alone, as is what may name a task whose name cannot be known.

## Why it breaks
The route never applies: the task that was meant goes to the default queue, where perhaps no worker of the
right kind listens.

## Example
```diff
 app.conf.task_routes = {
-    "shop.task.*": {"queue": "slow"},
+    "shop.tasks.*": {"queue": "slow"},
 }
```
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from taskcontract.lint.rule import LintRule
from taskcontract.lint.similar import say_similar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("route-task-missing", "dangerous")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each route that no task takes."""
    for call in project.found.calls:
        if call.form != "route" or _is_taken(call.task, project):
            continue
        similar = "" if "*" in call.task else say_similar(call.task, project.tasks)
        yield RULE.found(
            call.task,
            call.place,
            "route",
            f"The route for {call.task} never applies: no task has such a name.",
            f"Write the name as the task registers it{similar}, or remove the route.",
        )


def _is_taken(name: str, project: LintProject) -> bool:
    """Whether a task has the name, or one that the pattern matches; or may have it."""
    if not any(letter in name for letter in "*?["):
        return not project.lacks(name)
    known = {*project.tasks, *project.definitions}
    if project.found.unresolved or any(fnmatchcase(each, name) for each in known):
        return True
    root = name.partition(".")[0]
    return root not in project.roots
