"""The values of a parameter are no longer hidden.

## What it does
Finds parameters that were declared as `Secret` and are not now.

## Why it breaks
The call works as before, but its value is shown: in events and Flower, in the worker's log, in what a kept
message or a failed test prints. A password is then read by whoever reads logs.

## Example
```diff
-def log_in(user: str, password: Annotated[str, Secret]) -> str: ...
+def log_in(user: str, password: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-secret-removed", "dangerous", ("operational",), "minor")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a parameter that is no longer marked as secret."""
    if pair.old is not None and pair.new is not None and pair.old.secret and not pair.new.secret:
        yield RULE.found(
            pair,
            pair.path,
            f"Values of `{pair.new.name}` were hidden in events and logs, and are shown as they are now.",
            f"Keep `Secret` on `{pair.new.name}`, unless everyone who reads logs may know its values.",
            old=True,
            new=False,
        )
