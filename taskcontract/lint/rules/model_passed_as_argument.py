"""A database object is passed to a task.

## What it does
Finds an argument that is certainly an instance of a Django or SQLAlchemy model: a name that holds
`Model.objects.get(...)`, `Model.objects.create(...)` or `Model(...)`, or `self` in a method of a model.
Only tasks that are sent as JSON are looked at.

## Why it breaks
JSON cannot hold it: the call raises EncodeError. Where a serializer can (pickle), the task works on the
row as it was when the message was sent.

## Example
```diff
 order = Order.objects.get(pk=1)
-send_receipt.delay(order)
+send_receipt.delay(order.pk)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lint.rule import LintRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject

RULE = LintRule("model-passed-as-argument", "breaking")


def check(project: LintProject) -> Iterator[Problem]:
    """Yield a problem for each argument that is a model's instance."""
    for call, _ in project.list_judged_calls():
        if project.tasks[call.task].serializer != "json" or "serializer" in call.options:
            continue
        for written, model in call.models:
            yield RULE.found(
                call.task,
                call.place,
                f"{call.form} {written}",
                f"`{written}` is an instance of the model {model}, which JSON cannot hold.",
                "Send its primary key, and load it in the task.",
            )
