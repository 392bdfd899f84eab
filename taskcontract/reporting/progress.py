"""Progress on a terminal: a line that moves while a command works, and is gone when it has ended.

It is drawn on stderr, in a thread of its own, once the work has taken a moment. Where stderr is no terminal,
or Rich is not installed, nothing is shown.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from taskcontract.reporting.terminal import is_animated, wants_colour

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

__all__ = ["Work", "show_progress"]

MOMENT = 0.5
"""Seconds of work before progress is shown."""


class Work:
    """What is being done, as the one who does it says: `what`, and how many of a `total` are `done`."""

    def __init__(self, what: str, total: int | None = None) -> None:
        self.what = what
        self.total = total
        self.done = 0


@contextmanager
def show_progress(
    what: str,
    total: int | None = None,
    *,
    stream: TextIO | None = None,
    environment: Mapping[str, str] = os.environ,
    after: float = MOMENT,
) -> Iterator[Work]:
    """Show on a terminal how the work of the `with` block gets on, from `after` seconds on."""
    work = Work(what, total)
    seen = stream or sys.stderr
    if not is_animated(seen, environment):
        yield work
        return
    import threading

    display = _Display(work, seen, colour=wants_colour(seen, environment))
    timer = threading.Timer(after, display.start)
    timer.daemon = True
    timer.start()
    try:
        yield work
    finally:
        timer.cancel()
        display.stop()


class _Display:
    """The line itself: Rich's, which is imported when it is drawn first."""

    def __init__(self, work: Work, stream: TextIO, *, colour: bool) -> None:
        import threading

        self._work, self._stream, self._colour = work, stream, colour
        self._since = time.monotonic()
        self._lock = threading.Lock()
        self._live: Any = None
        self._ended = False

    def start(self) -> None:
        """Begin to draw, unless the work has ended; does nothing without Rich."""
        try:
            from rich.console import Console
            from rich.live import Live
            from rich.spinner import Spinner
        except ImportError:
            return
        spinner = Spinner("line")
        console = Console(
            file=self._stream,
            force_terminal=True,
            color_system="standard" if self._colour else None,
            legacy_windows=False,
        )
        live = Live(
            get_renderable=lambda: self._draw(spinner),
            console=console,
            transient=True,
            redirect_stdout=False,
            refresh_per_second=8,
        )
        with self._lock:
            if not self._ended:
                self._live = live
                live.start()

    def stop(self) -> None:
        """Take the line away."""
        with self._lock:
            self._ended = True
            live, self._live = self._live, None
        if live is not None:
            live.stop()

    def _draw(self, spinner: Any) -> Any:
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        from taskcontract.reporting.escape import flatten

        work, seconds = self._work, time.monotonic() - self._since
        row = Table.grid(padding=(0, 1))
        row.add_column(width=1)
        row.add_column(no_wrap=True, overflow="ellipsis")
        cells: list[Any] = [spinner, Text(flatten(work.what))]
        if work.total:
            row.add_column(width=20)
            cells += [ProgressBar(total=work.total, completed=work.done, width=20)]
            row.add_column(no_wrap=True)
            cells += [Text(f"{work.done:,}/{work.total:,}")]
        row.add_column(no_wrap=True)
        row.add_row(*cells, Text(f"{seconds:.0f} s", style="dim"))
        return row
