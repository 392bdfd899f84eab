"""A task declares other errors than before.

## What it does
Finds names of errors that came to or went from the declared ones.

## Why it breaks
Callers handle the errors that they were told of. A new one reaches code without a branch for it; one
that is gone leaves a branch that never runs, and what used to raise it now raises something else, or
nothing.

## Example
```diff
-@pusher.task(version="1.0.0", errors=[BucketMissing])
+@pusher.task(version="1.0.0", errors=[StorageError])
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("declared-error-changed", "dangerous", ("result",), "major")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    gone = [name for name in pair.old.errors if name not in pair.new.errors]
    come = [name for name in pair.new.errors if name not in pair.old.errors]
    if not gone and not come:
        return
    parts = [f"no longer raises {', '.join(gone)}"] if gone else []
    parts += [f"may raise {', '.join(come)}, which callers do not expect"] if come else []
    yield RULE.found(
        pair,
        "errors",
        f"`{pair.task}` {' and '.join(parts)}.",
        "Let the new errors derive from the old ones, or update the callers' handlers first.",
        old=list(pair.old.errors),
        new=list(pair.new.errors),
    )
