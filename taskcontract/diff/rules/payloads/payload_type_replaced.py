"""A parameter takes other types than before, and none of the old ones.

## What it does
Finds places whose old and new types have nothing in common.

## Why it breaks
The worker refuses such a message before the task starts, as its types are enforced; the caller gets the
error. Where types are not enforced the value reaches the task's code: that is dangerous. New callers are
refused by old workers during the deploy.

## Example
```diff
-def resize(width: int) -> None: ...
+def resize(width: str) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-type-replaced", "breaking", ("backward", "forward"), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if none of the old types is accepted any more."""
    facets = pair.facets
    if not facets.replaced:
        return
    proof = pair.find_lost(pair.new_node.type_limit)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` takes {pair.say_new()} instead of {pair.say_old()}: the worker {pair.refuses} "
            "every old message.",
            or_new_version(pair, "Take both for a while", "with an upcaster that converts it"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
            old=pair.say_old(),
            new=pair.say_new(),
        )
