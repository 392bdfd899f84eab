"""A result may have a further listed value.

## What it does
Finds values of an `Enum` or a `Literal` in a result that came.

## Why it breaks
A reader that was written for the old result gets one that it does not expect: its model refuses it, or
its code fails later, far from the cause. Results of running tasks reach readers that were not updated.

## Example
```diff
-def state(key: str) -> Literal["stored"]: ...
+def state(key: str) -> Literal["stored", "queued"]: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.phrases import say_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-enum-value-added", "breaking", ("result",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if the new schema lists values that old readers do not know."""
    facets = pair.facets
    if not facets.values_gained:
        return
    proof = pair.find_gained({"not": {"enum": facets.values_gained}})
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"A reader of `{pair.task}` may get {say_values(facets.values_gained)} in `{pair.label}`, "
            "which it does not know.",
            or_new_version(pair, "Keep the old result", "with a downcaster"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
            old=pair.old_node.values,
            new=facets.values_gained,
        )
