"""An object no longer knows a key.

## What it does
Finds keys of an object that are gone. Where the new object is closed the key is refused; where it is
open it is ignored, which is dangerous.

## Why it breaks
Callers still send the key. A closed object refuses the message; an open one drops the value without a
word.

## Example
```diff
 class Meta(BaseModel):
     model_config = ConfigDict(extra="forbid")
     owner: str
-    tenant: str = ""
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.schemas import join_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Direction, Finding

RULE = Rule("payload-field-removed", "breaking", ("backward",), "major")
REACHES_BOTH: tuple[Direction, ...] = ("backward", "forward")
"""An old worker refuses the message of a new caller that no longer gives a key which had to be there."""


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding for each key that the new schema does not name."""
    for name in pair.facets.fields_removed:
        required = name in pair.old_node.required
        directions = REACHES_BOTH if required else RULE.directions
        proof = pair.find_lost({"properties": {name: False}})
        if proof is not None:
            yield RULE.found(
                pair,
                join_key(pair.path, name),
                f"The worker {pair.refuses} a message whose `{pair.label}` has `{name}`.",
                or_new_version(pair, f"Keep `{name}` as an optional key that is ignored"),
                severity=proof.severity,
                directions=directions,
                known=proof.known,
                witness=proof.witness,
                old=pair.old_node.properties[name],
            )
            continue
        silent = pair.subject.lost.verdict == "included"
        notice = "; nothing raises" if silent else ""
        yield RULE.found(
            pair,
            join_key(pair.path, name),
            f"The value that callers send for `{name}` in `{pair.label}` is dropped{notice}.",
            f"Make sure that no caller relies on `{name}`.",
            severity="dangerous",
            directions=directions,
            silent=silent,
            old=pair.old_node.properties[name],
        )
