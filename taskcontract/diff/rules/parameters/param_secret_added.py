"""The values of a parameter are hidden now.

## What it does
Finds parameters that are declared as `Secret` and were not before.

## Why it breaks
It does not: the call is the same. Events, logs and kept messages show `***` for its value.

## Example
```diff
-def log_in(user: str, password: str) -> str: ...
+def log_in(user: str, password: Annotated[str, Secret]) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-secret-added", "safe", ("operational",), "patch")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a parameter that was marked as secret."""
    if pair.old is not None and pair.new is not None and pair.new.secret and not pair.old.secret:
        yield RULE.found(
            pair,
            pair.path,
            f"Values of `{pair.new.name}` are hidden in events and logs, once the callers are updated.",
            "Look for values that older logs still show.",
            old=False,
            new=True,
        )
