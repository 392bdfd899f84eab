"""A parameter has another default.

## What it does
Finds parameters that are optional on both sides with different defaults.

## Why it breaks
The message of a caller that leaves the parameter out is the same, but the task does something else with
it. Nothing raises.

## Example
```diff
-def send_to_s3(key: str, content: str, acl: str = "private") -> str: ...
+def send_to_s3(key: str, content: str, acl: str = "public-read") -> str: ...
```
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.signatures import shown
from taskcontract.model.equality import same_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-default-changed", "dangerous", ("backward",), "minor")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a parameter that is optional on both sides, with different defaults."""
    old, new = pair.old, pair.new
    if old is None or new is None or pair.variadic or old.required or new.required:
        return
    if same_json(old.default, new.default):
        return
    found = pair.signature.show_kept()
    shows = found.witness if found.silent else None
    yield RULE.found(
        pair,
        pair.path,
        f"A message without `{new.name}` runs with {shown(new)!r} instead of {shown(old)!r}.",
        f"Keep the default, or let callers that rely on it send `{new.name}`.",
        silent=found.silent,
        witness=shows
        and replace(shows, old_binding={old.name: shown(old)}, new_binding={new.name: shown(new)}),
        old=shown(old),
        new=shown(new),
    )
