"""Two tasks have one name.

## What it does
Finds two decorated functions of one module that register the same name. What stands under an `if` or in a
`try` is an alternative, and not counted. Of two modules which have a task of one name, only running the code
tells which is imported first, or whether one worker imports both: they are listed as not resolved instead.

## Why it breaks
Celery keeps the first that it registers and gives it for the second as well; of shared tasks, that may be
either. The code of the other one never runs, and its callers send to the wrong function.

## Example
```diff
 @app.task(name="send")
 def send_to_s3(key): ...

-@app.task(name="send")
+@app.task(name="send_mail")
 def send_mail(address): ...
```
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from taskcontract.lint.rule import LintRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("task-name-twice", "breaking")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each definition after the first of its name in one module."""
    for name, definitions in project.definitions.items():
        kept = sorted((each for each in definitions if not each.is_conditional), key=lambda each: each.place)
        for first, second in pairwise(kept):
            if first.place.file == second.place.file and first.place != second.place:
                yield RULE.found(
                    name,
                    second.place,
                    name,
                    f"Another task has the name {name}: the one at {first.place}. Celery keeps one of them.",
                    "Give one of them another name.",
                )
