"""`celery -A APP contract ...`: the same commands, through Celery's own command line."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from taskcontract.cli.group import COMMANDS

if TYPE_CHECKING:
    from tests.support.project import Done, Project

pytestmark = pytest.mark.process

APP = """
from celery import Celery
app = Celery("shop", broker="embedded://{root}/broker")
app.user_options["preload"].add(__import__("click").Option(["--tenant"]))
"""


@pytest.fixture
def shop(project: Project) -> Project:
    """A project whose app is named to Celery alone, and has an option of its own for all commands."""
    project.write("shop.py", APP.format(root=project.root))
    project.write("pyproject.toml", "[tool.taskcontract]\nbindings = ['bindings.pusher']\n")
    return project


def run_celery(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "celery", *arguments],
        cwd=project.root,
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_the_app_is_celerys(shop: Project) -> None:
    alone: Done = shop.run_process("quarantine", "list")
    assert (alone.returncode, "no app and no broker to look at" in alone.stderr) == (2, True)
    done = run_celery(shop, "-A", "shop", "contract", "quarantine", "list")
    assert (done.returncode, done.stdout) == (0, "0 messages in quarantine\n"), done.stderr
    other = run_celery(shop, "-A", "shop", "contract", "quarantine", "list", "--app", "nosuch")
    assert (other.returncode, "the app 'nosuch' cannot be imported" in other.stderr) == (2, True)


def test_the_commands_are_the_same(shop: Project) -> None:
    done = run_celery(shop, "contract", "--help")
    assert done.returncode == 0, done.stderr
    assert "usage: python -m celery contract COMMAND ..." in done.stdout
    assert [name for name in COMMANDS if f"  {name} " not in done.stdout] == []


ENDS: list[tuple[list[str], int, str]] = [
    (["check"], 2, "taskcontract: "),
    (["snapsho"], 2, "taskcontract: there is no command 'snapsho'\n  Did you mean 'snapshot'?"),
    (["--nope"], 2, "taskcontract: there is no option --nope"),
    (["diff", "--nope"], 2, "taskcontract: diff: there is no option --nope"),
    (["generate", "bindings.pusher", "--check"], 1, "bindings/delegates.py is stale"),
]


def test_it_ends_as_the_command_does(shop: Project) -> None:
    commands = [["contract", *arguments] for arguments, _, _ in ENDS]
    runs = shop.run_each(commands, program="celery.__main__:main", COLUMNS="100")
    for done, (arguments, code, said) in zip(runs, ENDS, strict=True):
        assert (done.returncode, done.stdout) == (code, ""), arguments
        assert said in done.stderr, arguments
