"""Whose frame is this: the reader's own code, a library's, or what runs it (Celery, Python and this package).

A live frame is judged by its module's name, which no user's module can share with ours. A frame in a text is
judged by its file, wherever the projects of the reader lie and whatever their folders are called.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["GENERATED_MARK", "find_call_site", "is_machinery", "is_machinery_frame", "is_own"]

GENERATED_MARK = "__taskcontract_generated__"
"""A module of generated delegates has this global: its callers are the call sites, not its own lines."""

_OURS = os.path.dirname(__file__) + os.sep  # noqa: PTH120 - pathlib is not imported for this
_STANDARD = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
_CELERY = ("celery", "kombu", "billiard", "amqp", "vine", "redis")
_PACKAGES = frozenset((__name__.partition(".")[0], *_CELERY))


def is_machinery(file: str) -> bool:
    """Return whether `file` is Celery's, Python's or ours: neither the reader's own nor another library's."""
    if file.startswith(_OURS):
        return True
    for folder in _INSTALLED:
        _, found, inside = file.rpartition(folder)
        if found:
            return inside.partition(os.sep)[0] in _CELERY
    return file.startswith((_STANDARD, "<frozen "))


def is_own(file: str) -> bool:
    """Return whether `file` is the reader's own: neither installed nor part of what runs it."""
    return not any(folder in file for folder in _INSTALLED) and not is_machinery(file)


def is_machinery_frame(frame: FrameType) -> bool:
    """Return whether code of Celery or of this package runs in `frame`."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] in _PACKAGES


def find_call_site() -> FrameType:
    """Return the innermost frame that is neither ours nor Celery's, nor a generated delegate's."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        if not is_machinery_frame(frame) and GENERATED_MARK not in frame.f_globals:
            break
        frame = frame.f_back
    return frame
