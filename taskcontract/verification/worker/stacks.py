"""Where a worker hangs: its threads' stacks, cut down to the provider's own code."""

from __future__ import annotations

import os
import re
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.frames import is_machinery

if TYPE_CHECKING:
    from taskcontract.verification.worker.live_worker import LiveWorker

__all__ = ["STACK_SIGNAL", "read_stack"]

STACK_SIGNAL = signal.SIGUSR2
SECONDS = 0.5
MOST_FRAMES = 6
_FRAME = re.compile(r'^  File "(?P<file>[^"]+)", line \d+ in .+$', re.MULTILINE)


def read_stack(worker: LiveWorker) -> str:
    """Return the provider's own frames in the worker's threads, the innermost first; may be empty."""
    output = Path(worker.settings.output_file)
    with suppress(OSError):
        before = output.stat().st_size
        os.kill(worker.pid, STACK_SIGNAL)
        deadline = time.monotonic() + SECONDS
        said = ""
        while time.monotonic() < deadline:
            time.sleep(0.02)
            with output.open("rb") as file:
                file.seek(before)
                newer = file.read().decode(errors="replace")
            if newer and newer == said:
                break
            said = newer
        frames = [match[0] for match in _FRAME.finditer(said) if not is_machinery(match["file"])]
        if frames:
            return "It hangs at (innermost first):\n" + "\n".join(frames[:MOST_FRAMES])
    return ""
