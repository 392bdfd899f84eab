"""Many publishers at once, and publishers that are killed: nothing is lost, half-done or overwritten."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from demo.s3 import make_environment
from taskcontract.errors import RegistryError
from taskcontract.registry.environments import record_start
from taskcontract.registry.folder_store import FolderStore
from taskcontract.registry.publishing import Publication, publish
from taskcontract.registry.records import Running
from taskcontract.registry.registry import Registry
from taskcontract.registry.s3_store import S3Store
from tests.support.registries import make_bucket, make_contract, make_spec
from tests.support.thorough import THOROUGH, examples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from taskcontract.model.service import ServiceSpec
    from taskcontract.registry.store import Store

pytestmark = [pytest.mark.process, pytest.mark.slow, pytest.mark.thorough]

PUBLISHERS, KILLS = (
    {"folder": 64, "s3": 64 if THOROUGH else 12},
    {"folder": examples(200), "s3": examples(80)},
)
FORK = multiprocessing.get_context("fork")


@pytest.fixture(params=["folder", "s3"])
def open_it(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Store]:
    """What opens the same store in any process: a connection is no process's but its own."""
    if request.param == "folder":
        return lambda: FolderStore(tmp_path / "registry")
    url = request.getfixturevalue("s3_url")
    for name, value in make_environment(url).items():
        monkeypatch.setenv(name, value)
    bucket = make_bucket(url)
    return lambda: S3Store(bucket, "registry")


def test_of_many_publishers_one_wins_each_version_and_nothing_is_lost(
    open_it: Callable[[], Store], request: pytest.FixtureRequest
) -> None:
    publishers = PUBLISHERS[request.node.callspec.params["open_it"]]
    deployers = publishers // 4
    won = FORK.Queue()
    children = [
        FORK.Process(target=_publish_all, args=(open_it, number, number < deployers, won))
        for number in range(publishers)
    ]
    for child in children:
        child.start()
    answers = dict(won.get(timeout=300) for _ in children)
    for child in children:
        child.join(60)
    assert sorted(answers) == list(range(publishers))
    (winner,) = (number for number, has_won in answers.items() if has_won)
    registry = Registry(open_it())
    shared = registry.get_version("shared", "1")
    assert registry.load_spec(shared) == _make_shared(winner)
    assert set(registry.list_services()) == {"shared", *(f"own-{number}" for number in range(publishers))}
    for number in range(publishers):
        assert registry.load_contract(registry.get_version(f"own-{number}", "1").contracts[0])
    there = registry.get_environment("production")
    assert {each.published.service for each in there.running} == {f"own-{n}" for n in range(deployers)}
    assert there.change == deployers
    assert set(registry.list_consumers("shared")) == {f"own-{number}" for number in range(publishers)}


def _publish_all(
    open_it: Callable[[], Store], number: int, deploys: bool, won: multiprocessing.Queue[tuple[int, bool]]
) -> None:
    registry = Registry(open_it())
    registry.begin()
    own = make_contract(f"own-{number}", "shared")
    published = publish(registry, Publication(f"own-{number}", "1", "t", "ci", contracts=(own,))).version
    if deploys:
        record_start(registry, "production", Running(published, at="t", by="ci"), new=True)
    try:
        publish(registry, Publication("shared", "1", "t", "ci", spec=_make_shared(number)))
    except RegistryError:
        won.put((number, False))
    else:
        won.put((number, True))


def _make_shared(number: int) -> ServiceSpec:
    parameters: dict[str, Any] = {f"p{number}": True}
    return make_spec("shared", **parameters)


def test_a_publisher_that_is_killed_leaves_nothing_half_done(
    open_it: Callable[[], Store], request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.params["open_it"]
    registry = Registry(open_it())
    registry.begin()
    rng = random.Random(7)
    acknowledged: list[str] = []
    for round_ in range(KILLS[kind]):
        reader, writer = os.pipe()
        child = FORK.Process(target=_publish_for_ever, args=(open_it, round_, writer))
        child.start()
        os.close(writer)
        first = os.read(reader, 100).decode()
        assert first, "it has published something"
        acknowledged += first.split()
        time.sleep(rng.uniform(0, 0.08 if kind == "folder" else 0.3))
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join(30)
        with os.fdopen(reader) as said:
            acknowledged += said.read().split()
    versions = registry.list_versions("a")
    assert set(acknowledged) <= set(versions)
    for name in versions:
        version = registry.get_version("a", name)
        assert registry.load_spec(version) == make_spec("a")
        assert registry.load_contract(version.contracts[0]) == make_contract("a", "b", name)
        assert publish(registry, _make(name)).state == "unchanged"
    head = registry.list_head("a", "branch", "main")
    assert head
    assert acknowledged


def _make(name: str) -> Publication:
    contract = make_contract("a", "b", name)
    return Publication("a", name, "t", "ci", branch="main", spec=make_spec("a"), contracts=(contract,))


def _publish_for_ever(open_it: Callable[[], Store], round_: int, writer: int) -> None:
    registry = Registry(open_it())
    for number in range(1_000):
        name = f"{round_}.{number}"
        publish(registry, _make(name))
        os.write(writer, f"{name}\n".encode())
