"""A parameter takes fewer values than before, in a way that no other rule names.

## What it does
Steps in where the engine has a value that was taken and is not any more, and no rule on a single place
of the schema explains it: combinations, conditions, patterns for keys.

## Why it breaks
The worker refuses such a message before the task starts, as its types are enforced; the caller gets the
error. Where types are not enforced the value reaches the task's code: that is dangerous.

## Example
```diff
-{"type": "object", "patternProperties": {"^x-": {}}}
+{"type": "object", "patternProperties": {"^x-": {"type": "string"}}}
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

RULE = Rule("payload-narrowed", "breaking", ("backward",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for a parameter that accepts fewer values if no place in its schema explains why."""
    if pair.unexplained != "lost":
        return
    proof = prove_whole(pair.subject, "lost")
    if proof is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"The worker {pair.refuses} values of `{pair.label}` that it took: {pair.subject.lost.reason}.",
            or_new_version(pair, "Take both for a while", "with an upcaster that converts it"),
            severity=proof.severity,
            known=proof.known,
            witness=proof.witness,
        )
