"""A bound task does not take itself.

## What it does
Finds `bind=True` on a function that has no positional parameter at all, or whose first one is plainly a
value: it has a default, or an annotation such as `int` or `str`.

## Why it breaks
A bound task is called with itself as the first argument. The function without parameters fails at each
call; the other one finds the task where its value should be.

## Example
```diff
 @app.task(bind=True)
-def send_to_s3(key: str): ...
+def send_to_s3(self, key: str): ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lint.rule import LintRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("bind-without-self", "breaking")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each bound task without a parameter for itself."""
    for each in project.found.definitions:
        if not each.bind or each.takes_rest or (each.first and not each.first_is_data):
            continue
        got = f"its parameter `{each.first}` gets the task, not the value" if each.first else "it takes none"
        yield RULE.found(
            each.task,
            each.place,
            "bind",
            f"With `bind=True` {each.task} is called with the task as its first argument: {got}.",
            "Declare `self` first, or remove `bind=True`.",
        )
