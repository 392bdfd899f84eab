"""Whether all old values are still taken could not be decided.

## What it does
Reports each parameter whose schemas the engine can neither prove compatible nor show a counterexample
for, and says what stopped it.

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

RULE = Rule("payload-undecided", "dangerous", ("backward",), "minor")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if the engine could not decide whether the two schemas accept the same values."""
    if not pair.is_root:
        return
    lost, gained = pair.subject.lost, pair.subject.gained
    if lost.verdict == "undecided":
        yield RULE.found(
            pair,
            pair.path,
            f"The worker may refuse values of `{pair.label}` that it took; no proof either way: "
            f"{lost.reason}.",
            "Compare the two types by hand, and accept the finding if all old values are still taken.",
            known="undecided",
        )
    elif gained.verdict == "undecided":
        yield RULE.found(
            pair,
            pair.path,
            f"Old workers may refuse new values of `{pair.label}`; no proof either way: {gained.reason}.",
            "Deploy the workers before the callers.",
            severity="safe",
            directions=("forward",),
            known="undecided",
        )
