"""One schema document: where its references lead. Nothing outside the document is ever fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from taskcontract.diff.schemas.dialects import DRAFT_4, DRAFT_2019, DRAFT_2020
from taskcontract.model.pointers import NOWHERE, read_reference, take_step
from taskcontract.model.schema_parts import BY_NAME, SCHEMAS

if TYPE_CHECKING:
    from taskcontract.diff.schemas.values import Json


class Resource(NamedTuple):
    """A schema with an identity of its own: what `#` means inside it."""

    base: str
    root: Json


class Target(NamedTuple):
    """What a reference leads to, and the resource that it is in."""

    schema: Json
    resource: Resource


class Document:
    """A schema and the resources and anchors that it embeds."""

    def __init__(self, schema: Json, text: str, draft: int) -> None:
        self.draft = draft
        self._id = "id" if draft == DRAFT_4 else "$id"
        base = ""
        if isinstance(schema, dict):
            own = cast("dict[str, Json]", schema).get(self._id)
            base = own.partition("#")[0] if isinstance(own, str) else ""
        self.root = Resource(base, schema)
        # Only a schema that names parts of itself needs a look at all of its parts.
        named = text.count(f'"{self._id}"') > 0 or "nchor" in text
        self._resources: dict[str, Resource] = {base: self.root}
        self._anchors: dict[tuple[str, str], Target] = {}
        self._homes: dict[int, Resource] = {}
        #: The places that share a name, of which a validator takes the outermost that it came through.
        self.dynamic_anchors: dict[str, list[Target]] = {}
        self.recursive_anchors: list[Target] = []
        if named:
            self._index(schema)

    def enter(self, schema: dict[str, Json], resource: Resource) -> Resource:
        """Return the resource of `schema`, a part of `resource`: its own if it has an identity."""
        return self._homes.get(id(schema), resource) if self._homes else resource

    def list_targets(self, members: dict[str, Json], resource: Resource) -> list[Target]:
        """All that the references of a schema may lead to, as far as that is in this document."""
        found: dict[int, Target] = {}
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            reference = members.get(keyword)
            target = self.resolve(reference, resource) if isinstance(reference, str) else None
            if target is not None:
                found[id(target.schema)] = target
        dynamic = members.get("$dynamicRef")
        anchors = self.dynamic_anchors.get(dynamic.partition("#")[2], ()) if isinstance(dynamic, str) else ()
        for target in (*anchors, *(self.recursive_anchors if "$recursiveRef" in members else ())):
            found[id(target.schema)] = target
        return list(found.values())

    def resolve(self, reference: str, resource: Resource) -> Target | None:
        """Return what a reference inside `resource` leads to; None if that is not in this document."""
        address, _, fragment = reference.partition("#")
        home = resource
        if address:
            found = self._resources.get(_join(resource.base, address))
            if found is None:
                return None
            home = found
        if not fragment:
            return Target(home.root, home)
        if not fragment.startswith("/"):
            return self._anchors.get((home.base, fragment))
        current = home.root
        for step in read_reference(reference):
            current = take_step(current, step)
            if current is NOWHERE:
                return None
            if isinstance(current, dict):
                home = self.enter(cast("dict[str, Json]", current), home)
        return Target(current, home)

    def _index(self, schema: Json) -> None:
        waiting: list[tuple[Json, Resource, bool]] = [(schema, self.root, False)]
        while waiting:
            current, home, by_name = waiting.pop()
            if isinstance(current, list):
                waiting.extend((item, home, False) for item in cast("list[object]", current))
            elif isinstance(current, dict):
                members = cast("dict[str, Json]", current)
                if by_name:
                    waiting.extend((member, home, False) for member in members.values())
                    continue
                home = self._name(members, home)
                # What looks like a schema under any other keyword is not one: its names do not count.
                waiting.extend(
                    (member, home, name in BY_NAME)
                    for name, member in members.items()
                    if name in SCHEMAS or (name in BY_NAME and isinstance(member, dict))
                )

    def _name(self, members: dict[str, Json], home: Resource) -> Resource:
        own = members.get(self._id)
        if isinstance(own, str) and (self.draft >= DRAFT_2019 or "$ref" not in members):
            address, _, fragment = own.partition("#")
            if address and members is not self.root.root:
                home = Resource(_join(home.base, address), members)
                self._resources[home.base] = home
                self._homes[id(members)] = home
            if fragment and self.draft < DRAFT_2019:
                self._anchors[home.base, fragment] = Target(members, home)
        if self.draft >= DRAFT_2019:
            self._anchor(members, home, "$anchor")
        if self.draft >= DRAFT_2020:
            self._anchor(members, home, "$dynamicAnchor")
        if self.draft == DRAFT_2019 and members.get("$recursiveAnchor") is True:
            self.recursive_anchors.append(Target(members, home))
        return home

    def _anchor(self, members: dict[str, Json], home: Resource, keyword: str) -> None:
        name = members.get(keyword)
        if isinstance(name, str):
            target = self._anchors[home.base, name] = Target(members, home)
            if keyword == "$dynamicAnchor":
                self.dynamic_anchors.setdefault(name, []).append(target)


def _join(base: str, address: str) -> str:
    from urllib.parse import urljoin

    try:
        return urljoin(base, address)
    except ValueError:  # no URI: a name that nothing else has
        return address
