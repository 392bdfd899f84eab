"""The places in two schemas side by side, and what the engine proves about each difference."""

from __future__ import annotations

from collections import deque
from functools import cached_property
from json import dumps as spell
from typing import TYPE_CHECKING, Literal, NamedTuple

from taskcontract.diff.walker.alternatives import tell_texts
from taskcontract.diff.walker.node_diff import NodeDiff
from taskcontract.diff.walker.nodes import Node, as_union, read_node, resolve, standalone
from taskcontract.diff.walker.phrases import say_node
from taskcontract.diff.walker.proofs import prove_part
from taskcontract.model.equality import fingerprint, same_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.proofs import Proof
    from taskcontract.diff.walker.subjects import Subject
    from taskcontract.model.canonical import Json

__all__ = ["SchemaPair", "Step", "join_key", "walk_places"]

MOST_PLACES = 2000
"""Places looked at in one schema; the engine's verdict on the whole covers what lies beyond."""


class Step(NamedTuple):
    """How a place hangs in the one above it: `kind` is property, item, place, value or branch."""

    kind: str
    key: str | int = ""

    def add_to(self, value: Json, inner: Json) -> Json:
        """`value`, of the place above, with `inner` at this step."""
        if self.kind == "branch":
            return inner
        if self.kind in ("property", "value"):
            return {**(value if isinstance(value, dict) else {}), self.key or "key": inner}
        items = list(value) if isinstance(value, list) else []
        index = int(self.key or 0)
        return [*items[:index], inner, *items[index + 1 :]]


class SchemaPair:
    """One place in the schema of a parameter or a result, before and after.

    `facets` say what differs here; `find_lost` and `find_gained` ask the engine whether that loses or adds
    values. `unexplained` marks the place that stands for what no rule on a single place could name, and says
    on which side.
    """

    def __init__(
        self,
        subject: Subject,
        old: Json,
        new: Json,
        path: str,
        above: SchemaPair | None = None,
        step: Step | None = None,
        *,
        unexplained: Literal["lost", "gained"] | None = None,
    ) -> None:
        self.subject = subject
        self.old = old
        self.new = new
        self.path = path
        self.above = above
        self.step = step
        self.unexplained = unexplained
        self.service = subject.service
        self.task = subject.task
        self.version = subject.version
        self.old_node = Node() if unexplained else read_node(old, subject.old)
        self.new_node = Node() if unexplained else read_node(new, subject.new)
        if self.old_node.branches and not self.new_node.branches:
            self.new_node = as_union(new, self.new_node)
        elif self.new_node.branches and not self.old_node.branches:
            self.old_node = as_union(old, self.old_node)
        tell_texts(self.old_node, subject.old, self.new_node, subject.new)

    @cached_property
    def facets(self) -> NodeDiff:
        """What differs at this place itself."""
        return NodeDiff(self.old_node, self.new_node)

    @property
    def is_root(self) -> bool:
        """Whether this is the schema itself, not a part of it."""
        return self.above is None and self.unexplained is None

    @property
    def label(self) -> str:
        """The place as a sentence names it: `meta.tenant`, `result.url`."""
        return self.path.removeprefix("parameters.")

    @property
    def refuses(self) -> str:
        """What the new worker does with a value that it does not take; where it checks none, it runs."""
        return "refuses" if self.subject.new_task.enforced else "may fail on"

    @property
    def refuse(self) -> str:
        """What old workers do with a value that they do not take."""
        return "refuse" if self.subject.old_task.enforced else "may fail on"

    def say_old(self) -> str:
        """Spell the old types or values."""
        return say_node(self.old_node)

    def say_new(self) -> str:
        """Spell the new types or values."""
        return say_node(self.new_node)

    def say_lost(self) -> str:
        """Spell what is no longer accepted."""
        named = self.facets.branches_lost or self.facets.types_lost
        return f"more than {self.say_new()}" if named in ([], ["any"]) else " or ".join(named)

    def say_gained(self) -> str:
        """Spell what is accepted and was not."""
        named = self.facets.branches_gained or self.facets.types_gained
        return f"more than {self.say_old()}" if named in ([], ["any"]) else " or ".join(named)

    def find_lost(self, limit: Json, *, undeclared: bool = False) -> Proof | None:
        """How it shows that values outside `limit`, a schema for this place, are lost; None if they are not.

        `undeclared` says that what is at stake are keys that no schema names, so that they count in full.
        """
        return prove_part(self.subject, "lost", self.old, limit, self._lift, undeclared=undeclared)

    def find_gained(self, limit: Json) -> Proof | None:
        """Return the proof that there are new values outside `limit`; None if there are none."""
        return prove_part(self.subject, "gained", self.new, limit, self._lift_new)

    def _lift_new(self, value: Json) -> Json:
        return self._lift(value, new=True)

    def _lift(self, value: Json, *, new: bool = False) -> Json:
        """Return a value of the whole schema that has `value` at this place."""
        samples = self.subject.context.samples
        place = self
        while place.above is not None and place.step is not None:
            if place.step.kind != "branch":
                above = place.above
                part, root = (above.new, self.subject.new) if new else (above.old, self.subject.old)
                value = place.step.add_to(samples.value_of(standalone(resolve(part, root), root)), value)
            place = place.above
        return value


def walk_places(subject: Subject) -> Iterator[SchemaPair]:
    """Each place that differs, the root first; what references lead to is entered once.

    Raises SpecError for a schema that the engine refuses.
    """
    subject.require_valid()
    waiting = deque([SchemaPair(subject, subject.old, subject.new, subject.path)])
    entered: set[tuple[object, ...]] = set()
    for _ in range(MOST_PLACES):
        if not waiting:
            return
        pair = waiting.popleft()
        old, new = pair.old_node, pair.new_node
        key = fingerprint(old.core), fingerprint(new.core)
        if b"$ref" in key[0] + key[1]:
            # What differs in null alone is looked at once more, for the null.
            exact = (*key, old.nullable, new.nullable) if old.nullable != new.nullable else key
            if exact in entered:
                continue
            entered |= {exact, key}
        yield pair
        if subject.context.budget.used_up:
            return
        for step, path, before, after in _steps(pair):
            if not (same_json(before, after) and subject.same_definitions):
                waiting.append(SchemaPair(subject, before, after, path, pair, step))


def _steps(pair: SchemaPair) -> Iterator[tuple[Step, str, Json, Json]]:
    old, new, path = pair.old_node, pair.new_node, pair.path
    for label, schema in old.branches.items():
        if label in new.branches:
            yield Step("branch", label), f"{path}({label})", schema, new.branches[label]
    for name, schema in old.properties.items() if pair.facets.objects else ():
        if name in new.properties:
            yield Step("property", name), join_key(path, name), schema, new.properties[name]
    if pair.facets.objects and _tells(old.extra) and _tells(new.extra):
        yield Step("value"), f"{path}.*", old.extra, new.extra
    if not pair.facets.arrays:
        return
    for index, (one, other) in enumerate(zip(old.prefix, new.prefix, strict=False)):
        yield Step("place", index), f"{path}[{index}]", one, other
    if _tells(old.item) or _tells(new.item):
        first = max(len(old.prefix), len(new.prefix))
        yield Step("item", first), f"{path}[]", old.item, new.item


def _tells(schema: Json) -> bool:
    return schema is not True and schema is not False


def join_key(path: str, name: str) -> str:
    """Append a property to a path; its name is quoted if it could be read as several steps."""
    return f"{path}.{name}" if name.replace("-", "_").isidentifier() else f"{path}[{spell(name)}]"
