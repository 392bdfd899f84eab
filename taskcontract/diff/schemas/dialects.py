"""Which drafts of JSON Schema a schema can be read as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from taskcontract.errors import SpecError
from taskcontract.model.schema_parts import BY_NAME, DATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.schemas.values import Json

#: Drafts by the year or the number that tells which is newer.
DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020 = 4, 6, 7, 2019, 2020

_DRAFTS = {
    "json-schema.org/draft-04/schema": DRAFT_4,
    "json-schema.org/draft-06/schema": DRAFT_6,
    "json-schema.org/draft-07/schema": DRAFT_7,
    "json-schema.org/draft/2019-09/schema": DRAFT_2019,
    "json-schema.org/draft/2020-12/schema": DRAFT_2020,
}


class Reading(NamedTuple):
    """One way to read a schema: a draft, and whether `dependencies` counts where the draft leaves it open."""

    draft: int
    dependencies: bool


def find_readings(schema: Json, text: str) -> list[Reading] | None:
    """Return the ways to read a schema whose JSON is `text`; None for an unknown dialect.

    Without `$schema` it is 2020-12, unless it uses keywords in a form that only older drafts have. Since
    2019-09 a validator may ignore `dependencies` or apply it: then there are two readings.
    """
    declared = cast("dict[str, Any]", schema).get("$schema") if isinstance(schema, dict) else None
    if declared is None:
        older = _guess_readings(schema, text)
        if older:
            return older
        draft = DRAFT_2020
    elif isinstance(declared, str):
        known = find_draft(declared)
        if known is None:
            return None
        draft = known
    else:
        raise SpecError(
            f"`$schema` must be a URI, not {declared!r}",
            where="$.$schema",
            do="Name the draft, or leave it out.",
        )
    if draft >= DRAFT_2019 and '"dependencies":{' in text and _uses(schema, "dependencies", dict):
        return [Reading(draft, False), Reading(draft, True)]
    return [Reading(draft, draft <= DRAFT_7)]


def find_draft(uri: str) -> int | None:
    """Return the draft that a `$schema` names; None for an unknown one."""
    return _DRAFTS.get(uri.removesuffix("#").partition("://")[2])


def _guess_readings(schema: Json, text: str) -> list[Reading]:
    # The text is canonical: only where it shows such a keyword is the schema worth a walk.
    for keyword in ("exclusiveMinimum", "exclusiveMaximum"):
        written = f'"{keyword}":true' in text or f'"{keyword}":false' in text
        if written and _uses(schema, keyword, bool):
            return [Reading(DRAFT_4, True)]
    if '"items":[' in text and _uses(schema, "items", list):
        return [Reading(DRAFT_7, True), Reading(DRAFT_2019, True)]
    return []


def _uses(schema: Json, keyword: str, kind: type) -> bool:
    return any(isinstance(part.get(keyword), kind) for part in walk(schema))


def walk(schema: Json) -> Iterator[dict[str, Json]]:
    """Every object inside a schema that is in a schema's place, outermost first."""
    waiting: list[tuple[Json, bool]] = [(schema, False)]
    while waiting:
        current, by_name = waiting.pop()
        if isinstance(current, dict):
            members = cast("dict[str, Json]", current)
            if by_name:
                waiting.extend((member, False) for member in members.values())
                continue
            yield members
            waiting.extend(
                (member, name in BY_NAME)
                for name, member in members.items()
                if name not in DATA and isinstance(member, dict | list)
            )
        elif isinstance(current, list):
            waiting.extend((item, False) for item in cast("list[object]", current))
