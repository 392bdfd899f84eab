"""What the commands draw on a real terminal, at several widths, and that nothing of it is in a pipe."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from tests.support.project import PUSHER
from tests.support.terminal import Screen, run_on_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.project import Project

pytestmark = pytest.mark.process

HOSTILE = "[red]x[/red] [link=http://x]\\x1b[31m\\x07\\u202e:smile: 漢字"

SLOW = """\
import sys, time
from taskcontract.reporting.progress import show_progress
with show_progress("[bold]counting[/bold] \\x1b[31m", 3, after=0) as work:
    print("a print of the user's")
    print("a warning of the user's", file=sys.stderr)
    end = time.monotonic() + 30
    while time.monotonic() < end and "rich.live" not in sys.modules:
        time.sleep(0.01)
    time.sleep(0.5)
    work.done = 2
    time.sleep(0.5)
print("done")
"""


EACH = """\
import json, sys
from taskcontract.cli.main import main
for arguments in json.loads(sys.argv[1]):
    code = main(arguments)
    sys.stderr.flush()
    print(f"\\0{code}\\0", flush=True)
"""


@pytest.fixture
def changed(project: Project) -> Project:
    """The project with a parameter less than what was published."""
    assert project.run("snapshot", "bindings.pusher", "--publish").returncode == 0
    project.write("bindings/pusher.py", PUSHER.replace("content: str) -> str", "count: int = 1) -> str"))
    return project


def run(project: Project, *arguments: str, columns: int = 80, **environment: Any) -> Screen:
    return run_on_terminal(["-m", "taskcontract", *arguments], project.root, columns=columns, **environment)


COMMANDS = [
    ("diff", "v2", "bindings.pusher"),
    ("check", "bindings.pusher"),
    ("rules",),
    ("explain", "param-reordered", "task-removed"),
    ("explain", "param-reorderd"),
    ("diff", "v1"),
    ("inflight", "bindings.pusher", "--broker", "memory://"),
    ("quarantine", "list", "--broker", "memory://"),
]


def run_all(project: Project, *, columns: int, **environment: Any) -> list[Screen]:
    """What each of the commands draws, one after another in one process."""
    command = ["-c", EACH, json.dumps(COMMANDS)]
    screen = run_on_terminal(command, project.root, columns=columns, **environment)
    assert screen.code == 0, screen.text
    return [Screen(int(code), raw) for raw, code in re.findall(r"(.*?)\0(\d+)\0\n", screen.raw, re.DOTALL)]


@pytest.mark.parametrize("columns", [40, 72, 160])
def test_nothing_is_wider_than_the_terminal(changed: Project, columns: int) -> None:
    copied = ("    call ", "    sent ", "    now ", "    before ")  # in one line, to be pasted
    for arguments, screen in zip(COMMANDS, run_all(changed, columns=columns), strict=True):
        assert screen.is_coloured, arguments
        assert "Traceback" not in screen.text
        wide = [each for each in screen.lines if cell_len(each) > columns and not each.startswith(copied)]
        assert wide == [], arguments


def test_a_terminal_shows_the_words_of_a_pipe(changed: Project) -> None:
    for arguments, screen in zip(COMMANDS, run_all(changed, columns=160), strict=True):
        piped = changed.run(*arguments)
        assert screen.code == piped.returncode, arguments
        assert "\x1b" not in piped.stdout + piped.stderr
        if arguments[0] != "explain":  # its Markdown is rendered
            assert set((piped.stdout + piped.stderr).split()) <= set(screen.text.split()), arguments


def test_the_markdown_of_a_rule_is_rendered(project: Project) -> None:
    screen = run(project, "explain", "param-reordered")
    assert not any(line.startswith(("#", "```")) for line in screen.lines)
    assert "Why it breaks" in screen.text


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({}, True), ({"NO_COLOR": ""}, True)],
)
def test_colours_can_be_refused(changed: Project, environment: dict[str, Any], coloured: bool) -> None:
    screen = run(changed, "diff", "v2", "bindings.pusher", **environment)
    assert screen.is_coloured is coloured
    if environment.get("TERM") == "dumb":  # it cannot take a line back either
        assert "\x1b" not in screen.raw


def test_colours_can_be_asked_for_in_a_pipe(changed: Project) -> None:
    plain = changed.run_process("diff", "v2", "bindings.pusher")
    forced = changed.run_process("diff", "v2", "bindings.pusher", FORCE_COLOR="1")
    assert Screen(0, forced.stdout).text == plain.stdout
    assert Screen(0, forced.stdout).is_coloured


def test_the_environment_says_how_wide_it_is(changed: Project) -> None:
    screen = run(changed, "rules", columns=160, COLUMNS="50")
    assert max(map(len, screen.lines)) <= 50


@pytest.mark.parametrize("hidden", [False, True], ids=["with Rich", "without Rich"])
@pytest.mark.parametrize("columns", [50, 120])
def test_foreign_names_are_shown_and_not_obeyed(project: Project, columns: int, hidden: bool) -> None:
    project.write(
        "bindings/hostile.py",
        f"from taskcontract import Service\ns = Service('s')\nraise ValueError('{HOSTILE}')\n",
    )
    screen = run(
        project, "snapshot", "bindings.hostile", columns=columns, **(hide_rich(project) if hidden else {})
    )
    shown = " ".join(screen.text.split()) if not hidden else screen.text
    assert "[red]x[/red]" in shown
    assert ":smile:" in shown
    assert "漢字" in shown
    assert r"\x1b[31m\x07\u202e" in shown.replace("\n", "")
    assert not {"\x07", "\u202e", "\x1b]"} & set(screen.raw)


def hide_rich(project: Project) -> dict[str, str]:
    """The environment of a Python that has no Rich."""
    project.write("hidden/sitecustomize.py", "import sys\nsys.modules['rich'] = None\n")
    return {
        "PYTHONPATH": os.pathsep.join(
            [str(project.root / "hidden"), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
    }


def test_without_rich_the_text_is_plain(changed: Project) -> None:
    screens = run_all(changed, columns=100, **hide_rich(changed))
    for arguments, screen in zip(COMMANDS, screens, strict=True):
        piped = changed.run(*arguments)
        assert screen.code == piped.returncode, arguments
        assert sorted(screen.lines) == sorted((piped.stdout + piped.stderr).splitlines()), arguments


def test_rich_is_imported_for_a_terminal_alone(changed: Project) -> None:
    commands = [[*arguments] for arguments in (*COMMANDS, ("--help",), ("nope",))]
    code = (
        "import sys\nfrom taskcontract.cli.main import main\n"
        f"for each in {commands!r}:\n    main(each)\n    assert 'rich' not in sys.modules, each"
    )
    done = changed.run_python(code)
    assert done.returncode == 0, done.stderr


def test_progress_is_drawn_on_stderr_and_gone_at_the_end(project: Project, tmp_path: Path) -> None:
    screen = run_on_terminal(["-c", SLOW], project.root, stdout=tmp_path / "out")
    assert "[bold]counting[/bold] \\x1b[31m" in screen.text
    assert "2/3" in screen.text
    assert "a warning of the user's" in screen.text
    assert screen.raw.rstrip().endswith(("\x1b[?25h", "\x1b[2K")) or "\x1b[?25h" in screen.raw
    assert (tmp_path / "out").read_text() == "a print of the user's\ndone\n"


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"hidden": "1"}], ids=["dumb", "without Rich"])
def test_no_progress_where_it_cannot_be_drawn(project: Project, environment: dict[str, str]) -> None:
    code = SLOW.replace("+ 30", "+ 0.2")
    given: dict[str, Any] = hide_rich(project) if "hidden" in environment else environment
    screen = run_on_terminal(["-c", code], project.root, **given)
    assert screen.raw == "a print of the user's\na warning of the user's\ndone\n"


def test_no_progress_in_a_pipe(project: Project) -> None:
    done = project.run_python(SLOW.replace("+ 30", "+ 0.2"))
    assert (done.stdout, done.stderr) == ("a print of the user's\ndone\n", "a warning of the user's\n")
