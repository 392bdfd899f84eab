"""Which keywords constrain values in which dialect, each with what reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas import array_keywords, connectives, object_keywords, scalar_keywords
from taskcontract.diff.schemas.dialects import DRAFT_6

if TYPE_CHECKING:
    from taskcontract.diff.schemas.dialects import Reading
    from taskcontract.diff.schemas.reader import Handler

_TABLES: dict[Reading, dict[str, Handler]] = {}


def find_handlers(reading: Reading) -> dict[str, Handler]:
    """Return the keywords that constrain values in this reading, each with what reads it."""
    found = _TABLES.get(reading)
    if found is None:
        found = {
            name: handler
            for keywords in (connectives, scalar_keywords, array_keywords, object_keywords)
            for name, handler, since, until in keywords.HANDLERS
            if since <= reading.draft <= until
        }
        if not reading.dependencies:
            found.pop("dependencies", None)
        if reading.draft < DRAFT_6:
            for name in ("const", "contains", "propertyNames"):
                found.pop(name, None)
        _TABLES[reading] = found
    return found
