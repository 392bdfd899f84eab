"""One changed input handed to a reader: what is wrong with what it does, and how long it takes."""

from __future__ import annotations

import json
import resource
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import taskcontract
from tests.support.hostile_values import change_bytes, change_value, spell

if TYPE_CHECKING:
    import random

    from tests.support.readers import Reader

__all__ = ["find_fault", "limit_memory"]

PACKAGE = str(Path(taskcontract.__file__).parent)
MEMORY = 1 << 30


def limit_memory() -> None:
    """Let this process have 1 GB of addresses more than it has now: a greedy reader gets a MemoryError."""
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, resource.RLIM_INFINITY))


def find_fault(reader: Reader, rng: random.Random) -> tuple[str, float]:
    """What `reader` does wrong with one input drawn from `rng` (empty: nothing), and its seconds."""
    if reader.is_json and rng.random() < 0.7:
        data = spell(change_value(json.loads(reader.seed), rng))
    else:
        data = change_bytes(reader.seed, rng)
    started = time.perf_counter()
    fault = ""
    try:
        reader.read(data)
    except reader.refuses:
        pass
    except Exception as error:  # the very thing that is looked for
        fault = _describe(error, data)
    seconds = time.perf_counter() - started
    return fault, seconds


def _describe(error: Exception, data: bytes) -> str:
    frames = _frames(error)
    at = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "the test"
    return f"{type(error).__name__} at {at}: {str(error)[:120]}; given {data[:200]!r}"


def _frames(error: Exception) -> list[traceback.FrameSummary]:
    """The frames of ours that `error` passed through."""
    return [each for each in traceback.extract_tb(error.__traceback__) if each.filename.startswith(PACKAGE)]
