"""Whether readers expect all new results could not be decided.

## What it does
Reports each result whose schemas the engine can neither prove compatible nor show a counterexample for,
and says what stopped it.

## Why it breaks
It may, or may not. It is never taken for safe: look at the two schemas yourself.

## Example
```diff
-{"type": "string", "pattern": "^(a|b)+$"}
+{"type": "string", "pattern": "^(?=.*a)(?!.*b).+$"}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-undecided", "dangerous", ("result",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if the engine could not decide whether old readers accept all new results."""
    if pair.is_root and pair.subject.gained.verdict == "undecided":
        yield RULE.found(
            pair,
            pair.path,
            f"A reader of `{pair.task}` may get a result that it does not expect: "
            f"{pair.subject.gained.reason}.",
            "Compare the two types by hand, and accept the finding if readers expect all new results.",
            known="undecided",
        )
