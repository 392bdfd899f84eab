"""A result has more values than before, in a way that no other rule names.

## What it does
Steps in where the engine has a result that could not come before, and no rule on a single place of the
schema explains it.

## Why it breaks
A reader that was written for the old result gets one that it does not expect: its model refuses it, or
its code fails later, far from the cause. Results of running tasks reach readers that were not updated.

## Example
```diff
-{"type": "object", "patternProperties": {"^x-": {"type": "string"}}}
+{"type": "object", "patternProperties": {"^x-": {}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.proofs import prove_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-widened", "breaking", ("result",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for a result that has more values if no place in its schema explains why."""
    if pair.unexplained != "gained":
        return
    proof = prove_whole(pair.subject, "gained")
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"A reader of `{pair.task}` may get a result that it does not expect: "
            f"{pair.subject.gained.reason}.",
            or_new_version(pair, "Keep the old result", "with a downcaster"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
        )
