"""What becomes of a contract file by what a session recorded; and of two sessions at once."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.errors import ContractError
from taskcontract.model.contract import Contract, Interaction
from taskcontract.pytest_plugin import folder_lock
from taskcontract.pytest_plugin.contract_merge import merge
from taskcontract.pytest_plugin.folder_lock import hold_folder

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]


def interaction(name: str, test: str = "", *, result: str = "1") -> Interaction:
    return Interaction(name, "shop.price", "1.0.0", result=result, test=test or f"t.py::{name}")


def contract(*interactions: Interaction) -> Contract:
    return Contract("cafe", "shop", interactions)


def test_each_interaction_is_new_changed_kept_or_removed() -> None:
    old = contract(*(interaction(name) for name in ("changed", "gone", "same", "stays")))
    recorded = [interaction("changed", result="2"), interaction("new"), interaction("same")]
    merged = merge(old, recorded, is_outdated=lambda test: test != "t.py::stays")
    assert str(merged) == "4 interactions: 1 new, 1 changed, 2 kept, 1 removed"
    assert [each.description for each in merged.contract.interactions] == ["changed", "new", "same", "stays"]


def test_of_tests_that_record_the_same_the_first_by_name_is_written_whichever_ran() -> None:
    tests = ("a.py::t", "b.py::t", "c.py::t")
    before = contract(interaction("one", "a.py::t"))
    for size in (1, 2, 3):
        for ran in itertools.permutations(tests, size):
            recorded = [interaction("one", test) for test in ran]
            merged = merge(
                before, recorded, is_outdated=lambda test, ran=ran: test in ran and "a.py::t" in ran
            )
            assert merged.contract == before
            assert str(merged) == "1 interaction: 1 kept"


def test_two_meanings_of_one_description_name_both_tests_and_what_differs() -> None:
    old = contract(interaction("one", "a.py::t"))
    with pytest.raises(ContractError) as caught:
        merge(old, [interaction("one", "b.py::t", result="2")], is_outdated=lambda test: False)
    said = str(caught.value)
    assert "by a.py::t and by b.py::t: they differ in result" in said
    assert "If a.py::t is gone, run all of its file." in said


def test_an_interaction_of_another_tool_is_taken_over() -> None:
    foreign = replace(interaction("one"), test="")
    merged = merge(contract(foreign), [interaction("one", result="2")], is_outdated=lambda test: True)
    assert str(merged) == "1 interaction: 1 changed"


def test_a_folder_is_held_by_one_at_a_time_and_no_file_is_left(tmp_path: Path) -> None:
    inside = 0

    def enter() -> None:
        nonlocal inside
        for _ in range(20):
            with hold_folder(tmp_path / "new"):
                inside += 1
                assert inside == 1
                inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list((tmp_path / "new").iterdir()) == []


def test_a_folder_that_is_never_let_go_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_lock, "SECONDS", 0.05)
    with (
        hold_folder(tmp_path),
        pytest.raises(ContractError, match="another process has held"),
        hold_folder(tmp_path),
    ):
        pass


# -- whole sessions

BINDINGS = """
from celery import Celery
from taskcontract import Service
shop = Service("shop", queue="shop")

@shop.task(version="1.0.0")
def price(item: str) -> str: ...

shop.use(Celery("consumer", broker="amqp://127.0.0.1:1//", set_as_current=False))
"""

ONE = """
from shop_bindings import price, shop

def test_{name}(contract):
    with contract({parties}).expect(price):
        price.delay("{name}")
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyprojecttoml("[tool.taskcontract]\nconsumer = 'cafe'\n")
    pytester.makepyfile(shop_bindings=BINDINGS)
    return pytester


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-p", "taskcontract.pytest_plugin.plugin", *args]


def run(project: pytest.Pytester, *args: str, seed: str = "0") -> str:
    done = subprocess.run(
        command(*args),
        cwd=project.path,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout + done.stderr


def written(project: pytest.Pytester, name: str = "cafe--shop.json") -> list[str]:
    content: Any = json.loads((project.path / "contracts" / name).read_text())
    return [each["description"] for each in content["interactions"]]


@pytest.mark.process
def test_two_sessions_at_once_lose_nothing(project: pytest.Pytester) -> None:
    names = [f"n{number}" for number in range(4)]
    for name in names:
        project.makepyfile(**{f"test_{name}": ONE.format(name=name, parties='"cafe", shop')})
    sessions = [
        subprocess.Popen(command(f"test_{name}.py"), cwd=project.path, stdout=subprocess.DEVNULL)
        for name in names
    ]
    assert [session.wait(120) for session in sessions] == [0] * 4
    assert written(project) == names
    assert [file.name for file in (project.path / "contracts").iterdir()] == ["cafe--shop.json"]


@pytest.mark.process
def test_a_session_says_what_it_wrote_and_any_seed_and_order_writes_the_same(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(test_a=ONE.format(name="tea", parties="shop"))
    project.makepyfile(test_b=ONE.format(name="milk", parties="shop"))
    assert "wrote contracts/cafe--shop.json (2 interactions: 2 new)" in run(project)
    file = project.path / "contracts" / "cafe--shop.json"
    before = file.read_bytes()
    file.unlink()
    assert "wrote" in run(project, "test_b.py", "test_a.py", "-p", "no:cacheprovider", seed="7")
    assert file.read_bytes() == before
    assert "wrote" not in run(project, "test_b.py", seed="9")
    project.makepyfile(test_b=ONE.format(name="cake", parties="shop"))
    assert "(2 interactions: 1 new, 1 kept, 1 removed)" in run(project, "test_b.py")


@pytest.mark.process
def test_the_contract_goes_with_its_last_test_and_others_stay(project: pytest.Pytester) -> None:
    project.makepyfile(test_a=ONE.format(name="tea", parties="shop"))
    project.makepyfile(test_b=ONE.format(name="milk", parties='"bar", shop'))
    run(project)
    (project.path / "test_a.py").unlink()
    (project.path / "test_b.py").unlink()
    project.makepyfile(test_c="def test_c(): pass")
    (project.path / "contracts" / "cafe--broken.json").write_text("{")
    assert "removed" not in run(project, "--collect-only")
    assert "removed contracts/cafe--shop.json (its tests are gone)" in run(project)
    left = sorted(file.name for file in (project.path / "contracts").iterdir())
    assert left == ["bar--shop.json", "cafe--broken.json"]  # another's consumer, and what cannot be read


@pytest.mark.process
def test_with_another_root_folder_no_test_counts_as_gone(project: pytest.Pytester) -> None:
    project.makepyfile(test_a=ONE.format(name="tea", parties="shop"))
    run(project)
    project.makepyfile(test_c="def test_c(): pass")
    run(project, "test_c.py", "--rootdir", str(project.path.parent))
    assert written(project) == ["tea"]


@pytest.mark.process
@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_an_error_and_leaves_the_file(project: pytest.Pytester) -> None:
    project.makepyfile(test_a=ONE.format(name="tea", parties="shop"))
    run(project)
    folder = project.path / "contracts"
    before = (folder / "cafe--shop.json").read_bytes()
    project.makepyfile(test_a=ONE.format(name="milk", parties="shop"))
    folder.chmod(0o555)
    try:
        assert "cannot be written" in run(project)
    finally:
        folder.chmod(0o755)
    assert (folder / "cafe--shop.json").read_bytes() == before


@pytest.mark.process
def test_an_interrupted_session_writes_what_has_passed_and_no_half_file(project: pytest.Pytester) -> None:
    project.makepyfile(test_a=ONE.format(name="tea", parties="shop"))
    interrupting = ONE.format(name="milk", parties="shop") + "        raise KeyboardInterrupt\n"
    project.makepyfile(test_b=interrupting)
    assert "KeyboardInterrupt" in run(project)
    assert written(project) == ["tea"]
    assert [file.name for file in (project.path / "contracts").iterdir()] == ["cafe--shop.json"]
