"""Transient queues end when nobody uses them, and not before."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from taskcontract.embedded.housekeeping import keep_house
from taskcontract.embedded.leases import Leases
from taskcontract.embedded.process_lock import find_process_lock
from taskcontract.embedded.routes import Binding, Routes
from taskcontract.embedded.spool import Spool

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def leases(folder: Path) -> Leases:
    return Leases(folder)


def let_pass(folder: Path, queue: str, seconds: float) -> None:
    past = time.time() - seconds
    os.utime(folder / "queues" / f"{queue}.lease", (past, past))


@pytest.mark.parametrize(("unused", "ended"), [(0, []), (9, []), (11, ["q"])])
def test_a_lease_ends_after_its_term(leases: Leases, folder: Path, unused: float, ended: list[str]) -> None:
    leases.grant("q", 10)
    let_pass(folder, "q", unused)
    assert list(leases.collect_ended()) == ended


def test_a_touched_lease_goes_on(leases: Leases, folder: Path) -> None:
    leases.grant("q", 10)
    let_pass(folder, "q", 100)
    assert leases.touch("q")
    assert list(leases.collect_ended()) == []


def test_a_cancelled_lease_never_ends_and_cannot_be_touched(leases: Leases) -> None:
    leases.grant("q", -1)
    leases.cancel("q")
    leases.cancel("q")
    assert not leases.touch("q")
    assert list(leases.collect_ended()) == []


@pytest.mark.parametrize(("alive", "ended"), [(True, []), (False, ["q"])])
def test_a_consumer_that_lives_keeps_its_queue(
    leases: Leases, folder: Path, alive: bool, ended: list[str]
) -> None:
    find_process_lock(folder).hold("q")
    leases.grant("q", 10, find_process_lock(folder).name if alive else "1-2-3")
    let_pass(folder, "q", 100)
    assert list(leases.collect_ended()) == ended


@pytest.mark.parametrize("content", ["", "[]", '{"seconds": 1}'])
def test_a_lease_that_nobody_can_read_ends_no_queue(leases: Leases, folder: Path, content: str) -> None:
    (folder / "queues" / "q.lease").write_text(content)
    let_pass(folder, "q", 100)
    assert list(leases.collect_ended()) == []


def test_housekeeping_removes_an_ended_queue_with_its_bindings_and_keeps_the_others(folder: Path) -> None:
    spool, routes, leases = Spool(folder), Routes(folder), Leases(folder)
    for queue in ("ended", "used", "durable"):
        spool.put(queue, b"message")
        routes.bind("e", Binding("key", "", queue))
    for queue in ("ended", "used"):
        leases.grant(queue, 10)
        let_pass(folder, queue, 100)
    keep_house(spool, routes, leases, {"used"})
    assert sorted(path.name for path in (folder / "queues").iterdir()) == ["durable", "used", "used.lease"]
    assert {binding.queue for binding in routes.read_bindings("e")} == {"used", "durable"}


def test_housekeeping_sweeps_what_killed_writers_left(folder: Path) -> None:
    for name, age in (("old", 7200), ("new", 0)):
        (folder / "aside" / name).write_text("half")
        os.utime(folder / "aside" / name, (time.time() - age, time.time() - age))
    (folder / "aside" / "old folder").mkdir()
    os.utime(folder / "aside" / "old folder", (0, 0))
    keep_house(Spool(folder), Routes(folder), Leases(folder), set())
    assert [path.name for path in (folder / "aside").iterdir()] == ["new"]
