"""A document's blocks, run one after the other in a folder of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import IO, TYPE_CHECKING, Self

from tests.support.markdown_blocks import matches, read_commands
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.markdown_blocks import Block, Command

TIMEOUT = 120
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
MAKE = re.compile(r"make (?P<target>[a-z-]+)")

# Executes each block that it is sent, in one namespace, with the document's own line numbers.
PYTHON = """
import json, sys, traceback
sys.path.insert(0, "")
answers, sys.stdout = sys.stdout, sys.stderr
namespace = {"__name__": "__main__"}
for request in sys.stdin:
    block = json.loads(request)
    try:
        exec(compile("\\n" * (block["line"] - 1) + block["text"], block["document"], "exec"), namespace)
        failure = None
    except BaseException:
        failure = traceback.format_exc()
    print(json.dumps(failure), file=answers, flush=True)
"""


class Document:
    """Runs blocks of the document `name` in `folder`; each failure is an AssertionError with its line."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str], makefile: str) -> None:
        self.name = name
        self.folder = folder
        self.environment = dict(environment)
        self.targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
        self._processes: list[subprocess.Popen[str]] = []
        self._python: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def run(self, block: Block) -> None:
        """Write, execute or check one block."""
        if block.kind == "file":
            path = self.folder / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
        elif block.kind == "python":
            self._execute(block)
        else:
            *earlier, last = read_commands(block)
            for command in earlier:
                self._run_command(command, block, exits=0)
            self._run_command(last, block, exits=block.exits)

    def _execute(self, block: Block) -> None:
        if self._python is None:
            self._python = self._start([sys.executable, "-c", PYTHON], stdin=subprocess.PIPE)
        assert self._python.stdin is not None
        assert self._python.stdout is not None
        request = {"text": block.text, "line": block.line, "document": self.name}
        self._python.stdin.write(json.dumps(request) + "\n")
        self._python.stdin.flush()
        failure = json.loads(self._python.stdout.readline() or '"the interpreter ended"')
        assert failure is None, f"{self.name}:{block.line}\n{failure}"

    def _run_command(self, command: Command, block: Block, *, exits: int) -> None:
        place = f"{self.name}:{block.line}: $ {command.text}"
        made = MAKE.match(command.text)
        if made:
            # What it does is checked where CI calls it.
            assert made["target"] in self.targets, f"{place}\nthe Makefile has no such target"
        elif command.text.startswith("celery ") and " worker" in command.text:
            self._start_worker(command.text)
        else:
            done = subprocess.run(
                ["bash", "-c", command.text],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=TIMEOUT,
                check=False,
            )
            output = COLOUR.sub("", done.stdout)
            assert done.returncode == exits, f"{place}\nexit code {done.returncode}, not {exits}:\n{output}"
            assert command.expected is None or matches(command.expected, output), (
                f"{place}\nshown:\n{command.expected}\n\nin truth:\n{output}"
            )

    def _start_worker(self, command: str) -> None:
        """Start a worker for the rest of the document."""
        log = self.folder / f"worker-{len(self._processes)}.log"
        with log.open("w") as output:
            worker = self._start(["bash", "-c", f"exec {command}"], stdout=output, stderr=output)

        def is_ready() -> bool:
            assert worker.poll() is None, log.read_text()
            return " ready." in log.read_text()

        wait_until(is_ready)

    def _start(
        self,
        command: list[str],
        *,
        stdin: int = subprocess.DEVNULL,
        stdout: IO[str] | int = subprocess.PIPE,
        stderr: IO[str] | None = None,
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            text=True,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )
        self._processes.append(process)
        return process


def make_path(environment: Mapping[str, str]) -> str:
    """The PATH with the commands of this environment in front."""
    return os.pathsep.join([os.path.dirname(sys.executable), environment.get("PATH", "")])  # noqa: PTH120
