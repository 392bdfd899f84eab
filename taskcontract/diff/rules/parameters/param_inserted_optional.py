"""There is a new optional parameter before others.

## What it does
Finds parameters that came with a default and stand before one that takes a value by position.

## Why it breaks
Each value that a caller sends by position from there on moves to the next parameter. Mostly nothing
raises: the task runs with swapped values.

## Example
```diff
-def send_to_s3(key: str, content: str = "") -> str: ...
+def send_to_s3(key: str, bucket: str = "items", content: str = "") -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.signatures import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-inserted-optional", "breaking", ("backward", "forward"), "major")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a new optional parameter that takes the place of an old one."""
    new = pair.new
    if new is None or pair.old is not None or not pair.optional_by_place or not pair.place_precedes_another:
        return
    found = pair.find_break(lambda item: item.landing == new.name and not item.subject.startswith("**"))
    if found is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{new.name}` takes the value that a message means for `{found.call.subject}`; {found.notice}.",
            f"Put `{new.name}` after all other parameters, or make it keyword-only.",
            severity=found.severity,
            directions=found.whom(RULE.directions),
            silent=found.silent,
            witness=found.witness,
            new=shown(new),
        )
