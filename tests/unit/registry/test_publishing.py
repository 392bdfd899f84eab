"""What is published is there as a whole, for all, and never changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.errors import RegistryError
from taskcontract.model.contract import Contract
from taskcontract.registry.publishing import Publication, publish, shorten_digest
from taskcontract.registry.records import Run
from taskcontract.registry.registry import Registry
from taskcontract.registry.results import digest_of
from taskcontract.registry.store import MemoryStore
from tests.support.registries import make_contract, make_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.registry.publishing import Published
    from taskcontract.registry.store import Store

AT, BY = "2026-11-28T10:00:00Z", "ci"


def say(registry: Registry, service: str, version: str, **parts: Any) -> Published:
    return publish(registry, Publication(service, version, at=AT, by=BY, **parts))


def test_a_version_is_found_with_all_that_it_was_published_with(registry: Registry) -> None:
    spec, contract = make_spec("pusher"), make_contract("pusher", "mailer", "a", "b")
    said = say(registry, "pusher", "1.0", branch="main", tags=("prod",), spec=spec, contracts=(contract,))
    assert said.state == "published"
    found = registry.get_version("pusher", "1.0")
    assert found == said.version
    assert (found.branches, found.tags, found.api, found.at, found.by) == (
        ("main",),
        ("prod",),
        "1.0.0",
        AT,
        BY,
    )
    assert registry.load_spec(found) == spec
    assert registry.load_contract(found.contracts[0]) == contract
    assert registry.list_services() == ("pusher",)
    assert registry.list_versions("pusher") == ("1.0",)
    assert registry.list_consumers("mailer") == ("pusher",)
    assert registry.list_consumers("pusher") == ()


def test_the_same_again_changes_nothing(registry: Registry) -> None:
    parts: dict[str, Any] = {
        "branch": "main",
        "spec": make_spec("a"),
        "contracts": (make_contract("a", "b"),),
    }
    first = say(registry, "a", "1", **parts)
    again = say(registry, "a", "1", **parts)
    assert again == (first.version, "unchanged")


def test_parts_are_added_to_a_version(registry: Registry) -> None:
    say(registry, "a", "1", spec=make_spec("a"))
    added = say(registry, "a", "1", contracts=(make_contract("a", "b"),), tags=("x",))
    assert added.state == "added"
    assert added.version.spec
    assert added.version.find_contract("b") is not None
    assert added.version.tags == ("x",)
    both = say(registry, "a", "1", contracts=(make_contract("a", "c"),))
    assert [each.provider for each in both.version.contracts] == ["b", "c"]


def test_another_content_is_refused_with_the_difference(registry: Registry) -> None:
    say(registry, "a", "1", spec=make_spec("a"), contracts=(make_contract("a", "b", "x"),))
    with pytest.raises(RegistryError) as refused:
        say(registry, "a", "1", spec=make_spec("a", key={"type": "integer"}))
    assert '$.tasks.a.send.parameters.key.schema.type: "string" is published, not "integer"' in str(
        refused.value
    ).replace("['a.send']", ".a.send")
    with pytest.raises(RegistryError, match="its contract with b is another one") as refused:
        say(registry, "a", "1", contracts=(make_contract("a", "b", "y"),))
    assert "sends 'x'" in str(refused.value)
    assert "nothing" in str(refused.value)
    with pytest.raises(RegistryError):
        say(registry, "a", "1", branch="other", tags=("other",), contracts=(make_contract("a", "b", "y"),))
    found = registry.get_version("a", "1")
    assert registry.load_contract(found.contracts[0]) == make_contract("a", "b", "x")
    assert not found.branches
    assert registry.find_heads("a", "branch") == registry.find_heads("a", "tag") == ()


def test_other_names_of_tests_are_no_other_content(registry: Registry) -> None:
    say(registry, "a", "1", contracts=(make_contract("a", "b", test="test_old"),))
    assert say(registry, "a", "1", contracts=(make_contract("a", "b", test="test_new"),)).state == "unchanged"
    with pytest.raises(RegistryError):
        say(registry, "a", "1", contracts=(make_contract("a", "b", pending=True),))


@pytest.mark.parametrize(
    "parts",
    [
        {"spec": make_spec("other")},
        {"contracts": (make_contract("other", "b"),)},
        {"branch": " main"},
        {"tags": ("a\nb",)},
        {"contracts": (Contract("a", ""),)},
    ],
)
def test_what_does_not_belong_there_is_refused_before_anything_is_written(
    registry: Registry, parts: dict[str, Any]
) -> None:
    with pytest.raises(RegistryError):
        say(registry, "a", "1", **parts)
    assert registry.list_services() == ()
    assert list(registry.store.list_names("objects/")) == []


@pytest.mark.parametrize("name", ["", " ", "a ", "\x00", "a\u202eb", "x" * 201, "ä" * 60])
def test_names_that_no_reader_could_tell_apart_are_refused(registry: Registry, name: str) -> None:
    with pytest.raises(RegistryError, match="the name of a version"):
        say(registry, "a", name)


@pytest.mark.parametrize(
    "name", [".", "..", ".git", "a/b", "../../etc", "C:\\x", "a%2Fb", "CON", "ä", "1.0 rc"]
)
def test_names_of_all_other_kinds_stand_for_themselves(registry: Registry, name: str) -> None:
    say(registry, name, name, branch=name, contracts=(make_contract(name, name),))
    assert registry.list_services() == (name,)
    assert registry.list_versions(name) == (name,)
    assert registry.find_heads(name, "branch") == (name,)
    assert registry.list_consumers(name) == (name,)
    assert registry.get_version(name, name).version == name
    head = registry.find_head(name, "branch", name)
    assert head is not None
    assert head.version == name


def test_the_newest_of_a_branch_is_the_one_that_was_published_last_for_the_first_time(
    registry: Registry,
) -> None:
    for version, branch in (("1", "main"), ("2", "main"), ("3", "feature/x"), ("1", "main")):
        say(registry, "a", version, branch=branch)
    assert registry.list_head("a", "branch", "main") == ("2", "1")
    assert registry.list_head("a", "newest", "all") == ("3", "2", "1")
    assert registry.find_heads("a", "branch") == ("feature/x", "main")
    assert registry.find_head("a", "tag", "none") is None


def test_runs_of_one_version_are_kept_with_their_newest_outcomes(registry: Registry) -> None:
    one, two = (shorten_digest(digest_of(each)) for each in make_contract("b", "a", "x", "y").interactions)
    say(registry, "a", "1", spec=make_spec("a"))
    say(registry, "a", "1", runs=(Run("t1", "ci", frozenset({one}), {two: "it broke"}),))
    found = say(registry, "a", "1", runs=(Run("t2", "ci", frozenset({two})),)).version
    first, second = found.find_result(one), found.find_result(two)
    assert first is not None
    assert (first.passed, first.at) == (True, "t1")
    assert second is not None
    assert (second.passed, second.at) == (True, "t2")
    assert found.find_result("other") is None
    assert len(found.runs) == 2
    third = say(registry, "a", "1", runs=(Run("t3", "ci", frozenset({two}), {one: "worse"}),)).version
    assert third.runs == (Run("t3", "ci", frozenset({two}), {one: "worse"}),)


def test_a_damaged_object_is_told_and_not_taken(registry: Registry) -> None:
    found = say(registry, "a", "1", spec=make_spec("a")).version
    whole = registry.store.read(f"objects/{found.spec}.json")
    assert whole is not None
    damaged = Registry(_Damaged(registry.store, f"objects/{found.spec}.json", whole[:-10]))
    with pytest.raises(RegistryError, match="cut short or changed"):
        damaged.load_spec(found)
    with pytest.raises(RegistryError, match="is missing"):
        registry.load_spec(replace(found, spec="0" * 64))


def test_a_damaged_state_is_told(registry: Registry) -> None:
    say(registry, "a", "1")
    key = registry.store.find_first("versions/a/1/")
    assert key is not None
    for bytes_, said in (
        (b"{", "cut short"),
        (b"\xff", "not UTF-8"),
        (b"[]", "no state"),
        (b"{}", "'service' is missing"),
    ):
        with pytest.raises(RegistryError, match=said):
            Registry(_Damaged(registry.store, key, bytes_)).get_version("a", "1")


def test_a_damaged_head_is_told(registry: Registry) -> None:
    say(registry, "a", "1", branch="main")
    key = registry.store.find_first("heads/a/branch/main/")
    assert key is not None
    for text in (b"{}", b'{"versions": 1}', b'{"versions": [1]}'):
        damaged = Registry(_Damaged(registry.store, key, text))
        with pytest.raises(RegistryError, match=r"versions"):
            damaged.find_head("a", "branch", "main")
        with pytest.raises(RegistryError, match=r"versions"):
            say(damaged, "a", "2", branch="main")


def test_a_newer_format_is_told(registry: Registry) -> None:
    newer = Registry(_Damaged(registry.store, "registry.json", b'{"taskcontract-registry": 99}'))
    with pytest.raises(RegistryError, match="format 99"):
        newer.require()


def test_what_was_never_published_is_told_with_what_there_is(registry: Registry) -> None:
    with pytest.raises(RegistryError, match="There is nothing"):
        registry.get_version("pusher", "1")
    say(registry, "pusher", "1")
    with pytest.raises(RegistryError, match="Did you mean 'pusher'"):
        registry.get_version("puscher", "1")
    with pytest.raises(RegistryError, match="the newest is 1"):
        registry.get_version("pusher", "2")


class _Damaged(MemoryStore):
    """The same as another store, but that one key has other bytes."""

    def __init__(self, store: Store, key: str, data: bytes) -> None:
        super().__init__()
        self._store, self._key, self._data = store, key, data

    def read(self, key: str) -> bytes | None:
        return self._data if key == self._key else self._store.read(key)

    def find_first(self, folder: str) -> str | None:
        return self._store.find_first(folder)

    def list_names(self, folder: str) -> Iterator[str]:
        return self._store.list_names(folder)
