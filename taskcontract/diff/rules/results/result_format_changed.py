"""A text in a result is written in another form.

## What it does
Finds places in a result whose `format` differs (`date-time`, `uuid`, `decimal`, ...), or the form in which
its texts are written.

## Why it breaks
A reader's bindings read the text as the type that they declare: they refuse one that is not of the old form.

## Example
```diff
-def stored_at(key: str) -> datetime: ...
+def stored_at(key: str) -> date: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.phrases import say_format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.nodes import Node
    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("result-format-changed", "breaking", ("result",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if a text's format differs, graded by whether old readers accept the new texts."""
    old, new = pair.old_node, pair.new_node
    if (old.format, old.form) == (new.format, new.form):
        return
    proof = pair.find_gained(old.form_limit)
    if proof is not None or (old.format is not None and old.form is None):
        yield RULE.found(
            pair,
            pair.path,
            f"A reader of `{pair.task}` that reads `{pair.label}` as {say_format(old)} fails: "
            f"it is {_say_now(old, new)} now.",
            or_new_version(pair, "Keep the format", "with a downcaster that converts it"),
            directions=("result", "forward") if pair.find_lost(new.form_limit) is not None else None,
            severity=proof.severity if proof is not None else "dangerous",
            known=proof.known if proof is not None else "undecided",
            bump="major",
            witness=proof.witness if proof is not None else None,
            old=old.format,
            new=new.format,
        )


def _say_now(old: Node, new: Node) -> str:
    return f"{say_format(new)} in another form" if old.format == new.format else say_format(new)
