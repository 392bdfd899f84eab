"""However a schema refers to its parts and however it uses them twice, the comparison ends."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from taskcontract.diff.schemas import SchemaComparison, compare_schemas
from tests.support.deep_references import LEVELS, MOST_STEPS, STYLES, USES, make_pairs
from tests.support.schema_oracle import find_fault

#: Why a comparison may give up; anything else would be a guess.
REASONS = (
    "needs more than",
    "never come to an end",
    "too large to be",
    "nested too deeply",
    "cannot be told",
)

#: What this use leaves open whatever it refers to.
OLDER = {"2019", "draft 7", "draft 4", "dynamic"}
OPEN = {"unevaluatedProperties", "unevaluatedItems", "contains", "additionalProperties", "oneOf, alike"}


@cache
def judge_by_pointers(use: str) -> list[str]:
    """The verdicts on the pairs of a use whose parts are referred to by JSON pointers."""
    return [
        compare_schemas(*pair, steps=MOST_STEPS).verdict for pair in make_pairs("pointer", use, LEVELS[0])
    ]


@pytest.mark.process
@pytest.mark.parametrize("style", STYLES)
def test_each_level_used_twice_ends_with_the_right_verdict_or_none(style: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.support.deep_references", style],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    outcomes: dict[str, list[list[Any]]] = json.loads(ran.stdout)
    for use in USES:
        few, *many = zip(outcomes[use][::2], outcomes[use][1::2], strict=True)
        for at, pair in enumerate(make_pairs(style, use, LEVELS[0])):
            judged = SchemaComparison(*few[at])
            assert find_fault(*pair, judged, random.Random(3), 15) is None, (use, judged)
            # What it says is the same, however it refers to its parts; only drafts differ.
            same = judge_by_pointers(use)[at]
            assert judged.verdict == same or style in OLDER or use in OPEN, (use, judged)
            assert judged.verdict != "undecided" or use in OPEN, (use, judged)
            for verdict, reason, _ in (deeper[at] for deeper in many):
                gives_up = verdict == "undecided" and any(known in reason for known in REASONS)
                assert gives_up or verdict == judged.verdict or judged.verdict == "undecided", (use, reason)


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#x", "$defs": {"a": {"$anchor": "x", "type": "string"}}},
        {"$dynamicRef": "#x", "$defs": {"a": {"$dynamicAnchor": "x", "type": "string"}}},
        {"$id": "https://example.org/a", "$ref": "b", "$defs": {"a": {"$id": "b", "type": "string"}}},
        {"$ref": "#/$defs/a%25", "$defs": {"a%": {"type": "string"}}},
        {"allOf": [{"type": "string"}, {"$ref": "#/allOf/0"}]},
    ],
    ids=str,
)
def test_a_reference_of_the_root_leads_to_a_witness(schema: Any) -> None:
    assert compare_schemas(schema, {"type": "string", "maxLength": 3}).witness == "aaaa"
