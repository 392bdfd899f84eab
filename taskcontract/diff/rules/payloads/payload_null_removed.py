"""A parameter no longer takes null.

## What it does
Finds places that took null (`None`) and do not any more.

## Why it breaks
The worker refuses such a message before the task starts, as its types are enforced; the caller gets the
error. Where types are not enforced the value reaches the task's code: that is dangerous.

## Example
```diff
-def resize(width: int | None) -> None: ...
+def resize(width: int) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-null-removed", "breaking", ("backward",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if null is no longer accepted."""
    facets = pair.facets
    if not facets.null_lost:
        return
    proof = pair.find_lost({"not": {"type": "null"}})
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` no longer takes null: the worker {pair.refuses} a message that sends it.",
            f"Keep null for `{pair.label}` and treat it as before.",
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
            old=None,
            new=pair.say_new(),
        )
