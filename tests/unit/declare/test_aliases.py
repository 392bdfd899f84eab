"""A task may be served by earlier names too: each name belongs to one task, and specs know it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from taskcontract import Service
from taskcontract.errors import DeclarationError, SpecError
from taskcontract.model.spec_file import dump_spec, read_spec


def declare(service: Service, name: str, *, version: str = "1.0.0", **options: Any) -> Any:
    def function(item: str) -> int: ...

    function.__name__ = name
    return service.task(version=version, **options)(function)


def test_a_task_is_found_by_each_of_its_names() -> None:
    shop = Service("shop")
    sell = declare(shop, "sell", aliases=("shop.vend", "old.sell"))
    assert sell.wire_names == ("shop.sell", "shop.vend", "old.sell")
    assert [shop.find(name) for name in sell.wire_names] == [sell] * 3
    assert shop.tasks == (sell,)


COLLISIONS: dict[str, tuple[list[tuple[str, dict[str, Any]]], str]] = {
    "its own name": ([("sell", {"aliases": ("shop.sell",)})], "shop.sell"),
    "twice the same": ([("sell", {"aliases": ("a.b", "a.b")})], "a.b"),
    "another task's name": ([("buy", {}), ("sell", {"aliases": ("shop.buy",)})], "shop.buy"),
    "a later task's name": ([("sell", {"aliases": ("shop.buy",)}), ("buy", {})], "shop.buy"),
    "another task's alias": ([("buy", {"aliases": ("a.b",)}), ("sell", {"aliases": ("a.b",)})], "a.b"),
    "another version's name": (
        [("sell", {}), ("sell_v2", {"version": "2.0.0", "aliases": ("shop.sell",)})],
        "shop.sell",
    ),
}


@pytest.mark.parametrize(("tasks", "name"), COLLISIONS.values(), ids=COLLISIONS)
def test_a_name_belongs_to_one_task(tasks: list[tuple[str, dict[str, Any]]], name: str) -> None:
    shop = Service("shop")
    *first, (last, options) = tasks
    for each, more in first:
        declare(shop, each, **more)
    with pytest.raises(DeclarationError, match="same name on the wire") as caught:
        declare(shop, last, **options)
    assert repr(name) in caught.value.what
    assert "test_aliases.py" in caught.value.where
    assert [task.name for task in shop.tasks] == [each for each, _ in first]


@pytest.mark.parametrize("aliases", ["shop.vend", ("",), (7,), [None]])
def test_an_alias_is_a_name(aliases: Any) -> None:
    with pytest.raises(DeclarationError, match="are not names"):
        declare(Service("shop"), "sell", aliases=aliases)


def test_a_spec_knows_the_aliases_and_an_old_one_has_none() -> None:
    shop = Service("shop")
    declare(shop, "sell", aliases=("shop.vend",))
    declare(shop, "buy")
    text = json.loads(dump_spec(shop.spec()))
    assert read_spec(text, file="x") == shop.spec()
    buy, sell = text["tasks"]
    assert "aliases" not in buy, "a spec of a service without aliases is written as ever"
    assert sell.pop("aliases") == ["shop.vend"]
    assert read_spec(text, file="x").tasks[1].aliases == ()
    sell["aliases"] = ["shop.buy"]
    with pytest.raises(SpecError, match=r"two tasks have the wire name 'shop\.buy'"):
        read_spec(text, file="x")
    sell["aliases"] = "shop.vend"
    with pytest.raises(SpecError):
        read_spec(text, file="x")
