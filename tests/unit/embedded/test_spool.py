"""Messages as files: put, claimed by one, settled, given back."""

from __future__ import annotations

import os
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskcontract.embedded.location import FolderLostError
from taskcontract.embedded.names import count_redeliveries
from taskcontract.embedded.spool import Spool

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def spool(folder: Path) -> Spool:
    spool = Spool(folder)
    spool.create("q")
    return spool


def take_all(spool: Spool, queue: str = "q") -> list[bytes]:
    found: list[bytes] = []
    while claimed := spool.claim(queue):
        found.append(claimed[1])
        spool.settle(claimed[0])
    return found


def list_files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_messages_come_out_in_the_order_they_went_in(spool: Spool) -> None:
    contents = [str(number).encode() for number in range(200)]
    for content in contents:
        spool.put("q", content)
    assert spool.size("q") == 200
    assert take_all(spool) == contents


def test_a_higher_priority_goes_first(spool: Spool) -> None:
    for priority in (0, 9, 5, 0):
        spool.put("q", str(priority).encode(), priority)
    assert take_all(spool) == [b"9", b"5", b"0", b"0"]


def test_a_claimed_message_is_nobody_elses(spool: Spool, folder: Path) -> None:
    spool.put("q", b"one")
    assert spool.claim("q") is not None
    assert Spool(folder).claim("q") is None
    assert spool.size("q") == 0


def test_a_settled_message_leaves_no_file(spool: Spool, folder: Path) -> None:
    spool.put("q", b"one")
    take_all(spool)
    assert {name for name in list_files(folder) if not name.endswith(".lock")} == set()


def test_settling_twice_is_harmless(spool: Spool) -> None:
    spool.put("q", b"one")
    claimed = spool.claim("q")
    assert claimed is not None
    spool.settle(claimed[0])
    spool.settle(claimed[0])
    spool.give_back(claimed[0])
    assert spool.size("q") == 0


def test_a_message_given_back_comes_first_again_and_counts(spool: Spool) -> None:
    spool.put("q", b"one")
    spool.put("q", b"two")
    for redeliveries in range(3):
        claimed = spool.claim("q")
        assert claimed is not None
        assert (claimed[1], count_redeliveries(claimed[0])) == (b"one", redeliveries)
        spool.give_back(claimed[0])
        spool = Spool(spool.folder)
    assert take_all(spool) == [b"one", b"two"]


def test_a_listing_does_not_hide_what_came_later(spool: Spool) -> None:
    spool.put("q", b"one")
    spool.put("q", b"two")
    first = spool.claim("q")
    spool.put("q", b"three")
    assert first is not None
    assert take_all(spool) == [b"two", b"three"]


def test_a_listed_message_that_another_took_is_passed_over(spool: Spool, folder: Path) -> None:
    for content in (b"one", b"two", b"three"):
        spool.put("q", content)
    first, second = spool.claim("q"), Spool(folder).claim("q")
    assert first is not None
    assert second is not None
    assert (first[1], second[1], take_all(spool)) == (b"one", b"two", [b"three"])


def test_a_quiet_queue_is_no_news_until_something_comes(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert spool.may_have_news(["q"])
    assert spool.claim("q") is None
    os.utime(folder / "queues" / "q", ns=(0, 0))
    assert spool.claim("q") is None
    assert not spool.may_have_news(["q"])
    Spool(folder).put("q", b"one")
    assert spool.may_have_news(["q"])


def test_a_queue_that_changed_just_now_is_looked_at_again(spool: Spool) -> None:
    """Two changes within a tick of the kernel's clock leave one stamp."""
    spool.put("q", b"one")
    take_all(spool)
    assert spool.may_have_news(["q"])


@pytest.mark.parametrize(("size", "purged"), [(0, 0), (3, 3)])
def test_purge_counts(spool: Spool, size: int, purged: int) -> None:
    for _ in range(size):
        spool.put("q", b"one")
    assert spool.purge("q") == purged
    assert spool.size("q") == 0


def test_a_deleted_queue_is_gone_with_its_messages(spool: Spool, folder: Path) -> None:
    spool.put("q", b"one")
    spool.delete("q")
    spool.delete("q")
    assert not spool.exists("q")
    assert spool.size("q") == 0
    assert list_files(folder) == set()
    with pytest.raises(FileNotFoundError):
        spool.claim("q")


def test_a_message_of_a_deleted_queue_goes_nowhere(spool: Spool) -> None:
    spool.put("q", b"one")
    claimed = spool.claim("q")
    assert claimed is not None
    spool.delete("q")
    spool.give_back(claimed[0])
    assert not spool.exists("q")


def test_put_creates_what_is_missing(folder: Path) -> None:
    spool = Spool(folder)
    shutil.rmtree(folder)
    spool.put("new", b"one")
    assert take_all(spool, "new") == [b"one"]


def test_put_if_exists_does_not(spool: Spool) -> None:
    assert not spool.put_if_exists("nowhere", b"one")
    assert not spool.exists("nowhere")


def test_claims_go_on_after_the_folder_was_removed(spool: Spool, folder: Path) -> None:
    spool.put("q", b"one")
    take_all(spool)
    shutil.rmtree(folder)
    spool.put("q", b"two")
    assert take_all(spool) == [b"two"]


def test_strangers_in_a_queue_are_left_alone(spool: Spool, folder: Path) -> None:
    (folder / "queues" / "q" / ".DS_Store").write_text("")
    assert spool.size("q") == 0
    assert spool.claim("q") is None
    assert spool.purge("q") == 0


@pytest.mark.parametrize("size", [0, 1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1 << 20])
def test_a_message_of_any_size_is_read_whole(spool: Spool, size: int) -> None:
    content = os.urandom(size)
    spool.put("q", content)
    assert take_all(spool) == [content]


def test_a_full_disk_is_a_clear_error_and_leaves_nothing(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", refuse)
    with pytest.raises(FolderLostError, match="No space left on device"):
        spool.put("q", b"one")
    monkeypatch.undo()
    assert list_files(folder) == set()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(queues=st.lists(st.text(max_size=300), unique=True, min_size=1, max_size=5))
def test_queues_of_any_name_keep_their_messages_apart(folder: Path, queues: list[str]) -> None:
    spool = Spool(folder)
    for place, queue in enumerate(queues):
        spool.put(queue, str(place).encode())
    assert [take_all(spool, queue) for queue in queues] == [
        [str(place).encode()] for place in range(len(queues))
    ]
    for queue in queues:
        spool.delete(queue)


def test_many_consumers_share_a_queue_without_a_double(folder: Path) -> None:
    writer = Spool(folder)
    for number in range(400):
        writer.put("q", str(number).encode())
    found: list[bytes] = []
    consumers = [threading.Thread(target=lambda: found.extend(take_all(Spool(folder)))) for _ in range(4)]
    for consumer in consumers:
        consumer.start()
    for consumer in consumers:
        consumer.join(timeout=20)
    assert sorted(map(int, found)) == list(range(400))


def test_a_message_that_finds_no_place_is_an_error_not_lost(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "create", lambda _: None)
    spool.delete("q")
    with pytest.raises(FolderLostError):
        spool.put("q", b"one")
