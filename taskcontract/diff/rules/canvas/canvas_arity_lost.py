"""A task can no longer follow another one in a chain.

## What it does
Finds tasks that took a first argument by position and take none now.

## Why it breaks
In a chain, a group's callback or a chord Celery sends the result of the task before as the first
positional argument; only an immutable signature (`.si()`) drops it. The task is refused with TypeError
and the rest of the chain never runs.

## Example
```diff
-def index(stored: dict[str, str]) -> None: ...
+def index(*, stored: dict[str, str]) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("canvas-arity-lost", "breaking", ("canvas", "backward"), "major")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if a task that took the result of the link before it no longer takes one."""
    old, new = pair.signature.old_shape, pair.signature.new_shape
    takes_now = new.positional or new.var_positional
    if takes_now or not (old.positional or old.var_positional):
        return
    if not pair.version and pair.context.policy.style_of(pair.old) == "both":
        return  # nothing says that it is a link; what its parameters became has findings of its own
    found = pair.signature.find_break(lambda item: item.positionals > 0)
    if found is not None:
        yield RULE.found(
            pair,
            "canvas.first",
            f"As a link of a chain or the body of a chord `{pair.task}` fails with TypeError: it "
            "takes no result.",
            "Keep one parameter that takes a value by position, or let callers use an immutable signature.",
            witness=found.witness,
        )
