"""A text is read in another form.

## What it does
Finds places whose `format` differs (`date-time`, `uuid`, `decimal`, ...), or the form in which its texts are
read: with or without an offset, of another length, of another version.

## Why it breaks
The worker reads the text as the declared type. A text that is not of the new form is refused before the
task starts; the call fails.

## Example
```diff
-def remind(at: datetime) -> None: ...
+def remind(at: date) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule
from taskcontract.diff.walker.phrases import say_format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.schemas import SchemaPair
    from taskcontract.model.finding import Finding

RULE = Rule("payload-format-changed", "breaking", ("backward",), "major")


def check(pair: SchemaPair) -> Iterator[Finding]:
    """Yield a finding if a text's format differs, graded by whether old texts are still accepted."""
    old, new = pair.old_node, pair.new_node
    if (old.format, old.form) == (new.format, new.form):
        return
    proof = pair.find_lost(new.form_limit)
    gained = pair.find_gained(old.form_limit) is not None
    if proof is not None and proof.severity != "safe":
        yield RULE.found(
            pair,
            pair.path,
            f"{_say_change(pair)}: the worker {pair.refuses} texts that it took.",
            or_new_version(pair, "Take both for a while", "with an upcaster that converts it"),
            severity=proof.severity,
            directions=("backward", "forward") if gained else None,
            known=proof.known,
            witness=proof.witness,
            old=old.format,
            new=new.format,
        )
    elif new.format is not None and new.form is None:
        yield RULE.found(
            pair,
            pair.path,
            f"`{pair.label}` has the format {new.format}; whether a worker checks that is not known here.",
            "Make sure that each value which callers send can be read both ways.",
            severity="dangerous",
            known="undecided",
            old=old.format,
            new=new.format,
        )
    elif gained:
        yield RULE.found(
            pair,
            pair.path,
            f"{_say_change(pair)}: old workers may refuse texts that new ones take.",
            "Deploy the workers before the first caller sends one.",
            severity="safe",
            directions=("forward",),
            old=old.format,
            new=new.format,
        )


def _say_change(pair: SchemaPair) -> str:
    old, new = say_format(pair.old_node), say_format(pair.new_node)
    if old == new:
        return f"`{pair.label}` is read as {new} in another form than before"
    return f"`{pair.label}` is read as {new}, and was read as {old}"
