"""A schema read into a formula: recursion and references; what each keyword says is given to the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from taskcontract.diff.schemas.dialects import DRAFT_7, find_draft
from taskcontract.diff.schemas.formulas import FALSE, TRUE, Opaque, Reference, list_parts
from taskcontract.diff.schemas.places import refuse, render_place, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.dialects import Reading
    from taskcontract.diff.schemas.document import Document, Resource
    from taskcontract.diff.schemas.factory import Formulas
    from taskcontract.diff.schemas.formulas import Formula
    from taskcontract.diff.schemas.patterns import Patterns
    from taskcontract.diff.schemas.places import Place
    from taskcontract.diff.schemas.values import Json

    Handler: TypeAlias = Callable[["Reader", dict[str, Json], Place], Formula]


class Reader:
    """Reads one document; equal parts of all documents of a comparison become the same formula."""

    def __init__(
        self,
        document: Document,
        reading: Reading,
        formulas: Formulas,
        budget: Budget,
        handlers: Mapping[str, Handler],
        *,
        formats: bool,
        patterns: Patterns,
    ) -> None:
        self.document = document
        self.reading = reading
        self.formulas = formulas
        self.budget = budget
        self.formats = formats
        self.patterns = patterns
        self.resource: Resource = document.root
        self._handlers = handlers
        self._read: dict[tuple[int, str], Formula] = {}
        self._open: dict[tuple[int, str], Reference] = {}
        #: Where the schema comes back to a part of it that is still being read.
        self.loops: dict[Reference, Place] = {}

    def read(self, schema: Json, place: Place) -> Formula:
        """Return the formula of a schema."""
        if schema is True:
            return TRUE
        if schema is False:
            return FALSE
        if not isinstance(schema, dict):
            refuse(
                place,
                f"a schema is an object or a boolean, not {show(schema)}",
                "Write an object, true or false.",
            )
        members = cast("dict[str, Json]", schema)
        outer = self.resource
        self.resource = self.document.enter(members, outer)
        key = (id(members), self.resource.base)
        found = self._read.get(key)
        if found is None:
            found = self._read_once(members, place, key)
        self.resource = outer
        return found

    def _read_once(self, members: dict[str, Json], place: Place, key: tuple[int, str]) -> Formula:
        reference = self._open.get(key)
        if reference is not None:
            self.loops[reference] = place
            return reference
        self.budget.spend()
        self._open[key] = reference = Reference()
        formula = self._read_members(members, place)
        reference.target = formula
        del self._open[key]
        self._read[key] = formula
        return formula

    def _read_members(self, members: dict[str, Json], place: Place) -> Formula:
        draft = self.reading.draft
        if (
            "$schema" in members
            and members is not self.document.root.root
            and (not isinstance(members["$schema"], str) or find_draft(members["$schema"]) != draft)
        ):
            return self.opaque(members, place, "a part of the schema declares a dialect of its own")
        if "$ref" in members and draft <= DRAFT_7:
            return self._handlers["$ref"](self, members, (place, "$ref"))
        handlers = self._handlers
        parts = [handlers[name](self, members, (place, name)) for name in members if name in handlers]
        return parts[0] if len(parts) == 1 else self.formulas.all_of(*parts)

    def opaque(self, schema: Json, place: Place, why: str) -> Formula:
        """Return a condition that equals only the same text in the same place of the same document."""
        key = (id(self.document), id(schema), why)
        return self.formulas.make(Opaque, key, f"{why} (in the schema at {render_place(place)})")

    def follow(self, reference: Json, place: Place) -> tuple[Json, Resource] | None:
        """Return what a local reference leads to; None if it leads out of the document."""
        if not isinstance(reference, str):
            refuse(
                place,
                f"a reference is a string, not {show(reference)}",
                "Write a JSON pointer such as #/$defs/A.",
            )
        target = self.document.resolve(reference, self.resource)
        if target is None and reference.startswith("#"):
            refuse(place, f"the reference {reference} leads nowhere", "Define what it names, or correct it.")
        return target

    def read_list(self, members: dict[str, Json], place: Place) -> list[Formula]:
        """Return the formulas of a keyword whose value is a list of schemas."""
        schemas = members[cast("str", place[1])]
        if not isinstance(schemas, list) or not schemas:
            refuse(
                place, f"`{place[1]}` is a list of schemas, not {show(schemas)}", "Write at least one schema."
            )
        listed = cast("list[object]", schemas)
        return [self.read(schema, (place, at)) for at, schema in enumerate(listed)]

    def read_map(self, members: dict[str, Json], place: Place) -> dict[str, Json]:
        """Return the schemas of a keyword whose value is an object of schemas, unread."""
        schemas = members[cast("str", place[1])]
        if not isinstance(schemas, dict):
            refuse(place, f"`{place[1]}` is an object of schemas, not {show(schemas)}", "Write an object.")
        return cast("dict[str, Json]", schemas)


def refuse_loops(loops: dict[Reference, Place]) -> None:
    """Raise SpecError if a reference leads back to itself while it speaks of the same value."""
    for reference, place in loops.items():
        if _reaches(reference.target, reference):
            refuse(
                place,
                "this reference leads back to itself without ever describing a part of the value",
                "Remove the loop: no validator can finish it.",
            )


def _reaches(start: Formula, wanted: Reference) -> bool:
    seen: set[Formula] = set()
    waiting = [start]
    while waiting:
        current = waiting.pop()
        if current is wanted:
            return True
        if current in seen:
            continue
        seen.add(current)
        waiting.extend(list_parts(current))
    return False
