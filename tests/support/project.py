"""A project in a folder of its own, in which the command runs as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from importlib import invalidate_caches
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple
from unittest.mock import patch

from taskcontract.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import ModuleType

PUSHER = """\
from dataclasses import dataclass
from taskcontract import Service

pusher = Service("pusher", queue="pusher")


@dataclass
class Stored:
    url: str


@pusher.task(version="1.0.0")
def send_to_s3(key: str, content: str) -> str: ...


@pusher.task(version="2.0.0", supersedes=send_to_s3)
def send_to_s3_v2(key: str, content: str, meta: dict[str, str]) -> Stored: ...
"""


EACH = """\
import json, sys
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO

module, _, name = sys.argv[1].partition(":")
main = getattr(import_module(module), name)
done = []
for arguments in json.loads(sys.argv[2]):
    sys.argv[1:] = arguments
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        try:
            code = main()
        except SystemExit as end:
            code = end.code
    done.append([int(code or 0), out.getvalue(), err.getvalue()])
print(json.dumps(done))
"""


class Done(NamedTuple):
    """What a command ended with."""

    returncode: int
    stdout: str
    stderr: str


class Project:
    """A folder with files, in which `run` runs the command."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str, **environment: str) -> Done:
        """The command, finished, in this process; the project's modules are imported anew each time."""
        out, err = StringIO(), StringIO()
        with (
            chdir(self.root),
            patch.dict(os.environ, environment),
            patch.object(sys, "path", [*sys.path]),
            patch.object(sys, "dont_write_bytecode", True),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            invalidate_caches()
            outside = _take_bindings()
            try:
                code = main(arguments)
            except SystemExit as end:
                code = int(end.code or 0)
            finally:
                _take_bindings()
                sys.modules.update(outside)
        return Done(code, out.getvalue(), err.getvalue())

    def run_process(self, *arguments: str, **environment: str) -> Done:
        """The same in a process of its own; a traceback in its output fails the test."""
        return self._finish(["-m", "taskcontract", *arguments], environment)

    def run_each(
        self,
        commands: Sequence[Sequence[str]],
        *,
        program: str = "taskcontract.cli.main:main",
        **environment: str,
    ) -> list[Done]:
        """Each command, finished, one after another in one process; a traceback fails the test."""
        done = self._finish(["-c", EACH, program, json.dumps(commands)], environment)
        assert done.returncode == 0, done.stderr
        each = [Done(*one) for one in json.loads(done.stdout)]
        assert not [one for one in each if "Traceback" in one.stderr]
        return each

    def run_python(self, code: str) -> Done:
        """The finished program `code`."""
        return self._finish(["-c", code], {})

    def _finish(self, command: list[str], environment: dict[str, str]) -> Done:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, **environment},
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)


def _take_bindings() -> dict[str, ModuleType]:
    """Take out the modules of bindings: another test may have imported those of the checkout."""
    names = [name for name in sys.modules if name.partition(".")[0] == "bindings"]
    return {name: sys.modules.pop(name) for name in names}
