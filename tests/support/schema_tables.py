"""Rows of labelled schema pairs: two schemas, the verdict from the first to the second, and back."""

from __future__ import annotations

import random
from typing import Any

from taskcontract.diff.schemas import SchemaComparison, compare_schemas
from tests.support.schema_oracle import find_fault

VERDICTS = {"<": "included", "x": "not-included", "?": "undecided"}

#: Old, new, and two marks: `<` included, `x` not included, `?` undecided; there and back.
Row = tuple[Any, Any, str]

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_6 = "http://json-schema.org/draft-06/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"


def check_row(row: Row) -> None:
    """Assert both verdicts of a row, and that validators agree with them."""
    one, other, marks = row
    assert len(marks) == 2
    check(one, other, VERDICTS[marks[0]])
    check(other, one, VERDICTS[marks[1]])


def check(old: Any, new: Any, verdict: str) -> SchemaComparison:
    found = compare_schemas(old, new)
    assert found.verdict == verdict, (old, new, found)
    assert found.reason
    assert find_fault(old, new, found, random.Random(1), 60, slow=True) is None, (old, new, found)
    return found


def closed(**properties: Any) -> dict[str, Any]:
    """A closed object of these optional properties."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def opened(*required: str, **properties: Any) -> dict[str, Any]:
    """An open object of these properties, some of them required."""
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}
