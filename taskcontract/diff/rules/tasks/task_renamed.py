"""A task has another name.

## What it does
Finds a task that went and one that came with the same signature, or with the same name and version under
another wire name. Where only the name in the bindings changed, messages still arrive: that is dangerous
for code that imports it.

## Why it breaks
Celery knows a task by its name alone. Old callers and queued messages use the old name, which the new
worker discards; new callers use the new one, which old workers discard during the deploy.

## Example
```diff
-def send_to_s3(key: str, content: str) -> str: ...
+def store_in_s3(key: str, content: str) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import TaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("task-renamed", "breaking", ("backward", "forward"), "major")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding if the old wire name is no longer served, or only the name in Python changed."""
    old, new = pair.old, pair.new
    if old is None or new is None:
        return
    if old.wire_name not in new.wire_names:
        yield RULE.found(
            pair,
            "wire_name",
            f"New workers discard messages for `{old.wire_name}`"
            + ("." if new.wire_name in old.aliases else f", old workers those for `{new.wire_name}`."),
            f'Serve both names, with aliases=("{old.wire_name}",), until no caller uses the old one.'
            if new.version
            else f"In three steps: register both names; let callers send `{new.wire_name}`; drop "
            f"`{old.wire_name}` once the queue is drained.",
            directions=("backward",) if new.wire_name in old.aliases else None,
            witness=pair.any_call,
            old=old.wire_name,
            new=new.wire_name,
        )
    elif old.name != new.name and old.version and new.version:
        yield RULE.found(
            pair,
            "name",
            f"Messages arrive as before, but code that imports `{old.name}` fails with ImportError.",
            f"Leave an alias in the bindings: `{old.name} = {new.name}`.",
            severity="dangerous",
            directions=("operational",),
            bump="major",
            old=old.name,
            new=new.name,
        )
