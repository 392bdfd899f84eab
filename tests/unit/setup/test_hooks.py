"""The hooks that other projects use are run by pre-commit itself; ours run what the Makefile runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[3]
BINDINGS = """\
from taskcontract import Service

stock = Service("stock", queue="stock", version="{version}")


@stock.task(version="{version}")
def reserve({parameters}) -> str: ...
"""
CONFIGURATION = """\
repos:
  - repo: {hooks}
    rev: {revision}
    hooks:
      - id: taskcontract-check
      - id: taskcontract-generate
        args: [stock_bindings]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with published bindings and fresh delegates, whose commits the hooks check."""
    hooks, project = tmp_path / "hooks", tmp_path / "project"
    for folder in (hooks, project):
        folder.mkdir()
        run(folder, "git", "init", "--quiet")
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    run(hooks, "git", "add", ".")
    run(hooks, "git", "commit", "--quiet", "--message", "Hooks")
    revision = run(hooks, "git", "rev-parse", "HEAD").stdout.strip()
    (project / ".pre-commit-config.yaml").write_text(CONFIGURATION.format(hooks=hooks, revision=revision))
    (project / "pyproject.toml").write_text('[tool.taskcontract]\nbindings = ["stock_bindings"]\n')
    declare(project, "1.0.0", "item: str, count: int")
    for command in (("snapshot", "stock_bindings", "--publish"), ("generate", "stock_bindings")):
        assert run(project, "taskcontract", *command).returncode == 0
    return project


def declare(project: Path, version: str, parameters: str) -> None:
    text = BINDINGS.format(version=version, parameters=parameters)
    (project / "stock_bindings.py").write_text(text)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    names = {f"GIT_{who}_{what}": "tests" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    places = {"PRE_COMMIT_HOME": str(folder / ".git/pre-commit"), "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **names, **places, "PATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def check_commit(project: Path) -> tuple[dict[str, str], str]:
    """What each hook says of all files, by its name; and the whole output."""
    run(project, "git", "add", ".")
    output = run(project, "pre-commit", "run", "--all-files").stdout
    return dict(re.findall(r"^(taskcontract [a-z -]+?)\.+(Passed|Failed)$", output, re.MULTILINE)), output


def test_what_is_as_it_was_published_may_be_committed(project: Path) -> None:
    results, output = check_commit(project)

    assert results == {"taskcontract check": "Passed", "taskcontract generate --check": "Passed"}, output


def test_a_break_under_too_small_a_version_is_not_committed(project: Path) -> None:
    declare(project, "1.1.0", "count: int, item: str")
    results, output = check_commit(project)

    assert results == {"taskcontract check": "Failed", "taskcontract generate --check": "Failed"}, output
    assert "param-reordered needs a major bump" in output
    assert "delegates.py is stale" in output


def test_the_hook_with_an_environment_of_its_own_has_all_that_a_diff_needs() -> None:
    hooks = {each["id"]: each for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]

    assert hooks["taskcontract-diff"]["language"] == "python"
    assert hooks["taskcontract-diff"]["additional_dependencies"] == extras["diff"]


def test_our_own_hooks_run_what_the_makefile_runs() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("$(BIN)/", ".venv/bin/")
    (own,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]

    for hook in own["hooks"]:
        assert hook["entry"].replace(" --force-exclude", "") in makefile, hook["id"]
