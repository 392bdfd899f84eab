"""A task declares other errors than before.

## What it does
Finds names of errors that came to or went from the declared ones.

## Why it breaks
Callers handle the errors that they were told of. A new one reaches code without a branch for it: their
handlers go first. One that is gone leaves a branch that never runs, and what used to raise it now raises
something else, or nothing; new callers, who no longer know it, may still get it from old workers.

## Example
```diff
-@pusher.task(version="1.0.0", errors=[BucketMissing])
+@pusher.task(version="1.0.0", errors=[StorageError])
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Direction, Finding

RULE = Rule("declared-error-changed", "dangerous", ("result",), "major")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding if the sets of declared errors differ, and name what was dropped and added."""
    gone = [name for name in pair.old.errors if name not in pair.new.errors]
    come = [name for name in pair.new.errors if name not in pair.old.errors]
    if not gone and not come:
        return
    directions: tuple[Direction, ...] = ("result", "forward")
    remedy = or_new_version(pair, "Let the new errors derive from the old ones", "that raises them")
    if not gone:
        directions = ("result",)
        derive = "Let the new errors derive from the old ones, or update" if pair.old.errors else "Update"
        remedy = f"{derive} the callers' handlers first."
    if not come:
        directions = ("forward",)
        remedy = "Deploy the workers before callers drop their handlers."
    parts = [f"no longer raises {', '.join(gone)}"] if gone else []
    parts += [f"may raise {', '.join(come)}, which callers do not expect"] if come else []
    yield RULE.found(
        pair,
        "errors",
        f"`{pair.task}` {' and '.join(parts)}.",
        remedy,
        directions=directions,
        old=list(pair.old.errors),
        new=list(pair.new.errors),
    )
