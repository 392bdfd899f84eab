"""A parameter takes a keyword that used to fall into `**kwargs`.

## What it does
Finds new names of parameters in a signature that took any keyword before.

## Why it breaks
A message that sent this name as an extra key still binds, but its value no longer reaches `**kwargs`:
the code that passed the extras on loses it, and the parameter gets a value that was not meant for it.
For plain tasks, whose `**kwargs` often only lets newer callers send more, it is dangerous.

## Example
```diff
-def send_to_s3(key: str, **meta: str) -> str: ...
+def send_to_s3(key: str, acl: str = "private", **meta: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.signatures import ParameterPair
    from taskcontract.model.finding import Finding

RULE = Rule("param-captures-extra-key", "breaking", ("backward",), "major")


def check(pair: ParameterPair) -> Iterator[Finding]:
    """Yield a finding for a parameter whose name was a key of the old `**kwargs`."""
    new = pair.new
    if new is None or pair.variadic or pair.rename_breaks:
        return  # that the name is another now is told by param-renamed or param-renamed-swallowed
    found = pair.find_break(
        lambda item: item.landing == new.name and item.subject.startswith("**"),
        # A positional-only parameter does not take it, but some binders refuse the name all the same.
        lambda item: item.cause == "positional-only" and item.subject == new.name and pair.old is None,
    )
    if found is not None:
        fate = (
            f"the parameter takes it now; {found.notice}"
            if found.call.silent
            else "now it may be refused with TypeError"
        )
        yield RULE.found(
            pair,
            f"parameters.{new.name}",
            f"The extra key `{new.name}` used to reach `**{pair.signature.old_shape.var_keyword}`; {fate}.",
            "Choose a name that no caller sends as an extra key.",
            severity=found.severity,
            silent=found.silent,
            witness=found.witness,
            new=new.kind,
        )
