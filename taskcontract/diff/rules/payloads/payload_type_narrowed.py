"""A parameter takes fewer types than before, or only some values of them.

## What it does
Finds types and alternatives of a union that are no longer taken, and types of which only enumerated
values are left.

## Why it breaks
The worker refuses such a message before the task starts, as its types are enforced; the caller gets the
error. Where types are not enforced the value reaches the task's code: that is dangerous.

## Example
```diff
-def resize(width: int | str) -> None: ...
+def resize(width: int) -> None: ...
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

RULE = Rule("payload-type-narrowed", "breaking", ("backward",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if some of the types, or some of their values, are no longer accepted."""
    facets = pair.facets
    if not facets.narrowed:
        return
    proof = pair.find_lost(pair.new if facets.branches_lost else pair.new_node.value_limit)
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` no longer takes {pair.say_lost()}: the worker {pair.refuses} such a message.",
            or_new_version(pair, "Take both for a while", "with an upcaster that converts it"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
            old=pair.say_old(),
            new=pair.say_new(),
        )
