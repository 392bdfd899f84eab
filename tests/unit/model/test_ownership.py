"""A configuration file of another user is refused, as it names what is imported, unless it is called safe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from taskcontract.errors import ConfigError
from taskcontract.model.config import read_config

SOMEBODY = 65_534
ROOT = Path(__file__).parents[3]
AS_ROOT = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file to another user"
)
SECTION = '[tool.taskcontract]\napp = "planted"\n'
HOW = "set TASKCONTRACT_SAFE_DIRECTORY="


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TASKCONTRACT_SAFE_DIRECTORY", "SUDO_UID"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A folder and a file that another user owns, above one of this user's."""
    folder = tmp_path / "their shop"
    (folder / "mine").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(SECTION)
    for path in (folder, folder / "pyproject.toml"):
        os.chown(path, SOMEBODY, SOMEBODY)
    return folder


@AS_ROOT
@pytest.mark.parametrize("below", ["", "mine"])
def test_a_file_of_another_user_s_is_refused(planted: Path, below: str) -> None:
    with pytest.raises(ConfigError, match=f"belongs to user {SOMEBODY}") as refusal:
        read_config(planted / below)
    assert refusal.value.where == str(planted / "pyproject.toml")
    assert f"{HOW}'{planted}'" in refusal.value.do


@AS_ROOT
@pytest.mark.parametrize("theirs", ["file", "folder", "link"])
def test_one_thing_of_theirs_is_enough(planted: Path, theirs: str) -> None:
    file = planted / "pyproject.toml"
    if theirs == "link":
        mine = planted.with_name("mine.toml")
        file.unlink()
        mine.write_text(SECTION)
        file.symlink_to(mine)
        os.lchown(file, SOMEBODY, SOMEBODY)
    if theirs == "folder":
        os.chown(file, 0, 0)
    else:
        os.chown(planted, 0, 0)
    with pytest.raises(ConfigError, match="TASKCONTRACT_SAFE_DIRECTORY"):
        read_config(planted)


@AS_ROOT
@pytest.mark.parametrize("body", ["", "[tool.black]\n", '[project]\ndependencies = ["taskcontract"]\n'])
def test_a_file_of_theirs_that_says_nothing_is_passed_over(
    planted: Path, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their folder is no root either: modules would be imported from it."""
    (planted / "pyproject.toml").write_text(body)
    assert read_config(planted / "mine").root == planted / "mine"
    (planted.parent / "pyproject.toml").write_text(SECTION)
    assert read_config(planted / "mine").root == planted.parent
    monkeypatch.setenv("TASKCONTRACT_SAFE_DIRECTORY", "*")
    assert read_config(planted / "mine").root == planted


@AS_ROOT
@pytest.mark.parametrize("named", ["{}", "{}/", "/nowhere:{}", "*", "/nowhere:*", "{}/.."])
def test_a_folder_can_be_called_safe(planted: Path, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKCONTRACT_SAFE_DIRECTORY", named.format(planted))
    assert read_config(planted / "mine").app == "planted"


@AS_ROOT
@pytest.mark.parametrize("named", ["", ":", "/nowhere", "{}/mine", "{}2", ".", "their shop", "**"])
def test_another_folder_s_safety_is_not_this_one_s(
    planted: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(planted)
    monkeypatch.setenv("TASKCONTRACT_SAFE_DIRECTORY", named.format(planted))
    with pytest.raises(ConfigError, match="TASKCONTRACT_SAFE_DIRECTORY"):
        read_config(planted)


@AS_ROOT
def test_who_calls_sudo_is_no_other(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_UID", str(SOMEBODY))
    assert read_config(planted).app == "planted"
    monkeypatch.setenv("SUDO_UID", str(SOMEBODY - 1))
    with pytest.raises(ConfigError):
        read_config(planted)


@AS_ROOT
def test_only_root_believes_who_called_sudo(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_UID", str(SOMEBODY))
    monkeypatch.setattr(os, "geteuid", lambda: 1_000)
    with pytest.raises(ConfigError):
        read_config(planted)


@AS_ROOT
def test_root_s_files_are_everybody_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(SECTION)
    monkeypatch.setattr(os, "geteuid", lambda: SOMEBODY)
    assert read_config(tmp_path).app == "planted"


@AS_ROOT
def test_where_files_have_no_owner_none_is_refused(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "geteuid")
    assert read_config(planted).app == "planted"


@pytest.mark.process
@AS_ROOT
@pytest.mark.parametrize("command", [("usage",), ("inflight",), ("quarantine", "list"), ("inspect",)])
def test_no_command_imports_what_was_planted(planted: Path, command: tuple[str, ...]) -> None:
    (planted / "pyproject.toml").write_text(f'{SECTION}bindings = ["planted"]\n')
    (planted / "planted.py").write_text(
        "print('PLANTED CODE RAN')\nfrom celery import Celery\napp = Celery()\n"
    )
    run = [sys.executable, "-m", "taskcontract", *command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        run, cwd=planted / "mine", env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "PLANTED" not in done.stdout + done.stderr
    assert f"{planted}/pyproject.toml: " in done.stderr
    assert HOW in done.stderr
    safe = {**environment, "TASKCONTRACT_SAFE_DIRECTORY": str(planted)}
    done = subprocess.run(
        run, cwd=planted / "mine", env=safe, capture_output=True, text=True, timeout=60, check=False
    )
    assert "PLANTED" in done.stdout + done.stderr


@pytest.mark.process
@AS_ROOT
def test_pytest_runs_what_its_own_settings_lie_beside(planted: Path) -> None:
    """In CI's containers a checkout may be another user's: pytest imports its conftest.py anyway."""
    (planted / "mine" / "test_it.py").write_text(
        "def test_it(request):\n"
        "    from taskcontract.pytest_plugin.options import read_settings\n"
        "    assert read_settings(request.config).app == 'planted'\n"
    )
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    (planted / "pyproject.toml").write_text(f"{SECTION}[tool.pytest.ini_options]\n")
    done = subprocess.run(
        run, cwd=planted / "mine", env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (planted / "mine" / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        run, cwd=planted / "mine", env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert HOW in done.stdout
