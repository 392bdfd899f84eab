"""Which versions are kept apart: what messages say of themselves must not make series without end."""

from __future__ import annotations

import pytest

from taskcontract.operations.metrics.numbers import LONGEST, MOST_VERSIONS, InFlightKey, VersionBound

DECLARED = {"shop.sell": ("shop", "1.2.0"), "depot.put": ("depot", "1.0.0")}


def test_messages_are_counted_by_what_they_say() -> None:
    counts = {
        ("shop.sell", "1.2.0", "waiting"): 3,
        ("shop.sell", "1.1.0", "waiting"): 2,
        ("shop.sell", "", "waiting"): 4,
        ("shop.sell", "nonsense", "active"): 1,
        ("shop.sold", "1.0.0", "waiting"): 5,
        ("", "", "waiting"): 6,
    }
    assert VersionBound().fold(counts, DECLARED) == {
        InFlightKey("shop", "shop.sell", "1.2.0", "waiting"): 7,
        InFlightKey("shop", "shop.sell", "1.1.0", "waiting"): 2,
        InFlightKey("shop", "shop.sell", "1.2.0", "active"): 1,
        InFlightKey("(none)", "(other)", "(none)", "waiting"): 11,
    }


def test_a_hostile_caller_makes_no_series_without_end() -> None:
    bound = VersionBound()
    seen: set[InFlightKey] = set()
    for look in range(50):
        counts = {("shop.sell", f"{look}.{number}.7", "waiting"): 1 for number in range(100)}
        counts[f"name {look}", "1.0.0", "waiting"] = 1
        counts["shop.sell", "1.2.0", "waiting"] = 1
        counts["depot.put", "1.0.1", "waiting"] = 1
        folded = bound.fold(counts, DECLARED)
        assert sum(folded.values()) == sum(counts.values()), "none is lost"
        assert folded[InFlightKey("shop", "shop.sell", "1.2.0", "waiting")] == 1, "the declared one stays"
        assert folded[InFlightKey("depot", "depot.put", "1.0.1", "waiting")] == 1, "and another task's"
        seen |= folded.keys()
    assert len({key for key in seen if key.service == "shop"}) == MOST_VERSIONS + 2
    assert len(seen) == MOST_VERSIONS + 4


def test_what_many_say_comes_first() -> None:
    counts = {("shop.sell", f"9.{number}.0", "waiting"): 1 for number in range(MOST_VERSIONS * 2)}
    counts["shop.sell", "9.99.0", "waiting"] = 2
    folded = VersionBound().fold(counts, DECLARED)
    assert folded[InFlightKey("shop", "shop.sell", "9.99.0", "waiting")] == 2


@pytest.mark.parametrize("version", [f"1.0.{'7' * LONGEST}", "1.0.0\n", '1.0.0"}'])
def test_no_label_is_long_or_odd(version: str) -> None:
    (key,) = VersionBound().fold({("shop.sell", version, "waiting"): 1}, DECLARED)
    assert key.version in ("(other)", "1.2.0")
