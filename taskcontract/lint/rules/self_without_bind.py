"""A task takes `self` and is not bound.

## What it does
Finds a function whose first parameter is `self`, outside a class, under a task decorator without `bind=True`.

## Why it breaks
Nothing fills `self`: the first argument of each call lands in it, and the last parameter is missing.

## Example
```diff
-@app.task(max_retries=3)
+@app.task(bind=True, max_retries=3)
 def send_to_s3(self, key): ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lint.rule import LintRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("self-without-bind", "breaking")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each task that takes `self` and is not bound."""
    for each in project.found.definitions:
        if each.bind is False and each.first == "self":
            yield RULE.found(
                each.task,
                each.place,
                "self",
                f"Nothing fills `self` of {each.task}: the first argument of a call lands there.",
                "Add `bind=True` to the decorator, or remove `self`.",
            )
