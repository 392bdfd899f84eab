"""A sunset is warned of 30 days ahead."""

from __future__ import annotations

from datetime import date

import pytest

from taskcontract.diff.sunsets import find_near_sunsets
from tests.support.specs import make_service, make_task


@pytest.mark.parametrize(
    ("sunset", "said"),
    [
        (None, ""),
        ("2026-07-01", ""),
        ("2026-06-30", "in 30 days"),
        ("2026-06-01", "tomorrow"),
        ("2026-05-31", "today"),
        ("2026-05-30", "had its sunset on 2026-05-30"),
    ],
)
def test_a_near_sunset_is_said(sunset: str | None, said: str) -> None:
    service = make_service(make_task("send", "key: str", sunset=sunset), make_task("keep"))
    sentences = list(find_near_sunsets(service, date(2026, 5, 31)))
    assert len(sentences) == bool(said)
    assert all(said in sentence and "send@1.0.0" in sentence for sentence in sentences)
