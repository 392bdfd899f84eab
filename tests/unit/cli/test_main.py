"""The command line as such: help, mistakes, interruptions."""

from __future__ import annotations

import signal
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from taskcontract.cli.group import COMMANDS
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from tests.support.project import Project


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_lists_every_command(project: Project, arguments: list[str]) -> None:
    done = project.run(*arguments)
    assert done.returncode == 0
    assert [name for name in COMMANDS if f"  {name} " not in done.stdout] == []


@pytest.mark.process
def test_every_command_helps_itself(project: Project) -> None:
    for name, done in zip(COMMANDS, project.run_each([[name, "--help"] for name in COMMANDS]), strict=True):
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"usage: taskcontract {name}")
        assert import_module(f"taskcontract.cli.{name.replace('-', '_')}").__all__ == ["run"]


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_is_told(project: Project, option: str) -> None:
    assert project.run(option).stdout.startswith("taskcontract 0.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["snapsho"], "no command 'snapsho'\n  Did you mean 'snapshot'? Commands: diff, lint, check,"),
        (["help", "snapsho"], "no command 'snapsho'\n  Did you mean 'snapshot'?"),
        (
            ["--vers"],
            "there is no option --vers\n  Did you mean '--version'? usage: taskcontract [OPTIONS] ",
        ),
        (["diff", "v1"], "diff: NEW is missing\n  Name both sides: taskcontract diff v1 "),
        (["snapshot"], "no bindings are named"),
        (["generate"], "no bindings are named"),
        (["diff", "v1", "v2", "v3"], "diff: got unexpected extra argument (v3)\n  usage: taskcontract diff "),
        (["diff", "v1", "v2", "--fromat=json"], "no option --fromat\n  Did you mean '--format'? usage: "),
        (["diff", "v1", "v2", "--format", "yaml"], "diff --format: 'yaml' is not one of 'text', 'json'"),
        (["diff", "v1", "v2", "-o"], "diff: option '-o' requires an argument"),
        (["diff", "v1", "v2", "-o", "--budget", "7"], "diff --output: a value is missing before --budget"),
        (["snapshot", "bindings.pusher", "-o", "x", "--publish"], "--output is not allowed with --publish"),
        (["generate", "bindings.pusher", "--check=no"], "option '--check' does not take a value"),
        (["scaffold", "nothing"], "scaffold adapter: 'nothing' is not"),
        (["snapshot", "bindings.pusher", "--nope"], "--nope"),
        (["snapshot", "bindings.nope"], "no module 'bindings.nope'"),
        (["snapshot", "nope/pusher.py"], "no such file"),
        (["snapshot", "not a module"], "'not a module' is not a module's name"),
        (["snapshot", ".pusher"], "not a module's name"),
        (["snapshot", "json"], "json holds no service"),
        (["snapshot", "bindings.pusher:nope"], "no service named nope"),
        (["snapshot", "bindings.pusher", "-o", "bindings"], "bindings: cannot be written"),
        (["snapshot", "bindings.pusher", "--publish", "1.0"], "'1.0' is not a version"),
        (["generate", "bindings.nope"], "no module 'bindings.nope'"),
    ],
)
def test_a_mistake_is_one_message_and_exit_code_2(project: Project, arguments: list[str], said: str) -> None:
    done = project.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("taskcontract: ")
    assert said in done.stderr


@pytest.mark.process
@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "import nothing_of_this_name\n",
            "bindings/broken.py:1: bindings.broken cannot be imported: ModuleNot",
        ),
        ("\n\n1 / 0\n", "bindings/broken.py:3: bindings.broken cannot be imported: ZeroDivisionError"),
        ("x = (\n", "bindings/broken.py:1: bindings.broken cannot be imported: SyntaxError"),
        (
            "import sys\nsys.exit(3)\n",
            "bindings/broken.py:2: bindings.broken cannot be imported: SystemExit: 3",
        ),
        (
            "from taskcontract import Service\ns = Service('s')\n@s.task()\ndef f() -> None: ...\n",
            "bindings/broken.py:3 f: this binding has no version",
        ),
        ("raise ValueError('\\x1b[2Jgone')\n", r"ValueError: \x1b[2Jgone"),
    ],
)
def test_a_module_that_fails_at_import_is_named_with_its_line(
    project: Project, source: str, said: str
) -> None:
    project.write("bindings/broken.py", source)
    done = project.run_process("snapshot", "bindings.broken")
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 3


@pytest.mark.process
def test_a_reader_that_leaves_is_no_error(project: Project) -> None:
    done = subprocess.run(
        f"'{sys.executable}' -m taskcontract snapshot bindings.pusher | true; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        cwd=project.root,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("141\n", "")


@pytest.mark.process
def test_an_interruption_is_quiet(project: Project) -> None:
    project.write("bindings/slow.py", "import time\nopen('started', 'w').close()\ntime.sleep(30)\n")
    with subprocess.Popen(
        [sys.executable, "-m", "taskcontract", "snapshot", "bindings.slow"],
        cwd=project.root,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until((project.root / "started").exists)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr
        assert process.stderr.read() == ""


@pytest.mark.parametrize("columns", ["70", "120"])
@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_keeps_to_the_terminals_width(project: Project, name: str, columns: str) -> None:
    lines = project.run(*name.split(), "--help", COLUMNS=columns).stdout.splitlines()
    # A command that can be copied stays in one line.
    assert [line for line in lines if len(line) > int(columns) and "  taskcontract " not in line] == []


@pytest.mark.parametrize("form", ["-o out.json", "-oout.json", "-o=out.json", "--output=out.json"])
@pytest.mark.parametrize("order", ["{} bindings.pusher", "bindings.pusher {}", "{} -- bindings.pusher"])
def test_options_stand_anywhere_in_every_spelling(project: Project, form: str, order: str) -> None:
    done = project.run("snapshot", *order.format(form).split())
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (project.root / "out.json").is_file()


def test_the_help_of_a_command_has_two_names(project: Project) -> None:
    assert project.run("help", "diff").stdout == project.run("diff", "-h").stdout != ""


@pytest.mark.process
def test_help_imports_no_command(project: Project) -> None:
    code = (
        "import sys\nfrom taskcontract.cli.main import main\nmain(['--help'])\n"
        f"commands = {[f'taskcontract.cli.{name}' for name in COMMANDS]!r}\n"
        "others = ['celery', 'pydantic', 'argparse', 'importlib.metadata']\n"
        "print([name for name in [*commands, *others] if name in sys.modules])"
    )
    assert project.run_python(code).stdout.endswith("\n[]\n")
