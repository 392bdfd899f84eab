"""A caller cannot make what is kept of it grow, and no call of it is lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

from taskcontract.usage.call_shape import OTHER_SHAPE, UNTOLD, read_shape, tell_shape
from taskcontract.usage.shape_tally import MOST_COARSE, MOST_SHAPES, MOST_SHAPES_IN_ALL, ShapeTally
from taskcontract.usage.use import UseKey

WEB = UseKey("shop", "shop.sell", "1.0.0", "web")
CRON = WEB._replace(consumer="cron")


def counts(tally: ShapeTally) -> dict[UseKey, Counter[str]]:
    found: dict[UseKey, Counter[str]] = {}
    for each in tally.take():
        found.setdefault(each.key, Counter())[each.shape] += each.count
    return found


def test_shapes_are_counted_apart_and_the_latest_time_stays() -> None:
    tally = ShapeTally()
    one, two = tell_shape((1,), {}), tell_shape(("a",), {})
    for now, shape in ((1.0, one), (2.0, two), (3.0, one)):
        tally.note(WEB, shape, now)
    taken = tally.take()
    assert sorted((each.shape, each.count, each.last_seen) for each in taken) == [
        (one, 2, 3.0),
        (two, 1, 2.0),
    ]
    assert tally.take() == []
    tally.note(WEB, one, 5.0)
    tally.give_back(taken)
    assert counts(tally) == {WEB: Counter({one: 3, two: 1})}


def test_beyond_the_bound_types_are_not_told_then_nothing_is() -> None:
    tally = ShapeTally()
    kinds: tuple[Any, ...] = (1, "", None, [], {}, 1.5, True)
    sent = 0
    for number in range(20):
        for one in kinds:
            for two in kinds:
                tally.note(WEB, tell_shape((one, two), {f"n{number}": 1}), 1.0)
                sent += 1
    tally.note(CRON, tell_shape((), {}), 1.0)
    found = counts(tally)
    assert len(found[WEB]) == MOST_SHAPES + MOST_COARSE + 1
    coarse = [shape for shape in map(read_shape, found[WEB]) if shape and shape.positionals[:1] == (UNTOLD,)]
    assert len(coarse) == MOST_COARSE
    assert found[WEB][OTHER_SHAPE]
    assert found[WEB].total() == sent, "none is lost"
    assert found[CRON] == Counter({tell_shape((), {}): 1}), "one caller takes no other's room"


def test_all_callers_together_are_bounded_and_each_day_begins_anew() -> None:
    tally = ShapeTally()
    for number in range(2 * MOST_SHAPES_IN_ALL):
        tally.note(WEB._replace(consumer=f"liar {number}"), tell_shape((number,), {}), 1.0)
    found = counts(tally)
    told = Counter(shape == OTHER_SHAPE for shapes in found.values() for shape in shapes)
    assert told == {False: MOST_SHAPES_IN_ALL, True: MOST_SHAPES_IN_ALL}
    tally.renew()
    tally.note(CRON, tell_shape((), {}), 1.0)
    assert counts(tally) == {CRON: Counter({tell_shape((), {}): 1})}
