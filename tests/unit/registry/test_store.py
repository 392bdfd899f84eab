"""One suite for all stores: what is written is whole, once, and found again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from taskcontract.registry.store import Store


def test_an_empty_store_has_nothing(store: Store) -> None:
    assert store.read("a/b.json") is None
    assert store.find_first("a/") is None
    assert list(store.list_names("a/")) == []
    assert list(store.list_names("")) == []


def test_what_is_written_is_read_and_stays(store: Store) -> None:
    assert store.create("a/b.json", b"one")
    assert store.read("a/b.json") == b"one"
    assert not store.create("a/b.json", b"two")
    assert store.create("a/b.json", b"one"), "the same bytes stand there"
    assert store.read("a/b.json") == b"one"
    assert store.read("a") is None
    assert store.read("a/b.json/c") is None


def test_names_of_all_kinds_are_kept(store: Store) -> None:
    for name in ("%2Egit", "feature%2Fx", "%C3%A4", "a b", "UPPER", "x" * 200):
        assert store.create(f"names/{name}/1.json", name.encode())
        assert store.read(f"names/{name}/1.json") == name.encode()
    assert set(store.list_names("names/")) == {"%2Egit", "feature%2Fx", "%C3%A4", "a b", "UPPER", "x" * 200}


def test_the_first_and_all_names_of_a_folder_are_found(store: Store) -> None:
    for number in (7, 5, 9):
        store.create(f"chain/{number}.json", b"{}")
    store.create("chain2/1.json", b"{}")
    store.create("deep/folder/1.json", b"{}")
    store.create("deep/other/1.json", b"{}")
    assert store.find_first("chain/") == "chain/5.json"
    assert list(store.list_names("chain/")) == ["5.json", "7.json", "9.json"]
    assert list(store.list_names("deep/")) == ["folder", "other"]
    assert set(store.list_names("")) - {"probe.json"} == {"chain", "chain2", "deep"}


def test_more_than_a_page_is_listed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taskcontract.registry.s3_store.PAGE", 10)
    for number in range(25):
        store.create(f"many/{number:04}.json", b"")
    assert list(store.list_names("many/")) == [f"{number:04}.json" for number in range(25)]


def test_of_writers_that_race_one_wins(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(5):
            key = f"race/{number}.json"
            texts = [f"{writer}".encode() * 1_000 for writer in range(8)]
            won = list(pool.map(store.create, [key] * 8, texts))
            assert won.count(True) == 1
            assert store.read(key) == texts[won.index(True)]
