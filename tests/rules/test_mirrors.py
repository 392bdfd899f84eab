"""The reviewed list of opposite rules is complete, and says nothing twice."""

from __future__ import annotations

import tomllib
from pathlib import Path

from taskcontract.diff.rule_index import list_rule_ids

MIRRORS = tomllib.loads((Path(__file__).parent / "mirrors.toml").read_text())


def test_every_rule_has_a_mirror_or_a_reason_to_have_none() -> None:
    listed = [rule for pair in MIRRORS["pairs"] for rule in pair] + list(MIRRORS["alone"])
    assert sorted(listed) == list_rule_ids()


def test_every_reason_is_one() -> None:
    assert all(len(reason.split()) >= 3 for reason in MIRRORS["alone"].values())
