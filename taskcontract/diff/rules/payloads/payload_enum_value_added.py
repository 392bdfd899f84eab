"""A parameter takes a further listed value.

## What it does
Finds values of an `Enum` or a `Literal` that came.

## Why it breaks
It does not break old callers. Old workers refuse the new values during the deploy.

## Example
```diff
-def paint(colour: Literal["red"]) -> None: ...
+def paint(colour: Literal["red", "blue"]) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.phrases import say_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-enum-value-added", "safe", ("forward",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if the new schema lists values that the old one did not accept."""
    facets = pair.facets
    if not facets.values_gained:
        return
    proof = pair.find_gained({"not": {"enum": facets.values_gained}})
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` also takes {say_values(facets.values_gained)}, which old workers {pair.refuse}.",
            "Deploy the workers before the first caller sends such a value.",
            known=proof.known,
            old=pair.old_node.values,
            new=facets.values_gained,
        )
