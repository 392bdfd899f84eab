"""`taskcontract completion`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.project import Project

ASK = """
set -e
bash -n script
. ./script
COMP_WORDS=(taskcontract {words}) COMP_CWORD={last}
_taskcontract_completion taskcontract
printf '%s\\n' "${{COMPREPLY[@]}}"
"""

COMPLETED = {
    "a command": ("sna", ["snapshot"]),
    "one of several": ("in", ["init", "inflight", "inspect"]),
    "an option": ("diff --ca", ["--call-style"]),
    "a word": ("quarantine rep", ["replay"]),
    "a value": ("diff --format js", ["json"]),
    "a shell": ("completion z", ["zsh"]),
    "what is none": ("nosuch --", ["--version", "--help"]),
}


@pytest.mark.process
@pytest.mark.parametrize(("typed", "completed"), COMPLETED.values(), ids=COMPLETED)
def test_bash_completes(project: Project, typed: str, completed: list[str]) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    project.write("script", project.run("completion", "bash").stdout)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [bash, "-c", ASK.format(words=typed, last=len(typed.split()))],
        cwd=project.root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == completed


@pytest.mark.parametrize(("shell", "line"), [("zsh", "#compdef"), ("fish", "complete --no-files")])
def test_other_shells_have_a_script_too(project: Project, shell: str, line: str) -> None:
    done = project.run("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert line in done.stdout
    assert "_TASKCONTRACT_COMPLETE" in done.stdout


def test_another_shell_is_refused(project: Project) -> None:
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in project.run("completion", "tcsh").stderr
