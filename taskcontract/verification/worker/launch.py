"""Starting a worker's process before anything is known of it: it loads Celery meanwhile.

Imports nothing but what every session of pytest has loaded.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress

__all__ = ["LaunchedProcess"]


class LaunchedProcess:
    """A process that waits for its settings, and the ends of the pipes to it.

    It leads a group of its own, so that Ctrl-C reaches only the verifier and a kill reaches the pool's
    children too. It ends by itself when the pipe of its commands is closed before it has any.
    """

    def __init__(self) -> None:
        command_end, self.commands = os.pipe()
        self.answers, answer_end = os.pipe()
        self.news, news_end = os.pipe()
        ends = (command_end, answer_end, news_end)
        module = f"{__package__}.worker_process"
        self._python = _read_python_variables()
        self._ended = False
        try:
            self.process = subprocess.Popen(  # noqa: S603
                # Without the current folder: the worker's own one is put there when it is known.
                [sys.executable, "-P", "-m", module, *map(str, ends)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=ends,
                start_new_session=True,
            )
        finally:
            for end in ends:
                os.close(end)

    @property
    def fits(self) -> bool:
        """Whether the environment still is the one that its interpreter was started in, for all it reads."""
        return self._python == _read_python_variables() and self.process.poll() is None

    def end(self) -> None:
        """Kill the process with its children, and close the pipes. May be called twice."""
        if self._ended:
            return
        self._ended = True
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for end in (self.commands, self.answers, self.news):
            os.close(end)


def _read_python_variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
