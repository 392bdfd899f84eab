"""What another engine says of two schemas: jsonschema-rs proves many inclusions, by ways of its own."""

from __future__ import annotations

from typing import Any

import jsonschema_rs


def ask_second_engine(old: Any, new: Any) -> bool | None:
    """Whether each value valid under old is valid under new; None where it cannot tell."""
    canonical = jsonschema_rs.canonical
    try:
        before, after = (
            jsonschema_rs.canonicalize(schema, offline=True, validate_formats=False) for schema in (old, new)
        )
        covered = after.covers(before)
        left = before.subtract(after).satisfiability()
    except canonical.CanonicalizationError:
        return None
    if covered == canonical.Containment.YES or left == canonical.Satisfiability.NO:
        return True
    if covered == canonical.Containment.NO or left == canonical.Satisfiability.YES:
        return False
    return None
