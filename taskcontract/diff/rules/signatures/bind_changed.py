"""`bind` was toggled on the same definition.

## What it does
Finds tasks whose `bind` changed while the definition kept its parameters, so that the first one is taken
for the task itself, or no longer is; and those that got a `self` without `bind=True`. It takes the place of
the findings on single parameters.

## Why it breaks
With `bind=True` Celery fills the first parameter. Every argument moves by one place: calls fail with
TypeError or run with values in the wrong parameters.

## Example
```diff
-@app.task(bind=True)
+@app.task
 def send_to_s3(self, key: str, content: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import SignaturePair
    from taskcontract.model.finding import Finding

RULE = Rule("bind-changed", "breaking", ("backward", "forward"), "major")


def check(pair: SignaturePair) -> Iterator[Finding]:
    """Yield a finding if `bind` was toggled so that arguments move by one place."""
    if not pair.bind_shifts:
        return
    found = pair.find_break(lambda item: True)
    if found is not None:
        yield RULE.found(
            pair,
            "bind",
            f"Every argument of `{pair.task}` moves by one place: "
            + (
                f"values land in the wrong parameters; {found.notice}."
                if found.call.silent
                else "calls fail with TypeError."
            ),
            "Declare the task with bind=True: without it `self` takes what callers send."
            if pair.lacks_bind
            else "Put `bind` back, or change the first parameter along with it.",
            severity=found.severity,
            silent=found.silent,
            witness=found.witness,
            old=pair.old_task.bind,
            new=pair.new_task.bind,
        )
