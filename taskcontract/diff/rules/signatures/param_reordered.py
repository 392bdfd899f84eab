"""Parameters that take values by position changed places.

## What it does
Finds parameters that are on both sides and whose order among each other differs.

## Why it breaks
Values that a caller sends by position land in other parameters. Nothing raises where the types allow it:
the task runs with swapped values.

## Example
```diff
-def send_to_s3(key: str, content: str) -> str: ...
+def send_to_s3(content: str, key: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import SignaturePair
    from taskcontract.model.finding import Finding

RULE = Rule("param-reordered", "breaking", ("backward", "forward"), "major")


def check(pair: SignaturePair) -> Iterator[Finding]:
    """Yield a finding if the parameters that both sides have stand in another order."""
    before, after = pair.common_places
    if before == after:
        return
    names = {*before}
    found = pair.find_break(
        lambda item: item.cause == "moved" and item.subject in names and item.landing in names
    )
    if found is not None:
        yield RULE.found(
            pair,
            "parameters",
            f"The value that a message sends by position for `{found.call.subject}` lands in "
            f"`{found.call.landing}`; {found.notice}.",
            or_new_version(pair, f"Keep the order {', '.join(f'`{name}`' for name in before)}"),
            severity=found.severity,
            directions=found.whom(RULE.directions),
            silent=found.silent,
            witness=found.witness,
            old=before,
            new=after,
        )
