"""The result of a task no longer fits the task that takes such results first.

## What it does
Finds tasks of one service of which one returned exactly the object or array that the other took as its
first parameter (or a list of them, as the body of a chord does), where the new result does not fit the
new parameter. Plain strings and numbers fit too many tasks to say anything, and of tasks whose worker checks
no types the types say too little.

## Why it breaks
Where the two follow each other in a chain or a chord, the second is refused, or runs on a value that it
does not understand.

## Example
```diff
-def store(key: str) -> Stored: ...
+def store(key: str) -> list[Stored]: ...
 def index(stored: Stored) -> None: ...
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.handed import find_first, pass_on
from taskcontract.diff.remedies import or_new_version
from taskcontract.diff.rule import Rule
from taskcontract.model.equality import same_json
from taskcontract.model.finding import Witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.tasks import KeptTaskPair
    from taskcontract.model.finding import Finding
    from taskcontract.model.service import TaskSpec

RULE = Rule("canvas-link-mismatch", "breaking", ("canvas",), "major")


def check(pair: KeptTaskPair) -> Iterator[Finding]:
    """Yield a finding for each pair of tasks whose result and first parameter matched and no longer do."""
    catalogue = pair.catalogue
    if pair.result_differs:
        for taker, chord in catalogue.links.takers_of(pair.old):
            follower = catalogue.new_tasks.get(taker.wire_name)
            if follower is not None:
                yield from _compare(pair, pair.new, follower, chord, f"canvas.{taker.id}")
    first = find_first(pair.old)
    if first is None or find_first(pair.new) == first:
        return
    for giver, chord in catalogue.links.givers_to(first):
        before = catalogue.new_tasks.get(giver.wire_name)
        if before is not None and same_json(before.result, giver.result):
            yield from _compare(pair, before, pair.new, chord, f"canvas.{giver.id}")


def _compare(
    pair: KeptTaskPair, giver: TaskSpec, taker: TaskSpec, chord: bool, path: str
) -> Iterator[Finding]:
    first = find_first(taker)
    if first is None or not taker.enforced:
        return  # a worker that checks no types takes what it is handed; the changed type has its own finding
    handed = pass_on(giver.result, chord=chord)
    answer = pair.context.schemas.compare(handed, first.schema)
    if answer.verdict != "not-included":
        return
    role = "the body of a chord over" if chord else "the link after"
    yield RULE.found(
        pair,
        path,
        f"As {role} `{giver.name}`, `{taker.name}` gets a value in `{first.name}` that it does not take.",
        or_new_version(pair, f"Let `{first.name}` take the new result as well", f"of `{giver.name}`"),
        witness=Witness(value=answer.witness, is_value=True),
    )
