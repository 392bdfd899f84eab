"""What is settled or given back while the folder is away, or refuses, is so when it is back."""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from taskcontract.embedded.housekeeping import keep_house
from taskcontract.embedded.leases import Leases
from taskcontract.embedded.location import FolderLostError, prepare
from taskcontract.embedded.process_lock import find_process_lock
from taskcontract.embedded.routes import Routes
from taskcontract.embedded.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kombu import Connection


def refuse(*_: object, **__: object) -> None:
    raise OSError(errno.EROFS, "Read-only file system")


def keep_house_once(folder: Path) -> None:
    keep_house(Spool(folder), Routes(folder), Leases(folder), ())


def claim(folder: Path) -> str:
    spool = Spool(folder)
    spool.put("q", b"one")
    claimed = spool.claim("q")
    assert claimed
    return claimed[0]


def list_messages(folder: Path) -> list[str]:
    return [path.relative_to(folder).parts[0] for path in folder.glob("*/**/[0-9]-*") if path.is_file()]


def move_away(folder: Path) -> Path:
    return folder.rename(folder.with_name("away"))


@pytest.mark.parametrize(("settled", "left"), [(True, []), (False, ["queues"])])
def test_a_folder_that_was_away(folder: Path, settled: bool, left: list[str]) -> None:
    tag = claim(folder)
    away = move_away(folder)
    spool = Spool(folder)
    spool.settle(tag) if settled else spool.give_back(tag)
    keep_house_once(folder)
    away.rename(folder)
    assert list_messages(folder) == ["claims"]
    keep_house_once(folder)
    assert list_messages(folder) == left
    assert find_process_lock(folder).owed == {}


@pytest.mark.parametrize("settled", [True, False])
def test_a_folder_that_refused(folder: Path, settled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = claim(folder)
    spool = Spool(folder)
    with monkeypatch.context() as refusing:
        for change in ("rename", "unlink"):
            refusing.setattr(os, change, refuse)
        if settled:
            with pytest.raises(FolderLostError):
                spool.settle(tag)
        else:
            spool.give_back(tag)
        keep_house_once(folder)
    assert list_messages(folder) == ["claims"]
    keep_house_once(folder)
    assert list_messages(folder) == ([] if settled else ["queues"])


def test_what_is_settled_after_all_is_not_given_back(folder: Path) -> None:
    """A pool may be done with a message that its closed connection could not give back."""
    tag = claim(folder)
    away = move_away(folder)
    spool = Spool(folder)
    spool.give_back(tag)
    spool.settle(tag)
    away.rename(folder)
    keep_house_once(folder)
    assert list_messages(folder) == []


def test_another_folder_in_its_place_is_left_as_it_is(folder: Path) -> None:
    tag = claim(folder)
    away = move_away(folder)
    prepare(folder)
    Spool(folder).give_back(tag)
    keep_house_once(folder)
    assert list_messages(folder) == []
    shutil.rmtree(folder)
    away.rename(folder)
    keep_house_once(folder)
    assert list_messages(folder) == ["queues"]


def test_a_claim_that_cannot_be_read_is_given_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(folder)
    spool.put("q", b"one")
    with monkeypatch.context() as refusing:
        refusing.setattr("os.read", refuse)
        with pytest.raises(FolderLostError):
            spool.claim("q")
    assert list_messages(folder) == ["queues"]


def test_a_message_that_could_not_be_settled_before_its_callback_comes_again(
    connect: Callable[..., Connection], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = connect().SimpleQueue("q", no_ack=True)
    queue.put("one")
    with monkeypatch.context() as refusing:
        refusing.setattr(os, "unlink", refuse)
        with pytest.raises(FolderLostError):
            queue.get(timeout=5)
    assert list_messages(folder) == ["queues"]
    assert queue.get(timeout=5).payload == "one"


def test_an_acknowledgement_waits_for_nobody(
    connect: Callable[..., Connection], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = connect().SimpleQueue("q")
    queue.put("one")
    message = queue.get(timeout=5)
    with monkeypatch.context() as refusing:
        refusing.setattr(os, "unlink", refuse)
        message.ack()
    assert list_messages(folder) == ["claims"]
    keep_house_once(folder)
    assert list_messages(folder) == []
