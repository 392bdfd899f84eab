"""Calls in another order than the expected one, from threads and asyncio too."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor

from taskcontract.model.contract import Contract, Interaction
from taskcontract.model.pact_writing import dump_contract
from tests.support.recorded_shop import Line, fail, order, price, record


def test_calls_in_another_order_name_the_way_out() -> None:
    block = record().expect(price).called_with("tea").expect(price).called_with("milk")
    assert "expected as call 2: for calls in any order, say .in_any_order()" in fail(
        lambda: [price.delay("milk"), price.delay("tea")], block
    )
    block = record().expect(price).called_with("tea").expect(order)
    said = fail(lambda: order.delay(Line("tea", 1)), block)
    assert '    - price(item="tea", count=1, meta=null)\n    + order(' in said
    assert ".in_any_order()" in said


def test_missing_calls_are_listed_beside_those_that_were_made() -> None:
    block = record().expect(price).expect(price).called_with("milk")
    said = fail(lambda: price.delay("tea"), block)
    assert said.splitlines()[:4] == [
        "expected calls of shop were not made: price@1.0.0",
        '    - price(item="milk", count=1, meta=null)',
        "    calls that were made:",
        "      price('tea')",
    ]


def test_in_any_order_the_nearest_expected_call_is_shown() -> None:
    block = record().in_any_order()
    block.expect(price).called_with("tea", 2, meta={}).expect(price).called_with("milk", 2)
    said = fail(lambda: price.delay("milk", 3), block)
    assert '    item="milk",' in said
    assert "    +     count=3,  # 3 is not equal to 2" in said
    assert "nearest of 2" in said
    said = fail(lambda: order.delay(Line("a", 1)), record().in_any_order().expect(price).called_with("tea"))
    assert 'still expected:\n    - price(item="tea", count=1, meta=null)' in said


def test_threads_in_any_order_record_the_same_bytes_each_time() -> None:
    files = set()
    for seed in range(6):
        kept: list[Interaction] = []
        block = record(kept).in_any_order()
        items = [f"item {number}" for number in range(8)]
        for _ in items:
            block.expect(price, returns="1 EUR")
        block.expect(price, returns="2 EUR").called_with("special")
        items.append("special")
        random.Random(seed).shuffle(items)
        with block, ThreadPoolExecutor(4) as pool:
            answers = dict(zip(items, pool.map(lambda item: price.delay(item).get(), items), strict=True))
        assert answers.pop("special") == "2 EUR"
        assert set(answers.values()) == {"1 EUR"}
        files.add(dump_contract(Contract("cafe", "shop", tuple(kept))))
    assert len(files) == 1


def test_asyncio_tasks_and_their_threads_are_recorded() -> None:
    kept: list[Interaction] = []

    async def main() -> list[str]:
        in_threads = [asyncio.to_thread(lambda item=item: price.delay(item).get()) for item in "ab"]
        in_the_loop = [price.delay(item).aget(timeout=5) for item in "cd"]
        return await asyncio.gather(*in_threads, *in_the_loop)

    block = record(kept).in_any_order()
    for item in "abcd":
        block.expect(price, returns=item.upper()).called_with(item)
    with block:
        assert asyncio.run(main()) == ["A", "B", "C", "D"]
    assert [each.args for each in kept] == [("a",), ("b",), ("c",), ("d",)]


def test_a_wrong_call_in_a_task_that_nobody_awaits_fails_the_block() -> None:
    async def main() -> None:
        task = asyncio.create_task(asyncio.to_thread(price.delay, "milk"))
        await asyncio.wait([task])

    said = fail(lambda: asyncio.run(main()), record().expect(price).called_with("tea"))
    assert '"milk" is not equal to "tea"' in said
