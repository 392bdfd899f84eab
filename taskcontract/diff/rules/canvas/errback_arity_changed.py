"""An errback is called with another number of arguments.

## What it does
Finds tasks whose parameters are named as Celery documents errbacks (`request, exc, traceback`, or a
`task_id` or `uuid` alone), where Celery calls the new one in another way or the new one does not take
what Celery sends.

## Why it breaks
Celery looks at the number of positional parameters: with more than one it calls the errback in the
worker with request, exception and traceback; otherwise it sends it as a task with the id of the failed
one. An errback that does not fit fails, and the failure goes unhandled.

## Example
```diff
-def on_error(request, exc, traceback): ...
+def on_error(request, exc): ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.calls.binding import bind_call
from taskcontract.diff.calls.shape import shape_of
from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.calls.shape import Shape
    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding
    from taskcontract.model.service import TaskSpec

RULE = Rule("errback-arity-changed", "breaking", ("canvas",), "major")


FIRST_OF_THREE = frozenset({"request", "context"})
ALONE = frozenset({"uuid", "task_id", "request_id", "failed_id"})


def _arguments_sent(task: TaskSpec) -> int:
    """How many arguments Celery calls this one with as an errback; a bound one always gets one."""
    shape = shape_of(task.parameters)
    return 3 if not task.bind and (shape.var_positional or len(shape.positional) > 1) else 1


def _reads_as_errback(shape: Shape) -> bool:
    names = shape.positional
    return (len(names) == 1 and names[0] in ALONE) or (len(names) == 3 and names[0] in FIRST_OF_THREE)


def _takes(shape: Shape, count: int) -> bool:
    """Whether a call with `count` positional arguments and nothing else binds."""
    return bind_call(shape, tuple(range(count)), {}) is not None


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if a task that can be an errback gets another number of arguments from Celery."""
    old, new = pair.signature.old_shape, pair.signature.new_shape
    before, after = _arguments_sent(pair.old), _arguments_sent(pair.new)
    if not _reads_as_errback(old) or not _takes(old, before):
        return
    if before == after and _takes(new, after):
        return
    sent = f"{after} argument{'s' * (after > 1)}"
    fate = "takes them" if _takes(new, after) else "does not take them"
    yield RULE.found(
        pair,
        "canvas.errback",
        f"As an errback `{pair.task}` gets {sent} (before: {before}), and {fate}.",
        "Keep the parameters of an errback: `request, exc, traceback`, or the failed task's id alone.",
        old=before,
        new=after,
    )
