"""Several changes together break a call that no single one explains.

## What it does
Finds calls that the old signature took and the new one refuses or understands otherwise, where no other
rule on parameters gave a reason. It makes sure that no broken call goes unreported. Where the budget of the
command ends before all calls are looked at, it says that, as dangerous and undecided.

## Why it breaks
The message fails in the worker with TypeError, or its values land in other parameters: the witness shows
which.

## Example
```diff
-def send_to_s3(key: str, /, *, content: str) -> str: ...
+def send_to_s3(content: str, key: str, /) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.calls.comparison import describe_break
from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import SignaturePair
    from taskcontract.model.finding import Finding

RULE = Rule("param-lists-incompatible", "breaking", ("backward",), "major")


def check(pair: SignaturePair) -> Iterator[Finding]:
    """Yield a finding for a broken call, or for an undecided signature, that no other rule explained."""
    if pair.doubt:
        yield RULE.found(
            pair,
            "parameters",
            f"The worker may refuse calls that it took, or understand them otherwise: {pair.doubt}.",
            "Compare the two lists of parameters by hand, or give the command a larger budget.",
            severity="dangerous",
            known="undecided",
        )
        return
    found = pair.find_break(lambda item: True)
    if found is not None:
        yield RULE.found(
            pair,
            "parameters",
            describe_break(found.call, pair.new_shape),
            or_new_version(pair, "Undo one of the changes to the parameters"),
            severity=found.severity,
            silent=found.silent,
            witness=found.witness,
        )
