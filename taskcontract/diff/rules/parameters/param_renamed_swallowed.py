"""A parameter has another name and the old one falls into `**kwargs`.

## What it does
Finds renamed parameters of a task that takes any keyword, so that a call by the old name still binds.

## Why it breaks
Nothing raises: the value that a caller sends under the old name lies among the extras, and the parameter
gets its default.

## Example
```diff
-def send_to_s3(key: str, content: str = "", **meta: str) -> str: ...
+def send_to_s3(key: str, body: str = "", **meta: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-renamed-swallowed", "breaking", ("backward",), "major")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a renamed parameter whose old name `**kwargs` now takes."""
    refused = pair.rename_refused if pair.renamed else None
    if not pair.renamed or (refused is not None and refused.severity == "breaking"):
        return  # calls by the old name fail: param-renamed says so
    old, new = pair.names
    found = pair.find_break(lambda item: item.subject == old and item.landing.startswith("*"))
    if found is not None:
        yield RULE.found(
            pair,
            pair.path,
            f"What a message sends as `{old}=` falls into `{found.call.landing}`; {found.notice}.",
            or_new_version(pair, f"Keep the name `{old}`", "with an upcaster"),
            severity=found.severity,
            silent=found.silent,
            witness=found.witness,
            old=old,
            new=new,
        )
