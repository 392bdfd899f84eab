"""The independent validator that every witness has to pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.diff.schemas.dialects import DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.document import Document
    from taskcontract.diff.schemas.patterns import PatternReading
    from taskcontract.diff.schemas.values import Json


def validate(
    document: Document, value: Json, budget: Budget, *, formats: bool, patterns: PatternReading
) -> bool | None:
    """Whether a value is valid under a schema; None if the validator cannot tell."""
    schema = document.root.root
    try:
        import jsonschema_rs  # only a witness needs it, and most comparisons have none
    except ImportError as error:
        raise ConfigError(
            f"jsonschema-rs, which confirms what a comparison finds, cannot be imported: {error}",
            do='Install it anew: pip install --force-reinstall "taskcontract[diff]".',
        ) from None

    if patterns == "rust":
        from taskcontract.diff.schemas.spelled_patterns import spell_patterns

        spelled = spell_patterns(schema, value, budget)
        if spelled is None:
            return None
        schema = spelled
    kinds: dict[int, Any] = {
        DRAFT_4: jsonschema_rs.Draft4Validator,
        DRAFT_6: jsonschema_rs.Draft6Validator,
        DRAFT_7: jsonschema_rs.Draft7Validator,
        DRAFT_2019: jsonschema_rs.Draft201909Validator,
        DRAFT_2020: jsonschema_rs.Draft202012Validator,
    }
    try:
        validator = kinds[document.draft](schema, validate_formats=formats, offline=True)
        valid: bool = validator.is_valid(value)
    except (ValueError, jsonschema_rs.ReferencingError):
        return None
    return valid
