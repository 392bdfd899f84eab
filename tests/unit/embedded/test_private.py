"""The folder is this user's alone: another's is refused, what is made is private, links are not followed."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import time
from typing import TYPE_CHECKING

import pytest
from celery import Celery

from taskcontract import embedded
from taskcontract.embedded.backend import EmbeddedBackend
from taskcontract.embedded.housekeeping import keep_house
from taskcontract.embedded.leases import Leases
from taskcontract.embedded.location import FolderLostError, prepare
from taskcontract.embedded.refusal import FolderRefusedError
from taskcontract.embedded.results import Results
from taskcontract.embedded.routes import Binding, Routes
from taskcontract.embedded.spool import Spool
from taskcontract.errors import TaskContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kombu import Connection

PARTS = ("queues", "claims", "exchanges", "aside", "broken", "results")
SOMEBODY = 65_534
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A folder of this user's with an old file, elsewhere."""
    victim = tmp_path / "victim"
    victim.mkdir(mode=0o700)
    (victim / "diary").write_text("for two hours now")
    long_ago = time.time() - 7200
    os.utime(victim / "diary", (long_ago, long_ago))
    return victim


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def no_umask(usual_umask: None) -> None:
    """Whatever is created without a mode of its own is everybody's."""
    os.umask(0)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@AS_ROOT
def test_a_folder_that_another_user_laid_out_is_refused(tmp_path: Path, victim: Path) -> None:
    trap = tmp_path / "shop"
    trap.mkdir()
    trap.chmod(0o777)
    (trap / "aside").symlink_to(victim)
    os.chown(trap, SOMEBODY, SOMEBODY)
    with pytest.raises(FolderRefusedError, match=f"shop: .*belongs to user {SOMEBODY}") as refusal:
        prepare(trap)
    assert "name a folder of this user's own" in refusal.value.do
    assert sorted(path.name for path in trap.iterdir()) == ["aside"]
    assert (victim / "diary").exists()


@AS_ROOT
@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_another_user_s_is_refused(folder: Path, part: str) -> None:
    os.chown(folder / part, SOMEBODY, SOMEBODY)
    with pytest.raises(FolderLostError, match=f"{part}: .*belongs to user {SOMEBODY}"):
        prepare(folder)


@pytest.mark.parametrize("part", ["", *PARTS])
def test_a_link_is_refused(tmp_path: Path, victim: Path, part: str) -> None:
    trap = tmp_path / "shop" / part
    trap.parent.mkdir(exist_ok=True)
    trap.symlink_to(victim)
    with pytest.raises(FolderRefusedError, match=f"{trap}: .*a symbolic link"):
        prepare(tmp_path / "shop")
    assert [path.name for path in victim.iterdir()] == ["diary"]


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o722])
@pytest.mark.parametrize("part", ["", *PARTS])
def test_what_others_may_write_to_is_refused(tmp_path: Path, part: str, mode: int) -> None:
    place = tmp_path / "a shop" / part
    place.mkdir(parents=True)
    place.chmod(mode)
    with pytest.raises(FolderRefusedError, match=f"{place}: .*its mode is {mode:o}") as refusal:
        prepare(tmp_path / "a shop")
    assert f"chmod -R go-rwx '{place}'" in refusal.value.do
    assert mode_of(place) == mode


def test_what_others_could_only_read_is_closed_to_them(tmp_path: Path) -> None:
    for part in ("", *PARTS):
        (tmp_path / "shop" / part).mkdir(mode=0o755)
    prepare(tmp_path / "shop")
    assert {part: mode_of(tmp_path / "shop" / part) for part in ("", *PARTS)} == dict.fromkeys(
        ("", *PARTS), 0o700
    )


def test_a_folder_with_other_things_in_it_keeps_its_mode(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / "letter").touch()
    prepare(home)
    assert mode_of(home) == 0o755
    assert {mode_of(home / part) for part in PARTS} == {0o700}


@pytest.mark.usefixtures("no_umask")
def test_all_that_is_made_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there yet"
    prepare(folder)
    spool, results = Spool(folder), Results(folder)
    for _ in range(3):
        spool.put("q", b"content")
    claimed = spool.claim("q")
    assert claimed
    broken = spool.claim("q")
    assert broken
    spool.discard_broken(broken[0])
    Routes(folder).declare("x", "direct")
    Routes(folder).bind("x", Binding("key", "", "q"))
    Leases(folder).grant("q", 60)
    results.write("key", b"value")
    results.count("counter")
    assert results.is_cleaning_due()
    made = [folder.parent, folder, *folder.rglob("*")]
    assert {path.name for path in made if path.is_dir() and mode_of(path) != 0o700} == set()
    files = [path for path in made if not path.is_dir()]
    assert len(files) >= 10
    assert {path.name for path in files if mode_of(path) != 0o600} == set()


@pytest.mark.parametrize("part", ["", *PARTS])
def test_a_link_that_is_put_there_later_is_not_followed(folder: Path, victim: Path, part: str) -> None:
    """Nothing of what is done for all each second, nor the removal of results, reaches behind it."""
    spool, routes, leases, results = Spool(folder), Routes(folder), Leases(folder), Results(folder)
    spool.put("q", b"one")
    lease = victim / "old.lease"
    for below in PARTS:
        (victim / below).mkdir(mode=0o700)
        shutil.copy2(victim / "diary", victim / below)
    for place in (victim, victim / "queues"):
        (place / lease.name).write_text('{"seconds": 1, "consumer": ""}')
        (place / "1-2-3abc.lock").touch()
        long_ago = time.time() - 7200
        os.utime(place / lease.name, (long_ago, long_ago))
    before = sorted(victim.rglob("*"))
    (folder / part).rename(folder.parent / "moved away")
    (folder / part).symlink_to(victim)
    for work in (
        lambda: keep_house(spool, routes, leases, ["q"]),
        spool.rescue,
        lambda: list(leases.collect_ended()),
        lambda: routes.forget_queue("q"),
        lambda: spool.delete("diary"),
        lambda: results.remove_expired(60),
    ):
        with contextlib.suppress(FolderLostError):
            work()
    assert sorted(victim.rglob("*")) == before


def test_a_worker_notices_it_within_its_housekeeping(
    connect: Callable[..., Connection], folder: Path, victim: Path
) -> None:
    connection = connect()
    consumer = connection.Consumer(queues=[], callbacks=[lambda *_: None])
    (folder / "claims").rename(folder.parent / "moved away")
    (folder / "claims").symlink_to(victim)
    with consumer, pytest.raises(connection.connection_errors, match="a symbolic link"):
        connection.drain_events(timeout=5)


def test_a_caller_is_told_at_the_send(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop").chmod(0o777)
    embedded.register()
    url = embedded.write_url(tmp_path / "shop")
    app = Celery("caller", broker=url, set_as_current=False)
    with pytest.raises(TaskContractError, match="other users may write to it"):
        app.send_task("add", (1, 2))
    with pytest.raises(TaskContractError, match="other users may write to it"):
        EmbeddedBackend(app, url)
    app.close()
