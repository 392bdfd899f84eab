"""A schema read into a formula: references, recursion, connectives; other keywords have their own modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from taskcontract.diff.schemas.dialects import DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020, find_draft
from taskcontract.diff.schemas.formulas import FALSE, TRUE, Opaque, Reference
from taskcontract.diff.schemas.places import ROOT, refuse, render_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.dialects import Reading
    from taskcontract.diff.schemas.document import Document, Resource
    from taskcontract.diff.schemas.factory import Formulas
    from taskcontract.diff.schemas.formulas import Formula
    from taskcontract.diff.schemas.patterns import Patterns
    from taskcontract.diff.schemas.places import Place
    from taskcontract.diff.schemas.values import Json

    #: What a keyword says, given the schema it is in.
    Handler: TypeAlias = Callable[["Reader", dict[str, Json], Place], Formula]


class Reader:
    """Reads one document; equal parts of all documents of a comparison become the same formula."""

    def __init__(
        self,
        document: Document,
        reading: Reading,
        formulas: Formulas,
        budget: Budget,
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
        self._handlers = find_handlers(reading)
        self._read: dict[tuple[int, str], Formula] = {}
        self._open: dict[tuple[int, str], Reference] = {}
        #: Where the schema comes back to a part of it that is still being read.
        self.loops: dict[Reference, Place] = {}

    def read(self, schema: Json, place: Place) -> Formula:
        """The formula of a schema."""
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
            return _read_ref(self, members, place)
        handlers = self._handlers
        parts = [handlers[name](self, members, (place, name)) for name in members if name in handlers]
        return parts[0] if len(parts) == 1 else self.formulas.all_of(*parts)

    def opaque(self, schema: Json, place: Place, why: str) -> Formula:
        """A condition that is equal only to the same text in the same place of the same document."""
        key = (id(self.document), id(schema), why)
        return self.formulas.make(Opaque, key, f"{why} (in the schema at {render_place(place)})")

    def follow(self, reference: Json, place: Place) -> tuple[Json, Resource] | None:
        """What a local reference leads to; None for one that leads out of the document."""
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
        """The formulas of a keyword whose value is a list of schemas."""
        schemas = members[cast("str", place[1])]
        if not isinstance(schemas, list) or not schemas:
            refuse(
                place, f"`{place[1]}` is a list of schemas, not {show(schemas)}", "Write at least one schema."
            )
        listed = cast("list[object]", schemas)
        return [self.read(schema, (place, at)) for at, schema in enumerate(listed)]

    def read_map(self, members: dict[str, Json], place: Place) -> dict[str, Json]:
        """The schemas of a keyword whose value is an object of schemas, unread."""
        schemas = members[cast("str", place[1])]
        if not isinstance(schemas, dict):
            refuse(place, f"`{place[1]}` is an object of schemas, not {show(schemas)}", "Write an object.")
        return cast("dict[str, Json]", schemas)


def show(value: Json) -> str:
    """A short form of any value, for messages."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _read_ref(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    if place[1] != "$ref":
        place = (place, "$ref")
    return _read_target(reader, members, members["$ref"], place)


def _read_target(reader: Reader, members: dict[str, Json], reference: Json, place: Place) -> Formula:
    target = reader.follow(reference, place)
    if target is None:
        return reader.opaque(members, place, f"{reference} is outside this schema and is never fetched")
    outer = reader.resource
    reader.resource = target[1]
    formula = reader.read(target[0], _place_of(reference, place))
    reader.resource = outer
    return formula


def _place_of(reference: str, place: Place) -> Place:
    if not reference.startswith("#/"):
        return place
    found: Place = ROOT
    for step in reference[2:].split("/"):
        found = (found, step)
    return found


def _read_dynamic_ref(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    reference = members["$dynamicRef"]
    name = reference.partition("#")[2] if isinstance(reference, str) else ""
    if len(reader.document.dynamic_anchors.get(name, ())) > 1:
        return reader.opaque(members, place, "`$dynamicRef` could lead to several places")
    return _read_target(reader, members, reference, place)


def _read_recursive_ref(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    if members["$recursiveRef"] != "#" or reader.document.recursive_anchors:
        return reader.opaque(members, place, "`$recursiveRef` could lead to several places")
    return _read_target(reader, members, "#", place)


def _read_all_of(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.all_of(*reader.read_list(members, place))


def _read_any_of(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.any_of(*reader.read_list(members, place))


def _read_one_of(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.one_of(*reader.read_list(members, place))


def _read_not(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    return reader.formulas.negate(reader.read(members["not"], place))


def _read_if(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    make = reader.formulas
    condition = reader.read(members["if"], place)
    above = place[0] or ROOT
    then = reader.read(members["then"], (above, "then")) if "then" in members else TRUE
    otherwise = reader.read(members["else"], (above, "else")) if "else" in members else TRUE
    return make.all_of(
        make.any_of(make.negate(condition), then),
        make.any_of(condition, otherwise),
    )


def _read_definitions(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    # They constrain nothing, but an invalid one makes the whole schema invalid.
    for name, schema in reader.read_map(members, place).items():
        reader.read(schema, (place, name))
    return TRUE


def _read_branch(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    # Without `if` it says nothing, but it still has to be a schema.
    if "if" not in members:
        reader.read(members[cast("str", place[1])], place)
    return TRUE


def _read_name(reader: Reader, members: dict[str, Json], place: Place) -> Formula:
    name = members[cast("str", place[1])]
    if not isinstance(name, str):
        refuse(place, f"`{place[1]}` is a string, not {show(name)}", "Write a string.")
    return TRUE


_CONNECTIVES: list[tuple[str, Handler, int]] = [
    ("allOf", _read_all_of, 0),
    ("anyOf", _read_any_of, 0),
    ("oneOf", _read_one_of, 0),
    ("not", _read_not, 0),
    ("if", _read_if, DRAFT_7),
    ("then", _read_branch, DRAFT_7),
    ("else", _read_branch, DRAFT_7),
    ("$id", _read_name, DRAFT_6),
    ("$anchor", _read_name, DRAFT_2019),
    ("$ref", _read_ref, DRAFT_2019),
    ("$dynamicRef", _read_dynamic_ref, DRAFT_2020),
    ("definitions", _read_definitions, 0),
    ("$defs", _read_definitions, DRAFT_2019),
]

_TABLES: dict[Reading, dict[str, Handler]] = {}


def find_handlers(reading: Reading) -> dict[str, Handler]:
    """The keywords that constrain values in this reading, each with what reads it."""
    found = _TABLES.get(reading)
    if found is None:
        from taskcontract.diff.schemas import array_keywords, object_keywords, scalar_keywords

        found = {name: handler for name, handler, since in _CONNECTIVES if reading.draft >= since}
        if reading.draft == DRAFT_2019:
            found["$recursiveRef"] = _read_recursive_ref
        for keywords in (scalar_keywords, array_keywords, object_keywords):
            for name, handler, since, until in keywords.HANDLERS:
                if since <= reading.draft <= until:
                    found[name] = handler
        if not reading.dependencies:
            found.pop("dependencies", None)
        if reading.draft < DRAFT_6:
            for name in ("const", "contains", "propertyNames"):
                found.pop(name, None)
        _TABLES[reading] = found
    return found
