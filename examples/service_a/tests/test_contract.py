"""What service A relies on in pusher: its own code runs, its calls are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bindings import pusher, send_to_s3
from examples.service_a.items import Item, find_items
from examples.service_a.saving import save_item, save_items
from taskcontract import match

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract.pytest_plugin import ContractFixture


@pytest.fixture(autouse=True)
def _own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_A_DATABASE", str(tmp_path / "items.sqlite3"))


def test_an_item_is_backed_up(contract: ContractFixture) -> None:
    url = match.regex(r"s3://.+", "s3://b/items/1.json")
    with contract("service-a", pusher).given("a writable bucket").expect(send_to_s3, returns=url):
        assert save_item(Item(1)).get() == "s3://b/items/1.json"
    assert find_items() == [Item(1)]


def test_a_name_may_hold_any_letters(contract: ContractFixture) -> None:
    url = match.regex(r"s3://.+/items/2\.json", "s3://b/items/2.json")
    with contract("service-a", pusher).given("a writable bucket").expect(send_to_s3, returns=url):
        save_item(Item(2, "Tšekin käsintehty teekannu ☕"))


def test_several_items_are_backed_up(contract: ContractFixture) -> None:
    several = contract("service-a", pusher).given("a writable bucket").expect(send_to_s3).expect(send_to_s3)
    with several:
        save_items([Item(3, "a cup"), Item(4, "a saucer")])
    assert len(find_items()) == 2
