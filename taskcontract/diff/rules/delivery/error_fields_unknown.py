"""The fields of a declared error are known on one side alone.

## What it does
Finds errors that both specs declare, one of them without a word on their fields: it was published before
specs spoke of them.

## Why it breaks
It may, or may not: a caller may read a field that is gone, or has another type. What is not known is
never taken for safe.

## Example
```diff
-"errors": ["GoneError"]
+"errors": ["GoneError"], "error_fields": {"GoneError": {"properties": {"key": {"type": "string"}}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("error-fields-unknown", "dangerous", ("result",), "none")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding for each side whose spec does not list the fields of an error that the other lists."""
    old, new = pair.old, pair.new
    shared = set(old.errors) & set(new.errors)
    for side, known, unknown in (("old", new, old), ("new", old, new)):
        silent = (name for name in known.error_fields if name not in unknown.error_fields)
        found = sorted(name for name in silent if name in shared and _has_fields(known.error_fields[name]))
        if found:
            yield RULE.found(
                pair,
                "errors",
                f"What callers of `{pair.task}` read of {', '.join(found)} cannot be compared: "
                f"the {side} spec does not say which fields it has.",
                f"Publish the {side} spec again with this version of taskcontract.",
                known="undecided",
            )


def _has_fields(schema: object) -> bool:
    return isinstance(schema, dict) and bool(schema.get("properties"))
