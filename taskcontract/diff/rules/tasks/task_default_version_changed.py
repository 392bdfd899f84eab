"""A wire name now means another major version.

## What it does
Finds wire names that belong to another major version than before, in a task that has several. A task
with a single version may move on under its name: what that breaks is found in its signature.

## Why it breaks
A call by the bare name, from `send_task` or another language, carries no version: the name is the
version. It now reaches a handler with other parameters and another result, without an error where the
arguments happen to fit.

## Example
```diff
-@pusher.task(version="1.0.0", name="pusher.send_to_s3")
+@pusher.task(version="1.0.0", name="pusher.send_to_s3_v1")
 def send_to_s3(key: str, content: str) -> str: ...
-@pusher.task(version="2.0.0", name="pusher.send_to_s3_v2", supersedes=send_to_s3)
+@pusher.task(version="2.0.0", name="pusher.send_to_s3", supersedes=send_to_s3)
 def send_to_s3_v2(key: str, content: str, meta: dict[str, str]) -> str: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import TaskPair
    from taskcontract.model.finding import Finding

RULE = Rule("task-default-version-changed", "breaking", ("backward",), "major")


def check(pair: TaskPair) -> Iterator[Finding]:
    """Yield a finding if the same wire name leads to another major version of the task."""
    old, new = pair.old, pair.new
    if old is None or new is None or old.wire_name not in new.wire_names or old.name != new.name:
        return
    before, after = (task.version.partition(".")[0] for task in (old, new))
    versions = pair.catalogue.old_versions[old.name], pair.catalogue.new_versions[new.name]
    if before != after and max(map(len, versions)) > 1:
        found = pair.kept and pair.kept.signature.show_kept()
        yield RULE.found(
            pair,
            "version",
            f"`{old.wire_name}` meant version {before}; its callers get version {after}"
            + (f"; {found.notice}." if found else "."),
            f"Leave `{old.wire_name}` to version {before} and give version {after} a wire name of its own.",
            known="proved",
            silent=bool(found and found.silent),
            witness=found.witness if found else None,
            old=old.version,
            new=new.version,
        )
