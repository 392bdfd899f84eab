"""A parameter has a stricter bound, length, pattern or the like.

## What it does
Compares the limits at one place (`maximum`, `minLength`, `pattern`, `maxItems`, ...) and finds those
that leave out values which were taken.

## Why it breaks
The worker refuses such a message before the task starts, as its types are enforced; the caller gets the
error. Where types are not enforced the value reaches the task's code: that is dangerous.

## Example
```diff
-def resize(width: Annotated[int, Field(le=4096)]) -> None: ...
+def resize(width: Annotated[int, Field(le=1024)]) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.phrases import say_limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-constraint-tightened", "breaking", ("backward",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if values that were accepted are outside the new limits."""
    facets = pair.facets
    if not facets.limits_differ:
        return
    proof = pair.find_lost(pair.new_node.limits)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` has tighter limits ({say_limits(pair.new_node, pair.old_node)}): the "
            f"worker {pair.refuses} values outside.",
            or_new_version(pair, "Keep the old limits"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
            old=pair.old_node.limits,
            new=pair.new_node.limits,
        )
