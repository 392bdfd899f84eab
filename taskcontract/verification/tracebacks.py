"""Tracebacks cut down to the reader's own code."""

from __future__ import annotations

import re
from traceback import TracebackException
from typing import TYPE_CHECKING

from taskcontract.frames import is_machinery, is_own

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["describe_exception", "read_error", "trim_traceback"]

MOST_FRAMES = 8
_MODULE = re.compile(r"^(?:\w+\.)+(?=\w+(?::|$))")
_FRAME = re.compile(r'^  File "(?P<file>[^"]+)", line \d+', re.MULTILINE)


def describe_exception(error: BaseException) -> str:
    """Return the traceback of `error`, without the frames that led to the first one of the reader's own."""
    return trim_traceback("".join(TracebackException.from_exception(error).format(chain=False)))


def trim_traceback(text: str) -> str:
    """Return the traceback `text`: the frames of the reader's own code and the one where a library raised.

    Of more than eight frames the last ones are shown; none where all are Celery's, Python's and ours.
    """
    starts = [match.start() for match in _FRAME.finditer(text)]
    if not starts:
        return text.strip()
    end = _end_of_frames(text, starts[-1])
    frames = [text[start:stop] for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    kept = [frame for frame in frames if is_own(_file_of(frame))]
    if kept[-1:] != frames[-1:] and not is_machinery(_file_of(frames[-1])):
        kept.append(frames[-1])  # where a library raised
    lines = "".join(kept[-MOST_FRAMES:])
    return f"{_intro(kept)}{lines}{text[end:]}".strip()


def read_error(text: str) -> str:
    """Return the exception that ends the traceback `text`, without its module: `ValueError: no such key`."""
    starts = [match.start() for match in _FRAME.finditer(text)]
    end = _end_of_frames(text, starts[-1]) if starts else 0
    return _MODULE.sub("", text[end:].strip())


def _intro(frames: Sequence[str]) -> str:
    if not frames:
        return ""
    left_out = f"  ... {len(frames) - MOST_FRAMES} more\n" if len(frames) > MOST_FRAMES else ""
    return f"Traceback (most recent call last):\n{left_out}"


def _end_of_frames(text: str, start: int) -> int:
    """Return where the exception's own lines begin: the first after `start` not indented by four."""
    position = text.find("\n", start) + 1
    while position and text.startswith("    ", position):
        position = text.find("\n", position) + 1
    return position or len(text)


def _file_of(frame: str) -> str:
    return frame.split('"', 2)[1]
