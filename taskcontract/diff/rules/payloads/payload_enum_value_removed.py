"""A parameter no longer takes one of its listed values.

## What it does
Finds values of an `Enum`, a `Literal` or a `const` that are gone.

## Why it breaks
The worker refuses such a message before the task starts, as its types are enforced; the caller gets the
error. Where types are not enforced the value reaches the task's code: that is dangerous.

## Example
```diff
-def paint(colour: Literal["red", "blue"]) -> None: ...
+def paint(colour: Literal["red"]) -> None: ...
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

RULE = Rule("payload-enum-value-removed", "breaking", ("backward",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if the new schema no longer lists values that the old one accepted."""
    facets = pair.facets
    if not facets.values_lost:
        return
    proof = pair.find_lost({"not": {"enum": facets.values_lost}})
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` no longer takes {say_values(facets.values_lost)}: the worker {pair.refuses} "
            "such a message.",
            or_new_version(pair, "Keep taking the old value", "with an upcaster that maps it"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
            old=facets.values_lost,
            new=pair.new_node.values,
        )
