"""A task renamed with an alias is served by both names, on real workers: retries, events, replay, retire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import UnknownTaskError
from tests.support.brokers import BROKERS
from tests.support.json_documents import read_document
from tests.support.running_shop import BINDINGS, SERVICE, Shop, open_shop, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

RENAMED = BINDINGS.replace(
    '@shop.task(version="2.0.0", supersedes=sell)',
    '@shop.task(version="2.0.0", supersedes=sell, name="shop.vend", aliases=("shop.sell_v2",))',
)
RETRYING = SERVICE.replace(
    "@provider.implements(sell_v2)", "@provider.implements(sell_v2, bind=True)"
).replace(
    "def serve(item: str, count: int = 1) -> int:\n",
    "def serve(self, item: str, count: int = 1) -> int:\n"
    "    if item == 'twice' and not self.request.retries:\n"
    "        raise self.retry(countdown=0.1, max_retries=1)\n"
    "    if item == 'name':\n"
    "        return len(self.name)\n",
)


@pytest.fixture(params=BROKERS)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path, request.param) as shop:
        yield shop


def test_a_rename_with_an_alias_loses_nobody(shop: Shop) -> None:
    quarantine = ("--queue", f"{shop.room.name}.quarantine")
    with shop.work():
        early = shop.send("shop.vend", "pen", version="2.0.0")
        with pytest.raises(UnknownTaskError):
            early.get(timeout=10)
    waiting = shop.send("shop.sell_v2", "pen", version="2.0.0")

    (shop.folder / "shop_bindings.py").write_text(RENAMED)
    (shop.folder / "service.py").write_text(RETRYING)
    with shop.work():
        assert waiting.get(timeout=10) == 1, "a call by the old name, sent before"
        for name in ("shop.vend", "shop.sell_v2"):
            assert shop.send(name, "twice", 4, version="2.0.0").get(timeout=10) == 4
            assert shop.send(name, "name", version="2.0.0").get(timeout=10) == len(name)
        assert shop.send("shop.sell", "pen").get(timeout=10) == 1
        assert "1 message replayed" in shop.run("quarantine", "replay", early.id, *quarantine)
        wait_for(lambda: shop.caller.AsyncResult(early.id).successful())
        assert "keeps the contract" in shop.run("inspect")

    usage = shop.run("usage")
    assert "sell@2.0.0 by its alias shop.sell_v2: 1 consumer" in usage
    held = ("--timeout", "0.2", "--days", "0.5")
    alias = shop.run("retire", "shop.sell_v2", *held, code=1)
    assert alias.startswith("shop.sell_v2 (an alias of sell@2.0.0) may not go:")
    assert "web called it" in alias
    told = read_document("retire", shop.run("retire", "sell@2", *held, "--format", "json", code=1))
    assert {use["key"][1] for use in told["calling"]} == {"shop.vend", "shop.sell_v2"}
    assert "calls sell@2.0.0 by the alias shop.sell_v2" in (shop.folder / "worker.log").read_text()
